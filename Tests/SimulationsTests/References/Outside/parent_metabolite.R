pm <- function() { ini({ tcl<-log(8);tv<-log(50);ka<-.8;fm<-.35;fp<-.2;clm<-4;vm<-30
  eta.cl ~ .1; iov.1 ~ .05; iov.2 ~ .05; iov.3 ~ .05 })
 model({
  if (OCC == 1) { iov <- iov.1 } else if (OCC == 2) { iov <- iov.2 } else { iov <- iov.3 }
  cl <- exp(tcl+eta.cl+iov); v <- exp(tv)
  d/dt(dep) = -ka*dep
  d/dt(par) = (1-fp)*ka*dep - cl/v*par
  d/dt(met) = fp*ka*dep + fm*cl/v*par - clm/vm*met
  d/dt(ur) = (1-fm)*cl/v*par
  cp = par/v; cm = met/vm })}
