# W1 in closed form.
w1a <- function() {
  units <- list(time = "h", dosing = "mg")
  ini({
    tvcl <- 5
    tvv2 <- 50
    tvka <- 1
    q <- 8
    v3 <- 100
    e1 ~ 0.09
    e2 ~ 0.09
    e3 ~ 0.16
  })
  model({
    cl <- tvcl * exp(e1)
    v2 <- tvv2 * exp(e2)
    ka <- tvka * exp(e3)
    cp <- linCmt()
  })
}
