# Myelosuppression (Friberg 2002) under chemotherapy every three weeks.
w4 <- function() {
  units <- list(time = "h", dosing = "mg")
  ini({
    tvcl <- 40
    tvv1 <- 10
    q <- 15
    v2 <- 200
    tvcirc0 <- 5.05
    tvmtt <- 88.7
    gam <- 0.161
    tvslope <- 8.58
    e1 ~ 0.16
    e2 ~ 0.09
    e3 ~ 0.10
    e4 ~ 0.04
    e5 ~ 0.18
  })
  model({
    cl <- tvcl * exp(e1)
    v1 <- tvv1 * exp(e2)
    circ0 <- tvcirc0 * exp(e3)
    mtt <- tvmtt * exp(e4)
    slope <- tvslope * exp(e5)
    ktr <- 4 / mtt
    cp <- cent / v1
    ed <- slope * cp * 1.2377
    fb <- (circ0 / circ)^gam
    prol(0) <- circ0
    t1(0) <- circ0
    t2(0) <- circ0
    t3(0) <- circ0
    circ(0) <- circ0
    d/dt(cent) <- -cl * cp - q * cp + q * peri / v2
    d/dt(peri) <- q * cp - q * peri / v2
    d/dt(prol) <- ktr * prol * (1 - ed) * fb - ktr * prol
    d/dt(t1) <- ktr * (prol - t1)
    d/dt(t2) <- ktr * (t1 - t2)
    d/dt(t3) <- ktr * (t2 - t3)
    d/dt(circ) <- ktr * (t3 - circ)
  })
}
