# four indirect responses — one file
idr <- function() {
  ini({
    tka = 0.8; tcl = log(2); tv = log(30)
    kin <- 12; kout <- 0.15
    lemax <- log(2); imax <- fix(0.85)
    lec50 <- c(-Inf, log(0.7), Inf); hill <- 1.4
    eta.ka + eta.cl + eta.v ~ c(0.1, 0.01, 0.2, 0, 0.03, 0.15)
    err.r1 <- 0.1; err.r2 <- 1
  })
  model({
    ka <- tka*exp(eta.ka); cl <- exp(tcl+eta.cl); v <- exp(tv+eta.v)
    ec50 <- exp(lec50); emax <- exp(lemax)
    d/dt(depot) <- -ka*depot
    d/dt(cent) <- ka*depot - cl/v*cent
    cp <- cent/v
    INH <- 1 - imax*cp**hill/(ec50**hill + cp**hill); STIM <- 1 + emax*cp/(ec50+cp)
    r1(0) <- kin/kout; r2(0) <- kin/kout; r3(0) = kin/kout; r4(0) = kin/kout
    d/dt(r1) <- kin*INH - kout*r1
    d/dt(r2) <- kin - kout*INH*r2
    d/dt(r3) <- kin*STIM - kout*r3
    d/dt(r4) <- kin - kout*STIM*r4
    r1 ~ prop(err.r1) | eff1
    r2 ~ add(err.r2)
  })
}
