# Makes fit-R.json and fit-table.csv again: what R says of formulas that evaluation.R does not have.
#   Rscript fit-R.R > fit-R.json      (in this folder; R 4.2.2, survival 3.5-3, any locale but C)
suppressMessages({library(survival); library(jsonlite)})
set.seed(20)
n <- 160
pair <- rep(1:80, each = 2)
table <- data.frame(
  pair = pair, entry = round(runif(n, 0, 30)), arm = sample(c("placebo", "Drug A", "drug B"), n, TRUE),
  site = sample(c("US:north", "Europe", "US other", "<20 beds", "École"), n, TRUE), female = (pair %% 2 == 0),
  grade = sample(1:3, n, TRUE), age = round(rnorm(n, 55, 9)), marker = round(rexp(n), 2))
hazard <- with(table, exp(0.4 * (arm == "placebo") + 0.03 * (age - 55) + 0.3 * grade)) / 200
gap <- rexp(n, hazard)
last <- runif(n, 50, 400)
table$time <- table$entry + ceiling(pmin(gap, last))
table$status <- ifelse(gap <= last, 2, 1)
write.csv(table, "fit-table.csv", row.names = FALSE)
table <- read.csv("fit-table.csv")
tight <- coxph.control(eps = 1e-12, toler.chol = 1e-13, iter.max = 60)
cox <- function(formula, ...) {
  fit <- suppressWarnings(eval(substitute(coxph(as.formula(formula), table, control = tight, ...))))
  list(formula = formula, name = I(names(coef(fit))), estimate = I(unname(coef(fit))),
       se = I(unname(ifelse(is.na(coef(fit)), NA, sqrt(diag(fit$var))))), log_likelihood = fit$loglik[2],
       null_log_likelihood = fit$loglik[1], n = fit$n, events = fit$nevent)
}
aft <- function(formula, ...) {
  fit <- survreg(as.formula(formula), table, control = survreg.control(rel.tolerance = 1e-13, maxiter = 100), ...)
  rows <- summary(fit)$table
  list(formula = formula, name = rownames(rows), estimate = unname(rows[, 1]), se = unname(rows[, 2]), log_likelihood = fit$loglik[2],
       null_log_likelihood = fit$loglik[1], n = nrow(fit$y), events = sum(fit$y[, 2]))
}
cat(toJSON(list(
  cox = list(
    cox("Surv(time, status) ~ arm + site"),
    cox("Surv(time, status) ~ arm * marker + grade + log(age)"),
    cox("Surv(time, status) ~ arm + arm:marker"),
    cox("Surv(time, status) ~ arm:age"),
    cox("Surv(time, status) ~ female:factor(grade)"),
    cox("Surv(time, status) ~ arm / age + marker"),
    cox("Surv(time, status) ~ (arm + age + marker)^2 - arm:marker"),
    cox("Surv(time, status) ~ I(age^2) + log(marker + 1) + I((age - 40)/10) + I(grade > 1) + log2(age)"),
    cox("Surv(time, status) ~ age >= 60"),
    cox("Surv(time, status) ~ . - pair - entry"),
    cox("Surv(time, status) ~ marker + female + strata(pair)"),
    cox("Surv(time, status) ~ age + I(2 * age + 1) + marker"),
    cox("Surv(entry, time, status == 2) ~ factor(grade) * female + cluster(pair)"),
    cox("Surv(time/30.4375, status %in% c(2, 3)) ~ as.factor(grade) + strata(site, female)"),
    cox("Surv(time - entry, status > 1) ~ as.numeric(grade) + I(arm == \"placebo\")"),
    cox("Surv(time, status - 1) ~ sqrt(age) + exp(marker/10)")),
  aft = list(
    aft("Surv(time, status) ~ age + arm"),
    aft("Surv(time, status) ~ marker * female + I(age/10)"),
    aft("Surv(time, status) ~ arm + arm:age")),
  fixed_scale = aft("Surv(time, status) ~ age + marker", scale = 0.5),
  weighted = c(cox("Surv(time, status) ~ age + arm + strata(site)", weights = grade), list(weights = "grade")),
  weighted_cluster = c(cox("Surv(time, status) ~ age + arm + cluster(pair)", weights = age), list(weights = "age")),
  km = {
    fit <- survfit(Surv(time, status) ~ strata(grade) + (age > 60), table)
    list(formula = "Surv(time, status) ~ (age > 60) + strata(grade)", n = sum(fit$n), groups = length(fit$n), median = unname(summary(
      survfit(Surv(time, status) ~ (age > 60) + grade, table))$table[, "median"]))
  },
  logrank = {
    fit <- survdiff(Surv(time, status) ~ (age > 60) + strata(site), table)
    list(formula = "Surv(time, status) ~ (age > 60) + strata(site)", observed = rowSums(fit$obs), chisq = fit$chisq)
  }
), digits = I(16), auto_unbox = TRUE, pretty = TRUE, na = "null"))
