/// What rxode2 has and this language does not: refused by name, with the reason, never skipped.
enum RefusedFunctions {
    /// Why a function is not taken; nil for a name that no function has.
    static func reason(_ name: String) -> String? {
        if rows.contains(name) {
            return "it reads other rows of a data table, and a simulation has none: give the value as a covariate, or "
                + "look back with delay(x, time)"
        }
        if draws.contains(name) {
            return "it draws inside the equations: let an eta of ini or the residual error of an endpoint vary instead"
        }
        return others[name]
    }

    /// Every refused name, for hints at slips.
    static var names: [String] { (Array(rows) + Array(draws) + Array(others.keys)).sorted() }

    private static let rows: Set<String> = ["lag", "lag0", "lead", "lead0", "diff", "diff0", "first", "last"]

    private static let draws: Set<String> = {
        let distributions = [
            "norm", "normV", "cauchy", "chisq", "exp", "f", "gamma", "beta", "geom", "pois", "t", "unif", "weibull",
            "binom", "nbinom", "nbinomMu",
        ]
        let prefixed = ["r", "rx", "ri"].flatMap { prefix in distributions.map { prefix + $0 } }
        return Set(prefixed + ["rxord", "simeta", "simeps"])
    }()

    private static let others: [String: String] = {
        let missing = "it is not supported here yet"
        let likelihood = "likelihoods belong to estimation"
        var reasons = [
            "past": "the past of a delayed value is that of its initial state",
            "obs": "samples belong to the design, not to the model",
        ]
        for name in [
            "bessel_i", "bessel_j", "bessel_k", "bessel_y", "gammapInv", "gammapInva", "gammaqInv", "gammaqInva",
            "gammapDera", "ibeta", "ibetaDer", "ibetaInv", "ibetaDera", "ibetaDerb", "studentTDen", "studentTCdf",
            "studentTCdfDnu", "studentTInv", "phiU", "fprec", "erfinv", "logspace_sub", "abs0", "abs1", "dabs", "dabs1",
            "dabs2", "d2GELU", "d3GELU", "d4GELU", "d2softplus", "d3softplus", "d4softplus", "d2ELU", "d2aELU",
            "d2ELUa", "dELUa", "dPReLUa", "dPReLUa1",
        ] {
            reasons[name] = missing
        }
        for name in [
            "Norm", "Pois", "Binom", "Nbinom", "NbinomMu", "Beta", "T", "Chisq", "Exp", "F", "Geom", "Unif", "Weibull",
            "Gamma", "Cauchy",
        ] {
            reasons["llik" + name] = likelihood
            reasons["llikX" + name] = likelihood
        }
        return reasons
    }()
}
