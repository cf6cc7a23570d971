# Writes survival-R.json: numbers of R's survival and riskRegression for the data sets beside this file.
# Run in this folder: Rscript survival.R   (Debian: r-cran-survival r-cran-riskregression r-cran-jsonlite)
suppressMessages({ library(survival); library(riskRegression); library(jsonlite) })

delayed <- function(d) { d$entry <- d$time * ((seq_len(nrow(d)) %% 5) / 10); d }

curve <- function(fit, kind, data, times) {
  f <- survfit(fit, data = data, conf.type = kind)
  s <- summary(f, times = times)
  q <- quantile(f, c(.25, .5, .75))
  list(survival = s$surv, se = s$std.err, lower = s$lower, upper = s$upper, atRisk = s$n.risk,
       quantile = unname(q$quantile), quantileLower = unname(q$lower), quantileUpper = unname(q$upper))
}

logrank <- function(f, data, rho = 0) {
  r <- survdiff(f, data = data, rho = rho)
  strat <- is.matrix(r$obs)
  list(observed = unname(if (strat) rowSums(r$obs) else r$obs), expected = unname(if (strat) rowSums(r$exp) else r$exp),
       variance = unname(r$var), chisq = r$chisq)
}

cox <- function(f, data, ties, hazardTimes = NULL) {
  m <- coxph(f, data = data, ties = ties, model = TRUE, control = coxph.control(eps = 1e-13, iter.max = 50, toler.chol = 1e-14))
  out <- list(covariates = names(coef(m)), coef = unname(coef(m)), se = unname(sqrt(diag(vcov(m)))), loglik = m$loglik,
              score = unname(m$score), wald = unname(m$wald.test))
  if (!is.null(hazardTimes)) {
    h <- basehaz(m, centered = FALSE)
    out$hazard <- sapply(hazardTimes, function(t) tail(c(0, h$hazard[h$time <= t]), 1))
  }
  out
}

conc <- function(y, x, ...) {
  r <- concordance(y ~ x, reverse = TRUE, ...)
  list(c = unname(r$concordance), se = sqrt(r$var), concordant = unname(r$count[1]), discordant = unname(r$count[2]),
       tied = unname(r$count[3]))
}

reference <- function(name) {
  d <- read.csv(paste0(name, ".csv"))
  times <- unname(quantile(d$time[d$status == 1], c(.1, .25, .4, .55, .7, .85), type = 1))
  horizon <- times[6]
  covariates <- setdiff(names(d), c("time", "status", "event", "group", "strat"))
  rhs <- paste(covariates, collapse = " + ")
  y <- with(d, Surv(time, status))
  e <- delayed(d)
  full <- survfit(y ~ 1)
  m <- coxph(as.formula(paste("Surv(time, status) ~", rhs)), data = d, x = TRUE, y = TRUE,
             control = coxph.control(eps = 1e-13, iter.max = 50, toler.chol = 1e-14))
  lp <- as.vector(as.matrix(d[covariates]) %*% coef(m))
  auc <- Score(list(cox = m), formula = Surv(time, status) ~ 1, data = d, times = times, metrics = "auc",
               se.fit = TRUE, conservative = FALSE, null.model = FALSE)$AUC$score
  coarse <- d[[covariates[1]]]
  stratified <- paste(setdiff(covariates, if (name == "gbsg2") "grade" else
    if (name == "veteran") c("squamous", "smallcell", "adeno") else if (name == "lung") "ecog" else ""), collapse = " + ")
  list(
    times = times, horizon = horizon,
    km = list(plain = curve(y ~ 1, "plain", d, times), log = curve(y ~ 1, "log", d, times),
              logLog = curve(y ~ 1, "log-log", d, times)),
    kmFull = list(time = full$time, survival = full$surv, se = ifelse(full$surv > 0, full$surv * full$std.err, -1)),
    kmDelayed = curve(Surv(entry, time, status) ~ 1, "log", e, times),
    nelsonAalen = { s <- summary(full, times = times); list(hazard = s$cumhaz, se = s$std.chaz) },
    restrictedMean = unname(summary(full, rmean = horizon)$table[c("rmean", "se(rmean)")]),
    logrank = logrank(Surv(time, status) ~ group, d),
    logrankManyGroups = logrank(Surv(time, status) ~ strat, d),
    logrankRho1 = logrank(Surv(time, status) ~ group, d, rho = 1),
    logrankRhoHalfManyGroups = logrank(Surv(time, status) ~ strat, d, rho = .5),
    logrankStratified = logrank(Surv(time, status) ~ group + strata(strat), d),
    logrankStratifiedRho1 = logrank(Surv(time, status) ~ group + strata(strat), d, rho = 1),
    cox = list(efron = cox(as.formula(paste("Surv(time, status) ~", rhs)), d, "efron", times),
               breslow = cox(as.formula(paste("Surv(time, status) ~", rhs)), d, "breslow", times)),
    coxStratified = list(
      efron = cox(as.formula(paste("Surv(time, status) ~", stratified, "+ strata(strat)")), d, "efron"),
      breslow = cox(as.formula(paste("Surv(time, status) ~", stratified, "+ strata(strat)")), d, "breslow")),
    coxDelayed = list(efron = cox(as.formula(paste("Surv(entry, time, status) ~", rhs)), e, "efron", times),
                      breslow = cox(as.formula(paste("Surv(entry, time, status) ~", rhs)), e, "breslow", times)),
    lp = lp,
    concordance = conc(y, lp), concordanceCoarse = conc(y, coarse), concordanceHorizon = conc(y, lp, ymax = horizon),
    uno = conc(y, lp, timewt = "n/G2", ymax = horizon),
    auc = list(auc = auc$AUC, se = auc$se))
}

out <- sapply(c("veteran", "lung", "pbc", "gbsg2"), reference, simplify = FALSE)
versions <- sapply(c("survival", "riskRegression"), function(p) as.character(packageVersion(p)))
write_json(list(r = R.version.string, versions = as.list(versions), sets = out), "survival-R.json",
           digits = I(16), auto_unbox = TRUE, na = "null")
