# A teaching model: three compartments with absorption, by linCmt() in upper-case names.
three_compartments <- function() {
  units <- list(time = "h", dosing = "mg", concentration = "mg/L")
  model({
    KA <- 1.5
    CL <- 6
    VC <- 20
    Q <- 12
    VP <- 40
    Q2 <- 2
    VP2 <- 150
    cp <- linCmt()
  })
}
