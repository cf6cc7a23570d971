/// What a results file says, in the order in which a trial designer reads it: the source of the printed summary, of its
/// JSON form and of the page.
///
/// Encoded, its property names in snake case are the keys; they only ever grow in number. A number that does not exist
/// is left out, an infinite bound is the text `inf` or `-inf`, and a part that the file lacks is an empty list or left
/// out. Levels and effects are flat lists of records, ready for a data frame.
package struct StudyFindings: Encodable, Sendable {
    /// The study's title, or the file's name where it has none.
    package var title: String
    /// The path of the results file.
    package var file: String
    package var layoutVersion: Int
    package var cohort: CohortFindings?
    package var arms: [ArmFindings] = []
    /// The name of the arm against which effects and hazard ratios are taken.
    package var referenceArm: String?
    package var endpoints: [EndpointFindings] = []
    /// The trial's endpoint, else the first continuous one, else the first.
    package var primaryEndpoint: String?
    /// The columns that divide the patients.
    package var stratifiers: [String] = []
    /// All patients first, then each group of each stratifier.
    package var groups: [GroupFindings] = []
    /// For each arm, endpoint and group, in this nesting: a mean in the endpoint's unit, or for a time to event the
    /// cumulative incidence in percent.
    package var levels: [CellFindings] = []
    /// For each arm, endpoint and group, in this nesting: the mean individual difference from the reference arm on
    /// twins, in the unit of the level.
    package var effects: [CellFindings] = []
    /// For each arm, endpoint and stratifier, in this nesting: how far the groups are apart.
    package var levelGaps: [GapFindings] = []
    /// For each arm, endpoint and stratifier, in this nesting: how far the effects in the groups are apart.
    package var effectGaps: [GapFindings] = []
    /// For each time-to-event endpoint, arm and group, in this nesting: Cox's hazard ratio against the reference arm.
    package var hazardRatios: [CellFindings] = []
    /// For each time-to-event endpoint and arm: the log-rank test against the reference arm.
    package var logRankTests: [LogRankFindings] = []
    /// Whether the file says which endpoints are harms; without one, ``harms`` is empty.
    package var knowsHarms = false
    /// For each arm and declared harm, in this nesting.
    package var harms: [HarmFindings] = []
    /// For each group, the gap in effect that the first trial estimates beside the true one.
    package var benefitGaps: [BenefitGapFindings] = []
    /// For each stratifier, the test that all groups gain alike.
    package var interactions: [InteractionFindings] = []
    /// For each arm, step and group, in this nesting: who is lost.
    package var access: [AccessFindings] = []
    /// For each arm with a clinic and each group, in this nesting: what became of its recommendations.
    package var clinic: [ClinicFindings] = []
    /// For each eligibility rule and group of records, in this nesting: who is screened out.
    package var screening: [ScreeningFindings] = []
    /// What cannot be told of who was screened out, and why.
    package var screeningRemarks: [String] = []
    /// For each arm and group, in this nesting: who is dosed wrong; empty where nothing tells the dose needed.
    package var dosing: [DosingFindings] = []
    /// The column that tells it.
    package var doseNeeded: String?
    /// For each time-to-event endpoint and arm: time and milestone against the reference arm.
    package var timeContrasts: [TimeContrastFindings] = []
    package var discrimination: DiscriminationFindings?
    package var trial: TrialFindings?
    package var published: [PublishedFindings] = []
    package var regret: RegretFindings?
    package var sequential: SequentialFindings?
    package var drift: DriftFindings?
    package var learned: [LearnedFindings] = []
    /// The arms in which the model of some patient could not be solved.
    package var solverFailures: [FailureFindings] = []
    /// The arms in which some decision left no amount that could be given.
    package var decisionsWithoutDose: [DoselessFindings] = []
    package var provenance: ProvenanceFindings?
}

/// Where the virtual patients come from.
package struct CohortFindings: Encodable, Sendable {
    /// Virtual patients, each in every arm.
    package var patients: Int
    /// Records that were screened and that were eligible.
    package var screened: Int?
    package var eligible: Int?
    package var criteria: [Criterion] = []
    /// Whether the patients are made from records and not from distributions alone.
    package var isFromRecords = false

    package struct Criterion: Encodable, Sendable {
        package var name: String
        /// Records that failed this criterion and none before it, and how many of them for a missing value.
        package var excluded: Int
        package var unknown: Int
    }
}

package struct ArmFindings: Encodable, Sendable {
    package var name: String
    package var title: String
}

package struct EndpointFindings: Encodable, Sendable {
    package var name: String
    package var title: String
    /// The unit of a patient's value.
    package var unit: String
    package var isTimeToEvent: Bool

    /// The unit of its level and effect.
    package var levelUnit: String { isTimeToEvent ? "percent" : unit }
}

package struct GroupFindings: Encodable, Sendable {
    /// The label in the file, such as `race_group=Black`.
    package var label: String
    /// The column that makes the group; empty for all patients.
    package var stratifier: String
    /// The level of that column, or `all`.
    package var level: String
}

/// A number with what is known of its error.
package struct EstimateFindings: Encodable, Sendable {
    package var value: Double?
    package var standardError: Double?
    /// The bounds of the 95 % interval.
    package var lower: Double?
    package var upper: Double?

    package init(value: Double?, standardError: Double? = nil, lower: Double? = nil, upper: Double? = nil) {
        self.value = value
        self.standardError = standardError
        self.lower = lower
        self.upper = upper
    }
}

/// A number of one arm and group.
package struct CellFindings: Encodable, Sendable {
    package var arm: String
    package var endpoint: String
    package var group: String
    package var estimate: EstimateFindings
    /// Patients behind the number.
    package var count: Int?
    package var events: Int?
    /// Why there is no number; empty where there is one.
    package var reason: String
}

/// How far the groups of one stratifier are apart.
package struct GapFindings: Encodable, Sendable {
    package var arm: String
    package var endpoint: String
    package var stratifier: String
    /// The largest minus the smallest number of the groups, and whose they are.
    package var gap: Double?
    package var largest: String
    package var smallest: String
    /// The p-value of the test that all groups are alike (Cochran's Q).
    package var interactionP: Double?
}

package struct LogRankFindings: Encodable, Sendable {
    package var endpoint: String
    package var arm: String
    package var chiSquare: Double?
    package var p: Double?
}
