# Xenografts in mice: exponential, then linear growth, and death of damaged cells in three steps.
# Simeoni M et al., Cancer Res 2004;64:1094-1101, doi:10.1158/0008-5472.CAN-03-2524; paclitaxel, experiment 1.
#
# Paclitaxel's pharmacokinetics in these mice (doses in mg/kg) and the tumour's weight at the start: the DDMoRe repository's
# version of the paper, DDMODEL00000006. The paper has no variability between mice and no residual error.
xenograft_simeoni_2004 <- function() {
  description <- "Two-compartment paclitaxel in mice, tumour growth inhibition"
  reference <- "Simeoni M et al., Cancer Res 2004;64:1094-1101, doi:10.1158/0008-5472.CAN-03-2524"
  units <- list(time = "day", dosing = "mg/kg", concentration = "ng/mL", weight = "g")
  covariateData <- list()
  ini({
    lambda0 <- 0.273;         label("Exponential growth (1/day)")
    lambda1 <- 0.814;         label("Linear growth (g/day)")
    psi <- fixed(20);         label("Sharpness of the change between them")
    k1 <- 0.968;              label("Rate of the steps to death (1/day)")
    k2 <- 0.000629;           label("Potency of the drug (mL/ng/day)")
    w0 <- 0.055;              label("Tumour at the start (g)")
    v1 <- 0.81;               label("Central volume (L/kg)")
    k10 <- 24 * 0.868;        label("Elimination (1/day)")
    k12 <- 24 * 0.006;        label("Central to peripheral (1/day)")
    k21 <- 24 * 0.0838;       label("Peripheral to central (1/day)")
  })
  model({
    d/dt(central) <- -(k10 + k12) * central + k21 * peripheral
    d/dt(peripheral) <- k12 * central - k21 * peripheral
    cp <- 1000 * central / v1

    w <- x1 + x2 + x3 + x4
    x1(0) <- w0
    d/dt(x1) <- lambda0 * x1 / (1 + (lambda0 * w / lambda1)^psi)^(1 / psi) - k2 * cp * x1
    d/dt(x2) <- k2 * cp * x1 - k1 * x2
    d/dt(x3) <- k1 * (x2 - x3)
    d/dt(x4) <- k1 * (x3 - x4)
  })
}
