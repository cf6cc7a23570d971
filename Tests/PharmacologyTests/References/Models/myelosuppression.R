# A teaching model: a chain of maturing cells with feedback, infusions every three weeks.
myelosuppression <- function() {
  units <- list(time = "h", dosing = "mg", concentration = "mg/L")
  model({
    cl <- 30
    v <- 12
    base <- 4.5
    mtt <- 100
    gamma <- 0.18
    slope <- 4
    cp <- central / v
    ktr <- 4 / mtt
    d/dt(central) <- -cl * cp
    d/dt(prol) <- ktr * prol * (1 - slope * cp) * (base / circ)^gamma - ktr * prol
    d/dt(a) <- ktr * (prol - a)
    d/dt(b) <- ktr * (a - b)
    d/dt(c) <- ktr * (b - c)
    d/dt(circ) <- ktr * (c - circ)
    prol(0) <- base
    a(0) <- base
    b(0) <- base
    c(0) <- base
    circ(0) <- base
  })
}
