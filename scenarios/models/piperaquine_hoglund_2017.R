# Piperaquine in falciparum malaria: each dose of a course is absorbed better than the one before.
# Hoglund RM et al., PLoS Med 2017;14:e1002212, doi:10.1371/journal.pmed.1002212; 728 persons.
# Doses in mg of piperaquine base: 57.7 % of the phosphate. The rise of bioavailability is read as additive over doses.
# Inter-occasion variability of the transit time (46.4 %) and of bioavailability (53.5 %): from a secondary source.
piperaquine_hoglund_2017 <- function() {
  description <- "Two-transit absorption, three-compartment piperaquine, clearance matures in infancy"
  reference <- "Hoglund RM et al., PLoS Med 2017;14:e1002212, doi:10.1371/journal.pmed.1002212"
  units <- list(time = "h", dosing = "mg", concentration = "ng/mL")
  covariateData <- list(
    WT = list(description = "Body weight", units = "kg", type = "continuous"),
    AGE = list(description = "Age", units = "year", type = "continuous")
  )
  ini({
    lcl <- log(55.4);       label("Apparent clearance at 54 kg, mature (L/h)")
    lvc <- log(2910);       label("Apparent central volume at 54 kg (L)")
    lq1 <- log(310);        label("Apparent clearance to the first peripheral compartment at 54 kg (L/h)")
    lvp1 <- log(4910);      label("Apparent first peripheral volume at 54 kg (L)")
    lq2 <- log(105);        label("Apparent clearance to the second peripheral compartment at 54 kg (L/h)")
    lvp2 <- log(30900);     label("Apparent second peripheral volume at 54 kg (L)")
    lmtt <- log(2.11);      label("Mean transit time of absorption (h)")
    age50 <- 0.575;         label("Age of half-mature clearance (year)")
    age_hill <- 5.51;       label("Steepness of maturation")
    e_dose_f <- 0.237;      label("Rise of bioavailability per dose of the course")
    etalcl ~ log(1 + 0.279^2)
    etalvc ~ log(1 + 0.670^2)
    etalvp1 ~ log(1 + 0.240^2)
    etalq2 ~ log(1 + 0.236^2)
    etalvp2 ~ log(1 + 0.347^2)
    etalmtt ~ log(1 + 0.380^2)
    etalf ~ log(1 + 0.414^2)
    iovlmtt ~ log(1 + 0.464^2) | occ
    iovlf ~ log(1 + 0.535^2) | occ
    log_sd <- sqrt(0.115);  label("Residual standard deviation of the log concentration")
  })
  model({
    size <- WT / 54
    cl <- exp(lcl + etalcl) * size^0.75 * AGE^age_hill / (AGE^age_hill + age50^age_hill)
    vc <- exp(lvc + etalvc) * size
    q1 <- exp(lq1) * size^0.75
    vp1 <- exp(lvp1 + etalvp1) * size
    q2 <- exp(lq2 + etalq2) * size^0.75
    vp2 <- exp(lvp2 + etalvp2) * size
    ktr <- 3 / exp(lmtt + etalmtt + iovlmtt)

    f(depot) <- (1 + e_dose_f * (dosenum() - 1)) * exp(etalf + iovlf)
    c <- central / vc
    d/dt(depot) <- -ktr * depot
    d/dt(transit1) <- ktr * (depot - transit1)
    d/dt(transit2) <- ktr * (transit1 - transit2)
    d/dt(central) <- ktr * transit2 - (cl + q1 + q2) * c + q1 * peripheral1 / vp1 + q2 * peripheral2 / vp2
    d/dt(peripheral1) <- q1 * c - q1 * peripheral1 / vp1
    d/dt(peripheral2) <- q2 * c - q2 * peripheral2 / vp2
    cp <- 1000 * c
    cp ~ lnorm(log_sd)
  })
}
