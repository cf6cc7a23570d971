# Tumour size and overall survival in non-small cell lung cancer.
# Struemper H et al., CPT Pharmacometrics Syst Pharmacol 2025;14:1006-1017, doi:10.1002/psp4.70002; 786 patients, 7 trials.
#
# Stein's sum of exponentials for the size; survival time is log-normal given a patient's growth rate, baseline size and time
# to growth (the published log-days, here in weeks). Treatment without any of the four indicators is pembrolizumab alone.
# PD-L1 acts where a PD-1 antibody is given. The random effect on growth has the paper's Box-Cox shape.
nsclc_struemper_2025 <- function() {
  description <- "Bi-exponential tumour size, log-normal overall survival, five treatments"
  reference <- "Struemper H et al., CPT Pharmacometrics Syst Pharmacol 2025;14:1006-1017, doi:10.1002/psp4.70002"
  units <- list(time = "week", dosing = "none", size = "mm")
  covariateData <- list(
    DOCETAXEL = list(description = "Docetaxel alone", type = "binary"),
    DOSTARLIMAB = list(description = "Dostarlimab alone", type = "binary"),
    DOSTARLIMAB_CHEMO = list(description = "Dostarlimab with chemotherapy", type = "binary"),
    PEMBROLIZUMAB_CHEMO = list(description = "Pembrolizumab with chemotherapy", type = "binary"),
    LESIONS = list(description = "Number of target lesions", type = "continuous"),
    LDH = list(description = "Lactate dehydrogenase", units = "U/L", type = "continuous"),
    PDL1 = list(description = "PD-L1 tumour proportion score", units = "%", type = "continuous"),
    ALB = list(description = "Serum albumin", units = "g/L", type = "continuous"),
    PROTEIN = list(description = "Total serum protein", units = "g/L", type = "continuous"),
    NLR = list(description = "Neutrophil-to-lymphocyte ratio", type = "continuous")
  )
  ini({
    ltsb <- log(86.07);         label("Tumour size at baseline, three lesions (mm)")
    e_lesions_tsb <- 0.288;     label("Fractional change of it per lesion")
    kg_pembro <- 0.00651;       label("Growth rate, pembrolizumab (1/week)")
    kg_doce <- 0.01822;         label("Growth rate, docetaxel (1/week)")
    kg_dostar <- 0.008105;      label("Growth rate, dostarlimab (1/week)")
    kg_dostar_ch <- 0.008845;   label("Growth rate, dostarlimab with chemotherapy (1/week)")
    kg_pembro_ch <- 0.01153;    label("Growth rate, pembrolizumab with chemotherapy (1/week)")
    ks_pembro <- 0.01700;       label("Shrinkage rate, pembrolizumab (1/week)")
    ks_doce <- 0.03566;         label("Shrinkage rate, docetaxel (1/week)")
    ks_dostar <- 0.01615;       label("Shrinkage rate, dostarlimab (1/week)")
    ks_dostar_ch <- 0.03504;    label("Shrinkage rate, dostarlimab with chemotherapy (1/week)")
    ks_pembro_ch <- 0.03499;    label("Shrinkage rate, pembrolizumab with chemotherapy (1/week)")
    e_ldh_kg <- 0.474;          label("Exponent of LDH on growth")
    e_pdl1_ks <- 0.00902;       label("Log ratio of shrinkage per % of PD-L1")
    boxcox <- -0.374;           label("Shape of the random effect on growth")
    os_int <- 6.94;             label("Mean log survival (days)")
    os_kg_max <- fixed(-6.91);  label("Largest effect of growth on it")
    os_kg_50 <- 0.109;          label("Growth rate of half that effect (1/week)")
    os_tsb <- -0.00366;         label("Effect of baseline size (1/mm)")
    os_ttg <- 0.0124;           label("Effect of the time to growth (1/week)")
    os_alb <- 0.0452;           label("Effect of albumin (L/g)")
    os_protein <- 0.0194;       label("Effect of protein (L/g)")
    os_nlr <- -0.0141;          label("Effect of the neutrophil-to-lymphocyte ratio")
    os_lsigma <- -0.331;        label("Log standard deviation of log survival")
    etaltsb + etalkg + etalks ~ c(0.2645,
                                  0.01911, 0.8715,
                                  -0.06367, 0.1504, 0.9174)
    size_add_sd <- sqrt(6.324);   label("Additive residual standard deviation of the size (mm)")
    size_prop_sd <- sqrt(0.01276); label("Proportional residual standard deviation of the size")
  })
  model({
    pembro <- 1 - DOCETAXEL - DOSTARLIMAB - DOSTARLIMAB_CHEMO - PEMBROLIZUMAB_CHEMO
    kg_arm <- kg_pembro * pembro + kg_doce * DOCETAXEL + kg_dostar * DOSTARLIMAB + kg_dostar_ch * DOSTARLIMAB_CHEMO +
      kg_pembro_ch * PEMBROLIZUMAB_CHEMO
    ks_arm <- ks_pembro * pembro + ks_doce * DOCETAXEL + ks_dostar * DOSTARLIMAB + ks_dostar_ch * DOSTARLIMAB_CHEMO +
      ks_pembro_ch * PEMBROLIZUMAB_CHEMO
    tsb <- exp(ltsb + etaltsb) * (1 + e_lesions_tsb * (LESIONS - 3))
    kg <- kg_arm * (LDH / 225.5)^e_ldh_kg * exp((exp(boxcox * etalkg) - 1) / boxcox)
    ks <- ks_arm * exp(e_pdl1_ks * PDL1 * (1 - DOCETAXEL) + etalks)
    size <- tsb * (exp(kg * t) + exp(-ks * t) - 1)
    ttg <- max(log(ks / kg) / (kg + ks), 0)

    mu <- os_int + os_kg_max * kg / (kg + os_kg_50) + os_tsb * (tsb - 100) + os_ttg * (ttg - 39.9) +
      os_alb * (ALB - 39.4) + os_protein * (PROTEIN - 71) + os_nlr * (NLR - 4.1)
    sigma <- exp(os_lsigma)
    median_survival <- exp(mu) / 7
    z <- (log(t + 1e-8) - log(median_survival)) / sigma
    survival <- pnorm(-z)
    hazard <- exp(-z^2 / 2) / (sqrt(2 * pi) * sigma * (t + 1e-8) * survival)
    size ~ add(size_add_sd) + prop(size_prop_sd)
  })
}
