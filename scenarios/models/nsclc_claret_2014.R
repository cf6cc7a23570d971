# Tumour size and overall survival in first-line lung cancer (MONET1).
# Claret L et al., Clin Pharmacol Ther 2014;95:446-451, doi:10.1038/clpt.2014.11; 934 evaluable patients.
#
# The supplement prints the estimates of KDE and lambda transposed: only KDE 0.0103 and lambda 0.0193 per day put the typical
# time to growth (117 days) and the week-8 ratio (0.746) between the paper's medians of its two arms (93 and 125 days, 0.77
# and 0.69). The fit pools both arms and has no term for treatment, so the file simulates no hazard ratio between them.
nsclc_claret_2014 <- function() {
  description <- "Tumour size with a fading drug effect, log-normal overall survival"
  reference <- "Claret L et al., Clin Pharmacol Ther 2014;95:446-451, doi:10.1038/clpt.2014.11"
  units <- list(time = "day", dosing = "none", size = "mm")
  covariateData <- list(
    ASIAN = list(description = "Asian", type = "binary"),
    EVER_SMOKER = list(description = "Former or current smoker", type = "binary")
  )
  ini({
    lbase <- log(90);            label("Tumour size at baseline (mm)")
    lkl <- log(0.00107);         label("Growth rate (1/day)")
    lkde <- log(0.0103);         label("Rate of the drug's effect (1/day)")
    llambda <- log(0.0193);      label("Rate at which that effect fades (1/day)")
    os_int <- 1.079;             label("Intercept of log survival (days)")
    os_base <- -0.00197;         label("Effect of baseline size (1/mm)")
    os_ttg <- 0.97695;           label("Effect of ln(time to growth + 100)")
    os_asian <- 0.319;           label("Effect of being Asian")
    os_smoker <- -0.264;         label("Effect of ever smoking")
    os_lsigma <- -0.24;          label("Log standard deviation of log survival")
    etalbase ~ 0.683^2
    etalkl ~ 1.18^2
    etalkde ~ 0.679^2
    etallambda ~ 0.797^2
    size_sd <- 7.849;            label("Additive residual standard deviation of the size (mm)")
  })
  model({
    base <- exp(lbase + etalbase)
    kl <- exp(lkl + etalkl)
    kde <- exp(lkde + etalkde)
    lambda <- exp(llambda + etallambda)
    size(0) <- base
    d/dt(size) <- size * (kl - kde * exp(-lambda * t))

    ttg <- log(kde / kl) / lambda
    # A tumour that grows from the start has a negative time to growth; the published logarithm ends at -100 days.
    mu <- os_int + os_base * base + os_ttg * log(max(ttg, -99) + 100) + os_asian * ASIAN + os_smoker * EVER_SMOKER
    sigma <- exp(os_lsigma)
    median_survival <- exp(mu)
    z <- (log(t + 1e-8) - mu) / sigma
    survival <- pnorm(-z)
    hazard <- exp(-z^2 / 2) / (sqrt(2 * pi) * sigma * (t + 1e-8) * survival)
    size ~ add(size_sd)
  })
}
