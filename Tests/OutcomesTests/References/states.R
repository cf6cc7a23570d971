# Writes states-R.json, states-events.csv and states-counts.csv: competing risks, multi-state curves, recurrent events and counts by R.
# Run in this folder: Rscript states.R   (Debian: r-cran-survival r-cran-cmprsk r-cran-etm r-cran-mass r-cran-jsonlite)
suppressMessages({ library(survival); library(cmprsk); library(etm); library(MASS); library(jsonlite) })
`%||%` <- function(a, b) if (is.null(a)) b else a


# ---- competing risks: pbc with transplantation, coarse times, three causes, delayed entry
# pbc3 is pbc with causes 1 and 2 and every fifth death of cause 1 made a cause 3; coarse: whole months; delayed: entry.
pbc <- read.csv("pbc.csv")
third <- pbc
third$event[pbc$event == 1][seq_len(sum(pbc$event == 1)) %% 5 == 0] <- 3
coarse <- third; coarse$time <- ceiling(coarse$time / 91)
delayed <- coarse; delayed$entry <- floor(coarse$time * ((seq_len(nrow(coarse)) %% 5) / 10))
covariates <- c("age", "edema", "logbili", "logalb", "logpro")

incidence <- function(d, times, entry = FALSE) {
  y <- if (entry) Surv(d$entry, d$time, factor(d$event)) else Surv(d$time, factor(d$event))
  f <- if (entry) survfit(y ~ 1, id = seq_len(nrow(d))) else survfit(y ~ 1)
  at <- summary(f, times = times)
  g <- if (entry) survfit(y ~ 1, id = seq_len(nrow(d)), conf.type = "log-log") else survfit(y ~ 1, conf.type = "log-log")
  log <- summary(g, times = times)
  p <- if (entry) survfit(y ~ 1, id = seq_len(nrow(d)), conf.type = "plain") else survfit(y ~ 1, conf.type = "plain")
  plain <- summary(p, times = times)
  list(times = times, incidence = t(at$pstate[, -1]), se = t(at$std.err[, -1]), lower = t(log$lower[, -1]), upper = t(log$upper[, -1]),
       plainLower = t(plain$lower[, -1]), plainUpper = t(plain$upper[, -1]))
}
aalen <- function(d, times) { p <- timepoints(cuminc(d$time, d$event), times); list(est = p$est, var = p$var) }
gray <- function(d, group, rho, strata = NULL) {
  t <- if (is.null(strata)) cuminc(d$time, d$event, group, rho = rho)$Tests else cuminc(d$time, d$event, group, strata, rho = rho)$Tests
  list(statistic = unname(t[, "stat"]), df = unname(t[, "df"]))
}
age <- cut(pbc$age, c(0, 42, 50, 57, 100), labels = FALSE)
crrFit <- function(d, x, cause, group = NULL) {
  m <- if (is.null(group)) crr(d$time, d$event, x, failcode = cause, gtol = 1e-12, maxiter = 50)
       else crr(d$time, d$event, x, failcode = cause, cengroup = group, gtol = 1e-12, maxiter = 50)
  at <- as.matrix(x)[c(1, 100), , drop = FALSE]
  p <- predict(m, at)
  list(coef = unname(m$coef), se = sqrt(diag(m$var)), modelSE = sqrt(diag(m$invinf)), loglik = c(m$loglik.null, m$loglik),
       times = p[, 1], prediction = list(p[, 2], p[, 3]))
}
finegrayFit <- function(d, cause) {
  d$status <- factor(d$event)
  f <- finegray(Surv(time, status) ~ ., data = d[c("time", "status", covariates)], etype = as.character(cause))
  m <- coxph(as.formula(paste("Surv(fgstart, fgstop, fgstatus) ~", paste(covariates, collapse = "+"))), weights = fgwt, data = f,
             control = coxph.control(eps = 1e-13, iter.max = 50, toler.chol = 1e-14))
  list(coef = unname(coef(m)), modelSE = unname(sqrt(diag(m$naive.var %||% m$var))), loglik = m$loglik)
}
x <- as.matrix(pbc[covariates])
few <- as.matrix(pbc[c("age", "logbili")])

competing <- list(
  fine = incidence(pbc, c(675, 1191, 1840, 2697, 3666)), fineAalen = aalen(pbc, c(675, 1191, 1840, 2697, 3666)),
  coarse = incidence(coarse, c(3, 8, 15, 22, 30, 40)), coarseAalen = aalen(coarse, c(3, 8, 15, 22, 30, 40)),
  delayed = incidence(delayed, c(3, 8, 15, 22, 30, 40), TRUE),
  gray = list(two = gray(pbc, pbc$group, 0), twoRho = gray(pbc, pbc$group, 1), four = gray(coarse, age, 0), fourRho = gray(coarse, age, .5),
              stratified = gray(coarse, pbc$group, 0, age), stratifiedFour = gray(coarse, age, 1, pbc$edema)),
  crr = list(fine = crrFit(pbc, x, 1), coarse = crrFit(coarse, x, 1), coarseSecond = crrFit(coarse, few, 2), strata = crrFit(coarse, x, 1, pbc$group)),
  finegray = list(fine = finegrayFit(pbc, 1), coarse = finegrayFit(coarse, 1)))

