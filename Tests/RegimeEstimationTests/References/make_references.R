# Reference numbers for the regime estimators: DTRreg 2.4 (its functions, run), survival, base R.
# Rscript make_references.R writes the tables (*.csv) and reference.json beside this script.
library(DTRreg); library(jsonlite)
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
here <- "."
ref <- list()
fit <- function(name, ...) {
  m <- suppressMessages(suppressWarnings(DTRreg(..., var.estim = "sandwich")))
  ref[[name]] <<- list(psi = lapply(m$psi, unname), se = lapply(m$covmat, function(v) unname(sqrt(diag(v)))),
    nonreg = if (is.numeric(m$nonreg)) m$nonreg else NULL, n = m$analysis$n)
}
# 1. Two stages, made: confounded treatments, a reward at the end.
set.seed(20260)
n <- 400
x1 <- round(rnorm(n), 4); z1 <- rbinom(n, 1, .4)
a1 <- rbinom(n, 1, plogis(.3 + .8 * x1 - .5 * z1))
x2 <- round(.5 * x1 + .6 * a1 + rnorm(n), 4)
a2 <- rbinom(n, 1, plogis(-.2 + .7 * x2 + .4 * a1))
y <- round(2 + x1 + z1 + .5 * x2 + a1 * (.8 - 1.1 * x1) + a2 * (.5 - .9 * x2 + .4 * a1) + rnorm(n), 4)
two <- data.frame(x1, z1, a1, x2, a2, y)
write.csv(two, file.path(here, "two-stage.csv"), row.names = FALSE, quote = FALSE)
blip <- list(~ x1, ~ x2 + a1); treat <- list(a1 ~ x1 + z1, a2 ~ x2 + a1)
tf <- list(~ x1 + z1, ~ x1 + z1 + x2 + a1)
for (w in c("overlap", "ipw", "cipw", "none"))
  fit(paste0("two-dwols-", w), "y", blip, treat, tf, two, method = "dwols", weight = w, treat.type = "bin")
fit("two-a", "y", blip, treat, tf, two, method = "gest", treat.type = "bin")
fit("two-q-observed", "y", blip, treat, tf, two, method = "qlearn", treat.type = "bin")
# Textbook Q-learning by lm.
q2 <- lm(y ~ x1 + z1 + x2 + a1 + a2 * (x2 + a1), two)
p2 <- pmax(predict(q2, transform(two, a2 = 0)), predict(q2, transform(two, a2 = 1)))
q1 <- lm(p2 ~ x1 + z1 + a1 * x1, cbind(two, p2))
ref[["two-q-predicted"]] <- list(psi = list(unname(coef(q1)[c("a1", "x1:a1")]), unname(coef(q2)[c("a2", "x2:a2", "a1:a2")])),
  g_formula = mean(pmax(predict(q1, transform(two, a1 = 0)), predict(q1, transform(two, a1 = 1)))))
