/// One harm in one arm: what stands beside every benefit.
package struct HarmFindings: Encodable, Sendable {
    package var arm: String
    package var harm: String
    package var count: Int?
    package var events: Int?
    /// Shares from 0 to 1.
    package var risk: EstimateFindings
    package var riskDifference: EstimateFindings
    /// Why there is no difference; empty where there is.
    package var reason: String
    /// The number needed to harm (NNTH) or to benefit (NNTB) with its interval; empty for the reference arm.
    package var numberNeeded: String
}

/// How far the effect in a group is from that in the group of reference.
package struct BenefitGapFindings: Encodable, Sendable {
    package var group: String
    package var reference: String
    package var count: Int?
    package var gap: EstimateFindings
    package var trueGap: EstimateFindings
    /// Adjusted for the groups of the column (Holm).
    package var p: Double?
    package var reason: String
}

/// Whether the effect differs between the groups of one column.
package struct InteractionFindings: Encodable, Sendable {
    package var stratifier: String
    package var p: Double?
    /// Adjusted for the columns (Holm).
    package var adjustedP: Double?
    package var furthest: String
}

/// Who is lost at a step of an arm, in one group.
package struct AccessFindings: Encodable, Sendable {
    package var arm: String
    package var step: String
    package var group: String
    package var reached: Int?
    package var lost: Int?
    package var share: EstimateFindings
}

/// The mean time without an event, and the share without it, against the reference arm.
package struct TimeContrastFindings: Encodable, Sendable {
    package var endpoint: String
    package var arm: String
    /// The last day until which both arms' curves are known.
    package var horizon: Double?
    package var restrictedMean: EstimateFindings
    package var milestone: EstimateFindings
}
