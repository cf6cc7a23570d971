# A teaching model: cells live a fixed time, so what leaves now was made then. The delay is that of an expression.
lifespan <- function() {
  units <- list(time = "h", dosing = "mg", concentration = "mg/L")
  model({
    ka <- 0.5
    k <- 0.1
    v <- 25
    kin <- 3
    emax <- 4
    ec50 <- 1.5
    life <- 48
    cp <- central / v
    made <- kin * (1 + emax * cp / (ec50 + cp))
    d/dt(depot) <- -ka * depot
    d/dt(central) <- ka * depot - k * central
    cells(0) <- kin * life
    d/dt(cells) <- made - delay(made, life)
  })
}
