# Chemo- and radiotherapy of a primary tumour with metastasis. Ghaffari A, Bahmaie B, Nazari M, Math Methods Appl Sci
# 2016;39:4603-4617, in the parameters of the package DTRGym. Cells, days.
#
# as_code 1: metastases grow from day tau on only, and are fed alpha2 T_p (t - tau), elapsed time in the place of a delay; irradiated
# immune cells enter the pool from which they return in full, though only a share eps of them leaves. as_code 0: metastases are fed
# alpha2 T_p(t - tau), and what enters the pool is what left.
ghaffari_2016 <- function() {
  description <- "Tumour, natural killer cells and lymphocytes at two sites under radiation and chemotherapy"
  reference <- "Ghaffari A et al., Math Methods Appl Sci 2016;39:4603-4617, doi:10.1002/mma.3887"
  units <- list(time = "day", dosing = "none", cells = "1")
  covariateData <- list(
    radiation = list(description = "Radiation", type = "continuous"),
    chemo = list(description = "Rate of chemotherapy", type = "continuous"),
    as_code = list(description = "1 for the published code", type = "binary")
  )
  ini({
    tau <- 5
    delta <- 0.15
    a1 <- 0.431
    b1 <- 1.02e-9
    c1 <- 6.41e-11
    d1 <- 2.34
    l <- 2.09
    s <- 0.0839
    e1 <- 2.08e-7
    f1 <- 0.0412
    p1 <- 3.42e-6
    m1 <- 0.204
    j1 <- 0.0249
    k1 <- 3.66e7
    q1 <- 1.42e-6
    r11 <- 1.1e-7
    r12 <- 6.5e-11
    u1 <- 3e-10
    alpha <- 7.5e8
    beta <- 0.012
    mu <- 0.9
    a2 <- 5
    b2 <- 1e-7
    c2 <- 6.41e-12
    d2 <- 5
    e2 <- 2.08e-7
    f2 <- 0.035
    p2 <- 1e-6
    m2 <- 0.18
    j2 <- 0.016
    k2 <- 3.66e7
    q2 <- 1e-6
    r21 <- 2e-7
    r22 <- 7.5e-11
    u2 <- 3e-10
    kt <- 100
    ki <- 10
    wt1 <- 0.01
    w <- 1
    gamma1 <- 0.04
    gamma2 <- 0.1
    gamma3 <- 0.1
    eps <- 0.05
    alpha1 <- 1e-4
    alpha2 <- 1e-5
  })
  model({
    tp(0) <- 1e7
    np(0) <- 2e8
    lp(0) <- 1e2
    cc(0) <- 1.5e9
    ns(0) <- 1e4
    ls(0) <- 1e2
    enters <- ifelse(as_code > 0.5, 1, eps)
    on <- ifelse(as_code > 0.5, t > tau, 1)
    fed <- ifelse(as_code > 0.5, tp * (t - tau), delay(tp, tau) * (t > tau))
    lpl <- max(lp, 0)^l
    lsl <- max(ls, 0)^l
    dp <- d1 * lpl / max(1, s * max(tp, 0)^l + lpl)
    ds <- d2 * lsl / max(1, s * max(ts, 0)^l + lsl)
    d/dt(tp) <- a1 * tp * (1 - b1 * tp) - c1 * np * tp - dp * tp - alpha1 * tp - radiation * tp + gamma1 * u -
      kt * tp * m / (wt1 + tp)
    d/dt(np) <- e1 * cc - p1 * np * tp - f1 * np - eps * radiation * np + gamma2 * v - ki * np * m / (w + np)
    d/dt(lp) <- -m1 * lp + j1 * tp / (k1 + tp) * lp - q1 * lp * tp + r11 * np * tp + r12 * cc * tp - u1 * np * lp^2 -
      eps * radiation * lp + gamma3 * x - ki * lp * m / (w + lp)
    d/dt(cc) <- alpha - beta * cc - ki * cc * m / (w + cc)
    d/dt(ts) <- on * (a2 * ts * (1 - b2 * ts) - c2 * ns * ts - ds * ts + alpha2 * fed - kt * ts * m / (w + ts))
    d/dt(ns) <- on * (e2 * cc - p2 * ns * ts - f2 * ns - ki * ns * m / (w + ns))
    d/dt(ls) <- on * (-m2 * ls + j2 * ts / (k2 + ts) * ls - q2 * ls * ts + r21 * ns * ts + r22 * cc * ts -
      u2 * ns * ls^2 - ki * ls * m / (w + ls))
    d/dt(m) <- chemo - mu * m
    d/dt(u) <- radiation * tp - gamma1 * u - delta * u
    d/dt(v) <- enters * radiation * np - gamma2 * v - delta * v
    d/dt(x) <- enters * radiation * lp - gamma3 * x - delta * x
  })
}
