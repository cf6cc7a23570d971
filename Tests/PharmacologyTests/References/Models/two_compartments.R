# A teaching model: two compartments with absorption, by linCmt(); doses into depot or central.
two_compartments <- function() {
  units <- list(time = "h", dosing = "mg", concentration = "mg/L")
  ini({
    ka <- 0.9
    cl <- c(0, 5, 20)
    vc <- 50
    q <- fix(8)
    vp <- fixed(100)
    add_sd <- 0.05
  })
  model({
    cp <- linCmt(ka, cl, vc, q, vp)
    cp ~ add(add_sd)
  })
}
