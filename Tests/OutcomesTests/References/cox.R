# Writes cox-R.json, cox-spans.csv and cox-waiting.csv: Cox models of R's survival beyond those of survival.R.
# Run in this folder: Rscript cox.R   (Debian: r-cran-survival r-cran-jsonlite)
library(survival); library(jsonlite)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50)

# Recurrent events with a covariate that changes: up to five spans a patient, whole days, many ties.
spans <- function() {
  set.seed(20260101)
  do.call(rbind, lapply(1:80, function(id) {
    x1 <- round(rnorm(1), 2); strat <- id %% 3; weight <- 1 + (id %% 4) / 2
    start <- sample(0:5, 1); rows <- NULL
    for (k in 1:sample(1:5, 1)) {
      x2 <- round(rnorm(1), 2)
      stop <- start + 1 + floor(rexp(1, exp(0.5 * x1 + 0.4 * x2) / 12))
      rows <- rbind(rows, data.frame(id, start, stop, event = rbinom(1, 1, 0.7), x1, x2, strat, weight))
      start <- stop
    }
    rows
  }))
}
# Waiting for a transplant as in the Stanford heart data: a patient's row is cut at the day of the transplant.
waiting <- function() {
  set.seed(20260102)
  do.call(rbind, lapply(1:90, function(id) {
    age <- round(rnorm(1, 0, 8), 1); surgery <- rbinom(1, 1, 0.2); wait <- ceiling(rexp(1, 1 / 40))
    end <- ceiling(rweibull(1, 0.6, 200 * exp(-0.03 * age))); last <- 30 * sample(5:40, 1)
    event <- as.integer(end <= last); end <- min(end, last)
    if (wait >= end) return(data.frame(id, start = 0, stop = end, event, age, surgery, transplant = 0))
    data.frame(id, start = c(0, wait), stop = c(wait, end), event = c(0, event), age, surgery, transplant = 0:1)
  }))
}

fit <- function(f) list(coef = unname(coef(f)), se = unname(sqrt(diag(vcov(f)))),
  modelSE = unname(sqrt(diag(if (is.null(f$naive.var)) f$var else f$naive.var))),
  loglik = f$loglik, score = f$score, wald = unname(f$wald.test))

residualRows <- function(n) seq(1, n, by = max(1, n %/% 40))
resid <- function(f, n) {
  k <- residualRows(n); m <- function(x) unname(as.matrix(x)[k, , drop = FALSE]); s <- as.matrix(residuals(f, "schoenfeld"))
  e <- seq(1, nrow(s), by = max(1, nrow(s) %/% 20))
  list(rows = k - 1, martingale = unname(residuals(f, "martingale")[k]), deviance = unname(residuals(f, "deviance")[k]),
       score = m(residuals(f, "score")), dfbeta = m(residuals(f, "dfbeta")), events = e - 1, schoenfeld = unname(s[e, , drop = FALSE]))
}
zph <- function(f, transforms = c("km", "rank", "identity", "log")) sapply(transforms, function(t) unname(cox.zph(f, transform = t, terms = FALSE)$table[, 1]), simplify = FALSE)
curve <- function(f, new, times) {
  # summary() has the error of S; the curve itself has that of log S.
  s <- survfit(f, newdata = new); at <- findInterval(times, s$time); at <- at[at > 0]
  keep <- times[findInterval(times, s$time) > 0]
  list(times = keep, hazard = unname(as.matrix(s$cumhaz)[at, , drop = FALSE]), se = unname(as.matrix(s$std.err)[at, , drop = FALSE]),
       lower = unname(as.matrix(s$lower)[at, , drop = FALSE]), upper = unname(as.matrix(s$upper)[at, , drop = FALSE]))
}

