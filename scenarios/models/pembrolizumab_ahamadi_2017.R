# Pembrolizumab in advanced solid tumours.
# Ahamadi M et al., CPT Pharmacometrics Syst Pharmacol 2017;6:49-57, doi:10.1002/psp4.12139; 2,188 patients.
# Reference patient: man with melanoma, 76.8 kg, albumin 39.6 g/L, sum of lesions 89.6 mm, eGFR 88.47, ECOG 0, no ipilimumab
# before. One random effect is shared by both clearances, another by both volumes.
pembrolizumab_ahamadi_2017 <- function() {
  description <- "Two-compartment pembrolizumab"
  reference <- "Ahamadi M et al., CPT Pharmacometrics Syst Pharmacol 2017;6:49-57, doi:10.1002/psp4.12139"
  units <- list(time = "day", dosing = "mg", concentration = "mg/L")
  covariateData <- list(
    WT = list(description = "Body weight", units = "kg", type = "continuous"),
    ALB = list(description = "Serum albumin", units = "g/L", type = "continuous"),
    SLD = list(description = "Sum of longest diameters of target lesions", units = "mm", type = "continuous"),
    EGFR = list(description = "Glomerular filtration rate", units = "mL/min/1.73 m2", type = "continuous"),
    SEXF = list(description = "Woman", type = "binary"),
    NSCLC = list(description = "Non-small cell lung cancer", type = "binary"),
    ECOG1 = list(description = "ECOG performance status 1 or more", type = "binary"),
    IPILIMUMAB = list(description = "Ipilimumab before", type = "binary")
  )
  ini({
    lcl <- log(0.22);       label("Clearance (L/day)")
    lvc <- log(3.48);       label("Central volume (L)")
    lq <- log(0.795);       label("Intercompartmental clearance (L/day)")
    lvp <- log(4.06);       label("Peripheral volume (L)")
    e_wt_cl <- 0.595;       label("Exponent of weight on clearances")
    e_wt_v <- 0.489;        label("Exponent of weight on volumes")
    e_alb_cl <- -0.907;     label("Exponent of albumin on clearance")
    e_alb_vc <- -0.208;     label("Exponent of albumin on the central volume")
    e_sld_cl <- 0.0872;     label("Exponent of tumour size on clearance")
    e_egfr_cl <- 0.135;     label("Exponent of eGFR on clearance")
    e_sexf_cl <- -0.152;    label("Fractional change of clearance, women")
    e_nsclc_cl <- 0.145;    label("Fractional change of clearance, lung cancer")
    e_ecog_cl <- -0.0739;   label("Fractional change of clearance, ECOG 1 or more")
    e_ipi_cl <- 0.140;      label("Fractional change of clearance, ipilimumab before")
    e_sexf_vc <- -0.134;    label("Fractional change of the central volume, women")
    e_ipi_vc <- 0.0736;     label("Fractional change of the central volume, ipilimumab before")
    etalcl ~ 0.134
    etalv ~ 0.0417
    log_sd <- 0.272;        label("Residual standard deviation of the log concentration")
  })
  model({
    cl <- exp(lcl + etalcl) * (WT / 76.8)^e_wt_cl * (ALB / 39.6)^e_alb_cl * (SLD / 89.6)^e_sld_cl *
      (EGFR / 88.47)^e_egfr_cl * (1 + e_sexf_cl * SEXF) * (1 + e_nsclc_cl * NSCLC) *
      (1 + e_ecog_cl * ECOG1) * (1 + e_ipi_cl * IPILIMUMAB)
    vc <- exp(lvc + etalv) * (WT / 76.8)^e_wt_v * (ALB / 39.6)^e_alb_vc * (1 + e_sexf_vc * SEXF) *
      (1 + e_ipi_vc * IPILIMUMAB)
    q <- exp(lq + etalcl) * (WT / 76.8)^e_wt_cl
    vp <- exp(lvp + etalv) * (WT / 76.8)^e_wt_v

    cp <- central / vc
    d/dt(central) <- -(cl + q) * cp + q * peripheral / vp
    d/dt(peripheral) <- q * cp - q * peripheral / vp
    cp ~ lnorm(log_sd)
  })
}
