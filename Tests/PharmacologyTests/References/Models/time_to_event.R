# A teaching model: a Weibull hazard that exposure lowers, and what survives it.
time_to_event <- function() {
  units <- list(time = "week", dosing = "mg", concentration = "mg/L")
  model({
    k <- 0.8
    v <- 20
    scale <- 60
    shape <- 1.4
    beta <- -0.9
    d/dt(central) <- -k * central
    cp <- central / v
    hazard <- shape / scale * ((t + 1e-8) / scale)^(shape - 1) * exp(beta * cp)
    d/dt(cumhaz) <- hazard
    survival <- exp(-cumhaz)
  })
}
