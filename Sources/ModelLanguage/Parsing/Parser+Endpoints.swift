/// What `~` may mean: an endpoint with its error, or an assignment that is left out of the results.
extension Parser {
    /// The terms that give an endpoint its error. A right side with none of them is an assignment.
    static let errorTerms: Set<String> = [
        "add", "prop", "propT", "propF", "pow", "powT", "powF", "norm", "dnorm", "lnorm", "dlnorm", "logn", "dlogn",
        "logitNorm", "probitNorm", "boxCox", "tbs", "yeoJohnson", "tbsYj", "combined1", "combined2", "comb1", "comb2",
        "var", "dv", "t", "dt", "cauchy", "dcauchy", "pois", "dpois", "binom", "dbinom", "bern", "dbern", "nbinom",
        "dnbinom", "nbinomMu", "dnbinomMu", "beta", "dbeta", "chisq", "dchisq", "dexp", "df", "geom", "dgeom", "hyper",
        "dhyper", "unif", "dunif", "weibull", "dweibull", "dgamma", "c", "ordinal", "ll", "n2ll",
    ]

    /// `y ~ add(a) + prop(b) | cond`, or `x ~ e`, from the `~` on.
    mutating func tilde(_ left: Expression) throws(SyntaxFailure) -> Statement {
        if case .call(let name, let arguments) = left.kind, isTarget(name, arguments) {
            let target = try target(left)
            advance()
            return Statement(.assign(target, try expression()), at: left.place, isHidden: true)
        }
        switch left.kind {
        case .symbol, .call("linCmt", _): break
        case .call("ll", _), .call("n2ll", _):
            throw SyntaxFailure(
                message:
                    "a likelihood of its own is not taken: it belongs to estimation, and nothing can be drawn from it",
                place: left.place)
        case .call(let name, _):
            throw SyntaxFailure(
                message: "'\(name)()' cannot stand left of '~': an endpoint is a variable, or linCmt()",
                place: left.place)
        default:
            throw SyntaxFailure(
                message: "an endpoint is a variable, or linCmt(): give the expression a name first",
                place: left.place)
        }
        advance()
        // `lnorm(NA)` stands for a scale without a deviation of its own.
        readsData = kind == .name && Self.errorTerms.contains(spelling(token)) && kind(ahead: 1) == .leftParen
        defer { readsData = false }
        let start = index
        let right = try expression(.additive)
        if case .symbol(let name) = left.kind, !hasErrorTerm(right) {
            // An assignment takes a comparison or a condition as well.
            index = start
            return Statement(.assign(.variable(name), try expression()), at: left.place, isHidden: true)
        }
        let condition = try levelAfterBar("condition")
        var terms: [Expression] = []
        try collectTerms(right, into: &terms)
        return Statement(
            .endpoint(Endpoint(observed: left, terms: terms, condition: condition)), at: left.place)
    }

    /// Whether a call left of `~` is one that can be assigned.
    private func isTarget(_ name: String, _ arguments: [Expression.Argument]) -> Bool {
        if Self.properties[name] != nil || name == "mtime" { return true }
        guard arguments.count == 1, case .number(0) = arguments[0].value.kind else { return false }
        return name != "linCmt"
    }

    private func hasErrorTerm(_ sum: Expression) -> Bool {
        var rest = sum
        while case .binary(.add, let left, let right) = rest.kind {
            if isErrorTerm(right) { return true }
            rest = left
        }
        return isErrorTerm(rest)
    }

    private func isErrorTerm(_ expression: Expression) -> Bool {
        guard case .call(let name, _) = expression.kind else { return false }
        return Self.errorTerms.contains(name)
    }

    /// Takes a sum of calls apart, in its order.
    private func collectTerms(_ sum: Expression, into terms: inout [Expression]) throws(SyntaxFailure) {
        var rest = sum
        var reversed: [Expression] = []
        while case .binary(.add, let left, let right) = rest.kind {
            reversed.append(right)
            rest = left
        }
        reversed.append(rest)
        for term in reversed.reversed() {
            guard case .call = term.kind else {
                throw SyntaxFailure(
                    message:
                        "right of '~' stand error terms, joined by '+': add(sd), prop(sd), lnorm(sd), pois(mean), …; "
                        + "found '\(term)'", place: term.place)
            }
            terms.append(term)
        }
    }

    /// `| cond` after an endpoint's or a random effect's terms, if it is there.
    mutating func levelAfterBar(_ meaning: String) throws(SyntaxFailure) -> String? {
        guard accept(.bar) else { return nil }
        guard kind == .name || kind == .quotedName else {
            throw unexpected("the \(meaning)'s name is needed after '|'")
        }
        let name = name(token)
        advance()
        return name
    }
}
