import NumericsCore

/// What the chance of remaining uncensored depends on.
public enum CensoringModel: Sendable {
    /// Nothing: the Kaplan–Meier estimate of all patients.
    case kaplanMeier
    /// The patient's group: a Kaplan–Meier estimate for each.
    case stratified(Grouping)
    /// Covariates, by a Cox model of the hazard of being censored.
    ///
    /// It is ``CoxModel`` with Efron's ties and censorings for events, as in riskRegression: here a patient with the event
    /// at *t* is at risk of a censoring at *t*, other than in the Kaplan–Meier estimates.
    case cox([CovariateColumn])
}

/// G(t | x), the probability that a patient is not censored by *t*, for each patient of a data set: the inverse weights of
/// AUC, ROC curves, Uno's C and prediction errors.
///
/// Where dropout depends on covariates that also bear on the event, weights from all patients together are biased, and
/// those from a model of censoring are not when it holds (Gerds and Schumacher 2006, Biom J 48:1029).
public struct CensoringWeights: Sendable {
    /// G(Tᵢ− | xᵢ), by patient: the chance of having been seen up to the own follow-up time.
    public var beforeOwnTime: [Double] { inRows(beforeInTime) }
    /// G(Tᵢ | xᵢ), by patient.
    public var atOwnTime: [Double] { inRows(atInTime) }

    /// ``beforeOwnTime`` and ``atOwnTime`` by position of the time order.
    let beforeInTime: [Double]
    let atInTime: [Double]
    /// True when G is the same for everybody.
    let isMarginal: Bool

    let groups: [CensoringGroup]
    /// What Λ is multiplied with for each patient, by position: exp(γ·x), relative to the mean. Empty without a model.
    let relativeRisks: [Double]
    let cox: CensoringCox?
    private let times: [Double]
    private let events: [Bool]
    let rows: [Int]

    /// Fits the model of censoring, O(n log n); with covariates as a Cox model.
    ///
    /// - Throws: ``InvalidInput`` for delayed entry and for a grouping or columns that do not fit the data;
    ///   ``CoxError`` where the model has no finite estimate. Without a censored patient no model is fitted and G is 1.
    public init(_ data: SurvivalData, model: CensoringModel = .kaplanMeier) throws {
        try data.requireNoDelayedEntry(for: "censoring weights")
        switch model {
        case .kaplanMeier: self.init(marginal: data, TimeOrder(data))
        case .stratified(let grouping):
            try grouping.require(rows: data.count, column: "censoring group")
            self.init(data, TimeOrder(data), grouping: grouping)
        case .cox(let columns):
            try CovariateColumn.check(columns, rows: data.count)
            guard data.eventCount < data.count else {
                self.init(marginal: data, TimeOrder(data))
                return
            }
            self.init(data, cox: try CensoringCox(data, columns))
        }
    }

    /// The Kaplan–Meier estimate of all patients, which cannot fail without delayed entry.
    init(marginal data: SurvivalData, _ order: TimeOrder) { self.init(data, order, grouping: nil) }

    private init(_ data: SurvivalData, _ order: TimeOrder, grouping: Grouping?) {
        groups = CensoringGroup.all(order, rows: data.order, grouping)
        cox = nil
        relativeRisks = []
        isMarginal = grouping == nil
        (times, events, rows) = (data.times, data.events, data.order)
        (beforeInTime, atInTime) = Self.atOwnTimes(groups, [], count: data.count)
    }

    private init(_ data: SurvivalData, cox: CensoringCox) {
        groups = [cox.group]
        self.cox = cox
        relativeRisks = cox.relativeRisks
        isMarginal = false
        (times, events, rows) = (data.times, data.events, data.order)
        (beforeInTime, atInTime) = Self.atOwnTimes(groups, cox.relativeRisks, count: data.count)
    }

    private static func atOwnTimes(
        _ groups: [CensoringGroup], _ risks: [Double], count: Int
    ) -> (before: [Double], at: [Double]) {
        var before = [Double](repeating: 1, count: count)
        var at = before
        before.withUnsafeMutableBufferPointer { before in
            at.withUnsafeMutableBufferPointer { at in
                for group in groups {
                    for (member, position) in group.members.enumerated() {
                        let passed = Int(group.passed[member])
                        guard passed > 0 else { continue }
                        let risk = risks.isEmpty ? nil : risks[Int(position)]
                        let probability = group.probability(passed: passed, risk: risk)
                        at[Int(position)] = probability
                        before[Int(position)] =
                            group.isOwnTime[member] ? group.probability(passed: passed - 1, risk: risk) : probability
                    }
                }
            }
        }
        return (before, at)
    }

    /// G(t | xᵢ), by patient; after the last censoring its last value.
    public func probabilities(at time: Double) -> [Double] { inRows(inTime(at: time)) }

    /// G(t | xᵢ) by position of the time order.
    func inTime(at time: Double) -> [Double] {
        var result = [Double](repeating: 1, count: rows.count)
        for group in groups {
            let passed = group.times.partitioningIndex { $0 > time }
            let common = relativeRisks.isEmpty ? group.probability(passed: passed, risk: nil) : 1
            for position in group.members {
                result[Int(position)] =
                    relativeRisks.isEmpty
                    ? common : group.probability(passed: passed, risk: relativeRisks[Int(position)])
            }
        }
        return result
    }

    func inRows(_ inTime: [Double]) -> [Double] {
        var result = inTime
        for (position, row) in rows.enumerated() { result[row] = inTime[position] }
        return result
    }

    /// Throws unless the weights were made from these data.
    package func require(_ data: SurvivalData) throws(InvalidInput) {
        guard data.times == times, data.events == events else {
            throw InvalidInput(
                .init(column: "censoring weights", found: "weights of other data", allowed: "weights of the same data"))
        }
    }
}

extension Undefined {
    static let vanishingCensoring = Undefined(
        code: "vanishing-censoring-probability",
        reason: "the chance of being uncensored is too close to 0 for a weight to be finite")
}
