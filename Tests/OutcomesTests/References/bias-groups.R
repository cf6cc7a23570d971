# Writes bias-groups-R.json: comparisons between groups of the data sets beside this file.
# Run in this folder: Rscript bias-groups.R   (Debian: r-base-core r-cran-jsonlite r-cran-proc r-cran-survival)
library(jsonlite)
suppressMessages({library(pROC); library(survival)})

reference <- fromJSON("survival-R.json")$sets

# Cases of one stratum against controls of another: area and DeLong's standard error.
cross <- function(y, score, a, b) {
  cases <- score[y == 1 & a]; controls <- score[y == 0 & b]
  if (length(cases) < 2 || length(controls) < 2) return(list(auc = NA, se = NA))
  r <- roc(controls = controls, cases = cases, direction = "<", quiet = TRUE)
  list(auc = as.numeric(auc(r)), se = sqrt(var(r, method = "delong")))
}

one <- function(name, covariates) {
  d <- read.csv(paste0(name, ".csv")); lp <- reference[[name]]$lp; h <- reference[[name]]$horizon
  s <- sort(unique(d$strat))
  xauc <- lapply(s, function(a) lapply(s, function(b) cross(d$status, lp, d$strat == a, d$strat == b)))
  counts <- table(factor(d$status, c(0, 1)), d$strat)
  # Kamiran and Calders: P(g)P(y)/P(g, y); the weighted fit with the weights as counts.
  w <- ave(rep(1, nrow(d)), d$group, FUN = sum) * ave(rep(1, nrow(d)), d$status, FUN = sum) /
    (nrow(d) * ave(rep(1, nrow(d)), d$group, d$status, FUN = sum))
  f <- as.formula(paste("status ~", paste(covariates, collapse = " + ")))
  fit <- glm(f, family = quasibinomial, data = d, weights = w, control = glm.control(epsilon = 1e-14, maxit = 100))
  p <- plogis(lp - mean(lp))
  recalibrated <- lapply(0:1, function(g) {
    k <- d$group == g
    m <- glm(d$status[k] ~ qlogis(p[k]), family = binomial, control = glm.control(epsilon = 1e-14, maxit = 100))
    list(coef = unname(coef(m)), se = unname(sqrt(diag(vcov(m)))))
  })
  hazard <- lapply(0:1, function(g) {
    k <- d$group == g
    x <- lp[k] - mean(lp) + log(0.05)
    m <- coxph(Surv(d$time[k], d$status[k]) ~ x, control = coxph.control(eps = 1e-13, toler.chol = 1e-14))
    b <- basehaz(m, centered = FALSE)
    list(slope = unname(coef(m)), se = sqrt(m$var[1, 1]), intercept = log(max(b$hazard[b$time <= h])))
  })
  effects <- lapply(s, function(a) {
    k <- d$strat == a
    m <- tryCatch(suppressWarnings(coxph(Surv(time, status) ~ group, data = d[k, ], control = coxph.control(eps = 1e-13, toler.chol = 1e-14))),
                  error = function(e) NULL)
    both <- length(unique(d$group[k])) == 2
    km <- if (both) lapply(0:1, function(g) tryCatch(
      summary(survfit(Surv(time, status) ~ 1, data = d[k & d$group == g, ]), times = h), error = function(e) NULL))
    ok <- both && !is.null(km[[1]]) && !is.null(km[[2]])
    fitted <- both && !is.null(m) && isTRUE(is.finite(coef(m)))
    list(loghr = if (fitted) unname(coef(m)) else NA, se = if (fitted) sqrt(m$var[1, 1]) else NA,
         risk = if (ok) km[[1]]$surv - km[[2]]$surv else NA,
         riskSE = if (ok) sqrt(km[[1]]$std.err^2 + km[[2]]$std.err^2) else NA)
  })
  list(horizon = h, xauc = xauc,
       test = list(statistic = unname(chisq.test(counts, correct = FALSE)$statistic),
                   p = suppressWarnings(chisq.test(counts, correct = FALSE))$p.value,
                   fisher = fisher.test(counts, workspace = 2e7)$p.value),
       covariates = I(covariates), weights = w, weighted = unname(coef(fit)), recalibrated = recalibrated,
       hazard = hazard, effects = effects)
}

adjust <- function(p) sapply(c("none", "bonferroni", "holm", "hochberg", "BH"), function(m) p.adjust(p, m), simplify = FALSE)
pvalues <- list(c(0.01, 0.04, 0.03, 0.005, 0.6), c(0.02, 0.02, 0.5, 0.5, 1, 0), c(0.3), c(0.9, 0.8, 0.7, 0.001, 0.049, 0.05, 0.002))
tables <- list(list(events = c(3, 0), counts = c(4, 4)), list(events = c(1, 9, 4), counts = c(10, 12, 5)),
               list(events = c(0, 2, 1, 5), counts = c(3, 8, 1, 6)), list(events = c(7, 1), counts = c(20, 31)),
               list(events = c(2, 2, 2, 2, 2), counts = c(4, 5, 6, 7, 8)))
tests <- lapply(tables, function(t) {
  m <- rbind(t$events, t$counts - t$events)
  x <- suppressWarnings(chisq.test(m, correct = FALSE))
  list(events = t$events, counts = t$counts, statistic = unname(x$statistic), p = x$p.value,
       fisher = fisher.test(m)$p.value, expected = min(x$expected))
})

sets <- list(veteran = one("veteran", c("karno", "age")), lung = one("lung", c("age", "ecog")),
             pbc = one("pbc", c("age", "logbili")), gbsg2 = one("gbsg2", c("age", "nodes")))
write_json(list(r = R.version.string, adjusted = lapply(pvalues, function(p) list(p = I(p), adjusted = lapply(adjust(p), I))),
                tests = tests, sets = sets),
           "bias-groups-R.json", digits = I(16), auto_unbox = TRUE, na = "null")
