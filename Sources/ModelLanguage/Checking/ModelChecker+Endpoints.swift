/// Observed variables and their residual error.
extension ModelChecker {
    mutating func checkEndpoints(_ statements: [Statement]) {
        var names: Set<String> = []
        for statement in statements {
            guard case .endpoint(let endpoint) = statement.kind else { continue }
            let variable: String
            switch endpoint.observed.kind {
            case .symbol(let name): variable = name
            default: variable = "linCmt"
            }
            let name = endpoint.condition ?? variable
            if !names.insert(name).inserted {
                lowering.refuse(
                    "there is an endpoint '\(name)' already: tell them apart with '| name'", at: statement.place)
            }
            let value = lowering.number(lowering.lower(endpoint.observed), endpoint.observed.place)
            let error = residualError(endpoint.terms)
            endpoints.append(
                ModelEndpoint(
                    variable: variable, name: name, value: value, additive: error["add"], proportional: error["prop"],
                    logNormal: error["lnorm"]))
        }
    }

    /// The standard deviation of each term, by its kind.
    private mutating func residualError(_ terms: [Expression]) -> [String: NodeID] {
        var error: [String: NodeID] = [:]
        for term in terms {
            guard case .call(let kind, let arguments) = term.kind, arguments.count == 1, arguments[0].name == nil,
                ["add", "prop", "lnorm"].contains(kind)
            else {
                lowering.refuse(
                    "residual error: found '\(term)', supported here: add(sd), prop(sd), lnorm(sd)", at: term.place)
                continue
            }
            if error[kind] != nil || (!error.isEmpty && (kind == "lnorm" || error["lnorm"] != nil)) {
                lowering.refuse(
                    "residual error: allowed are add(sd), prop(sd), both of them once, or lnorm(sd) alone",
                    at: term.place)
            }
            error[kind] = lowering.number(lowering.lower(arguments[0].value), arguments[0].value.place)
        }
        return error
    }
}
