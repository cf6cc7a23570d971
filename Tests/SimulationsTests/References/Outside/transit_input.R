mod <- function() { ini({ lmtt<-log(3); ln<-log(4.3); lbio<-log(.8); cl<-2;v<-12;ka<-.9;lsd<-.1 })
 model({ mtt<-exp(lmtt); n<-exp(ln); bio<-exp(lbio)
  d/dt(depot) <- transit(n, mtt, bio) - ka*depot
  d/dt(cen) <- ka*depot - cl/v*cen
  f(depot) <- 0
  cp <- cen/v
  cp ~ lnorm(lsd) }) }
