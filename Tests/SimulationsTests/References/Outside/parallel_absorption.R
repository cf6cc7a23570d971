pk <- function() {
  description <- "parallel zero- and first-order absorption, Michaelis-Menten"
  reference <- paste("Someone A, Other B.", "J. Nothing (2020) 1:2", sep = " ")
  units <- list(time = "hour", dosing = "mg", concentration = "mg/L")
  covariateData <- list(WT = list(description = "Body weight (kg)", units = "kg", type = "continuous", reference_category = NULL, notes = 'he said "70"', source_name = c("WGT", "BW")), SEX = "1 = \"F\", 0 = 'M'")
  population <- list(n_subjects = 120L, age_range = "18\u201375", weight = NA_real_, `back quoted` = TRUE, regions = c(EU = 0.5, US = 0.5), nested = list(list(a = 1), list()))
  vignette <- NULL
  ini({
    lvmax <- log(8) ; label("Vmax (mg/h) [100%]")
    lkm <- log(c(0.1, 1.5, 10)); label('Km "apparent"')
    lvc <- fixed(log(15)); label ("V")
    lka <- 0.1
    fr <- logit(0.4)   # fraction by first order – table 2
    ld <- log(4)
    etalvc + etalkm ~ c(0.1,
                        0.02, 0.08)
    propSd <- c(0, 0.2)
  })
  model({
    vmax <- exp(lvmax) * (WT / 70)^0.75
    km <- exp(lkm + etalkm)
    vc <- exp(lvc + etalvc) * (WT/70)
    ka <- exp(lka)
    frac <- expit(fr)
    Cc <- central / vc
    d/dt(depot) <- -ka * depot
    d/dt(central) <- ka * depot -
      vmax * Cc /
      (km + Cc)
    f(depot) <- frac
    f(central) <- 1 - frac
    dur(central) <- exp(ld)
    Cc ~ prop(propSd)
  })
}
