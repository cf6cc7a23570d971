# Warfarin and prothrombin complex activity after a single dose: the O'Reilly data as the pharmacometric community fits them.
# Nguyen THT et al., CPT Pharmacometrics Syst Pharmacol 2017;6:87-109, doi:10.1002/psp4.12161 (control streams of the tutorial).
#
# Sources of the numbers:
# * PK and its variability, and the variability and residual error of the activity: the control stream ka1_to_emax1_est of
#   the tutorial's repository. Coverage of the real data by this set is what the test measures.
# * E0 96.7 %, C50 1.2 mg/L, 12.9 h: confirmed in a second published stream of the same analysis (time-to-event tutorial
#   after Holford, CPT Pharmacometrics Syst Pharmacol 2013;2:e43). Both streams have k = ln 2 / 12.9 h: the 12.9 h, sometimes
#   called a turnover time, is the half-life. Read as a mean time, 84 % instead of 91 % of the activities are covered.
warfarin_nguyen_2017 <- function() {
  description <- "One-compartment oral warfarin with lag, turnover of prothrombin complex activity"
  reference <- "Nguyen THT et al., CPT Pharmacometrics Syst Pharmacol 2017;6:87-109, doi:10.1002/psp4.12161"
  units <- list(time = "h", dosing = "mg", concentration = "mg/L", activity = "% of normal")
  covariateData <- list(
    WT = list(description = "Body weight", units = "kg", type = "continuous")
  )
  ini({
    lcl <- log(0.131);      label("Clearance at 70 kg (L/h)")
    lv <- log(8.06);        label("Volume at 70 kg (L)")
    ltabs <- log(0.944);    label("Half-life of absorption (h)")
    ltlag <- log(1.03);     label("Lag of absorption (h)")
    le0 <- log(96.7);       label("Activity without warfarin (%)")
    lc50 <- log(1.2);       label("Concentration of half inhibition (mg/L)")
    emax <- fixed(-1);      label("Largest relative change of synthesis")
    lteq <- log(12.9);      label("Half-life of the activity (h)")
    etalcl ~ 0.0649
    etalv ~ 0.0201
    etaltabs ~ 0.447
    etaltlag ~ 0.311
    etale0 ~ 0.00199
    etalc50 ~ 0.136
    etalteq ~ 0.0143
    cp_prop_sd <- sqrt(0.00478); label("Proportional residual standard deviation of the concentration")
    cp_add_sd <- sqrt(0.135);    label("Additive residual standard deviation of the concentration (mg/L)")
    pca_add_sd <- sqrt(13.9);    label("Additive residual standard deviation of the activity (%)")
  })
  model({
    size <- WT / 70
    cl <- exp(lcl + etalcl) * size^0.75
    v <- exp(lv + etalv) * size
    ka <- log(2) / exp(ltabs + etaltabs)
    e0 <- exp(le0 + etale0)
    c50 <- exp(lc50 + etalc50)
    kout <- log(2) / exp(lteq + etalteq)
    cp <- central / v

    lag(gut) <- exp(ltlag + etaltlag)
    d/dt(gut) <- -ka * gut
    d/dt(central) <- ka * gut - cl * cp
    pca(0) <- e0
    d/dt(pca) <- kout * e0 * (1 + emax * cp / (c50 + cp)) - kout * pca

    cp ~ add(cp_add_sd) + prop(cp_prop_sd)
    pca ~ add(pca_add_sd)
  })
}
