/// How well a baseline score tells who will have an event.
package struct DiscriminationFindings: Encodable, Sendable {
    /// The column of the score, and the endpoint that it is judged on.
    package var score: String
    package var endpoint: String
    /// The horizons of AUC(t), in days.
    package var days: [Double]
    package var arms: [Arm]

    package struct Arm: Encodable, Sendable {
        package var arm: String
        /// AUC(t), one for each day, and the cases by then.
        package var auc: [EstimateFindings]
        package var cases: [Int?]
        /// For all patients and for each group: the integral of AUC(t), and Harrell's C.
        package var integratedAUC: [EstimateFindings]
        package var harrellC: [EstimateFindings]
    }
}

/// The randomised trial over its replicates.
package struct TrialFindings: Encodable, Sendable {
    package var controlArm: String
    package var treatedArm: String
    package var endpoint: String
    /// A test rejects when its p-value is below this.
    package var alpha: Double?
    package var followUpDays: Double?
    /// One for each hypothesis and group, in this nesting.
    package var characteristics: [Characteristic]

    package struct Characteristic: Encodable, Sendable {
        /// What is true of the arms: `as designed` or `equal arms`.
        package var hypothesis: String
        package var group: String
        /// Trials with an estimate.
        package var replicates: Int
        /// The share of trials that reject, and its Monte Carlo standard error.
        package var rejected: Double?
        package var rejectedMCError: Double?
        package var meanEstimate: Double?
        package var meanEstimateMCError: Double?
        /// The effect on twins: what the estimate is of. Zero with equal arms.
        package var trueEffect: Double?
        package var trueEffectMCError: Double?
        package var bias: Double?
        /// The share of 95 % intervals that hold the true effect, and its Monte Carlo standard error.
        package var coverage: Double?
        package var coverageMCError: Double?

        /// Whether the arms of these trials were made equal, so that each rejection is an error.
        package var isNull: Bool { hypothesis == TrialFindings.equalArms }
    }

    static let equalArms = "equal arms"
}

/// What a real trial found, beside what came out here.
package struct PublishedFindings: Encodable, Sendable {
    package var treatedArm: String
    package var controlArm: String
    package var endpoint: String
    package var group: String
    package var published: EstimateFindings
    package var simulated: EstimateFindings
    package var signAgrees: Bool
    package var source: String
}

/// A learned arm.
package struct LearnedFindings: Encodable, Sendable {
    package var arm: String
    package var method: String
    package var trainingPatients: Int?
}

package struct FailureFindings: Encodable, Sendable {
    package var arm: String
    /// Patients of the arm whose model could not be solved, and all patients of it.
    package var failed: Int
    package var patients: Int
    /// Why, and how many patients for each reason; empty in files that do not tell.
    package var kinds: [Kind] = []

    package struct Kind: Encodable, Sendable {
        package var name: String
        package var patients: Int
    }
}

/// Visits of an arm at which the regime left no amount that could be given: NaN, negative or infinite.
package struct DoselessFindings: Encodable, Sendable {
    package var arm: String
    package var decisions: Int
    /// Patients with such a visit, and all patients of the arm.
    package var affected: Int
    package var patients: Int
}

/// What it takes to run the study again.
package struct ProvenanceFindings: Encodable, Sendable {
    package var scenarioFile: String?
    package var overrides: String?
    package var inputSHA256: String?
    package var seed: String?
    package var trialistVersion: String?
    package var codeGeneration: String?
    package var started: String?
    package var finished: String?
    package var seconds: Double?
    package var threads: Int?
}
