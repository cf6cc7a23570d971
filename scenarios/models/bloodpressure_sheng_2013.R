# Blood pressure through the day, with drugs, and what a lower pressure is worth.
# Rhythm: Sheng YC et al., Acta Pharmacol Sin 2013;34:1043-1051, doi:10.1038/aps.2013.45. Drugs: Law MR et al., BMJ
# 2003;326:1427-1434 (354 trials), whose abstract confirms 9.1 / 5.5 mmHg at standard dose, 7.1 / 4.4 at half of it, 1.0 / 1.1
# mmHg more per 10 mmHg of pressure before, and additivity; repeated in Law MR et al., BMJ 2009;338:b1665. The pressure to
# which these refer, 154 / 97 mmHg, is unconfirmed. Relative risks per 10 mmHg systolic: Ettehad D et al., Lancet
# 2016;387:957-967, doi:10.1016/S0140-6736(15)01225-8 (unconfirmed).
#
# Time in days from midnight. The paper prints variances of 0.079 and 0.12 for log Base, a spread twice that of its own
# cohort (15.6 and 10.2 mmHg): the latter are used.
bloodpressure_sheng_2013 <- function() {
  description <- "Circadian systolic and diastolic pressure, antihypertensive drugs, relative risks"
  reference <- "Sheng YC et al., Acta Pharmacol Sin 2013;34:1043-1051, doi:10.1038/aps.2013.45"
  units <- list(time = "day", dosing = "none", pressure = "mmHg")
  covariateData <- list(
    DRUGS = list(description = "Drugs at standard dose", type = "count"),
    DRUGS_HALF = list(description = "Drugs at half the standard dose", type = "count")
  )
  ini({
    sbp_base <- 140;     label("Systolic mean of the day (mmHg)")
    sbp_a1 <- 7.52;      label("Systolic amplitude, twelve hours (mmHg)")
    sbp_a2 <- 8.64;      label("Systolic amplitude, a day (mmHg)")
    dbp_base <- 89.5;    label("Diastolic mean of the day (mmHg)")
    dbp_a1 <- 5.61;      label("Diastolic amplitude, twelve hours (mmHg)")
    dbp_a2 <- 6.27;      label("Diastolic amplitude, a day (mmHg)")
    phase1 <- -0.652;    label("Phase, twelve hours (day)")
    phase2 <- 3.61;      label("Phase, a day (day)")
    sbp_drug <- 9.1;     label("Fall by a drug at 154 mmHg systolic (mmHg)")
    sbp_half <- 7.1;     label("Fall by half a dose at 154 mmHg systolic (mmHg)")
    sbp_more <- 0.10;    label("Further fall per mmHg above 154 mmHg")
    dbp_drug <- 5.5;     label("Fall by a drug at 97 mmHg diastolic (mmHg)")
    dbp_half <- 4.4;     label("Fall by half a dose at 97 mmHg diastolic (mmHg)")
    dbp_more <- 0.11;    label("Further fall per mmHg above 97 mmHg")
    rr_cvd <- 0.80;      label("Relative risk of major cardiovascular disease per 10 mmHg")
    rr_stroke <- 0.73;   label("Relative risk of stroke per 10 mmHg")
    rr_hf <- 0.72;       label("Relative risk of heart failure per 10 mmHg")
    rr_death <- 0.87;    label("Relative risk of death per 10 mmHg")
    etasbp ~ 15.6^2
    etadbp ~ 10.2^2
    sbp_sd <- 12.85;     label("Residual standard deviation, systolic (mmHg)")
    dbp_sd <- 9.11;      label("Residual standard deviation, diastolic (mmHg)")
  })
  model({
    sbp_untreated <- sbp_base + etasbp
    dbp_untreated <- dbp_base + etadbp
    sbp_fall <- DRUGS * (sbp_drug + sbp_more * (sbp_untreated - 154)) +
      DRUGS_HALF * sbp_half / sbp_drug * (sbp_drug + sbp_more * (sbp_untreated - 154))
    dbp_fall <- DRUGS * (dbp_drug + dbp_more * (dbp_untreated - 97)) +
      DRUGS_HALF * dbp_half / dbp_drug * (dbp_drug + dbp_more * (dbp_untreated - 97))
    half_day <- cos(4 * pi * (t - phase1))
    whole_day <- cos(2 * pi * (t - phase2))
    SBP <- sbp_untreated - sbp_fall + sbp_a1 * half_day + sbp_a2 * whole_day
    DBP <- dbp_untreated - dbp_fall + dbp_a1 * half_day + dbp_a2 * whole_day

    risk_cvd <- rr_cvd^(sbp_fall / 10)
    risk_stroke <- rr_stroke^(sbp_fall / 10)
    risk_heart_failure <- rr_hf^(sbp_fall / 10)
    risk_death <- rr_death^(sbp_fall / 10)
    SBP ~ add(sbp_sd)
    DBP ~ add(dbp_sd)
  })
}
