# Writes calibration-R.json: prediction error, calibration and two-sample numbers of R for the data sets beside this file.
# Run in this folder after survival.R: Rscript calibration.R
# (Debian: r-cran-survival r-cran-riskregression r-cran-prodlim r-cran-hmisc r-cran-jsonlite)
suppressMessages({ library(survival); library(riskRegression); library(prodlim); library(jsonlite) })
from_r <- fromJSON("survival-R.json")$sets

score <- function(formula, d, risks, times, conservative) {
  Score(list(m = risks), formula = formula, data = d, times = times, metrics = "brier", summary = c("ibs", "ipa"),
        cause = 1, se.fit = TRUE, conservative = conservative, null.model = TRUE)$Brier$score
}

brier <- function(formula, d, risks, times) {
  full <- score(formula, d, risks, times, FALSE)
  known <- score(formula, d, risks, times, TRUE)
  m <- full[full$model == "m", ]
  list(brier = m$Brier, se = m$se, seKnownWeights = known[known$model == "m", ]$se, ipa = m$IPA, running = m$IBS,
       null = full[full$model == "Null model", ]$Brier)
}

coefs <- function(m) { s <- summary(m)$coefficients; list(coef = unname(s[, 1]), se = unname(s[, 2])) }
tight <- list(epsilon = 1e-15, maxit = 100)

reference <- function(name) {
  d <- read.csv(paste0(name, ".csv"))
  times <- from_r[[name]]$times
  horizon <- times[4]
  lp <- from_r[[name]]$lp
  hazard <- summary(survfit(Surv(time, status) ~ 1, data = d), times = times)$cumhaz
  eta <- (lp - mean(lp)) / 2
  relative <- exp(eta)
  risks <- 1 - exp(-outer(relative, hazard))
  p <- risks[, 4]
  loglog <- log(-log(1 - p))
  group <- cut(p, quantile(p, (0:10) / 10), include.lowest = TRUE, labels = FALSE)
  one <- function(rows) { s <- summary(survfit(Surv(time, status) ~ 1, data = d[rows, ]), times = horizon, extend = TRUE)
                          c(s$surv, s$std.err) }
  km <- one(seq_len(nrow(d)))
  bygroup <- sapply(1:10, function(g) c(sum(group == g), mean(p[group == g]), one(group == g)))
  observed <- ifelse(d$time <= horizon, d$status, 0)
  truncated <- data.frame(time = pmin(d$time, horizon), status = observed)
  own <- summary(survfit(Surv(time, status) ~ 1, data = d), times = sort(unique(d$time)))
  expected <- own$cumhaz[match(d$time, own$time)] * relative
  # The smallest follow-up times may come before the first event, where the expected hazard is 0.
  used <- expected > 0
  spline <- Hmisc::rcspline.eval(loglog, nk = 4, inclx = TRUE, norm = 2)
  fit <- coxph(Surv(d$time, d$status) ~ spline, control = coxph.control(eps = 1e-13, iter.max = 50, toler.chol = 1e-14))
  base <- basehaz(fit, centered = FALSE)
  smooth <- 1 - exp(-tail(base$hazard[base$time <= horizon], 1) * exp(as.vector(spline %*% coef(fit))))
  gap <- abs(smooth - p)
  g1 <- lp[d$group == 1]; g0 <- lp[d$group == 0]; coarse1 <- round(2 * g1); coarse0 <- round(2 * g0)
  list(
    times = times, horizon = horizon, hazard = hazard,
    brier = brier(Surv(time, status) ~ 1, d, risks, times),
    survival = km[1], survivalSE = km[2], expected = mean(p),
    groups = list(count = bygroup[1, ], predicted = bygroup[2, ], survival = bygroup[3, ], se = bygroup[4, ]),
    coxSlope = { m <- coxph(Surv(time, status) ~ loglog, data = truncated, control = coxph.control(eps = 1e-13, iter.max = 50, toler.chol = 1e-14))
                 c(coef(m), sqrt(vcov(m))) },
    poissonLarge = coefs(glm(d$status ~ offset(log(expected)), family = poisson, subset = used, control = tight)),
    poissonSlope = coefs(glm(d$status ~ eta + offset(log(expected) - eta), family = poisson, subset = used, control = tight)),
    smooth = list(knots = attr(spline, "knots"), ici = mean(gap), e50 = median(gap), e90 = unname(quantile(gap, .9)),
                  emax = max(gap), first = smooth[1:20]),
    pseudo = { f <- prodlim(Hist(time, status) ~ 1, data = d); as.vector(jackknife(f, times = horizon))[1:40] },
    logisticLarge = coefs(glm(observed ~ offset(qlogis(p)), family = binomial, control = tight)),
    logisticSlope = coefs(glm(observed ~ qlogis(p), family = binomial, control = tight)),
    hosmer = { o <- tapply(observed, group, sum); e <- tapply(p, group, sum); n <- tapply(p, group, length)
               sum((o - e)^2 / (e * (1 - e / n))) },
    netBenefit = sapply(c(.2, .4, .6), function(h) {
      above <- p >= h; s <- one(above)[1]; mean(above) * ((1 - s) - s * h / (1 - h)) }),
    ks = { e <- ks.test(g1, g0, exact = TRUE); a <- ks.test(g1, g0, exact = FALSE)
           et <- ks.test(coarse1, coarse0, exact = TRUE); at <- suppressWarnings(ks.test(coarse1, coarse0, exact = FALSE))
           list(d = unname(e$statistic), exact = e$p.value, asymptotic = a$p.value, tiedD = unname(et$statistic),
                tiedExact = et$p.value, tiedAsymptotic = at$p.value) })
}

competing <- function() {
  d <- read.csv("pbc.csv")
  times <- c(675, 1191, 1840, 2697, 3666)
  lp <- from_r$pbc$lp
  s <- summary(survfit(Surv(time, factor(event, 0:2)) ~ 1, data = d), times = times)
  risks <- 1 - exp(-outer(exp((lp - mean(lp)) / 2), -log(1 - s$pstate[, 2])))
  list(times = times, incidence = s$pstate[, 2], se = s$std.err[, 2],
       brier = brier(Hist(time, event) ~ 1, d, risks, times),
       pseudo = { f <- prodlim(Hist(time, event) ~ 1, data = d); as.vector(jackknife(f, times = 1840, cause = 1))[1:40] })
}

out <- sapply(c("veteran", "lung", "pbc", "gbsg2"), reference, simplify = FALSE)
packages <- c("survival", "riskRegression", "prodlim", "Hmisc")
write_json(list(r = R.version.string, versions = as.list(sapply(packages, function(p) as.character(packageVersion(p)))),
                sets = out, competing = competing()), "calibration-R.json", digits = I(16), auto_unbox = TRUE, na = "null")
