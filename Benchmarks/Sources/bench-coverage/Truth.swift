import NumericsCore

/// The estimands of ``Cohort``, in closed form or by quadrature.
enum Truth {
    private static let rule = GaussLegendre(order: 60)

    static func cumulativeHazard(_ treated: Double, at time: Double) -> Double {
        Elementary.pow(time / Cohort.scale, Cohort.shape) * Elementary.exp(Cohort.logHazardRatio * treated)
    }

    static func survival(_ treated: Double, at time: Double) -> Double {
        Elementary.exp(-cumulativeHazard(treated, at: time))
    }

    static var median: Double { Cohort.scale * Elementary.pow(0.693_147_180_559_945_3, 1 / Cohort.shape) }

    static func restrictedMean(_ treated: Double) -> Double {
        rule.integrate(from: 0, to: Cohort.horizon) { survival(treated, at: $0) }
    }

    /// The probability of response in the treated arm.
    static var treatedRisk: Double {
        let odds = Cohort.controlRisk / (1 - Cohort.controlRisk) * Elementary.exp(Cohort.logOddsRatio)
        return odds / (1 + odds)
    }

    /// P(higher marker | earlier event): with the pairs that can be compared under censoring (Harrell), or as if there were
    /// none (Uno), events up to `horizon`.
    static func concordance(censoring: Double, horizon: Double) -> Double {
        /// ∫₀^τ λᵢ exp(−(λᵢ + λⱼ + 2c)t) dt: i first, both uncensored until then.
        func first(_ i: Double, _ j: Double) -> Double {
            let total = hazard(i) + hazard(j) + 2 * censoring
            return hazard(i) / total * -Elementary.expm1(-total * horizon)
        }
        // The kink at equal markers is an end of both inner integrals.
        let concordant = overMarker { high in below(high) { first(high, $0) } }
        let discordant = overMarker { high in below(high) { first($0, high) } }
        return concordant / (concordant + discordant)
    }

    /// P(marker of a case > marker of a control): event by the time against none.
    static var auc: Double {
        let t = Cohort.time
        func survives(_ z: Double) -> Double { Elementary.exp(-hazard(z) * t) }
        let cases = overMarker { 1 - survives($0) }
        return overMarker { high in (1 - survives(high)) * below(high) { survives($0) } } / (cases * (1 - cases))
    }

    private static func hazard(_ marker: Double) -> Double {
        Cohort.markerRate * Elementary.exp(Cohort.markerEffect * marker)
    }

    /// The mean of a function of the standard normal marker; what lies beyond nine is below the last digit.
    private static func overMarker(_ f: (Double) -> Double) -> Double {
        below(9, f)
    }

    private static func below(_ end: Double, _ f: (Double) -> Double) -> Double {
        rule.integrate(from: -9, to: min(end, 0)) { Normal.density($0) * f($0) }
            + (end > 0 ? rule.integrate(from: 0, to: end) { Normal.density($0) * f($0) } : 0)
    }
}