library(splines)
s2 <- lm(y ~ x1 + z1 + ns(x2, 3) + a1 + a2 * (z1 + a1), two)
ref[["two-spline"]] <- list(psi = unname(coef(s2)[c("a2", "z1:a2", "a1:a2")]))
# Doubly robust value of that regime, with logistic treatment models.
d2 <- as.numeric(predict(q2, transform(two, a2 = 1)) > predict(q2, transform(two, a2 = 0)))
d1 <- as.numeric(predict(q1, transform(two, a1 = 1)) > predict(q1, transform(two, a1 = 0)))
e1 <- fitted(glm(a1 ~ x1 + z1, binomial, two)); e2 <- fitted(glm(a2 ~ x2 + a1, binomial, two))
f1 <- ifelse(a1 == 1, e1, 1 - e1); f2 <- ifelse(a2 == 1, e2, 1 - e2)
Q1d <- predict(q1, transform(two, a1 = d1)); r1 <- (a1 == d1) / f1; r2 <- r1 * (a2 == d2) / f2
phi <- Q1d + r1 * (p2 - predict(q1, two)) + r2 * (y - predict(q2, two))
ref[["two-value"]] <- list(aipw = mean(phi), se = sd(phi) / sqrt(n), ipw = sum(r2 * y) / sum(r2), ess = sum(r2)^2 / sum(r2^2))
# 2. One stage, confounded; the same with three actions and with a dose.
set.seed(4711)
n <- 500
x <- round(runif(n, -1, 1), 4); w <- round(rnorm(n), 4); g <- sample(c("north", "south"), n, TRUE)
a <- rbinom(n, 1, plogis(x + .5 * w))
m <- sapply(seq_len(n), function(i) sample(c("A", "B", "C"), 1, prob = exp(c(0, .5 * x[i], -.4 * w[i]))))
d <- round(pmin(pmax(1 + .4 * x + .3 * w + rnorm(n, 0, .4), .05), 3), 4)
y <- round(1 + x - .5 * w + (g == "south") * .3 + a * (.4 + 1.5 * x) + rnorm(n), 4)
ym <- round(1 + x + (m == "B") * (.5 - x) + (m == "C") * (.2 + w) + rnorm(n), 4)
yd <- round(1 + x + d * (2 + x) - d^2 * (1 + .2 * x) + rnorm(n), 4)
one <- data.frame(x, w, g, a, m, d, y, ym, yd)
write.csv(one, file.path(here, "one-stage.csv"), row.names = FALSE, quote = FALSE)
for (wt in c("overlap", "ipw", "cipw"))
  fit(paste0("one-dwols-", wt), "y", ~ x, a ~ x + w, ~ x + w + g, one, method = "dwols", weight = wt, treat.type = "bin")
fit("one-a", "y", ~ x, a ~ x + w, ~ x + w + g, one, method = "gest", treat.type = "bin")
for (wt in c("ipw", "overlap", "qpom"))
  fit(paste0("one-multi-", wt), "ym", ~ x + w, m ~ x + w, ~ x + w, one, method = "dwols", weight = wt, treat.type = "multi")
for (wt in c("none", "ipw", "overlap", "qpom"))
  fit(paste0("one-dose-", wt), "yd", ~ d * x, d ~ x + w, ~ x + w, one, method = "dwols", weight = wt, treat.type = "cont")
fit("one-dose-gamma", "yd", ~ d * x, d ~ x + w, ~ x + w, one, method = "dwols", weight = "ipw", treat.type = "cont", treat.fam = Gamma(link = "log"))
fit("one-dose-a", "yd", ~ d * x, d ~ x + w, ~ x + w, one, method = "gest", treat.type = "cont")
# 3. ACTG 175 (speff2trial): zidovudine + didanosine against zidovudine alone, CD4 at 20 weeks.
act <- read.csv(file.path(here, "actg175.csv"))
for (mt in c("dwols", "gest"))
  fit(paste0("actg-", mt), "cd4_week20", ~ age_y + cd4_baseline, combined ~ age_y + cd4_baseline + wt_kg,
    ~ age_y + cd4_baseline + wt_kg + karnofsky, act, method = mt, treat.type = "bin")
