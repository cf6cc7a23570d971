ini({ktr<-1.1;vm<-20;km<-3;v<-25;f0<-.6;tl<-.4})
model({
 cp <- cen/v
 d/dt(depot) <- -ktr*depot; d/dt(t1)<-ktr*(depot-t1); d/dt(t2)<-ktr*(t1-t2); d/dt(t3) <- ktr*(t2-t3)
 d/dt(cen) <- ktr*t3 - vm*cp/(km+cp)
 f(depot)<-f0; lag(depot)<-tl
})
