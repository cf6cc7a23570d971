# Writes r_trees.csv: random expressions and the trees that R's own parser makes of them, in prefix form.
# Run in this folder: Rscript r_trees.R
#
# Left out are the two constructs that this language refuses and R takes or refuses otherwise: chained powers and
# chained comparisons.
set.seed(20)
operators <- c("+", "-", "*", "/", "^", "**", "%%", "%/%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "&", "|")
weights <- c(3, 3, 3, 3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 1, 1)

operand <- function(depth) {
  kind <- sample(6, 1)
  if (kind == 1 && depth > 0) return(paste0("(", text(depth - 1), ")"))
  if (kind == 2 && depth > 0) return(paste0("f(", text(depth - 1), ", ", text(depth - 1), ")"))
  if (kind == 3) return(sample(c("1", "2.5", "1e-3", ".5", "70", "3L"), 1))
  sample(c("a", "b", "WT", "e_age.cl"), 1)
}

text <- function(depth) {
  parts <- character(0)
  for (i in seq_len(sample(4, 1))) {
    if (i > 1) parts <- c(parts, sample(operators, 1, prob = weights))
    signs <- sample(c("", "-", "- -", "+", "!"), 1, prob = c(12, 3, 1, 1, 1))
    parts <- c(parts, paste0(signs, operand(depth)))
  }
  paste(parts, collapse = " ")
}

prefix <- function(tree) {
  if (is.name(tree)) return(as.character(tree))
  if (is.numeric(tree)) return(format(tree, digits = 15, scientific = FALSE))
  head <- as.character(tree[[1]])
  if (head == "(") return(prefix(tree[[2]]))
  if (head == "&") head <- "&&"
  if (head == "|") head <- "||"
  paste0("(", paste(c(head, vapply(as.list(tree)[-1], prefix, "")), collapse = " "), ")")
}

# A power whose operand, through signs, is a power without brackets.
chains <- function(tree) {
  if (!is.call(tree)) return(FALSE)
  bare <- function(part) {
    while (is.call(part) && length(part) == 2 && as.character(part[[1]]) %in% c("-", "+", "!")) part <- part[[2]]
    is.call(part) && as.character(part[[1]]) == "^"
  }
  if (as.character(tree[[1]]) == "^" && (bare(tree[[2]]) || bare(tree[[3]]))) return(TRUE)
  any(vapply(as.list(tree)[-1], chains, TRUE))
}

rows <- list()
while (length(rows) < 400) {
  candidate <- text(2)
  tree <- tryCatch(parse(text = candidate, keep.source = FALSE)[[1]], error = function(e) NULL)
  if (is.null(tree) || chains(tree) || !is.call(tree)) next
  rows[[length(rows) + 1]] <- data.frame(text = candidate, tree = prefix(tree))
}
write.csv(do.call(rbind, rows), "r_trees.csv", row.names = FALSE, quote = TRUE)
