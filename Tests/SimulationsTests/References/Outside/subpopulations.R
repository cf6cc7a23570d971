m <- function() {
 ini({ c1 <- log(4); c2 <- log(1); p <- 0.3; v1 <- 10; v2 <- 30; e ~ 0.09 })
 model({ cl <- mix(exp(c1 + e), p, exp(c2 + e))
  v <- mix(v1, v2)
  d/dt(A) <- -cl/v*A
  cp <- A/v }) }