one <- function(name, covariates, within) {
  d <- read.csv(paste0(name, ".csv")); n <- nrow(d)
  d$weight <- 1 + (seq_len(n) %% 3) / 2; d$cluster <- seq_len(n) %% 20; d$entry <- d$time * ((seq_len(n) %% 5) / 10)
  # Weeks or months, whichever makes ties heavy.
  d$coarse <- ceiling(d$time / (max(d$time) / 25))
  rhs <- paste(covariates, collapse = " + ")
  # Covariates that differ within strata.
  go <- function(y, extra = "", ...) do.call(coxph, list(as.formula(paste(y, "~", if (extra == "") rhs else paste(paste(within, collapse = " + "), extra))), data = d, control = tight, ...))
  new <- rbind(sapply(d[covariates], mean), sapply(d[covariates], max)); new <- as.data.frame(new); new$strat <- d$strat[1]
  times <- unname(quantile(d$time, c(0.1, 0.25, 0.5, 0.75, 0.9), type = 1))
  ties <- sapply(c("efron", "breslow"), function(ties) {
    plain <- go("Surv(time, status)", ties = ties); w <- go("Surv(time, status)", ties = ties, weights = d$weight, robust = FALSE)
    late <- go("Surv(entry, time, status)", ties = ties)
    strat <- go("Surv(time, status)", "+ strata(strat)", ties = ties)
    coarse <- go("Surv(coarse, status)", ties = ties)
    list(
      robust = fit(go("Surv(time, status)", ties = ties, robust = TRUE)),
      clustered = fit(go("Surv(time, status)", ties = ties, cluster = d$cluster)),
      weighted = fit(w), weightedRobust = fit(go("Surv(time, status)", ties = ties, weights = d$weight, robust = TRUE)),
      lateRobust = fit(go("Surv(entry, time, status)", "+ strata(strat)", ties = ties, cluster = d$cluster)),
      residuals = resid(plain, n), weightedResiduals = resid(w, n), lateResiduals = resid(late, n), coarseResiduals = resid(coarse, n),
      zph = zph(plain), zphStratified = zph(strat), zphLate = zph(late), zphCoarse = zph(coarse), zphWeighted = zph(w, c("rank", "identity", "log")),
      curve = curve(plain, new, times), curveCoarse = curve(coarse, new, as.numeric(3:20)), curveWeighted = curve(w, new, times),
      curveLate = curve(late, new, times), curveStratified = curve(strat, new[1, ], times))
  }, simplify = FALSE)
  list(covariates = I(covariates), within = I(within), new = unname(as.matrix(new[covariates])), stratum = d$strat[1], ties = ties,
       exact = fit(go("Surv(coarse, status)", ties = "exact")),
       exactStratified = fit(go("Surv(coarse, status)", "+ strata(strat)", ties = "exact")))
}

spansFits <- function(d, rhs, strata = NULL) sapply(c("efron", "breslow"), function(ties) {
  go <- function(extra = "", ...) do.call(coxph, list(as.formula(paste("Surv(start, stop, event) ~", rhs, extra)), data = d, ties = ties, control = tight, ...))
  f <- go(cluster = d$id); plain <- go()
  out <- list(model = fit(plain), clustered = fit(f), residuals = resid(plain, nrow(d)), zph = zph(plain, c("km", "identity")))
  if (!is.null(strata)) { out$stratified <- fit(go(strata, cluster = d$id)); out$weighted <- fit(go(weights = d$weight, cluster = d$id)) }
  out
}, simplify = FALSE)

known <- fromJSON("survival-R.json")$sets
sets <- sapply(c("veteran", "lung", "pbc", "gbsg2"), function(s) one(s, known[[s]]$cox$efron$covariates, known[[s]]$coxStratified$efron$covariates), simplify = FALSE)
s <- spans(); w <- waiting()
write.csv(s, "cox-spans.csv", row.names = FALSE, quote = FALSE); write.csv(w, "cox-waiting.csv", row.names = FALSE, quote = FALSE)
write_json(list(r = R.version.string, survival = as.character(packageVersion("survival")), sets = sets,
                spans = spansFits(s, "x1 + x2", "+ strata(strat)"), waiting = spansFits(w, "age + surgery + transplant")),
           "cox-R.json", digits = I(16), auto_unbox = TRUE, na = "null")
