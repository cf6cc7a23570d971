# Nivolumab, with clearance that falls as the disease answers.
# Bajaj G et al., CPT Pharmacometrics Syst Pharmacol 2017;6:58-66, doi:10.1002/psp4.12143; 1,895 patients, 11 trials.
# Reference patient: white woman, 80 kg, eGFR 90 mL/min/1.73 m2, ECOG 0. The clock of the falling clearance is model time:
# time 0 is the first dose.
nivolumab_bajaj_2017 <- function() {
  description <- "Two-compartment nivolumab with time-varying clearance"
  reference <- "Bajaj G et al., CPT Pharmacometrics Syst Pharmacol 2017;6:58-66, doi:10.1002/psp4.12143"
  units <- list(time = "h", dosing = "mg", concentration = "mg/L")
  covariateData <- list(
    WT = list(description = "Body weight at baseline", units = "kg", type = "continuous"),
    EGFR = list(description = "CKD-EPI glomerular filtration rate", units = "mL/min/1.73 m2", type = "continuous"),
    SEXM = list(description = "Man", type = "binary"),
    ECOG1 = list(description = "ECOG performance status 1 or more", type = "binary"),
    ASIAN = list(description = "Asian", type = "binary")
  )
  ini({
    lcl <- log(0.00940);      label("Clearance at time 0 (L/h)")
    lv1 <- log(3.63);         label("Central volume (L)")
    lq <- log(0.0321);        label("Intercompartmental clearance (L/h)")
    lv2 <- log(2.78);         label("Peripheral volume (L)")
    e_wt_cl <- 0.566;         label("Exponent of weight on clearance")
    e_egfr_cl <- 0.186;       label("Exponent of eGFR on clearance")
    e_sexm_cl <- 0.165;       label("Log ratio of clearance, men")
    e_ecog_cl <- 0.172;       label("Log ratio of clearance, ECOG 1 or more")
    e_asian_cl <- -0.125;     label("Log ratio of clearance, Asian")
    e_wt_v1 <- 0.597;         label("Exponent of weight on the central volume")
    e_sexm_v1 <- 0.152;       label("Log ratio of the central volume, men")
    cl_emax <- -0.295;        label("Log ratio of clearance in the long run")
    t50 <- 1410;              label("Time of half that change (h)")
    cl_hill <- 3.15;          label("Steepness of that change")
    etalcl + etalv1 ~ c(0.123,
                        0.0432, 0.123)
    etalv2 ~ 0.258
    etaemax ~ 0.0719
    prop_sd <- 0.215;         label("Proportional residual standard deviation")
  })
  model({
    cl_start <- exp(lcl + etalcl + e_sexm_cl * SEXM + e_ecog_cl * ECOG1 + e_asian_cl * ASIAN) *
      (WT / 80)^e_wt_cl * (EGFR / 90)^e_egfr_cl
    v1 <- exp(lv1 + etalv1 + e_sexm_v1 * SEXM) * (WT / 80)^e_wt_v1
    v2 <- exp(lv2 + etalv2)
    q <- exp(lq)
    cl <- cl_start * exp((cl_emax + etaemax) * t^cl_hill / (t50^cl_hill + t^cl_hill))

    cp <- central / v1
    d/dt(central) <- -(cl + q) * cp + q * peripheral / v2
    d/dt(peripheral) <- q * cp - q * peripheral / v2
    cp ~ prop(prop_sd)
  })
}
