# Rifampicin up to high doses: saturable elimination and bioavailability, induction of its own elimination.
# Svensson RJ et al., Clin Pharmacol Ther 2018;103:674-683, doi:10.1002/cpt.778 (HIGHRIF1, 83 patients).
#
# Between 450 mg, where bioavailability is 1 by definition, and about 3 g; outside it extrapolates an Emax curve that
# has a pole at 383 mg. The input from transit() is the only one: f(depot) is 0.
rifampicin_svensson_2018 <- function() {
  description <- "Transit absorption, Michaelis-Menten elimination, enzyme turnover with induction"
  reference <- "Svensson RJ et al., Clin Pharmacol Ther 2018;103:674-683, doi:10.1002/cpt.778"
  units <- list(time = "h", dosing = "mg", concentration = "mg/L")
  covariateData <- list(
    FFM = list(description = "Fat-free mass", units = "kg", type = "continuous")
  )
  ini({
    lvmax <- log(525);     label("Largest rate of elimination at 70 kg of fat-free mass (mg/h)")
    lkm <- log(35.3);      label("Concentration of half the largest rate (mg/L)")
    lv <- log(87.2);       label("Volume at 70 kg of fat-free mass (L)")
    lka <- log(1.77);      label("Absorption rate constant (1/h)")
    lmtt <- log(0.513);    label("Mean transit time of absorption (h)")
    lnn <- log(23.8);      label("Number of transit compartments")
    kenz <- 0.00603;       label("Turnover rate constant of the enzyme (1/h)")
    emax <- 1.16;          label("Largest relative induction of the enzyme's synthesis")
    ec50 <- 0.0699;        label("Concentration of half the largest induction (mg/L)")
    fmax <- 0.504;         label("Largest relative rise of bioavailability above 450 mg")
    fd50 <- 67;            label("Dose above 450 mg of half that rise (mg)")
    etalkm + etalvmax ~ c(0.128,
                          0.0418, 0.0901)
    etalv ~ 0.00618
    etalmtt ~ 0.146
    etalnn ~ 0.607
    etalka ~ 0.114
    iovlf ~ 0.0248 | occ
    iovlmtt ~ 0.318 | occ
    iovlkm ~ 0.0355 | occ
    iovlka ~ 0.0985 | occ
    prop_sd <- 0.236;      label("Proportional residual standard deviation")
  })
  model({
    size <- FFM / 70
    vmax <- exp(lvmax + etalvmax) * size^0.75
    km <- exp(lkm + etalkm + iovlkm)
    v <- exp(lv + etalv) * size
    ka <- exp(lka + etalka + iovlka)
    mtt <- exp(lmtt + etalmtt + iovlmtt)
    nn <- exp(lnn + etalnn)

    above <- podo(depot) - 450
    bio <- (1 + fmax * above / (fd50 + above)) * exp(iovlf)
    f(depot) <- 0
    cp <- central / v
    d/dt(depot) <- transit(nn, mtt, bio) - ka * depot
    d/dt(central) <- ka * depot - vmax * cp / (km + cp) * enzyme
    enzyme(0) <- 1
    d/dt(enzyme) <- kenz * (1 + emax * cp / (ec50 + cp)) - kenz * enzyme
    cp ~ prop(prop_sd)
  })
}