# ---- multi-state: illness-death with recovery, three states and a final one, censoring, late entry, gaps
# Whole times with many ties; from 0 to 1, 2, 3; from 1 to 0, 2, 3; from 2 to 3; 3 is final. A fifth enters late, some in 1.
set.seed(4)
rows <- do.call(rbind, lapply(1:120, function(id) {
  entry <- if (id %% 5 == 0) sample(1:6, 1) else 0
  state <- if (id %% 7 == 0) 1 else 0
  out <- NULL
  while (state < 3 && entry < 25) {
    stay <- 1 + rgeom(1, c(.15, .2, .12)[state + 1])
    to <- switch(state + 1, sample(c(-1, 1, 2, 3), 1, prob = c(.15, .5, .25, .1)), sample(c(-1, 0, 2, 3), 1, prob = c(.15, .3, .35, .2)),
                 sample(c(-1, 3), 1, prob = c(.2, .8)))
    out <- rbind(out, data.frame(id = id, from = state, to = to, entry = entry, exit = entry + stay))
    if (to < 0) break
    state <- to; entry <- entry + stay
  }
  out
}))
write.csv(rows, "states-events.csv", row.names = FALSE, quote = FALSE)
y <- Surv(rows$entry, rows$exit, factor(rows$to, c(-1, 0:3), c("censored", "s0", "s1", "s2", "s3")))
from <- factor(rows$from, 0:3, c("s0", "s1", "s2", "s3"))
times <- c(2, 5, 9, 14, 20)
at <- function(...) {
  f <- survfit(y ~ 1, id = rows$id, istate = from, ...)
  o <- match(c("s0", "s1", "s2", "s3"), f$states)
  i <- sapply(times, function(t) sum(f$time <= t))
  keep <- i > 0
  list(times = times[keep], p0 = unname(f$p0[o]), p = t(f$pstate[i[keep], o]), se = t(f$std.err[i[keep], o]),
       fit = f, order = o)
}
occupancy <- at()
rmean <- summary(occupancy$fit, rmean = 12)$table[occupancy$order, "rmean"]
fixed <- lapply(1:4, function(k) { p <- rep(0, 4); f0 <- survfit(y ~ 1, id = rows$id, istate = from); p[match(paste0("s", k - 1), f0$states)] <- 1
  a <- tryCatch(at(start.time = 4.5, p0 = p), error = function(e) NULL); if (is.null(a)) NULL else list(times = a$times, p = a$p, se = a$se) })
tra <- matrix(FALSE, 4, 4); for (i in seq_len(nrow(rows))) if (rows$to[i] >= 0) tra[rows$from[i] + 1, rows$to[i] + 1] <- TRUE
e <- etm(data.frame(id = rows$id, from = rows$from, to = ifelse(rows$to < 0, "cens", rows$to), entry = rows$entry, exit = rows$exit),
         as.character(0:3), tra, "cens", s = 4, t = 14, covariance = FALSE)
multi <- list(
  occupancy = occupancy[c("times", "p0", "p", "se")], expected = unname(rmean), fixed = fixed,
  etm = e$est[, , dim(e$est)[3]])

# ---- recurrent events
set.seed(5)
counts <- do.call(rbind, lapply(1:150, function(id) {
  entry <- if (id %% 4 == 0) sample(1:5, 1) else 0
  followUp <- entry + sample(2:30, 1)
  x <- round(rnorm(1), 3); group <- id %% 2
  n <- rpois(1, rgamma(1, 1.3, 1.3) * (followUp - entry) * exp(-2 + .4 * x - .5 * group))
  at <- sort(unique(entry + sample(followUp - entry, min(n, followUp - entry))))
  data.frame(id = id, entry = entry, followUp = followUp, x = x, group = group, times = paste(at, collapse = ";"))
}))
write.csv(counts, "states-counts.csv", row.names = FALSE, quote = FALSE)
times <- lapply(strsplit(counts$times, ";"), as.numeric)
long <- do.call(rbind, lapply(seq_len(nrow(counts)), function(i) {
  ev <- times[[i]]
  ends <- c(ev, if (!(counts$followUp[i] %in% ev)) counts$followUp[i])
  data.frame(id = i, start = c(counts$entry[i], head(ends, -1)), stop = ends, status = as.numeric(ends %in% ev))
}))
f <- survfit(Surv(start, stop, status) ~ 1, data = long, id = id)
keep <- f$n.event > 0
nb <- function(f, d) {
  m <- glm.nb(f, data = d, control = glm.control(epsilon = 1e-14, maxit = 200))
  list(coef = I(unname(coef(m))), se = I(unname(sqrt(diag(vcov(m))))), theta = m$theta, thetaSE = m$SE.theta, loglik = as.numeric(logLik(m)))
}
counts$n <- lengths(times)
counts$exposure <- counts$followUp - counts$entry
recurrent <- list(
  mcf = list(time = f$time[keep], mean = f$cumhaz[keep], se = f$std.chaz[keep]),
  nb = list(null = nb(n ~ 1 + offset(log(exposure)), counts), two = nb(n ~ x + group + offset(log(exposure)), counts)))

versions <- sapply(c("survival", "cmprsk", "etm", "MASS"), function(p) as.character(packageVersion(p)))
write_json(list(r = R.version.string, versions = as.list(versions), competing = competing, multi = multi, recurrent = recurrent),
           "states-R.json", digits = I(16), auto_unbox = TRUE, na = "null")
