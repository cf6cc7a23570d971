# Titration by INR from day 7: the RE-LY nomogram, which changes the weekly dose by 10 to 15 % (Van Spall HGC et al.,
# Circulation 2012;126:2309-2316).
if (day >= 7) {
  hold_days <- 0
  if (INR_day == day) {
    if (INR <= 1.5) {
      dose <- 1.15 * dose
    } else if (INR < 2) {
      dose <- 1.10 * dose
    } else if (INR >= 5) {
      dose <- 0.85 * dose
      hold_days <- 2
    } else if (INR >= 4) {
      dose <- 0.90 * dose
      hold_days <- 1
    } else if (INR > 3) {
      dose <- 0.90 * dose
    }
  }
}
