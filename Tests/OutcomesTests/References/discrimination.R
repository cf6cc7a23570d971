# Writes discrimination-R.json: differences of C and AUC(t) between two scores, AUC(t) weighted by a Cox model of
# censoring, and AUC(t) with a competing cause, by R's survival and riskRegression for the data sets beside this file.
# Run in this folder after survival.R: Rscript discrimination.R
# (Debian: r-cran-survival r-cran-riskregression r-cran-jsonlite)
suppressMessages({ library(survival); library(riskRegression); library(prodlim); library(jsonlite) })
from_r <- fromJSON("survival-R.json")$sets
censoring <- list(veteran = c("karno", "age"), lung = c("age", "ecog"), pbc = c("age", "logbili"), gbsg2 = c("age", "nodes"))

pair <- function(y, a, b, ...) {
  f <- function(x) concordance(y ~ x, reverse = TRUE, influence = 1, ...)
  r <- list(f(a), f(b))
  list(difference = unname(r[[1]]$concordance - r[[2]]$concordance), se = sqrt(sum((r[[1]]$dfbeta - r[[2]]$dfbeta)^2)))
}

one <- function(name) {
  d <- read.csv(paste0(name, ".csv"))
  s <- from_r[[name]]
  d$lp <- s$lp
  d$other <- d[[s$cox$efron$covariates[1]]] + 0 # the first covariate, with many ties
  y <- with(d, Surv(time, status))
  args <- list(metrics = "auc", times = s$times, se.fit = TRUE, conservative = FALSE, null.model = FALSE, data = d)
  two <- do.call(Score, c(list(list(lp = d$lp, other = d$other), formula = Surv(time, status) ~ 1, contrasts = TRUE), args))
  delta <- two$AUC$contrasts # other - lp
  cox <- do.call(Score, c(list(list(lp = d$lp), formula = as.formula(paste("Surv(time, status) ~", paste(censoring[[name]], collapse = " + "))),
                               cens.model = "cox"), args))
  list(concordance = pair(y, d$lp, d$other), uno = pair(y, d$lp, d$other, timewt = "n/G2", ymax = s$horizon),
       difference = -delta$delta.AUC, differenceSE = delta$se, differenceP = delta$p,
       censoring = censoring[[name]], coxWeighted = cox$AUC$score$AUC, coxWeightedSE = cox$AUC$score$se)
}

competing <- function() {
  d <- read.csv("pbc.csv")
  lp <- from_r$pbc$lp
  times <- c(675, 1191, 1840, 2697, 3666)
  r <- Score(list(lp = lp), formula = Hist(time, event) ~ 1, data = d, times = times, cause = 1, metrics = "auc",
             se.fit = TRUE, conservative = FALSE, null.model = FALSE)$AUC$score
  list(times = times, auc = r$AUC, se = r$se)
}

sets <- sapply(c("veteran", "lung", "pbc", "gbsg2"), one, simplify = FALSE)
versions <- sapply(c("survival", "riskRegression", "rms"), function(p) as.character(packageVersion(p)))
write_json(list(r = R.version.string, versions = as.list(versions), sets = sets, competing = competing()),
           "discrimination-R.json", digits = I(16), auto_unbox = TRUE, na = "null")
