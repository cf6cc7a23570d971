# A teaching model: an antibody that binds its target, all rates kept apart (stiff: minutes beside weeks).
target_mediated <- function() {
  units <- list(time = "day", dosing = "nmol", concentration = "nmol/L")
  model({
    cl <- 0.25
    v <- 3.2
    q <- 0.45
    vp <- 2.8
    r0 <- 8
    kdeg <- 6
    kint <- 0.25
    kon <- 12
    koff <- 1.8
    free <- central / v
    binding <- kon * free * target - koff * complex
    target(0) <- r0
    d/dt(central) <- -cl * free - q * free + q * peripheral / vp - binding * v
    d/dt(peripheral) <- q * free - q * peripheral / vp
    d/dt(target) <- kdeg * (r0 - target) - binding
    d/dt(complex) <- binding - kint * complex
    occupancy <- complex / (complex + target)
  })
}
