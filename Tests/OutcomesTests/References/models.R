# Writes models-R.json: survreg, glm, lm and polr on the data sets beside this file.
# Run in this folder: Rscript models.R   (Debian: r-base-core r-cran-survival r-cran-mass r-cran-jsonlite r-cran-ordinal)
library(survival)
library(MASS)
library(jsonlite)

columns <- list(veteran = c("trt", "karno", "diagtime", "age", "prior"), lung = c("age", "female", "ecog"),
                pbc = c("age", "edema", "logbili", "logalb", "logpro"),
                gbsg2 = c("age", "size", "grade", "nodes", "logpgr", "loger", "hormon"))
tight <- survreg.control(rel.tolerance = 1e-15, maxiter = 200, toler.chol = 1e-14)

# The quantile at covariates x with the delta-method error on the scale of the model's predictor; first stratum.
quantileAt <- function(m, x, p) {
  z <- switch(m$dist, exponential = , weibull = , extreme = , rayleigh = log(-log(1 - p)), lognormal = , gaussian = qnorm(p),
              loglogistic = , logistic = qlogis(p))
  v <- vcov(m); k <- length(coef(m))
  along <- rep(0, nrow(v)); along[1:k] <- c(1, x)
  if (nrow(v) > k) along[k + 1] <- m$scale[1] * z
  eta <- sum(coef(m) * c(1, x)) + m$scale[1] * z
  value <- if (m$dist %in% c("gaussian", "logistic", "extreme")) eta else exp(eta)
  c(value, sqrt(sum(along * (v %*% along))))
}

aft <- function(d, f, dist, scale = 0) {
  m <- survreg(f, data = d, dist = dist, scale = scale, control = tight)
  s <- summary(m)$table
  x <- colMeans(d[setdiff(all.vars(f), c("time", "status", "strat"))])
  q <- sapply(c(.1, .5, .9), function(p) quantileAt(m, x, p))
  list(coef = unname(s[, 1]), se = unname(s[, 2]), z = unname(s[, 3]), p = unname(s[, 4]), loglik = m$loglik,
       covariance = unname(vcov(m)), quantile = q[1, ], quantileSE = q[2, ])
}

# glm stops when the deviance does, which leaves 1e-8 in a coefficient where the link is not canonical (and gbsg2's cloglog
# fit cycles), and its errors are those of the step before. Newton steps on the score of R's own family functions follow.
general <- function(m) {
  x <- model.matrix(m); y <- m$y; w <- m$prior.weights; k <- m$family
  scale <- apply(x, 2, function(v) max(abs(v)))
  o <- if (is.null(m$offset)) 0 else m$offset
  score <- function(b) {
    eta <- as.vector(x %*% b) + o; mu <- k$linkinv(eta)
    as.vector(crossprod(x, w * (y - mu) * k$mu.eta(eta) / k$variance(mu)))
  }
  b <- coef(m)
  for (i in 1:12) {
    h <- sapply(seq_along(b), function(j) {
      e <- rep(0, length(b)); e[j] <- 1e-5 / scale[j]
      (score(b + e) - score(b - e)) / (2 * e[j])
    })
    b <- b - solve(h * outer(1 / scale, 1 / scale), score(b) / scale) / scale
  }
  eta <- as.vector(x %*% b) + o; mu <- k$linkinv(eta)
  dispersion <- if (k$family %in% c("poisson", "binomial")) 1 else sum(w * (y - mu)^2 / k$variance(mu)) / m$df.residual
  r <- qr.R(qr(x * sqrt(w * k$mu.eta(eta)^2 / k$variance(mu))))
  se <- sqrt(diag(chol2inv(r)) * dispersion)
  deviance <- sum(k$dev.resids(y, mu, w))
  aic <- k$aic(y, rep(1, length(y)), mu, w, deviance) + 2 * length(b)
  p <- if (k$family %in% c("poisson", "binomial")) 2 * pnorm(-abs(b / se)) else 2 * pt(-abs(b / se), m$df.residual)
  list(coef = unname(b), se = unname(se), p = unname(p), deviance = deviance, nullDeviance = m$null.deviance,
       loglik = length(b) + (if (k$family %in% c("gaussian", "Gamma")) 1 else 0) - aic / 2, dispersion = dispersion)
}

