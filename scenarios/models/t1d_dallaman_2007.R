# Glucose and insulin in type 1 diabetes: meal, insulin under the skin, glucose sensor.
# Dalla Man C, Rizza RA, Cobelli C, IEEE Trans Biomed Eng 2007;54:1740-1749, doi:10.1109/TBME.2007.893506, with the
# subcutaneous insulin of Kovatchev BP et al., J Diabetes Sci Technol 2009;3:44-55, doi:10.1177/193229680900300106.
#
# A patient is one row of data/t1d_virtual_patients.csv: the covariates are its columns. At basal insulin without meals
# every row stays where it starts. Meals are doses into q1 in mg of carbohydrate, given over their minutes; insulin boluses
# are doses into s1 in U; basal_factor scales the basal rate; stomach_before is what an earlier meal left, in mg.
t1d_dallaman_2007 <- function() {
  description <- "Meal glucose-insulin model of the UVA/Padova simulator"
  reference <- "Dalla Man C et al., IEEE Trans Biomed Eng 2007;54:1740-1749, doi:10.1109/TBME.2007.893506"
  units <- list(time = "min", dosing = "mg carbohydrate into q1, U insulin into s1", glucose = "mg/dL", insulin = "pmol/L")
  covariateData <- list(
    BW = list(description = "Body weight", units = "kg", type = "continuous"),
    u2ss = list(description = "Basal insulin", units = "pmol/kg/min", type = "continuous"),
    Gpb = list(description = "Basal glucose in plasma", units = "mg/kg", type = "continuous"),
    Gtb = list(description = "Basal glucose in tissue", units = "mg/kg", type = "continuous"),
    Ib = list(description = "Basal insulin in plasma", units = "pmol/L", type = "continuous")
  )
  ini({
    sensor_sd <- fixed(0);  label("Standard deviation of the sensor's error, here without error (mg/dL)")
  })
  model({
    basal_factor <- 1
    stomach_before <- 0

    # Stomach and gut: emptying slows in the middle of a meal.
    f(q1) <- 1
    meal <- podo(q1) + stomach_before
    stomach <- q1 + q2
    rise <- 5 / (2 * meal * (1 - b))
    fall <- 5 / (2 * meal * d)
    kempt <- kmin + (kmax - kmin) / 2 * (tanh(rise * (stomach - b * meal)) - tanh(fall * (stomach - d * meal)) + 2)
    kgut <- ifelse(meal > 0, kempt, kmax)
    d/dt(q1) <- -kmax * q1
    d/dt(q2) <- kmax * q1 - kgut * q2
    d/dt(gut) <- kgut * q2 - kabs * gut
    appearance <- f * kabs * gut / BW

    # Glucose in plasma and tissue
    gp(0) <- x0_4
    gt(0) <- x0_5
    production <- max(kp1 - kp2 * gp - kp3 * id, 0)
    excretion <- ke1 * max(gp - ke2, 0)
    utilisation <- (Vm0 + Vmx * x) * gt / (Km0 + gt)
    d/dt(gp) <- production + appearance - Fsnc - excretion - k1 * gp + k2 * gt
    d/dt(gt) <- k1 * gp - k2 * gt - utilisation

    # Insulin in plasma, liver, under the skin; its delayed action
    ip(0) <- x0_6
    x(0) <- x0_7
    i1(0) <- x0_8
    id(0) <- x0_9
    il(0) <- x0_10
    s1(0) <- x0_11
    s2(0) <- x0_12
    f(s1) <- 6000 / BW
    insulin <- ip / Vi
    d/dt(ip) <- ka1 * s1 + ka2 * s2 + m1 * il - (m2 + m4) * ip
    d/dt(x) <- p2u * (insulin - Ib - x)
    d/dt(i1) <- ki * (insulin - i1)
    d/dt(id) <- ki * (i1 - id)
    d/dt(il) <- m2 * ip - (m1 + m30) * il
    d/dt(s1) <- basal_factor * u2ss - (ka1 + kd) * s1
    d/dt(s2) <- kd * s1 - ka2 * s2

    # Sensor, and the risk of Kovatchev's symmetrised glucose scale
    gs(0) <- x0_13
    d/dt(gs) <- ksc * (gp - gs)
    glucose <- gp / Vg
    sensor <- gs / Vg
    scale <- 1.509 * (log(glucose)^1.084 - 5.381)
    risk <- 10 * scale^2
    sensor ~ add(sensor_sd)
  })
}
