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
    BW = "weight (kg)", u2ss = "basal insulin (pmol/kg/min)", Ib = "basal insulin in plasma (pmol/L)",
    x0_4 = "gp at the start", x0_5 = "gt at the start", x0_6 = "ip at the start", x0_7 = "x at the start",
    x0_8 = "i1 at the start", x0_9 = "id at the start", x0_10 = "il at the start", x0_11 = "s1 at the start",
    x0_12 = "s2 at the start", x0_13 = "gs at the start",
    kmax = "fastest emptying (1/min)", kmin = "slowest emptying (1/min)", kabs = "absorption (1/min)",
    b = "share of the meal in the stomach when emptying slows", d = "share when it speeds up again",
    f = "share of the meal that reaches plasma", kp1 = "production without glucose and insulin (mg/kg/min)",
    kp2 = "glucose on production (1/min)", kp3 = "insulin on production (mg/kg/min per pmol/L)",
    Fsnc = "use by brain and blood (mg/kg/min)", ke1 = "renal excretion (1/min)", ke2 = "renal threshold (mg/kg)",
    k1 = "plasma to tissue (1/min)", k2 = "tissue to plasma (1/min)", Vg = "volume of glucose (dL/kg)",
    Vm0 = "use by tissue (mg/kg/min)", Vmx = "insulin on it (mg/kg/min per pmol/L)", Km0 = "half saturation (mg/kg)",
    p2u = "onset of insulin's action (1/min)", ki = "delay of insulin's action on the liver (1/min)",
    Vi = "volume of insulin (L/kg)", m1 = "liver to plasma (1/min)", m2 = "plasma to liver (1/min)",
    m4 = "loss from plasma (1/min)", m30 = "loss in the liver (1/min)", ka1 = "monomeric insulin to plasma (1/min)",
    ka2 = "other insulin to plasma (1/min)", kd = "dissociation under the skin (1/min)", ksc = "delay of the sensor (1/min)"
  )
  ini({
    sensor_sd <- fixed(0);  label("Standard deviation of the sensor's error, here without error (mg/dL)")
  })
  model({
    basal_factor <- 1
    stomach_before <- 0

    # Stomach and gut: emptying slows in the middle of a meal.
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
