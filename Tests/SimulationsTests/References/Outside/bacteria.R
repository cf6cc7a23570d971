tk <- function(){ ini({kg<-1.2;kd<-.1;bmax<-9;emax<-4.5;ec50<-.6;h<-1.8;mut<-6;ke<-.25})
 model({
  S(0) <- 10^5.8; Rr(0) <- 10^(5.8-mut); drug(0) <- 0
  B <- S + Rr + 1e-30
  lim <- 1 - B/10^bmax
  kill <- emax*drug^h/(ec50^h+drug^h)
  d/dt(drug) <- -ke*drug
  d/dt(S) <- kg*lim*S - kd*S - kill*S
  d/dt(Rr) <- kg*lim*Rr - kd*Rr - 0.05*kill*Rr
  lcfu <- log10(B + 1)
 })}
