# Writes curves-trial-R.json: restricted means of survRM2, weighted log-rank tests and MaxCombo of simtrial.
# Run in this folder: Rscript curves-trial-R.R   (survRM2 1.0.4, simtrial 1.0.2, which Debian does not package)
suppressMessages({ library(survRM2); library(simtrial); library(mvtnorm); library(jsonlite) })
weights <- rbind(c(0, 0), c(0, .5), c(0, 1), c(1, 0), c(1, 1), c(.5, .5))
combo <- rbind(c(0, 0), c(0, 1), c(1, 0), c(1, 1))

# U, V and z of Fleming-Harrington weights over simtrial's counting process (o_minus_e and var_o_minus_e by event time).
weighted <- function(x, rho, gamma) {
  w <- x$s^rho * (1 - x$s)^gamma
  u <- sum(w * x$o_minus_e); v <- sum(w^2 * x$var_o_minus_e)
  list(rho = rho, gamma = gamma, u = u, variance = v, z = u / sqrt(v), p = 2 * pnorm(-abs(u / sqrt(v))))
}

one <- function(name) {
  d <- read.csv(paste0(name, ".csv"))
  tau <- list(veteran = 144, lung = 399, pbc = 2697, gbsg2 = 1685)[[name]]
  m <- rmst2(d$time, d$status, d$group, tau = tau)
  input <- function(stratum) data.frame(tte = d$time, event = d$status, stratum = stratum,
                                        treatment = ifelse(d$group == 1, "experimental", "control"))
  x <- counting_process(input("all"), arm = "experimental")
  z <- apply(combo, 1, function(p) weighted(x, p[1], p[2])$z)
  v <- outer(1:4, 1:4, Vectorize(function(a, b) {
    p <- (combo[a, ] + combo[b, ]) / 2
    weighted(x, p[1], p[2])$variance
  }))
  list(tau = tau, treated = unname(m$RMST.arm1$rmst), control = unname(m$RMST.arm0$rmst),
       difference = unname(m$unadjusted.result[1, ]), ratio = unname(m$unadjusted.result[2, ]),
       timeLostRatio = unname(m$unadjusted.result[3, ]),
       weighted = apply(weights, 1, function(p) weighted(x, p[1], p[2])),
       stratified = list(weighted(counting_process(input(as.character(d$strat)), arm = "experimental"), 0, .5)),
       maxCombo = list(rho = combo[, 1], gamma = combo[, 2], z = z, correlation = cov2cor(v),
                       p = 1 - pmvnorm(lower = rep(min(z), 4), corr = cov2cor(v))[1]))
}
write_json(list(versions = sapply(c("survRM2", "simtrial"), function(p) as.character(packageVersion(p)), simplify = FALSE),
                sets = sapply(c("veteran", "lung", "pbc", "gbsg2"), one, simplify = FALSE)),
           "curves-trial-R.json", digits = I(15), auto_unbox = TRUE)
