import NumericsCore

/// How many patients a two-stage SMART needs to compare two embedded regimes by weighted means.
///
/// With a standardised difference δ = (μ_d − μ_e)/σ, two-sided level α and power 1 − β:
///
/// ```
/// regimes that begin differently   N = (z₁₋α/₂ + z₁₋β)² / δ² · (V_d + V_e)
/// regimes that share their beginning and what responders get
///                                  N = (z₁₋α/₂ + z₁₋β)² / δ² · 2 (1 − r) / (p₁ q)
/// V = (1/p₁) (r/q_R + (1 − r)/q_N)
/// ```
///
/// where r is the share who respond, p₁ the probability of the first option, q_R and q_N those of the second option of
/// responders and of others. One-to-one draws of the first option, and of the options of non-responders alone, give the
/// usual `4 (z + z)²/δ² · (2 − r)`, with responders drawn too `8 (z + z)²/δ²`, and with one first option without a second
/// draw `4 (z + z)²/δ² · (3 − r)/2`. The outcome's variance is taken to be σ² whatever the response.
///
/// Source: Oetting, Levy, Weiss, Murphy, "Statistical methodology for a SMART design in the development of adaptive
/// treatment strategies", in Shrout et al. (eds), Causality and Psychopathology, 2011 (8 (z + z)²/δ²); Seewald et al., Stat
/// Methods Med Res 2020;29:1891 (the design effects 2, 2 − r and (3 − r)/2).
public struct SequentialTrialSize: Hashable, Sendable {
    /// How one regime is drawn.
    public struct Draw: Hashable, Sendable {
        /// The share who respond to its first option, from 0 to 1.
        public var response: Double
        /// The probabilities of its options, each above 0 and at most 1; 1 where nothing is drawn.
        public var first: Double
        /// Of the option of responders.
        public var responders: Double
        /// Of the option of the others.
        public var others: Double

        /// The design in which non-responders alone are drawn again, unless told otherwise.
        public init(response: Double, first: Double = 0.5, responders: Double = 1, others: Double = 0.5) {
            (self.response, self.first, self.responders, self.others) = (response, first, responders, others)
        }

        /// The variance of a weighted mean over N patients, times N/σ².
        public var inflation: Double { (response / responders + (1 - response) / others) / first }
    }

    /// All patients of the trial, rounded up.
    public let patients: Int
    /// Before rounding.
    public let exact: Double

    /// For two regimes that begin with different options.
    ///
    /// - Parameters:
    ///   - effect: the difference of the means in standard deviations of the outcome, not 0.
    ///   - alpha: two-sided, between 0 and 1.
    ///   - power: between 0 and 1.
    /// - Throws: ``InvalidInput`` with every number that is not allowed.
    public init(beginningDifferently a: Draw, _ b: Draw, effect: Double, alpha: Double = 0.05, power: Double = 0.8)
        throws(InvalidInput)
    {
        try Self.check([("first regime", a), ("second regime", b)], effect, alpha, power)
        let inflation = a.inflation + b.inflation
        exact = Self.quantiles(alpha, power) / (effect * effect) * inflation
        patients = Int(exact.rounded(.up))
    }

    /// For two regimes that share their first option and what responders get, and differ for the others.
    ///
    /// - Throws: ``InvalidInput`` with every number that is not allowed.
    public init(sharingTheirBeginning draw: Draw, effect: Double, alpha: Double = 0.05, power: Double = 0.8)
        throws(InvalidInput)
    {
        try Self.check([("regimes", draw)], effect, alpha, power)
        exact =
            Self.quantiles(alpha, power) / (effect * effect) * 2 * (1 - draw.response) / (draw.first * draw.others)
        patients = Int(exact.rounded(.up))
    }

    private static func quantiles(_ alpha: Double, _ power: Double) -> Double {
        let sum = Normal.quantile(1 - alpha / 2) + Normal.quantile(power)
        return sum * sum
    }

    private static func check(
        _ draws: [(String, Draw)], _ effect: Double, _ alpha: Double, _ power: Double
    ) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        func refuse(_ name: String, _ value: Double, _ allowed: String) {
            problems.append(.init(column: name, found: "\(value)", allowed: allowed))
        }
        if !(effect.isFinite && effect * effect > 0) { refuse("effect", effect, "a finite number other than 0") }
        for (name, value) in [("alpha", alpha), ("power", power)] where !(value > 0 && value < 1) {
            refuse(name, value, "between 0 and 1")
        }
        for (name, draw) in draws {
            if !(0...1).contains(draw.response) { refuse("\(name), response", draw.response, "from 0 to 1") }
            for (part, value) in [("first", draw.first), ("responders", draw.responders), ("others", draw.others)]
            where !(value > 0 && value <= 1) {
                refuse("\(name), \(part)", value, "above 0 and at most 1")
            }
        }
        if !problems.isEmpty { throw InvalidInput(problems) }
    }
}