fine <- glm.control(epsilon = 1e-15, maxit = 200)

hc <- function(m, type) {
  x <- model.matrix(m); e <- residuals(m); h <- hatvalues(m); n <- nrow(x)
  w <- switch(type, hc0 = e^2, hc1 = e^2 * n / m$df.residual, hc2 = e^2 / (1 - h), hc3 = e^2 / (1 - h)^2)
  bread <- solve(crossprod(x))
  unname(sqrt(diag(bread %*% crossprod(x * w, x) %*% bread)))
}

one <- function(name) {
  d <- read.csv(paste0(name, ".csv"))
  cols <- columns[[name]]
  rhs <- paste(cols, collapse = " + ")
  f <- as.formula(paste("Surv(time, status) ~", rhs))
  families <- c(exponential = "exponential", weibull = "weibull", logNormal = "lognormal", logLogistic = "loglogistic",
                gaussian = "gaussian", logistic = "logistic", extremeValue = "extreme")
  aftFits <- lapply(families, function(k) aft(d, f, k))
  linear <- lm(as.formula(paste(cols[1], "~", paste(cols[-1], collapse = " + "))), data = d)
  if (name == "veteran") linear <- lm(karno ~ trt + diagtime + age + prior, data = d)
  s <- summary(linear)
  g <- function(response, family, ...) general(glm(as.formula(paste(response, "~", rhs)), family = family, data = d,
                                                  control = fine, ...))
  d$level <- cut(d$time, quantile(d$time, c(0, .25, .5, .75, 1)), include.lowest = TRUE, labels = FALSE)
  d$share <- (d$strat %% 5) / 5; d$trials <- 5
  # Columns in units of their own spread, which polr's search needs to get to the last digits.
  u <- d; spread <- sapply(cols, function(k) sd(d[[k]])); u[cols] <- sapply(cols, function(k) d[[k]] / spread[[k]])
  o <- polr(as.formula(paste("factor(level) ~", rhs)), data = u, Hess = TRUE, control = list(reltol = 1e-16, maxit = 1000))
  k <- ordinal::clm(as.formula(paste("factor(level) ~", rhs)), data = u,
                    control = ordinal::clm.control(gradTol = 1e-12, maxIter = 200))
  slopes <- seq_along(cols)
  back <- c(1 / spread, rep(1, 3))
  clmSE <- sqrt(diag(vcov(k)))
  out <- list(
    covariates = I(cols),
    aft = aftFits,
    aftStrata = aft(d, as.formula(paste("Surv(time, status) ~", rhs, "+ strata(strat)")), "weibull"),
    rayleigh = aft(d, f, "rayleigh"),
    lm = list(response = names(linear$model)[1], covariates = I(names(linear$model)[-1]), coef = unname(coef(linear)),
              se = unname(s$coefficients[, 2]), p = unname(s$coefficients[, 4]), sigma = s$sigma, r2 = s$r.squared,
              loglik = as.numeric(logLik(linear)),
              hc = sapply(c("hc0", "hc1", "hc2", "hc3"), function(k) hc(linear, k), simplify = FALSE)),
    glm = list(logistic = g("status", binomial), probit = g("status", binomial("probit")),
               cloglog = g("status", binomial("cloglog")), poisson = g("status", poisson, offset = log(d$time)),
               counts = g("round(time / 50)", poisson), gamma = g("time", Gamma), gammaLog = g("time", Gamma("log")),
               gaussian = g("time", gaussian), weighted = g("share", binomial, weights = d$trials)),
    ordinal = list(coef = unname(c(coef(o), o$zeta) * back), loglik = as.numeric(logLik(o)),
                   clm = unname(c(k$beta, k$alpha) * back), se = unname(clmSE[c(3 + slopes, 1:3)] * back),
                   polrSE = unname(sqrt(diag(vcov(o))) * back)))
  out
}

sets <- sapply(names(columns), one, simplify = FALSE)
versions <- sapply(c("survival", "MASS", "ordinal"), function(p) as.character(packageVersion(p)))
write_json(list(r = R.version.string, versions = as.list(versions), sets = sets), "models-R.json",
           digits = I(16), auto_unbox = TRUE, na = "null")
