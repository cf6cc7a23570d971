ehc <- function() {
 ini({ ka<-1; cl<-3; v<-25; kb<-0.3; tg<-6; dg<-1.5; kgb<-2.1 })
 model({
  mtime(t1) <- tg
  mtime(t2) <- tg+dg
  gb <- 0
  if (t >= t1 && t < t2) { gb <- kgb } else if (time >= 30 & time <= 31) gb <- kgb/2 else { gb <- 0.0 }
  d/dt(depot) = -ka*depot + gb*bile;
  d/dt(central) = ka*depot - (cl/v+kb)*central; d/dt(bile) = kb*central - gb*bile;
  cp = central/v;
 })
}
