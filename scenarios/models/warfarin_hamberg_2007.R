# S-warfarin and INR with CYP2C9, VKORC1 and age.
# Hamberg AK et al., Clin Pharmacol Ther 2007;81:529-538, doi:10.1038/sj.clpt.6100084.
#
# Choices that the paper leaves to the reader, and that move numbers:
# * the six transit compartments of chain 1 each have the rate 6/MTT1 (one re-implementation reads 1/MTT1);
# * the reported omegas are read as standard deviations (others read them as variances);
# * the residual 0.0325 on ln INR is read as a variance (standard deviation 0.18; the 2010 revision has 0.19).
warfarin_hamberg_2007 <- function() {
  description <- "Two-compartment oral S-warfarin, inhibition of clotting-factor synthesis in two chains, INR"
  reference <- "Hamberg AK et al., Clin Pharmacol Ther 2007;81:529-538, doi:10.1038/sj.clpt.6100084"
  units <- list(time = "h", dosing = "mg", concentration = "mg/L")
  covariateData <- list(
    AGE = list(description = "Age", units = "year", type = "continuous"),
    CYP2C9_12 = list(description = "CYP2C9 *1/*2", type = "binary"),
    CYP2C9_13 = list(description = "CYP2C9 *1/*3", type = "binary"),
    CYP2C9_22 = list(description = "CYP2C9 *2/*2", type = "binary"),
    CYP2C9_23 = list(description = "CYP2C9 *2/*3", type = "binary"),
    CYP2C9_33 = list(description = "CYP2C9 *3/*3", type = "binary"),
    VKORC1_AG = list(description = "VKORC1 -1639 A/G", type = "binary"),
    VKORC1_AA = list(description = "VKORC1 -1639 A/A", type = "binary")
  )
  ini({
    lka <- fixed(log(2.0));   label("Absorption rate (1/h)")
    lcl <- log(0.314);        label("Clearance of S-warfarin, 71 years, *1/*1 (L/h)")
    lv1 <- log(13.8);         label("Central volume (L)")
    lv2 <- log(6.59);         label("Peripheral volume (L)")
    lq <- log(0.131);         label("Intercompartmental clearance (L/h)")
    e_age_cl <- 0.0091;       label("Fractional change of clearance per year from 71 (1/year)")
    r_12 <- 0.315;            label("Fractional reduction of clearance, *1/*2")
    r_13 <- 0.453;            label("Fractional reduction of clearance, *1/*3")
    r_22 <- 0.722;            label("Fractional reduction of clearance, *2/*2")
    r_23 <- 0.690;            label("Fractional reduction of clearance, *2/*3")
    r_33 <- 0.852;            label("Fractional reduction of clearance, *3/*3")
    emax <- fixed(1);         label("Largest inhibition")
    gamma <- 0.424;           label("Steepness of the inhibition")
    ec50_gg <- 4.61;          label("Concentration of half inhibition, VKORC1 G/G (mg/L)")
    ec50_ag <- 3.02;          label("Concentration of half inhibition, VKORC1 A/G (mg/L)")
    ec50_aa <- 2.20;          label("Concentration of half inhibition, VKORC1 A/A (mg/L)")
    lmtt1 <- log(11.6);       label("Mean transit time of chain 1 (h)")
    lmtt2 <- log(120);        label("Mean transit time of chain 2 (h)")
    inr_base <- fixed(1);     label("INR without treatment")
    inr_max <- fixed(20);     label("Largest rise of INR")
    lambda <- 3.61;           label("Shape of the INR")
    etalcl ~ 0.310^2
    etalv1 ~ 0.262^2
    etalv2 ~ 0.991^2
    etalec50 ~ 0.409^2
    etalmtt1 ~ 0.141^2
    etalmtt2 ~ 1.02^2
    inr_sd <- sqrt(0.0325);   label("Residual standard deviation of ln INR")
  })
  model({
    # Individual parameters
    ka <- exp(lka)
    reduction <- r_12 * CYP2C9_12 + r_13 * CYP2C9_13 + r_22 * CYP2C9_22 + r_23 * CYP2C9_23 + r_33 * CYP2C9_33
    cl <- exp(lcl + etalcl) * (1 - e_age_cl * (AGE - 71)) * (1 - reduction)
    v1 <- exp(lv1 + etalv1)
    v2 <- exp(lv2 + etalv2)
    q <- exp(lq)
    ec50 <- (ec50_gg + (ec50_ag - ec50_gg) * VKORC1_AG + (ec50_aa - ec50_gg) * VKORC1_AA) * exp(etalec50)
    ktr1 <- 6 / exp(lmtt1 + etalmtt1)
    ktr2 <- 1 / exp(lmtt2 + etalmtt2)

    # S-warfarin is half of the racemic dose; the parameters are apparent ones.
    f(gut) <- 0.5
    cs <- max(central / v1, 0)
    d/dt(gut) <- -ka * gut
    d/dt(central) <- ka * gut - cl * cs - q * cs + q * peripheral / v2
    d/dt(peripheral) <- q * cs - q * peripheral / v2

    # What is left of the synthesis of clotting factors drives a fast chain of six and a slow chain of one.
    synthesis <- 1 - emax * cs^gamma / (ec50^gamma + cs^gamma)
    a1(0) <- 1
    a2(0) <- 1
    a3(0) <- 1
    a4(0) <- 1
    a5(0) <- 1
    a6(0) <- 1
    a7(0) <- 1
    d/dt(a1) <- ktr1 * (synthesis - a1)
    d/dt(a2) <- ktr1 * (a1 - a2)
    d/dt(a3) <- ktr1 * (a2 - a3)
    d/dt(a4) <- ktr1 * (a3 - a4)
    d/dt(a5) <- ktr1 * (a4 - a5)
    d/dt(a6) <- ktr1 * (a5 - a6)
    d/dt(a7) <- ktr2 * (synthesis - a7)

    INR <- inr_base + inr_max * max(1 - a6 * a7, 0)^lambda
    INR ~ lnorm(inr_sd)
  })
}
