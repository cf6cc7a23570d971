# The workloads of Models in mrgsolve and rxode2, with their default tolerances, on one thread: prints
# workload,program,subjects per CPU-second. Prints nothing for a program that is not installed.
#
#   Rscript peers.R SUBJECTS REPETITIONS
arguments <- as.integer(commandArgs(trailingOnly = TRUE))
n <- if (length(arguments) > 0) arguments[1] else 2000L
repetitions <- if (length(arguments) > 1) arguments[2] else 5L

# Etas at the quantiles of a low-discrepancy sequence: the same subjects as the engine's.
etas <- function(n, omega) {
  d <- length(omega)
  phi <- 2
  for (k in 1:200) phi <- (1 + phi)^(1 / (d + 1))
  u <- (0.5 + outer(seq_len(n), phi^-(1:d))) %% 1
  e <- t(t(qnorm(pmin(pmax(u, 1e-6), 1 - 1e-6))) * sqrt(omega))
  e <- as.data.frame(e)
  names(e) <- paste0("E", 1:d)
  e
}

oral <- function(e) data.frame(CL = 5 * exp(e$E1), V2 = 50 * exp(e$E2), KA = exp(e$E3), Q = 8, V3 = 100)
workloads <- list(
  W1 = list(
    omega = c(.09, .09, .16), parameters = oral, states = c("GUT", "CENT", "PERI"),
    derivatives = c("-KA*GUT", "KA*GUT-(CL/V2+Q/V2)*CENT+Q/V3*PERI", "Q/V2*CENT-Q/V3*PERI"),
    initial = character(0), algebra = c(CP = "CENT/V2"), amount = 100, duration = 0, ii = 12, addl = 13, end = 168, delta = 1),
  W1a = list(
    omega = c(.09, .09, .16), parameters = oral, states = c("GUT", "CENT", "PERI"), closed = TRUE,
    algebra = c(CP = "CENT/V2"), amount = 100, duration = 0, ii = 12, addl = 13, end = 168, delta = 1),
  W2 = list(
    omega = c(.09, .04, .16, .04, .16),
    parameters = function(e) data.frame(
      CL = 3 * exp(e$E1), V = 40 * exp(e$E2), KA = 1.2 * exp(e$E3), KIN = 10, KOUT = 0.1 * exp(e$E4), IMAX = 0.9,
      IC50 = 0.5 * exp(e$E5)),
    states = c("GUT", "CENT", "RESP"), algebra = c(CP = "CENT/V"),
    derivatives = c("-KA*GUT", "KA*GUT-CL*CP", "KIN*(1-IMAX*CP/(IC50+CP))-KOUT*RESP"),
    initial = c(RESP = "KIN/KOUT"), amount = 100, duration = 0, ii = 24, addl = 27, end = 672, delta = 6),
  W3 = list(
    omega = c(.09, .04, .25, .09),
    parameters = function(e) data.frame(
      CL = 0.2 * exp(e$E1), V = 3 * exp(e$E2), Q = 0.5, VP = 3, R0 = 10 * exp(e$E3), KDEG = 8, KINT = 0.2 * exp(e$E4),
      KON = 14.4, KOFF = 1.44),
    states = c("CENT", "PERI", "REC", "RC"), algebra = c(CP = "CENT/V", BOUND = "KON*CP*REC-KOFF*RC"),
    derivatives = c("-CL*CP-Q*CP+Q*PERI/VP-BOUND*V", "Q*CP-Q*PERI/VP", "R0*KDEG-KDEG*REC-BOUND", "BOUND-KINT*RC"),
    initial = c(REC = "R0"), amount = 1400, duration = 1 / 24, ii = 21, addl = 5, end = 126, delta = 1),
  W4 = list(
    omega = c(.16, .09, .10, .04, .18),
    parameters = function(e) data.frame(
      CL = 40 * exp(e$E1), V1 = 10 * exp(e$E2), Q = 15, V2 = 200, CIRC0 = 5.05 * exp(e$E3), KTR = 4 / (88.7 * exp(e$E4)),
      GAM = 0.161, SLOPE = 8.58 * exp(e$E5)),
    states = c("CENT", "PERI", "PROL", "T1", "T2", "T3", "CIRC"),
    algebra = c(CP = "CENT/V1", ED = "SLOPE*CP*1.2377", FB = "pow(CIRC0/CIRC,GAM)"),
    derivatives = c(
      "-CL*CP-Q*CP+Q*PERI/V2", "Q*CP-Q*PERI/V2", "KTR*PROL*(1-ED)*FB-KTR*PROL", "KTR*(PROL-T1)", "KTR*(T1-T2)",
      "KTR*(T2-T3)", "KTR*(T3-CIRC)"),
    initial = c(PROL = "CIRC0", T1 = "CIRC0", T2 = "CIRC0", T3 = "CIRC0", CIRC = "CIRC0"), amount = 140, duration = 1,
    ii = 504, addl = 3, end = 2016, delta = 24))

