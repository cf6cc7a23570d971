library(rxode2)
m <- function() {
  ini({ tcl <- c(0, 2, fixed); kbase <- rxode2::logit(0.3); e.a ~ 0.1 })
  model({
    locf(WT); linear(CR, T1)
    nocb(DIET)
    cl <- tcl * (WT/70)^0.75 * CR * rxode2::expit(kbase, high = 2) * exp(e.a)
    d/dt(a) <- T1 + DIET - cl/10*a
    w <- WT; cr <- CR; di <- DIET
  })
}
