# Docetaxel and neutrophils, with the Emax effect on proliferation.
# Friberg LE et al., J Clin Oncol 2002;20:4713-4721, doi:10.1200/JCO.2002.02.140, on the pharmacokinetics of Onoue H et al.,
# Eur J Clin Pharmacol 2016;72:703-710, doi:10.1007/s00228-016-2031-3. Doses in mg over an hour.
#
# Numbers in brackets of the sources are log standard deviations. The residual error was not found outside the paper, so
# the file has no endpoint: it simulates true counts.
docetaxel_friberg_2002 <- function() {
  description <- "Two-compartment docetaxel, chain of proliferating, maturing and circulating neutrophils"
  reference <- "Friberg LE et al., J Clin Oncol 2002;20:4713-4721, doi:10.1200/JCO.2002.02.140"
  units <- list(time = "h", dosing = "mg", concentration = "mg/L", neutrophils = "1e9/L")
  covariateData <- list()
  ini({
    lcl <- log(32.6);        label("Clearance (L/h)")
    lq <- log(5.34);         label("Intercompartmental clearance (L/h)")
    lvc <- log(5.77);        label("Central volume (L)")
    lvp <- log(11.0);        label("Peripheral volume (L)")
    lcirc0 <- log(5.05);     label("Neutrophils without drug (1e9/L)")
    lmtt <- log(89.3);       label("Mean transit time (h)")
    lgamma <- log(0.163);    label("Exponent of the feedback")
    lemax <- log(83.9);      label("Largest relative loss of proliferation")
    lec50 <- log(7.17);      label("Concentration of half that loss (umol/L)")
    weight <- fixed(807.9);  label("Molecular weight (g/mol)")
    etalcl ~ 0.295^2
    etalq ~ 0.551^2
    etalvc ~ 0.1^2
    etalvp ~ 0.598^2
    etalcirc0 ~ 0.42^2
    etalmtt ~ 0.16^2
    etalgamma ~ 0.039^2
    etalemax ~ 0.33^2
    etalec50 ~ 0.50^2
  })
  model({
    cl <- exp(lcl + etalcl)
    q <- exp(lq + etalq)
    vc <- exp(lvc + etalvc)
    vp <- exp(lvp + etalvp)
    circ0 <- exp(lcirc0 + etalcirc0)
    ktr <- 4 / exp(lmtt + etalmtt)
    feedback <- exp(lgamma + etalgamma)
    emax <- exp(lemax + etalemax)
    ec50 <- exp(lec50 + etalec50)

    cp <- central / vc
    d/dt(central) <- -(cl + q) * cp + q * peripheral / vp
    d/dt(peripheral) <- q * cp - q * peripheral / vp

    cp_molar <- 1000 * cp / weight
    effect <- emax * cp_molar / (ec50 + cp_molar)
    prol(0) <- circ0
    transit1(0) <- circ0
    transit2(0) <- circ0
    transit3(0) <- circ0
    circ(0) <- circ0
    d/dt(prol) <- ktr * prol * (1 - effect) * (circ0 / circ)^feedback - ktr * prol
    d/dt(transit1) <- ktr * (prol - transit1)
    d/dt(transit2) <- ktr * (transit1 - transit2)
    d/dt(transit3) <- ktr * (transit2 - transit3)
    d/dt(circ) <- ktr * (transit3 - circ)
  })
}
