# Makes evaluate-R.json again: what R says about simple scores of the tables of OutcomesTests/References, as 'trialist
# evaluate' is asked: weights from a Cox model of censoring, concordance up to a time, and the AUC of a second cause.
#   Rscript evaluate.R > evaluate-R.json      (in this folder; survival 3.5-3, riskRegression 2022.11.28)
suppressMessages({library(survival); library(riskRegression); library(prodlim); library(jsonlite)})
folder <- "../../OutcomesTests/References/"
scores <- list(veteran = function(d) (100 - d$karno) / 100, lung = function(d) d$age / 100, pbc = function(d) d$age / 100,
               gbsg2 = function(d) d$nodes / 60)
censoring <- list(veteran = c("karno", "age"), lung = c("age", "ecog"), pbc = c("age", "logbili"), gbsg2 = c("age", "nodes"))
times <- list(veteran = c(51, 100, 200), lung = c(168, 310, 500), pbc = c(1191, 2000, 3000), gbsg2 = c(568, 1084, 1700))
tau <- list(veteran = 182, lung = 428, pbc = 2503, gbsg2 = 1343)
cindex <- function(d, ...) { z <- concordance(Surv(time, status) ~ score, d, reverse = TRUE, ...); c(unname(z$concordance), sqrt(z$var)) }
one <- function(name) {
  d <- read.csv(paste0(folder, name, ".csv")); d$score <- scores[[name]](d); at <- times[[name]]
  risks <- matrix(d$score, nrow(d), length(at))
  formula <- as.formula(paste("Surv(time, status) ~", paste(censoring[[name]], collapse = " + ")))
  ask <- function(d) Score(list(m = risks), formula = formula, data = d, times = at, cens.model = "cox", metrics = c("auc", "brier"),
    se.fit = TRUE, conservative = FALSE, summary = NULL, null.model = FALSE)
  # Where censorings share a time the package's errors jump by up to 1 % when the ties are broken by a millionth of a day,
  # and the scores do not: the errors are those of the times without ties.
  apart <- transform(d, time = time + (1 - status) * seq_len(nrow(d)) * 1e-6)
  s <- ask(d); a <- ask(apart)
  list(times = at, tau = tau[[name]], auc = s$AUC$score$AUC, brier = s$Brier$score$Brier, apart = list(auc = a$AUC$score$AUC,
       aucSE = a$AUC$score$se, brier = a$Brier$score$Brier, brierSE = a$Brier$score$se), harrell = cindex(d, ymax = tau[[name]]), uno = cindex(d, timewt = "n/G2", ymax = tau[[name]]))
}
# The package's error of a cause other than the first changes with the code: it is right for the first, so 1 and 2 change places.
p <- read.csv(paste0(folder, "pbc.csv")); p$swapped <- c(0, 2, 1)[p$event + 1]
at <- c(1000, 2000)
second <- Score(list(m = matrix(p$logbili, nrow(p), 2)), formula = Hist(time, swapped) ~ 1, data = p, times = at, cause = 1, metrics = "auc",
                se.fit = TRUE, conservative = FALSE, null.model = FALSE)$AUC$score
cat(toJSON(list(sets = sapply(names(scores), one, simplify = FALSE),
                second = list(times = at, auc = second$AUC, aucSE = second$se)), digits = I(16), auto_unbox = TRUE, pretty = TRUE))
