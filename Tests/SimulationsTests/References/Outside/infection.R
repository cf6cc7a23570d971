HCV <- function() {
 description <- 'Target-cell limited model with drug effect on production and infection'
 ini({ ls <- log(2.6e4); ld <- log(0.0026); lbeta <- log(2.25e-7); ldelta <- log(.28); lp <- log(29); lc <- log(6.0); eps <- logit(.95); tstart <- fix(14) ; add.v <- .2})
 model({
  s <- exp(ls); d <- exp(ld); beta <- exp(lbeta); delta <- exp(ldelta); p <- exp(lp); c <- exp(lc)
  T0 <- c*delta/(p*beta)
  V0 <- (s*p*beta - d*delta*c)/(p*beta*delta)   # steady state
  Tc(0) <- T0 ; I(0) <- (s - d*T0)/delta
  V(0) <- p*(s-d*T0)/delta/c
  E <- expit(eps)*(t >= tstart)
  d/dt(Tc) <- s - d*Tc - beta*V*Tc
  d/dt(I) <- beta*V*Tc - delta*I
  d/dt(V) <- (1-E)*p*I - c*V
  lV <- log10(V)
  lV ~ add(add.v)
 })}
