# Makes fit-options-R.json again: what R says of fit-table.csv (made by fit-R.R) beyond the estimates of fit-R.R.
#   Rscript fit-options.R > fit-options-R.json      (in this folder; R 4.2.2, survival 3.5-3, any locale but C)
suppressMessages({library(survival); library(jsonlite)})
table <- read.csv("fit-table.csv")
curves <- function(formula, level, kind, probabilities, tau) {
  fit <- survfit(as.formula(formula), table, conf.int = level, conf.type = kind)
  q <- quantile(fit, probabilities)
  mean <- summary(fit, rmean = tau)$table
  if (is.null(dim(mean))) mean <- t(mean)
  list(formula = formula, level = level, interval = kind, probabilities = probabilities, tau = tau,
       name = if (is.null(fit$strata)) "" else I(trimws(gsub(" +,", ",", names(fit$strata)))),
       quantile = I(as.vector(t(q$quantile))), lower = I(as.vector(t(q$lower))), upper = I(as.vector(t(q$upper))),
       mean = I(unname(mean[, "rmean"])), se = I(unname(mean[, "se(rmean)"])), survival = fit$surv, band = fit$lower)
}
null <- function(formula, ties) {
  fit <- coxph(as.formula(formula), table, ties = ties)
  list(formula = formula, ties = ties, log_likelihood = fit$loglik[1], n = fit$n, events = sum(fit$y[, ncol(fit$y)]))
}
scales <- function(formula) {
  fit <- survreg(as.formula(formula), table, control = survreg.control(rel.tolerance = 1e-13, maxiter = 100))
  rows <- summary(fit)$table
  list(formula = formula, name = trimws(rownames(rows)), estimate = unname(rows[, 1]), se = unname(rows[, 2]))
}
tested <- survdiff(Surv(time, status) ~ arm + female, table)
cat(toJSON(list(
  km = list(
    curves("Surv(time, status) ~ 1", 0.9, "log", c(0.1, 0.25, 0.5, 0.75), 100),
    curves("Surv(time, status) ~ grade", 0.8, "log-log", c(0.25, 0.5), 60),
    curves("Surv(time, status) ~ arm + female", 0.99, "plain", c(0.1, 0.5), 45.5)),
  cox = list(
    null("Surv(time, status) ~ 1", "efron"), null("Surv(time, status) ~ 1", "breslow"),
    null("Surv(time, status) ~ 1", "exact"), null("Surv(time, status) ~ strata(site)", "efron"),
    null("Surv(entry, time, status == 2) ~ strata(arm, grade)", "efron")),
  aft = list(
    scales("Surv(time, status) ~ age + strata(grade)"), scales("Surv(time, status) ~ age + strata(arm)"),
    scales("Surv(time, status) ~ age + strata(arm, female)")),
  logrank = list(formula = "Surv(time, status) ~ arm + female", name = trimws(gsub(" +,", ",", names(tested$n))),
    observed = as.vector(tested$obs), expected = as.vector(tested$exp), chisq = tested$chisq)
), digits = I(16), auto_unbox = TRUE, pretty = TRUE, na = "null"))
