ord <- function() { ini({ b1 <- -1; b2 <- 1.2; slope <- .08; e ~ .2; lam <- .4 })
 model({ lp <- slope*DOSE + e
  p0 <- expit(b1 - lp); p01 <- expit(b2 - lp); p1 <- p01-p0; p2 <- 1-p01
  rate0 <- exp(lam)*(1+0.1*t)
  score ~ c(p0=0, p1=1, 2)
  n ~ pois(rate0)
 })}
