# Docetaxel and neutrophils, with a linear effect on proliferation and covariates.
# Kloft C et al., Clin Cancer Res 2006;12:5481-5490, doi:10.1158/1078-0432.CCR-06-0815, as Netterberg I et al. use it, Cancer
# Chemother Pharmacol 2017;80:343-353, doi:10.1007/s00280-017-3366-x, on the pharmacokinetics of Onoue H et al.,
# Eur J Clin Pharmacol 2016;72:703-710, doi:10.1007/s00228-016-2031-3. Doses in mg over an hour.
# Reference patient: man, ECOG 0, no therapy before, alpha-1-acid glycoprotein 1.34 g/L.
docetaxel_kloft_2006 <- function() {
  description <- "Two-compartment docetaxel, chain of proliferating, maturing and circulating neutrophils"
  reference <- "Kloft C et al., Clin Cancer Res 2006;12:5481-5490, doi:10.1158/1078-0432.CCR-06-0815"
  units <- list(time = "h", dosing = "mg", concentration = "mg/L", neutrophils = "1e9/L")
  covariateData <- list(
    SEXF = list(description = "Woman", type = "binary"),
    ECOG1 = list(description = "ECOG performance status 1 or more", type = "binary"),
    PRIOR_THERAPY = list(description = "Anticancer therapy before", type = "binary"),
    AAG = list(description = "Alpha-1-acid glycoprotein", units = "g/L", type = "continuous")
  )
  ini({
    lcl <- log(32.6);         label("Clearance (L/h)")
    lq <- log(5.34);          label("Intercompartmental clearance (L/h)")
    lvc <- log(5.77);         label("Central volume (L)")
    lvp <- log(11.0);         label("Peripheral volume (L)")
    lcirc0 <- log(5.22);      label("Neutrophils without drug (1e9/L)")
    lmtt <- log(84.2);        label("Mean transit time (h)")
    gamma <- 0.145;           label("Exponent of the feedback")
    lslope <- log(15.6);      label("Relative loss of proliferation per concentration (L/umol)")
    weight <- fixed(807.9);   label("Molecular weight (g/mol)")
    e_sexf_circ0 <- -0.121;   label("Fractional change of the count, women")
    e_ecog_circ0 <- 0.130;    label("Fractional change of the count, ECOG 1 or more")
    e_prior_circ0 <- -0.147;  label("Fractional change of the count, therapy before")
    e_aag_low <- 0.175;       label("Fractional change of the count per g/L below 1.34 g/L")
    e_aag_high <- 0.495;      label("Fractional change of the count per g/L above 1.34 g/L")
    e_aag_slope <- -0.351;    label("Fractional change of the slope per g/L from 1.34 g/L")
    etalcl ~ 0.295^2
    etalq ~ 0.551^2
    etalvc ~ 0.1^2
    etalvp ~ 0.598^2
    etalcirc0 ~ 0.0640
    etalmtt ~ 0.0192
    etalslope ~ 0.128
    log_sd <- 0.424;          label("Residual standard deviation of the log count")
  })
  model({
    cl <- exp(lcl + etalcl)
    q <- exp(lq + etalq)
    vc <- exp(lvc + etalvc)
    vp <- exp(lvp + etalvp)
    aag <- AAG - 1.34
    circ0 <- exp(lcirc0 + etalcirc0) * (1 + e_sexf_circ0 * SEXF) * (1 + e_ecog_circ0 * ECOG1) *
      (1 + e_prior_circ0 * PRIOR_THERAPY) * (1 + ifelse(aag <= 0, e_aag_low, e_aag_high) * aag)
    ktr <- 4 / exp(lmtt + etalmtt)
    slope <- exp(lslope + etalslope) * (1 + e_aag_slope * aag)

    cp <- central / vc
    d/dt(central) <- -(cl + q) * cp + q * peripheral / vp
    d/dt(peripheral) <- q * cp - q * peripheral / vp

    effect <- slope * 1000 * cp / weight
    prol(0) <- circ0
    transit1(0) <- circ0
    transit2(0) <- circ0
    transit3(0) <- circ0
    circ(0) <- circ0
    d/dt(prol) <- ktr * prol * (1 - effect) * (circ0 / circ)^gamma - ktr * prol
    d/dt(transit1) <- ktr * (prol - transit1)
    d/dt(transit2) <- ktr * (transit1 - transit2)
    d/dt(transit3) <- ktr * (transit2 - transit3)
    d/dt(circ) <- ktr * (transit3 - circ)
    circ ~ lnorm(log_sd)
  })
}
