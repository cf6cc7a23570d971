simeoni <- function(){
 ini({ l0<-0.3; l1<-0.8; psi<-20; w0<-0.05; k1<-0.9; k2<-0.02; kel<-0.5; V<-2 })
 model({
  wt <- x1+x2+x3+x4
  kg <- l0/(1+(l0/l1*wt)^psi)^(1/psi)
  x1(0)<-w0
  d/dt(c) <- -kel*c
  d/dt(x1) <- kg*x1 - k2*(c/V)*x1
  d/dt(x2) <- k2*(c/V)*x1 - k1*x2
  d/dt(x3) <- k1*(x2-x3)
  d/dt(x4) <- k1*(x3-x4)
  wt <- x1+x2+x3+x4
 })}
