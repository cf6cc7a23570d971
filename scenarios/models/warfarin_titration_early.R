# Titration by INR before day 7. The INR has not settled, so only a fast rise counts.
hold_days <- 0
if (day < 7 && INR_day == day) {
  if (INR >= 4) {
    dose <- 0.75 * dose
    hold_days <- 1
  } else if (INR >= 3) {
    dose <- 0.85 * dose
  } else if (INR >= 2 && day <= 3) {
    dose <- 0.90 * dose
  }
}
