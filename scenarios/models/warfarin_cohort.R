# Columns that every warfarin scenario derives from the consortium's records: names for the drug model, each patient's
# own sensitivity, dosing algorithms, baseline risks, strata. Statements in the model language, run on the cohort.

# Names that the dosing algorithms and the drug model use.
age_years <- age_decade + 5
AGE <- age_years
decades <- age_decade / 10
black <- race == "Black or African American"
asian <- race == "Asian"
race_unknown <- race == "unknown"
inducer <- carbamazepine || phenytoin || rifampin
VKORC1_AG <- vkorc1_1639 == "A/G"
VKORC1_AA <- vkorc1_1639 == "A/A"
vkorc1_alleles <- VKORC1_AG + 2 * VKORC1_AA
CYP2C9_12 <- cyp2c9 == "*1/*2"
CYP2C9_13 <- cyp2c9 == "*1/*3"
CYP2C9_22 <- cyp2c9 == "*2/*2"
CYP2C9_23 <- cyp2c9 == "*2/*3"
CYP2C9_33 <- cyp2c9 == "*3/*3"
star2 <- CYP2C9_12 + CYP2C9_23 + 2 * CYP2C9_22
star3 <- CYP2C9_13 + CYP2C9_23 + 2 * CYP2C9_33
bsa <- sqrt(height_cm * weight_kg / 3600)

# Each patient's own sensitivity, from the stable dose and the INR on it: the model turned round at steady state.
# Unknown variants and ancestry are in it, since the dose is.
reduction <- 0.315 * CYP2C9_12 + 0.453 * CYP2C9_13 + 0.722 * CYP2C9_22 + 0.690 * CYP2C9_23 + 0.852 * CYP2C9_33
clearance <- 0.314 * (1 - 0.0091 * (age_years - 71)) * (1 - reduction)
cs <- weekly_dose_mg / 7 / 2 / 24 / clearance
# An INR below 1.6 on a stable dose says more about the day of the blood sample than about the patient.
stable_inr <- min(max(inr_on_dose, 1.6), 3.5)
inhibition <- 1 - sqrt(1 - ((stable_inr - 1) / 20)^(1 / 3.61))
ec50_individual <- cs * ((1 - inhibition) / inhibition)^(1 / 0.424)
ec50_typical <- ifelse(VKORC1_AA, 2.20, ifelse(VKORC1_AG, 3.02, 4.61))

# IWPC dosing algorithms, mg/day (N Engl J Med 2009;360:753); age in decades.
iwpc_clinical <- (4.0376 - 0.2546 * decades + 0.0118 * height_cm + 0.0134 * weight_kg - 0.6752 * asian +
  0.4060 * black + 0.0443 * race_unknown + 1.2799 * inducer - 0.5695 * amiodarone)^2 / 7
iwpc_genotype <- (5.6044 - 0.2614 * decades + 0.0087 * height_cm + 0.0128 * weight_kg - 0.8677 * VKORC1_AG -
  1.6974 * VKORC1_AA - 0.4854 * (vkorc1_1639 == "unknown") - 0.5211 * CYP2C9_12 - 0.9357 * CYP2C9_13 -
  1.0616 * CYP2C9_22 - 1.9206 * CYP2C9_23 - 2.3312 * CYP2C9_33 - 0.2188 * (cyp2c9 == "unknown") - 0.1092 * asian -
  0.2760 * black - 0.1032 * race_unknown + 1.1816 * inducer - 0.5503 * amiodarone)^2 / 7

# Log relative risks of bleeding and thromboembolism at baseline; see the sources at the events.
bleeding_score <- 0.045 * (age_years - 60) - 0.15 * (sex == "female") + 0.18 * diabetes + 0.25 * chf +
  0.45 * aspirin + 0.10 * smoker + 0.46 * black
thromboembolism_score <- 0.04 * (age_years - 60) + 0.16 * (sex == "female") + 0.17 * diabetes + 0.30 * smoker

# Strata
race_group <- ifelse(black, "Black", ifelse(asian, "Asian", ifelse(race_unknown, "unknown", "White")))
age_band <- ifelse(age_years < 55, "under 50", ifelse(age_years < 75, "50 to 69", "70 and over"))