# 4. Censored survival of two stages (DWSurv), not everybody coming to the second.
set.seed(77)
n <- 500
x1 <- round(runif(n), 4); a1 <- rbinom(n, 1, plogis(2 * x1 - 1)); eta2 <- rbinom(n, 1, .8)
x2 <- round(runif(n), 4); a2 <- rbinom(n, 1, plogis(-2 * x2 + 1))
status <- rbinom(n, 1, plogis(1.2 + .5 * x1))
t1 <- round(exp(.5 + .4 * x1 + a1 * (-.7 + 1.2 * x1) + rnorm(n, 0, .3)), 5)
t2 <- round(exp(.2 + .6 * x2 + a2 * (-.4 + .9 * x2) + rnorm(n, 0, .3)), 5)
x2[eta2 == 0] <- NA; a2[eta2 == 0] <- NA; t2[eta2 == 0] <- NA
surv <- data.frame(x1, a1, t1, reached = eta2, x2, a2, t2, total = t1 + ifelse(eta2 == 1, t2, 0), status)
write.csv(surv, file.path(here, "survival.csv"), row.names = FALSE, quote = FALSE, na = "")
for (wt in c("overlap", "ipw")) {
  m <- suppressMessages(DWSurv(time = list(~ t1, ~ t2), blip.mod = list(~ x1, ~ x2), treat.mod = list(a1 ~ x1, a2 ~ x2),
    tf.mod = list(~ x1, ~ x2), cens.mod = list(status ~ x1, status ~ x1), data = surv, weight = wt, var.estim = "sandwich"))
  ref[[paste0("survival-", wt)]] <- list(psi = lapply(m$psi, unname), se = lapply(m$covmat, function(v) unname(sqrt(diag(v)))))
}
# Restricted mean to 6, weighted by a Kaplan-Meier curve of being censored, and by pseudo-values.
library(survival)
tau <- 6; T <- surv$total
km <- survfit(Surv(T, 1 - status) ~ 1, surv)
G <- function(t) sapply(t, function(u) { i <- which(km$time < u); if (length(i)) km$surv[max(i)] else 1 })
known <- surv$status == 1 | T >= tau
rm1 <- lm(pmin(T, tau) ~ x1 + a1 * x1, surv, weights = ifelse(known, 1 / G(pmin(T, tau)), 0))
ref[["survival-rmst"]] <- list(psi = unname(coef(rm1)[c("a1", "x1:a1")]))
cx <- coxph(Surv(T, 1 - status) ~ x1, surv, ties = "efron"); bh <- basehaz(cx, centered = FALSE)
Gc <- mapply(function(t, x) { i <- which(bh$time < t); exp(-(if (length(i)) bh$hazard[max(i)] else 0) * exp(coef(cx) * x)) }, pmin(T, tau), surv$x1)
rc <- lm(pmin(T, tau) ~ x1 + a1 * x1, surv, weights = ifelse(known, 1 / Gc, 0))
ref[["survival-rmst-cox"]] <- list(psi = unname(coef(rc)[c("a1", "x1:a1")]))
rmst <- function(i) { f <- survfit(Surv(T[i], surv$status[i]) ~ 1); t <- c(0, f$time[f$time < tau], tau); s <- c(1, f$surv[f$time < tau]); sum(diff(t) * s) }
all <- rmst(seq_len(n)); pv <- sapply(seq_len(n), function(i) n * all - (n - 1) * rmst(setdiff(seq_len(n), i)))
rp <- lm(pv ~ x1 + a1 * x1, surv)
ref[["survival-pseudo"]] <- list(psi = unname(coef(rp)[c("a1", "x1:a1")]), rmst = all)
# 5. Residuals and weights of residual weighted learning, for make_svm.py.
pr <- fitted(glm(a ~ x + w, binomial, one)); f <- ifelse(a == 1, pr, 1 - pr)
res <- residuals(lm(y ~ x + w + g, one, weights = 1 / f))
write.csv(data.frame(x, w, label = ifelse(a == 1, 1, -1) * sign(res), weight = abs(res) / f), file.path(here, "svm.csv"), row.names = FALSE, quote = FALSE)
write_json(ref, file.path(here, "reference.json"), digits = 15, auto_unbox = TRUE, pretty = TRUE)
writeLines(toJSON(list(made_by = "make_references.R", R = R.version.string,
  packages = list(DTRreg = "2.4", survival = as.character(packageVersion("survival")), nnet = as.character(packageVersion("nnet")), MASS = as.character(packageVersion("MASS"))),
  seeds = c(20260, 4711, 77), generator = "Mersenne-Twister, Inversion, Rejection"), auto_unbox = TRUE, pretty = TRUE), file.path(here, "reference.info.json"))
