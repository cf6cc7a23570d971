# Chemotherapy of a tumour with normal and immune cells.
# de Pillis LG, Radunskaya A, Math Comput Model 2003;37:1221-1244; as a decision problem Ahn I, Park J, BioSystems
# 2011;106:121-129, doi:10.1016/j.biosystems.2011.07.005.
#
# Cells are in units of the carrying capacity, time in days. `dose` is the rate at which drug is given; the noise_ inputs
# multiply the rates of change, 1 without noise.
ahn_2011 <- function() {
  description <- "Normal, tumour and immune cells under a cytotoxic drug"
  reference <- "Ahn I, Park J, BioSystems 2011;106:121-129, doi:10.1016/j.biosystems.2011.07.005"
  units <- list(time = "day", dosing = "none", cells = "carrying capacity")
  covariateData <- list(dose = list(description = "Rate of drug", units = "1/day", type = "continuous"))
  ini({
    a1 <- 0.2;    label("Immune cells killed by the drug (1/day)")
    a2 <- 0.3;    label("Tumour cells killed by the drug (1/day)")
    a3 <- 0.1;    label("Normal cells killed by the drug (1/day)")
    b1 <- 1;      label("Inverse carrying capacity of the tumour")
    b2 <- 1;      label("Inverse carrying capacity of normal cells")
    c1 <- 1;      label("Immune cells lost to the tumour (1/day)")
    c2 <- 0.5;    label("Tumour cells lost to immune cells (1/day)")
    c3 <- 1;      label("Tumour cells lost to normal cells (1/day)")
    c4 <- 1;      label("Normal cells lost to the tumour (1/day)")
    d1 <- 0.2;    label("Death of immune cells (1/day)")
    d2 <- 1;      label("Elimination of the drug (1/day)")
    r1 <- 1.5;    label("Growth of the tumour (1/day)")
    r2 <- 1;      label("Growth of normal cells (1/day)")
    s <- 0.33;    label("Influx of immune cells (1/day)")
    alpha <- 0.3; label("Tumour of half the immune response")
    rho <- 0.01;  label("Immune response (1/day)")
  })
  model({
    n_start <- 0.9
    t_start <- 0.2
    i_start <- 0.005
    noise_n <- 1
    noise_t <- 1
    noise_i <- 1
    noise_b <- 1
    N(0) <- n_start
    T(0) <- t_start
    I(0) <- i_start
    kill <- 1 - exp(-B)
    d/dt(N) <- noise_n * (r2 * N * (1 - b2 * N) - c4 * T * N - a3 * kill * N)
    d/dt(T) <- noise_t * (r1 * T * (1 - b1 * T) - c2 * I * T - c3 * T * N - a2 * kill * T)
    d/dt(I) <- noise_i * (s + rho * I * T / (alpha + T) - c1 * I * T - d1 * I - a1 * kill * I)
    d/dt(B) <- noise_b * (dose - d2 * B)
  })
}
