# Isoniazid in tuberculosis: two classes of elimination, which the NAT2 genotype explains.
# Wilkins JJ et al., Br J Clin Pharmacol 2011;72:51-62, doi:10.1111/j.1365-2125.2011.03940.x, 235 South African patients.
#
# The paper's mixture is the input fast_acetylator: 1 with probability 0.132 in its patients. A cohort with known genotypes
# sets it from them (slow acetylators: roughly half of Europeans, one to two in ten East Asians; unconfirmed ranges).
# Coefficients of variation become variances as ln(1 + CV^2). That of bioavailability between occasions (8.4 %) was read in
# a secondary source only.
isoniazid_wilkins_2011 <- function() {
  description <- "Two-compartment oral isoniazid with lag, slow and fast acetylators"
  reference <- "Wilkins JJ et al., Br J Clin Pharmacol 2011;72:51-62, doi:10.1111/j.1365-2125.2011.03940.x"
  units <- list(time = "h", dosing = "mg", concentration = "mg/L")
  covariateData <- list(
    WT = list(description = "Body weight", units = "kg", type = "continuous"),
    SEXF = list(description = "Woman", type = "binary"),
    HIV = list(description = "HIV positive", type = "binary"),
    fast_acetylator = list(description = "Class of the mixture: 1 fast, 0 slow", type = "binary")
  )
  ini({
    lcl_slow <- log(9.70);    label("Apparent clearance of slow acetylators at 70 kg (L/h)")
    lcl_fast <- log(21.6);    label("Apparent clearance of fast acetylators at 70 kg (L/h)")
    lvc <- log(57.7);         label("Apparent central volume at 70 kg (L)")
    lvp <- log(1730);         label("Apparent peripheral volume at 70 kg (L)")
    lq <- log(3.34);          label("Apparent intercompartmental clearance at 70 kg (L/h)")
    lka <- log(1.85);         label("Absorption rate constant (1/h)")
    ltlag <- log(0.180);      label("Lag of absorption (h)")
    e_sexf_vc <- -0.103;      label("Fractional change of the central volume in women")
    e_hiv_cl <- -0.174;       label("Fractional change of clearance with HIV")
    etalcl ~ log(1 + 0.184^2)
    etalvc ~ log(1 + 0.165^2)
    etalq ~ log(1 + 0.931^2)
    etalf ~ log(1 + 0.262^2)
    etaltlag ~ log(1 + 0.884^2)
    iovlka ~ log(1 + 0.901^2) | occ
    iovlf ~ log(1 + 0.084^2) | occ
    log_sd <- 0.205;          label("Residual standard deviation of the log concentration")
  })
  model({
    size <- WT / 70
    lcl <- lcl_slow + (lcl_fast - lcl_slow) * fast_acetylator
    cl <- exp(lcl + etalcl) * size^0.75 * (1 + e_hiv_cl * HIV)
    vc <- exp(lvc + etalvc) * size * (1 + e_sexf_vc * SEXF)
    vp <- exp(lvp) * size
    q <- exp(lq + etalq) * size^0.75
    ka <- exp(lka + iovlka)

    f(depot) <- exp(etalf + iovlf)
    lag(depot) <- exp(ltlag + etaltlag)
    cp <- central / vc
    d/dt(depot) <- -ka * depot
    d/dt(central) <- ka * depot - (cl + q) * cp + q * peripheral / vp
    d/dt(peripheral) <- q * cp - q * peripheral / vp
    cp ~ lnorm(log_sd)
  })
}
