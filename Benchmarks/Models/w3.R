# Target-mediated disposition of an antibody, binding and release in full: stiff.
w3 <- function() {
  units <- list(time = "day", dosing = "nmol")
  ini({
    tvcl <- 0.2
    tvv <- 3
    q <- 0.5
    vp <- 3
    tvr0 <- 10
    kdeg <- 8
    tvkint <- 0.2
    kon <- 14.4
    koff <- 1.44
    e1 ~ 0.09
    e2 ~ 0.04
    e3 ~ 0.25
    e4 ~ 0.09
  })
  model({
    cl <- tvcl * exp(e1)
    v <- tvv * exp(e2)
    r0 <- tvr0 * exp(e3)
    kint <- tvkint * exp(e4)
    ksyn <- r0 * kdeg
    cp <- cent / v
    bound <- kon * cp * rec - koff * rc
    rec(0) <- r0
    d/dt(cent) <- -cl * cp - q * cp + q * peri / vp - bound * v
    d/dt(peri) <- q * cp - q * peri / vp
    d/dt(rec) <- ksyn - kdeg * rec - bound
    d/dt(rc) <- bound - kint * rc
  })
}
