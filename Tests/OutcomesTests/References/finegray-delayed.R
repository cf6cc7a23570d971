# Makes finegray-delayed-R.json: Rscript finegray-delayed.R, in this directory.
# survival::finegray on start-stop data, then coxph by Efron's and Breslow's ties, robust by patient.
suppressMessages({ library(survival); library(jsonlite) })
fit <- function(d, ties) {
  fg <- finegray(Surv(s, t, factor(e, 0:2)) ~ x + z + id, data = d, id = id)
  m <- coxph(Surv(fgstart, fgstop, fgstatus) ~ x + z, weights = fgwt, data = fg, ties = ties, cluster = id,
    control = coxph.control(eps = 1e-12, iter.max = 50, timefix = FALSE))
  list(coef = unname(coef(m)), modelSE = unname(sqrt(diag(m$naive.var))), robustSE = unname(sqrt(diag(m$var))),
    loglik = m$loglik)
}
# Whole numbers from a small generator, so that every reader gets the same entries.
share <- function(n) ((seq_len(n) * 7919) %% 1009) / 1009
case <- function(t, e, x, z, s) {
  d <- data.frame(id = seq_along(t), s = s, t = t, e = e, x = x, z = z)
  c(as.list(d[c("s", "t", "e", "x", "z")]), list(efron = fit(d, "efron"), breslow = fit(d, "breslow")))
}
data(Melanoma, package = "riskRegression")
mel <- Melanoma
# Times made distinct by thousandths, for the conventions differ at ties.
tm <- mel$time + seq_len(nrow(mel)) / 1024
melanoma <- case(tm, mel$status, log(mel$thick), as.numeric(mel$sex == "Male"),
  floor(tm * share(nrow(mel)) / 2))
m <- mgus2[!is.na(mgus2$hgb), ]
m <- m[seq(1, nrow(m), by = 3), ]
late <- ifelse(m$pstat == 1, m$ptime, m$futime)
code <- ifelse(m$pstat == 1, 1, 2 * m$death)
keep <- late > 0
m <- m[keep, ]; late <- late[keep]; code <- code[keep]
mgus <- case(late, code, m$age, m$hgb, floor(late * share(length(late)) * 0.6))
n <- 240
t <- 2 + floor(share(n) * 11)
e <- (seq_len(n) * 31 + seq_len(n) %/% 7) %% 3
s <- pmax(0, t - 1 - (seq_len(n) * 17) %% 9)
tied <- case(t, e, ((seq_len(n) * 37) %% 101) / 100, as.numeric((seq_len(n) %/% 5) %% 2), s)
writeLines(toJSON(list(melanoma = melanoma, mgus2 = mgus, tied = tied), digits = 16, auto_unbox = TRUE),
  "finegray-delayed-R.json")
