tmdd <- function() {
  ini({ lcl <- log(0.25); lvc <- log(3.1); lkon <- log(1.2); lkoff <- log(0.05); lkint <- log(.6); lkdeg <- log(0.9); R0 <- 4 })
  model({
   kel <- exp(lcl)/exp(lvc); ksyn <- exp(lkdeg)*R0
   R(0) <- R0
   d/dt(L) <- -kel*L - exp(lkon)*L*R + exp(lkoff)*LR - 0.3*L + 0.2*P
   d/dt(P) <- 0.3*L - 0.2*P
   d/dt(R) = ksyn - exp(lkdeg)*R - exp(lkon)*L*R + exp(lkoff)*LR
   d/dt(LR) = exp(lkon)*L*R - exp(lkoff)*LR - exp(lkint)*LR
   Ltot <- L + LR; occ <- LR/(LR+R)
  })
}
