# Theophylline, a single oral dose per kilogram.
# Data of Upton in Boeckmann AJ, Sheiner LB, Beal SL, NONMEM Users Guide Part V, 1994; the parametrisation is that of
# Pinheiro JC, Bates DM, Mixed-Effects Models in S and S-PLUS, 2000, ch. 8, doi:10.1007/b98882. The numbers are nlme's fit
# to the twelve subjects of Tests/PharmacologyTests/References/theophylline_pk.csv; clearance per bioavailable dose.
theophylline_boeckmann_1994 <- function() {
  description <- "One-compartment oral theophylline, doses in mg/kg"
  reference <- "Boeckmann AJ, Sheiner LB, Beal SL, NONMEM Users Guide Part V, 1994; Pinheiro and Bates 2000, doi:10.1007/b98882"
  units <- list(time = "h", dosing = "mg/kg", concentration = "mg/L")
  covariateData <- list()
  ini({
    lke <- -2.4547;    label("Log of the elimination rate constant (1/h)")
    lka <- 0.4655;     label("Log of the absorption rate constant (1/h)")
    lcl <- -3.2272;    label("Log of the clearance (L/h/kg)")
    etalka ~ 0.644^2
    etalcl ~ 0.167^2
    add_sd <- 0.709;   label("Additive residual standard deviation (mg/L)")
  })
  model({
    ke <- exp(lke)
    ka <- exp(lka + etalka)
    cl <- exp(lcl + etalcl)
    v <- cl / ke
    d/dt(depot) <- -ka * depot
    d/dt(central) <- ka * depot - ke * central
    cp <- central / v
    cp ~ add(add_sd)
  })
}
