# Writes discrimination-golden-R.json: incident/dynamic AUC, Gonen and Heller's K, and AUC with a competing cause.
# Run in this folder after survival.R: Rscript discrimination-golden.R
# (risksetROC 1.0.4.1, survAUC 1.3.0 and timeROC 0.4.1, which Debian does not package)
suppressMessages({ library(survival); library(risksetROC); library(survAUC); library(timeROC); library(riskRegression); library(jsonlite) })
from_r <- fromJSON("survival-R.json")$sets
horizon <- list(veteran = 144, lung = 399, pbc = 2697, gbsg2 = 1685)
times <- fromJSON("timeroc-R.json")$sets
one <- function(name) {
  d <- read.csv(paste0(name, ".csv"))
  lp <- from_r[[name]]$lp
  at <- sapply(times[[name]]$times, function(t) CoxWeights(lp, d$time, d$status, t)$AUC)
  whole <- risksetAUC(Stime = d$time, status = d$status, marker = lp, method = "Cox", tmax = horizon[[name]], plot = FALSE)
  list(horizon = horizon[[name]], mean = whole$Cindex, times = times[[name]]$times, auc = at, gonenHeller = GHCI(lp))
}
competing <- function() {
  d <- read.csv("pbc.csv")
  covariates <- c("age", "edema", "logbili", "logalb", "logpro")
  at <- c(675, 1191, 1840, 2697, 3666)
  fit <- FGR(as.formula(paste("Hist(time, event) ~", paste(covariates, collapse = " + "))), data = d, cause = 1)
  coef <- fit$crrFit$coef
  r <- timeROC(d$time, d$event, as.vector(as.matrix(d[covariates]) %*% coef), cause = 1, times = at)
  s <- Score(list(m = fit), formula = Hist(time, event) ~ 1, data = d, times = at, cause = 1, metrics = "auc")
  list(covariates = covariates, coef = unname(coef), times = at, auc1 = unname(r$AUC_1), auc2 = unname(r$AUC_2),
       scoreAUC = s$AUC$score$AUC)
}
write_json(list(sets = sapply(names(horizon), one, simplify = FALSE), competing = competing()),
           "discrimination-golden-R.json", digits = I(16), auto_unbox = TRUE)
