m <- function(){ ini({kin<-2;tau<-6;kt<-.4})
 model({ E(0)<-12; d/dt(c)<- -kt*c
  s <- kin*(1-.8*c/(1+c))
  d/dt(E) <- s - delay(s, tau)
 })}
