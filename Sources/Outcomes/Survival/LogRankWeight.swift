import NumericsCore

extension LogRank {
    /// What the weight w(t) of an event time is.
    public enum Weight: Hashable, Sendable {
        /// w = 1.
        case logRank
        /// w = S(t−)^ρ·(1 − S(t−))^γ with the pooled Kaplan–Meier curve S. (0, 0) is the log-rank test,
        /// (1, 0) weighs early and (0, 1) late differences.
        case flemingHarrington(rho: Double, gamma: Double)
        /// w = n, the number at risk (Gehan 1965; Breslow 1970).
        case gehanBreslow
        /// w = √n (Tarone and Ware 1977).
        case taroneWare
        /// w = 1/max(S(t−), S(t*)) with the pooled Kaplan–Meier curve S: growing until t* = `until`, then constant, for an
        /// effect that comes late (Magirr and Burman 2019, Stat Med 38:3782). `until: 0` is the log-rank test unless
        /// there are events at time 0.
        case modestlyWeighted(until: Double)
        /// w = 1/max(S(t−), s*) with s* = `survivalFloor`, from 0 to 1: no weight is above 1/s* (Magirr 2021, Pharm Stat
        /// 20:512).
        case modestlyWeightedToFloor(survivalFloor: Double)
    }
}

extension LogRank.Weight {
    /// What is wrong with the weight's parameters.
    var problems: [InvalidInput.Problem] {
        func nonNegative(_ name: String, _ value: Double) -> [InvalidInput.Problem] {
            value.isFinite && value >= 0
                ? [] : [.init(column: name, found: "\(value)", allowed: "a finite number ≥ 0")]
        }
        switch self {
        case .logRank, .gehanBreslow, .taroneWare: return []
        case .flemingHarrington(let rho, let gamma): return nonNegative("rho", rho) + nonNegative("gamma", gamma)
        case .modestlyWeighted(let until): return nonNegative("until", until)
        case .modestlyWeightedToFloor(let floor):
            return floor >= 0 && floor <= 1
                ? [] : [.init(column: "survival floor", found: "\(floor)", allowed: "a number from 0 to 1")]
        }
    }
}

/// The weights of event times as they come.
struct Weigher {
    private let weight: LogRank.Weight
    /// S(t*) of a modest weight: the curve of the stratum as far as t* has come.
    private var floor = 1.0
    private var stratum = -1
    /// True when a modest weight had to divide by a curve at 0, which delayed entry makes possible.
    private(set) var isUnbounded = false

    init(_ weight: LogRank.Weight) { self.weight = weight }

    mutating func weight(_ counts: borrowing RiskSetCounts, stratum: Int) -> Double {
        let survival = counts.survivalBefore
        switch weight {
        case .logRank: return 1
        case .flemingHarrington(let rho, let gamma):
            return Self.power(survival, rho) * Self.power(1 - survival, gamma)
        case .gehanBreslow: return Double(counts.total)
        case .taroneWare: return Double(counts.total).squareRoot()
        case .modestlyWeightedToFloor(let floor): return inverse(max(survival, floor))
        case .modestlyWeighted(let until):
            if stratum != self.stratum {
                self.stratum = stratum
                floor = 1
            }
            // Up to t* the curve is above S(t*); after it, S(t*) is what the events up to t* left.
            if counts.time <= until {
                floor = survival * Double(counts.total - counts.deaths) / Double(counts.total)
                return inverse(survival)
            }
            return inverse(max(survival, floor))
        }
    }

    private mutating func inverse(_ survival: Double) -> Double {
        if survival == 0 { isUnbounded = true }
        return survival > 0 ? 1 / survival : 0
    }

    private static func power(_ base: Double, _ exponent: Double) -> Double {
        exponent == 0 ? 1 : exponent == 1 ? base : Elementary.pow(base, exponent)
    }
}
