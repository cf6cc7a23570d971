m <- function(){ ini({td<-3;ss<-1.7;k<-.3;v<-10;sh<-.7;sc<-40})
 model({ x <- tad(cen); 
  inp <- ifelse(is.na(x), 0, podo(cen)*ss/td*(x/td)^(ss-1)*exp(-(x/td)^ss))
  f(cen) <- 0
  d/dt(cen) <- inp - k*cen
  cp <- cen/v
  d/dt(H) <- sh/sc*(t/sc)^(sh-1)
  sur <- exp(-H) })}
