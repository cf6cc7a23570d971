# Reference numbers of polle 1.6.4 (its functions, run): Q-learning and doubly robust values without cross-fitting.
# POLLE=folder Rscript make_polle.R reads the tables beside this script and writes polle.json and its .info.json there. The folder holds polle's
# sources; its functions by which regimes are learned and valued need data.table and lava only.
suppressMessages({library(data.table); library(lava); library(jsonlite)})
for (file in list.files(file.path(Sys.getenv("POLLE"), "R"), full.names = TRUE))
  if (basename(file) != "polle-package.R") source(file)
ref <- list()
value <- function(name, data, evaluated, group = NULL) {
  ic <- as.vector(IC(evaluated)); n <- length(ic)
  actions <- get_policy_actions(evaluated)
  ref[[name]] <<- list(value = unname(coef(evaluated)), se = sd(ic) / sqrt(n),
    recommended = lapply(split(actions$d, actions$stage), function(d) as.list(table(d) / length(d))))
  if (!is.null(group)) {
    z <- ic + coef(evaluated); by <- split(z, data[[group]])
    ref[[name]]$by <<- lapply(by, function(z) list(value = mean(z), se = sd(z) / sqrt(length(z))))
    stopifnot(all.equal(unname(coef(conditional(evaluated, attr(data, "pd"), group))), unname(sapply(by, mean))))
  }
}
# 1. Two stages: Q-learning, its doubly robust value, and the same by group.
two <- fread("two-stage.csv")
pd <- policy_data(two, action = c("a1", "a2"), baseline = "z1", covariates = list(x = c("x1", "x2")), utility = "y")
attr(two, "pd") <- pd
q <- list(q_glm(~ x_1 + z1 + A * x_1), q_glm(~ x_1 + z1 + x_2 + A_1 + A * (x_2 + A_1)))
g <- list(g_glm(~ x_1 + z1), g_glm(~ x_2 + A_1))
value("two-ql", two, policy_eval(pd, policy_learn = policy_learn(type = "ql", full_history = TRUE), q_models = q,
  g_models = g, q_full_history = TRUE, g_full_history = TRUE), "z1")
# 2. A rule that is not the best of its outcome models: policy trees of one question, found by trying all on doubly robust
# scores, and valued by polle.
question <- function(x, scores) {
  gain <- sapply(sort(unique(x)), function(at) c(sum(ifelse(x <= at, scores[, 1], scores[, 2])),
    sum(ifelse(x <= at, scores[, 2], scores[, 1]))))
  best <- which(gain == max(gain), arr.ind = TRUE)[1, ]
  list(at = sort(unique(x))[best[2]], low = best[1] - 1)
}
scores <- function(model, column, share, outcome) {
  data <- model$data; given <- data[[column]]
  own <- sapply(0:1, function(a) { data[[column]] <- a; predict(model, data) })
  for (a in 0:1) {
    k <- given == a
    own[k, a + 1] <- own[k, a + 1] + (outcome - predict(model, data))[k] / abs(1 - a - share)[k]
  }
  own
}
df <- as.data.frame(two)
m2 <- glm(y ~ x1 + z1 + x2 + a1 + a2 * (x2 + a1), data = df)
s2 <- scores(m2, "a2", fitted(glm(a2 ~ x2 + a1, binomial, df)), df$y)
t2 <- question(df$x2, s2)
d2 <- ifelse(df$x2 <= t2$at, t2$low, 1 - t2$low)
df$p2 <- predict(m2, transform(df, a2 = d2))
m1 <- glm(p2 ~ x1 + z1 + a1 * x1, data = df)
s1 <- scores(m1, "a1", fitted(glm(a1 ~ x1 + z1, binomial, df)), s2[cbind(seq_len(nrow(df)), d2 + 1)])
t1 <- question(df$x1, s1)
rule <- policy_def(list(function(x) ifelse(x <= t1$at, t1$low, 1 - t1$low),
  function(x) ifelse(x <= t2$at, t2$low, 1 - t2$low)))
value("two-tree", two, policy_eval(pd, policy = rule, q_models = q, g_models = g, q_full_history = TRUE,
  g_full_history = TRUE))
ref[["two-tree"]]$at <- c(t1$at, t2$at)
# 3. Only who has x1 > -0.5 comes to the second stage.
long <- rbind(
  two[, .(id = .I, stage = 1, event = 0, A = as.character(a1), x = x1, U = 0)],
  two[, .(id = .I, stage = 2, event = 0, A = as.character(a2), x = x2, U = 0, x1)][x1 > -.5, -"x1"])
ends <- two[, .(id = .I, stage = ifelse(x1 > -.5, 3, 2), event = 1, A = NA_character_, x = NA_real_, U = y)]
both <- policy_data(rbind(long, ends), baseline_data = two[, .(id = .I, z1)], type = "long", action = "A",
  baseline = "z1", covariates = "x", utility = "U")
value("reached-ql", two, policy_eval(both, policy_learn = policy_learn(type = "ql", full_history = TRUE), q_models = q,
  g_models = g, q_full_history = TRUE, g_full_history = TRUE))
# 4. Three actions that were given by lot.
one <- fread("one-stage.csv")
three <- policy_data(one, action = "m", covariates = list(x = "x", w = "w"), utility = "ym")
value("three-ql", one, policy_eval(three, policy_learn = policy_learn(type = "ql"),
  q_models = q_glm(~ x + w + A * (x + w)), g_models = g_empir(~ 1)))
write_json(ref, "polle.json", auto_unbox = TRUE, digits = 15, pretty = TRUE)
write_json(list(what = "values of learned regimes and of a policy tree, with errors, by polle's own functions",
  files = "polle.json", script = "make_polle.R", source = "github.com/AndreasNordland/polle, Apache License 2",
  method = "policy_learn(type = 'ql') and policy_eval(type = 'dr'), q_glm, g_glm and g_empir, no cross-fitting",
  R = R.version.string, packages = list(polle = "1.6.4", data.table = as.character(packageVersion("data.table")),
    lava = as.character(packageVersion("lava")))), "polle.info.json", auto_unbox = TRUE, pretty = TRUE)
