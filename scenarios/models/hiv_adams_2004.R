# HIV with two kinds of target cells and an immune response: the testbed of structured treatment interruption.
# Adams BM et al., Math Biosci Eng 2004;1:223-241, doi:10.3934/mbe.2004.1.223; as a decision problem Ernst D et al., Proc 45th
# IEEE CDC 2006:667-672, doi:10.1109/CDC.2006.377527.
#
# RTI and PI (0 or 1, changed every five days) switch on a reverse-transcriptase inhibitor of efficacy 0.7 and a protease
# inhibitor of 0.3. The start is the unhealthy steady state; with t1_start ... e_start it can be any other. The healthy one is
# 967838.67, 620.52, 76.01, 6.09, 415.38, 353108.04.
hiv_adams_2004 <- function() {
  description <- "CD4 cells, macrophages, virus and cytotoxic T cells under two drugs"
  reference <- "Adams BM et al., Math Biosci Eng 2004;1:223-241, doi:10.3934/mbe.2004.1.223"
  units <- list(time = "day", dosing = "none", cells = "1/mL", virus = "1/mL")
  covariateData <- list(
    RTI = list(description = "Reverse-transcriptase inhibitor on", type = "binary"),
    PI = list(description = "Protease inhibitor on", type = "binary")
  )
  ini({
    lambda1 <- 1e4;    label("Production of type 1 cells (1/mL/day)")
    lambda2 <- 31.98;  label("Production of type 2 cells (1/mL/day)")
    d1 <- 0.01;        label("Death of type 1 cells (1/day)")
    d2 <- 0.01;        label("Death of type 2 cells (1/day)")
    k1 <- 8e-7;        label("Infection of type 1 cells (mL/day)")
    k2 <- 1e-4;        label("Infection of type 2 cells (mL/day)")
    rel <- 0.34;       label("Relative efficacy in type 2 cells")
    delta <- 0.7;      label("Death of infected cells (1/day)")
    m1 <- 1e-5;        label("Killing of infected type 1 cells (mL/day)")
    m2 <- 1e-5;        label("Killing of infected type 2 cells (mL/day)")
    nt <- 100;         label("Virus per infected cell")
    clear <- 13;       label("Clearance of virus (1/day)")
    rho1 <- 1;         label("Virus per infection of a type 1 cell")
    rho2 <- 1;         label("Virus per infection of a type 2 cell")
    lambdae <- 1;      label("Production of immune effectors (1/mL/day)")
    be <- 0.3;         label("Largest birth of effectors (1/day)")
    kb <- 100;         label("Infected cells of half that birth (1/mL)")
    de <- 0.25;        label("Largest loss of effectors (1/day)")
    kd <- 500;         label("Infected cells of half that loss (1/mL)")
    deltae <- 0.1;     label("Death of effectors (1/day)")
    eff_rti <- 0.7;    label("Efficacy of the reverse-transcriptase inhibitor")
    eff_pi <- 0.3;     label("Efficacy of the protease inhibitor")
  })
  model({
    t1_start <- 163572.75
    t2_start <- 5.0
    t1i_start <- 11944.94
    t2i_start <- 45.6
    v_start <- 63918.6
    e_start <- 23.54
    t1(0) <- t1_start
    t2(0) <- t2_start
    t1i(0) <- t1i_start
    t2i(0) <- t2i_start
    v(0) <- v_start
    e(0) <- e_start

    e1 <- eff_rti * RTI
    e2 <- eff_pi * PI
    infect1 <- (1 - e1) * k1 * v * t1
    infect2 <- (1 - rel * e1) * k2 * v * t2
    infected <- t1i + t2i
    d/dt(t1) <- lambda1 - d1 * t1 - infect1
    d/dt(t2) <- lambda2 - d2 * t2 - infect2
    d/dt(t1i) <- infect1 - delta * t1i - m1 * e * t1i
    d/dt(t2i) <- infect2 - delta * t2i - m2 * e * t2i
    d/dt(v) <- (1 - e2) * nt * delta * infected - clear * v - rho1 * infect1 - rho2 * infect2
    d/dt(e) <- lambdae + be * infected / (infected + kb) * e - de * infected / (infected + kd) * e - deltae * e
    reward <- -0.1 * v - 2e4 * e1^2 - 2e3 * e2^2 + 1e3 * e
  })
}