has <- function(package) requireNamespace(package, quietly = TRUE)

speed <- function(name, program, run) {
  invisible(run())
  seconds <- vapply(seq_len(repetitions), function(k) sum(system.time(run())[c("user.self", "sys.self")]), 0)
  cat(sprintf("%s,%s,%.6g\n", name, program, n / median(seconds)))
}

mrgsolve_run <- function(name, w, idata) {
  parameters <- paste(sprintf("%s=%.15g", names(idata), unlist(idata[1, ])), collapse = ", ")
  algebra <- paste0("double ", names(w$algebra), "=", w$algebra, ";", collapse = "\n")
  derived <- paste0("double ", names(w$algebra)[1], "_=", w$algebra[1], ";")
  equations <-
    if (isTRUE(w$closed)) "$PKMODEL cmt=\"GUT CENT PERI\", depot=TRUE"
    else paste0(
      "$CMT ", paste(w$states, collapse = " "), "\n$ODE\n", algebra, "\n",
      paste0("dxdt_", w$states, "=", w$derivatives, ";", collapse = "\n"))
  initial <- if (length(w$initial) > 0) paste0("$MAIN\n", paste0(names(w$initial), "_0=", w$initial, ";", collapse = "\n"))
  derived <- sub("^double CP_", "capture CPOUT", derived)
  code <- paste(c(paste("$PARAM", parameters), equations, initial, "$TABLE", derived), collapse = "\n")
  model <- mrgsolve::mcode(paste0("trialist_", name), code, quiet = TRUE)
  rate <- if (w$duration > 0) w$amount / w$duration else 0
  dose <- mrgsolve::ev(amt = w$amount, ii = w$ii, addl = w$addl, cmt = 1, rate = rate)
  idata$ID <- seq_len(nrow(idata))
  speed(name, "mrgsolve", function() {
    mrgsolve::mrgsim_ei(model, dose, idata, end = w$end, delta = w$delta, recsort = 3, output = "df")
  })
}

rxode2_run <- function(name, w, idata) {
  lines <-
    if (isTRUE(w$closed)) "CP=linCmt()"
    else c(
      if (length(w$initial) > 0) paste0(names(w$initial), "(0)=", w$initial),
      paste0(names(w$algebra), "=", gsub("pow\\(([^,]*),([^)]*)\\)", "(\\1)^\\2", w$algebra)),
      paste0("d/dt(", w$states, ")=", w$derivatives))
  model <- rxode2::rxode2(paste(lines, collapse = "\n"))
  dose <-
    if (w$duration > 0) rxode2::et(amt = w$amount, ii = w$ii, addl = w$addl, cmt = 1, dur = w$duration)
    else rxode2::et(amt = w$amount, ii = w$ii, addl = w$addl, cmt = 1)
  events <- rxode2::et(dose, seq(0, w$end, by = w$delta))
  speed(name, "rxode2", function() {
    rxode2::rxSolve(model, params = idata, events = events, cores = 1L, returnType = "data.frame")
  })
}

# The programs' own messages do not belong among the figures, and one that fails does not stop the others.
attempt <- function(run, ...) {
  tryCatch(run(...), error = function(e) message(conditionMessage(e)))
}
for (name in names(workloads)) {
  w <- workloads[[name]]
  idata <- w$parameters(etas(n, w$omega))
  if (has("mrgsolve")) attempt(mrgsolve_run, name, w, idata)
  if (has("rxode2")) attempt(rxode2_run, name, w, idata)
}
