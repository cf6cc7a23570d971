# An indirect response: the drug inhibits what produces the response.
w2 <- function() {
  units <- list(time = "h", dosing = "mg")
  ini({
    tvcl <- 3
    tvv <- 40
    tvka <- 1.2
    kin <- 10
    tvkout <- 0.1
    imax <- 0.9
    tvic50 <- 0.5
    e1 ~ 0.09
    e2 ~ 0.04
    e3 ~ 0.16
    e4 ~ 0.04
    e5 ~ 0.16
  })
  model({
    cl <- tvcl * exp(e1)
    v <- tvv * exp(e2)
    ka <- tvka * exp(e3)
    kout <- tvkout * exp(e4)
    ic50 <- tvic50 * exp(e5)
    cp <- cent / v
    resp(0) <- kin / kout
    d/dt(gut) <- -ka * gut
    d/dt(cent) <- ka * gut - cl * cp
    d/dt(resp) <- kin * (1 - imax * cp / (ic50 + cp)) - kout * resp
  })
}
