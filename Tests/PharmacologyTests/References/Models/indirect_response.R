# A teaching model: inhibition of the production of a response, doses by mouth.
indirect_response <- function() {
  units <- list(time = "h", dosing = "mg", concentration = "mg/L")
  ini({
    lka <- log(0.7)
    lcl <- log(2.5)
    lv <- log(30)
    kin <- 12
    lkout <- log(0.08)
    imax <- logit(0.9)
    lic50 <- log(0.6)
    etalcl + etalv ~ c(0.09,
                       0.02, 0.04)
    etalic50 ~ 0.16
    sd_cp <- 0.1
    sd_response <- 5
  })
  model({
    ka <- exp(lka)
    cl <- exp(lcl + etalcl)
    v <- exp(lv + etalv)
    kout <- exp(lkout)
    ic50 <- exp(lic50 + etalic50)
    d/dt(depot) <- -ka * depot
    d/dt(central) <- ka * depot - cl / v * central
    conc <- central / v
    response(0) <- kin / kout
    d/dt(response) <- kin * (1 - expit(imax) * conc / (ic50 + conc)) - kout * response
    conc ~ prop(sd_cp)
    response ~ add(sd_response)
  })
}
