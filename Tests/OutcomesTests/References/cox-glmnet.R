# Writes cox-glmnet-R.json: penalised Cox paths of glmnet on the data sets beside this file.
# Run in this folder: Rscript cox-glmnet.R   (Debian: r-cran-glmnet r-cran-survival r-cran-jsonlite)
# glmnet leaves the coefficients of the first ridge penalty at 0; it is left out.
# Times are divided by 10,000: glmnet puts censorings after events by adding 2e-14, which is lost beside whole days.
library(glmnet); library(survival); library(jsonlite)
known <- fromJSON("survival-R.json")$sets
tight <- function(...) glmnet(..., family = "cox", thresh = 1e-22, maxit = 1e9)
one <- function(name) {
  d <- read.csv(paste0(name, ".csv")); n <- nrow(d); covariates <- known[[name]]$cox$efron$covariates
  x <- as.matrix(d[covariates]); y <- Surv(d$time / 1e4, d$status); fold <- (seq_len(n) - 1) %% 5
  paths <- lapply(c(1, 0.5, 0), function(alpha) {
    f <- tight(x, y, alpha = alpha); keep <- unique(round(seq(if (alpha == 0) 2 else 1, length(f$lambda), length.out = 8)))
    list(alpha = alpha, count = length(f$lambda), first = f$lambda[1], last = f$lambda[length(f$lambda)], lambda = f$lambda[keep],
         beta = unname(t(as.matrix(f$beta[, keep]))), ratio = f$dev.ratio[keep])
  })
  # Given penalties keep the folds from paths of their own, between whose penalties cv.glmnet interpolates.
  cv <- cv.glmnet(x, y, lambda = tight(x, y, alpha = 0.5)$lambda, family = "cox", foldid = fold + 1, alpha = 0.5, thresh = 1e-14, maxit = 1e8)
  list(covariates = I(covariates), paths = paths, lambda = cv$lambda, cvm = cv$cvm, cvsd = cv$cvsd, min = cv$lambda.min, oneSE = cv$lambda.1se)
}
write_json(list(r = R.version.string, glmnet = as.character(packageVersion("glmnet")),
                sets = sapply(c("veteran", "lung", "pbc", "gbsg2"), one, simplify = FALSE)),
           "cox-glmnet-R.json", digits = I(16), auto_unbox = TRUE)
