circ <- function() { ini({ mesor<-10; amp<-.4; acro<-8; kout<-.3; slope<-.02 })
 model({ kin <- mesor*kout*(1+amp*cos(2*pi*(t-acro)/24))
   hr <- t %% 24; day <- t %/% 24
   inh <- 1 - slope*CONC
   d/dt(R) <- kin*inh - kout*R
   R(0) <- mesor
   awake <- (hr > 7 && hr < 23)*1 + 0
   sg <- sign(R - 10); fl <- floor(R); mm <- max(R, 9, 2) - min(R, 9.5); ab <- abs(R-10); l1 <- log1pmx(0.1*R) }) }
