# A teaching model: one compartment with absorption, lag and incomplete bioavailability, by linCmt().
one_compartment <- function() {
  units <- list(time = "h", dosing = "mg", concentration = "mg/L")
  ini({
    lka <- log(1.2)
    lcl <- log(4)
    lv <- log(35)
    lfd <- log(0.8)
    ltlag <- log(0.25)
    etalcl ~ 0.09
    prop_sd <- 0.1
  })
  model({
    ka <- exp(lka)
    cl <- exp(lcl + etalcl) * (WT / 70)^0.75
    v <- exp(lv) * (WT / 70)
    cp <- linCmt()
    f(depot) <- exp(lfd)
    alag(depot) <- exp(ltlag)
    cp ~ prop(prop_sd)
  })
}
