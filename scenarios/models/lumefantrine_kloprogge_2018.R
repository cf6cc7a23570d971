# Lumefantrine in uncomplicated falciparum malaria, children and pregnant women among others.
# Kloprogge F et al., PLoS Med 2018;15:e1002579, doi:10.1371/journal.pmed.1002579; WWARN, 1,347 in model building.
#
# Bioavailability saturates with the dose: dose_mg_per_kg is the amount of one dose by weight, which a regimen knows.
# Parasites enter as log10 per microlitre (the paper's "natural logarithm" fits no number of it: log10 15,800 is 4.2).
# Regimen: 0, 8, 24, 36, 48, 60 h, tablets of 120 mg: 1 (5 to 14 kg), 2 (15 to 24), 3 (25 to 34), 4 (35 and more).
# The paper gives the random effect on bioavailability a Box-Cox shape of -0.343 (found in a secondary source only).
lumefantrine_kloprogge_2018 <- function() {
  description <- "Two-compartment oral lumefantrine with saturable bioavailability"
  reference <- "Kloprogge F et al., PLoS Med 2018;15:e1002579, doi:10.1371/journal.pmed.1002579"
  units <- list(time = "h", dosing = "mg", concentration = "mg/L")
  covariateData <- list(
    WT = list(description = "Body weight", units = "kg", type = "continuous"),
    PREGNANT = list(description = "Pregnant, second or third trimester", type = "binary"),
    LOG10_PARASITES = list(description = "Log10 of the parasite count at admission", units = "log10 1/uL", type = "continuous"),
    dose_mg_per_kg = list(description = "Amount of one dose by weight", units = "mg/kg", type = "continuous")
  )
  ini({
    lka <- log(0.0386);         label("Absorption rate constant (1/h)")
    lcl <- log(1.35);           label("Apparent clearance at 42 kg (L/h)")
    lvc <- log(11.2);           label("Apparent central volume at 42 kg (L)")
    lq <- log(0.344);           label("Apparent intercompartmental clearance at 42 kg (L/h)")
    lvp <- log(59.0);           label("Apparent peripheral volume at 42 kg (L)")
    dose50 <- 3.86;             label("Dose at which bioavailability has halved (mg/kg)")
    e_parasites_f <- -0.643;    label("Log ratio of bioavailability per log10 of parasites")
    e_pregnant_ka <- 0.352;     label("Fractional change of absorption, pregnant")
    etalvc ~ log(1 + 1.44^2)
    etalf ~ log(1 + 0.703^2)
    log_sd <- 0.323;            label("Residual standard deviation of the log concentration")
  })
  model({
    size <- WT / 42
    ka <- exp(lka) * (1 + e_pregnant_ka * PREGNANT)
    cl <- exp(lcl) * size^0.75
    vc <- exp(lvc + etalvc) * size
    q <- exp(lq) * size^0.75
    vp <- exp(lvp) * size

    f(depot) <- exp(etalf + e_parasites_f * (LOG10_PARASITES - 4.2)) * (1 - dose_mg_per_kg / (dose50 + dose_mg_per_kg))
    cp <- central / vc
    d/dt(depot) <- -ka * depot
    d/dt(central) <- ka * depot - (cl + q) * cp + q * peripheral / vp
    d/dt(peripheral) <- q * cp - q * peripheral / vp
    cp ~ lnorm(log_sd)
  })
}
