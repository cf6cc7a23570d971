/// A regime embedded in a sequential multiple assignment randomised trial (SMART): begin with `first`; give responders
/// `responders` and all others `others` from the second stage on.
public struct EmbeddedRegime: Hashable, Sendable {
    /// The first-stage option, from 0.
    public var first: Int
    /// The second-stage option of patients who responded, among the options of their cell, from 0.
    public var responders: Int
    /// The second-stage option of patients who did not.
    public var others: Int

    /// A regime by its three options.
    public init(first: Int, responders: Int, others: Int) {
        (self.first, self.responders, self.others) = (first, responders, others)
    }
}

/// What a two-stage SMART observed: a patient an entry, in any order.
public struct SequentialTrialData: Sendable {
    /// The first-stage option of each patient, from 0.
    public let first: [Int]
    /// Whether the patient had responded when the second stage began.
    public let responded: [Bool]
    /// The second-stage option, among those of the patient's first option and response.
    public let second: [Int]
    /// The outcome, finite.
    public let outcome: [Double]
    /// The known probability of each patient's own options: first stage times second stage.
    public let probability: [Double]

    /// - Parameters: arrays of the same length, at least 1; probabilities above 0 and at most 1.
    /// - Throws: ``InvalidInput`` where the lengths differ, nobody is there, or a number is not allowed.
    public init(first: [Int], responded: [Bool], second: [Int], outcome: [Double], probability: [Double])
        throws(InvalidInput)
    {
        let count = first.count
        var problems: [InvalidInput.Problem] = []
        if count == 0 { problems.append(.init(column: "first", found: "0 rows", allowed: "one patient or more")) }
        for (name, length) in [("responded", responded.count), ("second", second.count)] where length != count {
            problems.append(.length(name, found: length, rows: count))
        }
        problems += InvalidInput.Problem.inColumn("outcome", outcome, rows: count)
        problems += InvalidInput.Problem.inColumn("probability", probability, rows: count)
        for (row, value) in probability.enumerated() where value.isFinite && !(value > 0 && value <= 1) {
            problems.append(
                .init(row: row + 1, column: "probability", found: "\(value)", allowed: "above 0 and at most 1"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.first = first
        self.responded = responded
        self.second = second
        self.outcome = outcome
        self.probability = probability
    }

    /// How many patients.
    public var count: Int { first.count }

    /// Whether what happened to a patient is what the regime says.
    public func agrees(_ patient: Int, with regime: EmbeddedRegime) -> Bool {
        first[patient] == regime.first
            && second[patient] == (responded[patient] ? regime.responders : regime.others)
    }
}
