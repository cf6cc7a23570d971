# Seconds of R's survival on a table: name, program, seconds (median of three), value; by tabulators.
suppressMessages(library(survival))
data <- read.csv(commandArgs(TRUE)[1])
grid <- sort(data$time)[floor((0.05 + 0.75 * (0:19) / 19) * (nrow(data) - 1)) + 1]
report <- function(name, run) {
  value <- NA
  seconds <- sapply(1:3, function(i) sum(system.time(value <<- run())[1:2]))
  cat(sprintf("%s\tR survival\t%.6f\t%.12g\n", name, median(seconds), value))
}
report("Kaplan-Meier", function() { fit <- survfit(Surv(time, status) ~ 1, data); fit$surv[findInterval(grid[11], fit$time)] })
report("Cox, 10 covariates", function() coef(coxph(reformulate(paste0("x", 1:10), "Surv(time, status)"), data))[1])
report("Harrell's C", function() concordance(Surv(time, status) ~ score, data, reverse = TRUE)$concordance)
report("Uno's C", function() concordance(Surv(time, status) ~ score, data, reverse = TRUE, timewt = "n/G2")$concordance)
