# Writes curves-R.json: quantiles of small tied curves, trend tests, milestones and normal probabilities by R.
# Run in this folder: Rscript curves-R.R   (Debian: r-cran-survival r-cran-mvtnorm r-cran-jsonlite)
suppressMessages({ library(survival); library(mvtnorm); library(jsonlite) })
set.seed(20)

# Few times, so that curves run along a quantile's level often.
small <- function(i) {
  n <- sample(c(1:8, 10, 12, 16, 20), 1)
  time <- sample(1:sample(c(3, 6, 12), 1), n, replace = TRUE)
  status <- rbinom(n, 1, sample(c(.4, .7, 1), 1))
  entry <- if (i %% 3 == 0) time - sample(1:3, n, replace = TRUE) else NULL
  y <- if (is.null(entry)) Surv(time, status) else Surv(entry, time, status)
  kinds <- lapply(c(plain = "plain", log = "log", logLog = "log-log"), function(kind) {
    f <- survfit(y ~ 1, conf.type = kind)
    q <- quantile(f, c(.25, .5, .75))
    list(quantile = I(unname(q$quantile)), lower = I(unname(q$lower)), upper = I(unname(q$upper)))
  })
  f <- survfit(y ~ 1)
  list(time = I(time), status = I(status), entry = if (is.null(entry)) NULL else I(entry),
       distinct = I(f$time), survival = I(f$surv), kinds = kinds)
}

# The score test of a Cox model with untied times is the trend test of the log-rank family.
trend <- function(d) {
  d$time <- d$time + seq_len(nrow(d)) / 1e4
  m <- coxph(Surv(time, status) ~ strat, data = d)
  s <- coxph(Surv(time, status) ~ strat + strata(group), data = d)
  list(chisq = unname(m$score), stratified = unname(s$score), sign = unname(sign(coef(m))))
}

milestone <- function(d, times) {
  f <- lapply(c(1, 0), function(g) summary(survfit(Surv(time, status) ~ 1, data = d[d$group == g, ], conf.type = "log-log"),
                                           times = times))
  s1 <- f[[1]]$surv; s0 <- f[[2]]$surv; e1 <- f[[1]]$std.err; e0 <- f[[2]]$std.err
  list(times = times, difference = s1 - s0, se = sqrt(e1^2 + e0^2), logRatio = log(s1 / s0),
       logRatioSE = sqrt((e1 / s1)^2 + (e0 / s0)^2), logHazardRatio = log(log(s1) / log(s0)),
       logHazardRatioSE = sqrt((e1 / (s1 * log(s1)))^2 + (e0 / (s0 * log(s0)))^2),
       lower = s1 - s0 - sqrt((s1 - f[[1]]$lower)^2 + (f[[2]]$upper - s0)^2),
       upper = s1 - s0 + sqrt((f[[1]]$upper - s1)^2 + (s0 - f[[2]]$lower)^2))
}

# Miwa's algorithm is a grid, not a sample.
normal <- function(k, i) {
  a <- matrix(abs(rnorm(k * (k + 1))), k)
  r <- cov2cor(a %*% t(a))
  r <- (r + t(r)) / 2
  b <- c(1.2, 2.1, 2.8)[i]
  alg <- Miwa(steps = 4097)
  list(correlation = r, bound = b, upper = 1 - pmvnorm(upper = rep(b, k), corr = r, algorithm = alg)[1],
       twoSided = 1 - pmvnorm(lower = rep(-b, k), upper = rep(b, k), corr = r, algorithm = alg)[1])
}

sets <- sapply(c("veteran", "lung", "pbc", "gbsg2"), function(name) {
  d <- read.csv(paste0(name, ".csv"))
  list(trend = trend(d), milestone = milestone(d, unname(quantile(d$time[d$status == 1], c(.25, .5, .75), type = 1))))
}, simplify = FALSE)
out <- list(r = R.version.string,
            versions = sapply(c("survival", "mvtnorm"), function(p) as.character(packageVersion(p)), simplify = FALSE),
            small = lapply(1:150, small), sets = sets,
            normal = unlist(lapply(2:4, function(k) lapply(1:3, function(i) normal(k, i))), recursive = FALSE))
write_json(out, "curves-R.json", digits = I(16), auto_unbox = TRUE, na = "null", null = "null")
