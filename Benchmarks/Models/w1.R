# Two compartments with first-order absorption, as differential equations.
w1 <- function() {
  units <- list(time = "h", dosing = "mg")
  ini({
    tvcl <- 5
    tvv2 <- 50
    tvka <- 1
    q <- 8
    v3 <- 100
    e1 ~ 0.09
    e2 ~ 0.09
    e3 ~ 0.16
  })
  model({
    cl <- tvcl * exp(e1)
    v2 <- tvv2 * exp(e2)
    ka <- tvka * exp(e3)
    d/dt(gut) <- -ka * gut
    d/dt(cent) <- ka * gut - (cl / v2 + q / v2) * cent + q / v3 * peri
    d/dt(peri) <- q / v2 * cent - q / v3 * peri
    cp <- cent / v2
  })
}
