/// The net reclassification improvement of a new model over an old one, for events and non-events apart.
///
/// ```
/// NRI(events) = (q₊·F₊ − q₋·F₋)/F          NRI(non-events) = (q₋·(1 − F₋) − q₊·(1 − F₊))/(1 − F)
/// ```
///
/// q₊ is the share of patients whose risk the new model puts higher and F₊ their observed risk by the horizon, q₋ and F₋
/// of those put lower; F is everybody's. Errors are of the delta method, the predictions taken as fixed.
///
/// > Important: A miscalibrated or useless model can have a positive NRI, and the sum of the two parts has no unit: it
/// > adds shares of different people. Read the parts apart, and report ``NetBenefit`` and calibration beside them; do not
/// > choose a model by it (Hilden and Gerds 2014, Stat Med 33:3405; Kerr et al. 2014, Epidemiology 25:114; Leening et al.
/// > 2014, Ann Intern Med 160:122).
///
/// Source: Pencina, D'Agostino and Steyerberg 2011, Stat Med 30:11, section 3 (with censoring).
public struct Reclassification: Sendable {
    /// Which change of risk counts.
    public enum Categories: Hashable, Sendable {
        /// Any change, the continuous NRI.
        case none
        /// A change over one of these cuts, ascending between 0 and 1; a risk equal to a cut is in the higher category.
        case cuts([Double])
    }

    /// Patients that the new model puts higher.
    public let up: Int
    /// Patients that the new model puts lower.
    public let down: Int
    /// The net share of events put higher, −1 to 1.
    public let events: Estimated<Estimate>
    /// The net share of non-events put lower, −1 to 1.
    public let nonEvents: Estimated<Estimate>
    /// The sum of the two, −2 to 2; see the caution above.
    public let sum: Estimated<Estimate>

    /// Compares two models on the same patients.
    ///
    /// - Parameters:
    ///   - data: follow-up without delayed entry.
    ///   - old: n risks by the model in use.
    ///   - new: n risks by the model that might replace it.
    ///   - competing: true for the events of another cause, which then count as non-events.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(
        _ data: SurvivalData, old: [Double], new: [Double], horizon: Double, categories: Categories = .none,
        competing: [Bool]? = nil, level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try data.requireNoDelayedEntry(for: "reclassification")
        let problems =
            InvalidInput.Problem.probabilities("old risk", old, rows: data.count)
            + InvalidInput.Problem.probabilities("new risk", new, rows: data.count)
            + InvalidInput.Problem.horizon(horizon) + InvalidInput.Problem.competing(competing, data)
            + categories.problems
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let moves = zip(old, new).map(categories.move)
        func part(_ wanted: Int?) -> PartRisk {
            PartRisk(
                data, competing: competing, rows: data.order.filter { wanted == nil || moves[$0] == wanted },
                horizon: horizon)
        }
        let (up, down, all) = (part(1), part(-1), part(nil))
        self.up = up.count
        self.down = down.count
        let inEvents = Self.net(up, down, all, events: 1, others: 0, none: .noCases(.atOrBefore, horizon))
        let inOthers = Self.net(down, up, all, events: 0, others: 1, none: .noControls(after: horizon))
        events = inEvents.map { $0.estimate(level: level) }
        nonEvents = inOthers.map { $0.estimate(level: level) }
        sum = inEvents.flatMap { a in inOthers.map { (a + $0).estimate(level: level) } }
    }

    /// The NRI of yes/no outcomes that are all known.
    ///
    /// The error of each part is √((p₊ + p₋ − (p₊ − p₋)²)/m) over its m patients, as Pencina et al. 2008, Stat Med 27:157,
    /// without their restriction to no improvement.
    /// - Throws: ``InvalidInput`` as the other initialiser.
    public init(
        outcomes: [Bool], old: [Double], new: [Double], categories: Categories = .none,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        try self.init(
            BinaryOutcomes.survival(outcomes), old: old, new: new, horizon: 0, categories: categories, level: level)
    }

    private static func net(
        _ right: PartRisk, _ wrong: PartRisk, _ all: PartRisk, events: Double, others: Double, none: Undefined
    ) -> Estimated<InfluencedValue> {
        right.combined(events: events, others: others).flatMap { right in
            wrong.combined(events: events, others: others).flatMap { wrong in
                all.combined(events: events, others: others).flatMap { all in
                    all.value > 0 ? .value((right - wrong).divided(by: all)) : .undefined(none)
                }
            }
        }
    }
}

extension Reclassification.Categories {
    var problems: [InvalidInput.Problem] {
        guard case .cuts(let cuts) = self else { return [] }
        if cuts.isEmpty { return [.init(column: "category cut", found: "none", allowed: "at least one")] }
        return cuts.indices.filter { !(cuts[$0] > 0 && cuts[$0] < 1 && ($0 == 0 || cuts[$0 - 1] < cuts[$0])) }.map {
            .init(
                row: $0 + 1, column: "category cut", found: "\(cuts[$0])",
                allowed: "a probability strictly between 0 and 1, over the cut before it")
        }
    }

    /// 1 for up, −1 for down, 0 for no change that counts.
    func move(_ old: Double, _ new: Double) -> Int {
        switch self {
        case .none: return old < new ? 1 : old > new ? -1 : 0
        case .cuts(let cuts):
            return (cuts.partitioningIndex { $0 > new } - cuts.partitioningIndex { $0 > old }).signum()
        }
    }
}
