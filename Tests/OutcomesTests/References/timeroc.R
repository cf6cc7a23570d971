# Writes timeroc-R.json: cumulative/dynamic AUC of timeROC (cases T < t) for the scores of survival-R.json.
# Run in this folder after survival.R: Rscript timeroc.R   (timeROC 0.4.1, which Debian does not package)
suppressMessages({ library(timeROC); library(survival); library(jsonlite) })
from_r <- fromJSON("survival-R.json")$sets
times <- list(veteran = c(11, 25, 51, 80, 100, 144, 285), lung = c(81, 168, 210, 259, 301, 399, 617),
              pbc = c(675, 1191, 1548, 1840, 2234, 2697, 3666), gbsg2 = c(326, 568, 838, 1084, 1280, 1685, 2014))
one <- function(name) {
  d <- read.csv(paste0(name, ".csv"))
  r <- timeROC(d$time, d$status, from_r[[name]]$lp, cause = 1, times = times[[name]], iid = TRUE)
  list(times = times[[name]], auc = unname(r$AUC), se = unname(r$inference$vect_sd_1))
}
write_json(list(versions = list(timeROC = as.character(packageVersion("timeROC"))),
                sets = sapply(names(times), one, simplify = FALSE)),
           "timeroc-R.json", digits = I(16), auto_unbox = TRUE)
