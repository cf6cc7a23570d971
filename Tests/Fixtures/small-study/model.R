# One compartment with first-order absorption; clearance grows with weight.
small <- function() {
  units <- list(time = "h", dosing = "mg", concentration = "mg/L")
  ini({
    lcl <- log(2)
    lv <- log(50)
    etalcl ~ 0.09
    cp_sd <- 0.1
  })
  model({
    cl <- exp(lcl + etalcl) * (weight_kg / 70)^0.75
    v <- exp(lv)
    d/dt(depot) <- -depot
    d/dt(central) <- depot - cl / v * central
    cp <- central / v
    cp ~ prop(cp_sd)
  })
}
