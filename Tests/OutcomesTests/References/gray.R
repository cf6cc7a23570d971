# Writes gray-R.json: Gray's test on drawn data with heavy ties, three to five groups, strata and a last event in everybody.
# Run in this folder: Rscript gray.R   (Debian: r-cran-cmprsk r-cran-jsonlite)
suppressMessages({ library(cmprsk); library(jsonlite) })
set.seed(20)
draw <- function(n, groups, strata, times, causes, censored) {
  g <- sample(groups, n, TRUE); s <- sample(strata, n, TRUE)
  t <- pmax(1, ceiling(times * rbeta(n, 1, 1.5 + g / 4)))
  list(time = t, cause = sample(0:causes, n, TRUE, c(censored, rep((1 - censored) / causes, causes))), group = g, stratum = s)
}
sets <- list(
  threeTied = draw(120, 3, 2, 6, 2, 0.3), fiveGroups = draw(400, 5, 3, 25, 3, 0.2), fewEvents = draw(60, 3, 2, 10, 2, 0.8),
  uncensored = draw(90, 4, 2, 5, 2, 0), twoTimes = draw(80, 3, 2, 2, 2, 0.25), continuous = draw(150, 3, 2, 1e6, 2, 0.3))
one <- function(d, rho, stratified) {
  f <- if (stratified) cuminc(d$time, d$cause, d$group, d$stratum, rho = rho) else cuminc(d$time, d$cause, d$group, rho = rho)
  list(statistic = I(unname(f$Tests[, "stat"])), df = I(unname(f$Tests[, "df"])))
}
out <- lapply(sets, function(d) c(d, list(tests = list(
  plain = one(d, 0, FALSE), half = one(d, 0.5, FALSE), one = one(d, 1, FALSE), strata = one(d, 0, TRUE), strataTwo = one(d, 2, TRUE)))))
writeLines(toJSON(out, digits = I(16), auto_unbox = TRUE), "gray-R.json")
