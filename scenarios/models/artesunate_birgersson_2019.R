# Artesunate and dihydroartemisinin in uncomplicated falciparum malaria, pregnant and non-pregnant women.
# Birgersson S et al., Wellcome Open Res 2019;4:45, doi:10.12688/wellcomeopenres.14849.2; 48 women, Burkina Faso.
#
# Amounts in nmol: 200 mg of artesunate are 520,264 nmol. All artesunate becomes dihydroartemisinin, mole for mole.
artesunate_birgersson_2019 <- function() {
  description <- "Three-transit absorption, one-compartment artesunate and dihydroartemisinin"
  reference <- "Birgersson S et al., Wellcome Open Res 2019;4:45, doi:10.12688/wellcomeopenres.14849.2"
  units <- list(time = "h", dosing = "nmol", concentration = "nmol/L")
  covariateData <- list(
    WT = list(description = "Body weight", units = "kg", type = "continuous"),
    PREGNANT = list(description = "Pregnant, second or third trimester", type = "binary"),
    ALT = list(description = "Alanine aminotransferase at admission", units = "U/L", type = "continuous"),
    LN_PARASITES = list(description = "Natural log of the parasite count at admission", units = "ln 1/uL", type = "continuous")
  )
  ini({
    lcl <- log(3570);          label("Apparent clearance of artesunate at 52 kg (L/h)")
    lv <- log(1700);           label("Apparent volume of artesunate at 52 kg (L)")
    lcl_dha <- log(190);       label("Apparent clearance of dihydroartemisinin at 52 kg, pregnant (L/h)")
    lv_dha <- log(267);        label("Apparent volume of dihydroartemisinin at 52 kg (L)")
    lmtt <- log(0.832);        label("Mean transit time of absorption (h)")
    e_not_pregnant <- -0.214;  label("Fractional change of dihydroartemisinin's clearance, not pregnant")
    e_alt_f <- 0.0215;         label("Fractional change of bioavailability per U/L of ALT")
    e_parasites_f <- 0.138;    label("Fractional change of bioavailability per log unit of parasites")
    etalcl ~ 0.0672
    etalcl_dha ~ 0.00809
    etalmtt ~ 0.32
    etalf ~ 0.0887
    log_sd <- sqrt(0.892);     label("Residual standard deviation of the log concentration, artesunate")
    log_sd_dha <- sqrt(0.66);  label("Residual standard deviation of the log concentration, dihydroartemisinin")
  })
  model({
    size <- WT / 52
    cl <- exp(lcl + etalcl) * size^0.75
    v <- exp(lv) * size
    cl_dha <- exp(lcl_dha + etalcl_dha) * size^0.75 * (1 + e_not_pregnant * (1 - PREGNANT))
    v_dha <- exp(lv_dha) * size
    ktr <- 4 / exp(lmtt + etalmtt)

    f(depot) <- exp(etalf) * (1 + e_alt_f * (ALT - 20.75)) * (1 + e_parasites_f * (LN_PARASITES - 5.88))
    cp <- artesunate / v
    cp_dha <- dha / v_dha
    d/dt(depot) <- -ktr * depot
    d/dt(transit1) <- ktr * (depot - transit1)
    d/dt(transit2) <- ktr * (transit1 - transit2)
    d/dt(transit3) <- ktr * (transit2 - transit3)
    d/dt(artesunate) <- ktr * transit3 - cl * cp
    d/dt(dha) <- cl * cp - cl_dha * cp_dha
    cp ~ lnorm(log_sd)
    cp_dha ~ lnorm(log_sd_dha)
  })
}
