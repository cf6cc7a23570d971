# Type 2 diabetes under diet, exercise and placebo: weight, insulin, fasting glucose, HbA1c (WHIG).
# Choy S et al., CPT Pharmacometrics Syst Pharmacol 2016;5:11-19, doi:10.1002/psp4.12051; 181 obese, newly diagnosed patients.
#
# Diet and exercise begin at time 0, placebo at day 42. The correlations of the random effects are in a supplement that was
# not read: the effects are independent here, so that typical courses are the paper's and the width of bands is not.
diabetes_choy_2016 <- function() {
  description <- "Weight drives insulin sensitivity, which with beta-cell function sets fasting glucose and insulin"
  reference <- "Choy S et al., CPT Pharmacometrics Syst Pharmacol 2016;5:11-19, doi:10.1002/psp4.12051"
  units <- list(time = "day", dosing = "none", weight = "kg", FPG = "mmol/L", FSI = "uIU/mL", HbA1c = "%")
  covariateData <- list()
  ini({
    lw0 <- log(104);        label("Weight at baseline (kg)")
    half_w <- 96.9;         label("Half-life of weight (day)")
    ef_diet <- 4.08;        label("Fall of the input to weight by diet and exercise (%)")
    ef_placebo <- 2.28;     label("Fall of the input to weight by placebo (%)")
    ef_up <- 2.99;          label("Rise of the input to weight (%/year)")
    is0 <- -1.1;            label("Logit of insulin sensitivity at baseline")
    lis_slope <- log(0.0514); label("Fractional rise of sensitivity per kg lost (1/kg)")
    b0 <- 0.446;            label("Logit of beta-cell function at baseline")
    b_decline <- 0.209;     label("Decline of that logit (1/year)")
    lefb <- log(0.171);     label("Largest relative gain of beta-cell function by treatment")
    efb_on <- 3.69;         label("Steepness of its onset (1/day)")
    efb_off <- 8.05;        label("Steepness of its end (1/day)")
    lefb50 <- log(190);     label("Time of its end (day)")
    kin <- 0.0129;          label("HbA1c formed by fasting glucose (%/day per mmol/L)")
    lppg <- log(0.0709);    label("HbA1c formed otherwise (%/day)")
    ppg_treated <- 0.963;   label("Factor on the latter after time 0")
    mtt <- 38.9;            label("Mean transit time of HbA1c (day)")
    etalw0 ~ log(1 + 0.146^2)
    etais0 ~ 0.305^2
    etalis_slope ~ log(1 + 0.67^2)
    etab0 ~ 1.4^2
    etab_decline ~ 0.21^2
    etalefb ~ log(1 + 0.499^2)
    etalefb50 ~ log(1 + 0.349^2)
    etalppg ~ log(1 + 0.154^2)
    etaef_diet ~ 0.356^2
    etaef_placebo ~ 0.402^2
    etaef_up ~ 0.744^2
    weight_sd <- sqrt(0.00919); label("Proportional residual standard deviation, weight")
    fsi_sd <- sqrt(0.262);      label("Proportional residual standard deviation, insulin")
    fpg_sd <- sqrt(0.0688);     label("Proportional residual standard deviation, glucose")
    hba1c_sd <- sqrt(0.0241);   label("Proportional residual standard deviation, HbA1c")
  })
  model({
    w0 <- exp(lw0 + etalw0)
    is_base <- expit(is0 + etais0)
    b_base <- expit(b0 + etab0)
    ppg <- exp(lppg + etalppg)
    ktr <- 3 / mtt

    lifestyle <- (ef_diet + etaef_diet) / 100 + (ef_placebo + etaef_placebo) / 100 * (t >= 42)
    input <- (1 + (ef_up + etaef_up) / 100 * t / 365) * (1 - lifestyle)
    weight(0) <- w0
    d/dt(weight) <- log(2) / half_w * (input * w0 - weight)

    IS <- is_base * (1 - exp(lis_slope + etalis_slope) * (weight - w0))
    B <- expit(b0 + etab0 - (b_decline + etab_decline) * t / 365)
    EFB <- 1 + exp(lefb + etalefb) * expit(efb_on * (t - 42)) * expit(-efb_off * (t - exp(lefb50 + etalefb50)))
    FPG <- (3.5 + sqrt(12.25 + 4 * 4.5 / (IS * B * EFB))) / 2
    FSI <- 7.8 * B * EFB * (FPG - 3.5)

    fpg_base <- (3.5 + sqrt(12.25 + 4 * 4.5 / (is_base * b_base))) / 2
    a1(0) <- (kin * fpg_base + ppg) / ktr
    a2(0) <- (kin * fpg_base + ppg) / ktr
    a3(0) <- (kin * fpg_base + ppg) / ktr
    d/dt(a1) <- kin * FPG + ppg * ifelse(t > 0, ppg_treated, 1) - ktr * a1
    d/dt(a2) <- ktr * (a1 - a2)
    d/dt(a3) <- ktr * (a2 - a3)
    HbA1c <- a1 + a2 + a3

    weight ~ prop(weight_sd)
    FSI ~ prop(fsi_sd)
    FPG ~ prop(fpg_sd)
    HbA1c ~ prop(hba1c_sd)
  })
}
