# A teaching model: production falls with the amount of a while ago, which makes it swing. The delay is that of a state.
delayed_feedback <- function() {
  units <- list(time = "h", dosing = "mg")
  model({
    kin <- 2
    kout <- 0.2
    half <- 4
    steep <- 6
    tau <- 12
    x(0) <- 1
    d/dt(x) <- kin / (1 + (delay(x, tau) / half)^steep) - kout * x
  })
}
