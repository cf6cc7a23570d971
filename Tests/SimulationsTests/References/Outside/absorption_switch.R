ini({ka1<-.3;ka2<-1.4;sw<-2;cl<-1.5;v<-9})
model({
  ka <- ka1
  if (tad(depot) > sw) ka <- ka2
  d/dt(depot) <- -ka*depot
  d/dt(cen) <- ka*depot - cl/v*cen
  cp <- cen/v
  dn <- cp/podo(depot)
})
