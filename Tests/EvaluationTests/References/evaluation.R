# Makes evaluation-R.json again: what R says about the tables of OutcomesTests/References, asked as the command line asks.
#   Rscript evaluation.R > evaluation-R.json      (in this folder; survival 3.5-3, riskRegression 2022.11.28, cmprsk 2.2-11)
suppressMessages({library(survival); library(jsonlite); library(riskRegression); library(cmprsk)})
folder <- "../../OutcomesTests/References/"
veteran <- read.csv(paste0(folder, "veteran.csv"))
pbc <- read.csv(paste0(folder, "pbc.csv"))
gbsg2 <- read.csv(paste0(folder, "gbsg2.csv"))
tight <- coxph.control(eps = 1e-13, iter.max = 50)
rows <- function(fit, se) list(name = names(coef(fit)), estimate = unname(coef(fit)), se = unname(se))
cox <- function(formula, data, ...) {
  fit <- coxph(formula, data, control = tight, ...)
  c(rows(fit, sqrt(diag(fit$var))), list(log_likelihood = fit$loglik[2], null_log_likelihood = fit$loglik[1], n = fit$n, events = fit$nevent))
}
aft <- function(formula, data, dist) {
  fit <- survreg(formula, data, dist = dist, control = survreg.control(rel.tolerance = 1e-13, maxiter = 100))
  list(name = rownames(summary(fit)$table), estimate = unname(summary(fit)$table[, 1]), se = unname(summary(fit)$table[, 2]),
       log_likelihood = fit$loglik[2], scale = fit$scale)
}
difference <- survdiff(Surv(time, status) ~ trt + strata(prior), veteran)
curve <- survfit(Surv(time, status) ~ trt, veteran)
fg <- with(pbc, crr(time, event, cbind(age = age, logbili = logbili), failcode = 2, cencode = 0, gtol = 1e-12))
lp <- predict(coxph(Surv(time, status) ~ age + karno, veteran, control = tight), type = "lp", reference = "zero")
veteran$score <- lp
model <- coxph(Surv(time, status) ~ score, veteran, x = TRUE, control = tight)
times <- c(30, 90, 180)
score <- Score(list(model = model), formula = Surv(time, status) ~ 1, data = veteran, times = times, metrics = c("auc", "brier"),
               se.fit = TRUE, conservative = FALSE, summary = NULL)
auc <- score$AUC$score
brier <- score$Brier$score[score$Brier$score$model == "model", ]
harrell <- concordance(Surv(time, status) ~ score, veteran, reverse = TRUE)
uno <- concordance(Surv(time, status) ~ score, veteran, reverse = TRUE, timewt = "n/G2")
cat(toJSON(list(
  cox_efron = cox(Surv(time, status) ~ age + karno + strata(trt), veteran, ties = "efron"),
  cox_breslow = cox(Surv(time, status) ~ age + karno + strata(trt), veteran, ties = "breslow"),
  cox_factor = cox(Surv(time, status) ~ log(age) + factor(grade) * hormon, gbsg2, ties = "efron"),
  cox_exact = cox(Surv(time, status) ~ age + karno, veteran, ties = "exact"),
  cox_cluster = { fit <- coxph(Surv(time, status) ~ age + karno + cluster(diagtime), veteran, control = tight)
    list(estimate = unname(coef(fit)), se = unname(sqrt(diag(fit$var)))) },
  weibull = aft(Surv(time, status) ~ age + karno, veteran, "weibull"),
  lognormal = aft(Surv(time, status) ~ age + karno, veteran, "lognormal"),
  logrank = list(chisq = difference$chisq, p = pchisq(difference$chisq, 1, lower.tail = FALSE)),
  km = list(median = unname(quantile(curve, 0.5)$quantile[, 1]), lower = unname(quantile(curve, 0.5)$lower[, 1]), upper = unname(quantile(curve, 0.5)$upper[, 1]),
            last = unname(tapply(curve$surv, rep(names(curve$strata), curve$strata), min))),
  finegray = list(estimate = unname(fg$coef), se = unname(sqrt(diag(fg$var))), log_likelihood = fg$loglik),
  coefficients = unname(coef(coxph(Surv(time, status) ~ age + karno, veteran, control = tight))),
  times = times, auc = auc$AUC, auc_se = auc$se, brier = brier$Brier, brier_se = brier$se,
  harrell_c = unname(harrell$concordance), uno_c = unname(uno$concordance)
), digits = I(16), auto_unbox = TRUE, pretty = TRUE))
