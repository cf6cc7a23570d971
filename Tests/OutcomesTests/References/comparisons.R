# Writes comparisons-R.json: tests of means, regressions, proportions and rates of base R on the data sets beside this file.
# Run in this folder: Rscript comparisons.R   (Debian: r-base-core r-cran-jsonlite)
library(jsonlite)

hc3 <- function(m, name) {
  x <- model.matrix(m); e <- residuals(m); h <- hatvalues(m)
  bread <- solve(crossprod(x))
  sqrt((bread %*% crossprod(x * (e / (1 - h))) %*% bread)[name, name])
}

adjusted <- function(f, d) {
  m <- lm(f, data = d)
  s <- summary(m)$coefficients["group", ]
  list(estimate = s[[1]], se = s[[2]], t = s[[3]], p = s[[4]], interval = unname(confint(m)["group", ]),
       df = m$df.residual, robustSE = hc3(m, "group"))
}

stratified <- function(y, treated, strat, weight) {
  parts <- sapply(split(data.frame(y, treated), strat), function(d) {
    a <- d$y[d$treated == 1]; b <- d$y[d$treated == 0]
    c(d = mean(a) - mean(b), v = var(a) / length(a) + var(b) / length(b), n1 = length(a), n0 = length(b))
  })
  w <- switch(weight, inverseVariance = 1 / parts["v", ], stratumSize = parts["n1", ] + parts["n0", ],
              mantelHaenszel = parts["n1", ] * parts["n0", ] / (parts["n1", ] + parts["n0", ]))
  list(estimate = sum(w * parts["d", ]) / sum(w), se = sqrt(sum(w^2 * parts["v", ])) / sum(w))
}

one <- function(name, outcome, covariates) {
  d <- read.csv(paste0(name, ".csv"))
  y <- d[[outcome]]
  treated <- d$group == 1
  one <- t.test(y)
  two <- t.test(y[treated], y[!treated])
  rhs <- paste(c("group", covariates), collapse = " + ")
  a <- sum(d$status[treated]); b <- sum(d$status[!treated])
  ta <- sum(d$time[treated]); tb <- sum(d$time[!treated])
  rate <- poisson.test(a, ta); ratio <- poisson.test(c(a, b), c(ta, tb))
  share <- prop.test(a, sum(treated), correct = FALSE)
  list(
    outcome = outcome, covariates = I(covariates),
    mean = list(mean = mean(y), sd = sd(y), se = one$stderr, interval = as.vector(one$conf.int)),
    welch = list(difference = mean(y[treated]) - mean(y[!treated]), se = two$stderr, t = unname(two$statistic),
                 df = unname(two$parameter), p = two$p.value, interval = as.vector(two$conf.int)),
    adjusted = adjusted(as.formula(paste(outcome, "~", rhs)), d),
    adjustedStrata = adjusted(as.formula(paste(outcome, "~", rhs, "+ factor(strat)")), d),
    stratified = sapply(c("inverseVariance", "stratumSize", "mantelHaenszel"),
                        function(w) stratified(y, d$group, d$strat, w), simplify = FALSE),
    wilson = as.vector(share$conf.int),
    rate = list(rate = a / ta, interval = as.vector(rate$conf.int)),
    rateRatio = list(ratio = unname(ratio$estimate), interval = as.vector(ratio$conf.int)))
}

sets <- list(
  veteran = one("veteran", "karno", c("age", "diagtime")),
  lung = one("lung", "age", c("ecog")),
  pbc = one("pbc", "logbili", c("age", "edema", "logalb")),
  gbsg2 = one("gbsg2", "size", c("age", "nodes", "logpgr")))
write_json(list(r = R.version.string, sets = sets), "comparisons-R.json", digits = I(16), auto_unbox = TRUE, na = "null")
