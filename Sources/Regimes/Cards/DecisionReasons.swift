/// Why a policy does what it does with one patient: what each input contributes, how sure the policy is, and what would change
/// its mind.
///
/// Contributions are exact for policies whose scores are sums (``AdditivePolicy``): with what the score begins with they add up
/// to it. For other policies an input contributes what is lost when it is set to its median among the visited states: of the
/// chosen level's score, else of its probability, else of the dose.
package struct DecisionReasons: Sendable {
    /// An input and what it contributes.
    package struct Input: Sendable, Hashable {
        package var name: String
        /// NaN where it is missing.
        package var value: Double
        /// Among the visited states; NaN for what was not recorded.
        package var median: Double
        /// Whether it lies outside of the 1st to 99th percentile of the visited states, or is missing where it never was.
        package var isUnusual: Bool
        /// One for each of ``measures``.
        package var contributions: [Double]
    }

    /// The smallest change of one input that leads to something else.
    package struct Change: Sendable, Hashable {
        package var name: String
        package var from: Double
        package var to: Double
        /// What would be done then.
        package var action: String

        package var difference: Double { to - from }
    }

    /// The patient's inputs that the policy could read, in the order of the visited states.
    package private(set) var inputs: [Input]
    package let decision: Double
    /// The chosen action.
    package let action: String
    package let values: [Double]
    /// What contributions are parts of: `score of full`, `points`, or the components of a dose.
    package let measures: [String]
    /// Whether contributions add up exactly.
    package let isExact: Bool
    /// What the measures begin with, for exact contributions.
    package let start: [Double]
    /// The measures themselves.
    package let totals: [Double]
    /// The probability with which the action is chosen; 1 for a policy that does not draw.
    package let probability: Double
    /// The level that would be chosen next, and how far its score lies behind; nil without scores.
    package let next: (action: String, margin: Double)?
    /// At most one for each input, the smallest in relation to the input's spread first.
    package let changes: [Change]

    /// - Throws: ``CardProblem/missingInputs(_:)`` where the policy reads what is not given, ``PolicyError`` where it does not
    ///   suit the actions.
    package init(_ policy: any Policy, _ patient: PatientInputs, _ visited: VisitedStates) throws {
        let given = visited.variables.filter { patient.values[$0] != nil }
        let missing = try PolicyProbe.missing(policy, given: given, actions: visited.actions)
        guard missing.isEmpty else { throw CardProblem.missingInputs(missing) }
        let probe = try PolicyProbe(policy, variables: given, actions: visited.actions)
        let state = given.map { patient.values[$0] ?? .nan }
        guard let answer = probe.ask([state], decision: patient.decision).first else { throw CardProblem.noVisits }
        decision = patient.decision
        values = answer.values
        action = visited.actions.text(of: answer.values)
        probability = answer.isDrawn ? answer.probabilities[answer.level] : 1
        next = Self.next(policy, answer, patient, visited.actions)
        let scan = ReasonScan(probe: probe, state: state, answer: answer, decision: patient.decision, visited)
        let level = visited.actions.levels[answer.level].name
        if !answer.isDrawn, let additive = policy as? any AdditivePolicy,
            let terms = additive.terms(for: level, decision: decision, { patient.values[$0] ?? .nan })
        {
            (isExact, measures, start, totals) = (true, [additive.measure(of: level)], [terms.start], [terms.sum])
            inputs = given.map { scan.input($0) { [terms[$0]] } }
            let time = terms[ScoreTerms.decision]
            if time != 0 {
                inputs.append(
                    Input(
                        name: ScoreTerms.decision, value: decision, median: .nan, isUnusual: false,
                        contributions: [time]))
            }
        } else {
            (isExact, start) = (false, [])
            measures = scan.measures
            totals = scan.measured(answer)
            inputs = given.map { scan.input($0, scan.lostAtMedian) }
        }
        changes = scan.changes()
    }

    private static func next(
        _ policy: any Policy, _ answer: PolicyProbe.Answer, _ patient: PatientInputs, _ actions: ActionSpace
    ) -> (action: String, margin: Double)? {
        if let additive = policy as? any AdditivePolicy,
            let next = additive.runnerUp(decision: patient.decision, { patient.values[$0] ?? .nan })
        {
            return (next.level, next.margin)
        }
        guard !answer.scores.isEmpty, answer.scores[answer.level].isFinite else { return nil }
        var best: Int?
        for level in answer.scores.indices where level != answer.level && answer.scores[level].isFinite {
            if best.map({ answer.scores[level] > answer.scores[$0] }) ?? true { best = level }
        }
        return best.map { (actions.levels[$0].name, answer.scores[answer.level] - answer.scores[$0]) }
    }
}

/// A patient whose inputs are changed one at a time.
private struct ReasonScan {
    let probe: PolicyProbe
    let state: [Double]
    let answer: PolicyProbe.Answer
    let decision: Double
    let visited: VisitedStates
    private let ranges: [String: VariableRange]

    init(
        probe: PolicyProbe, state: [Double], answer: PolicyProbe.Answer, decision: Double, _ visited: VisitedStates
    ) {
        (self.probe, self.state, self.answer, self.decision) = (probe, state, answer, decision)
        self.visited = visited
        var ranges: [String: VariableRange] = [:]
        for (place, name) in visited.variables.enumerated() where probe.variables.contains(name) {
            ranges[name] = visited.range(of: place)
        }
        self.ranges = ranges
    }

    func range(_ name: String) -> VariableRange { ranges[name] ?? VariableRange([]) }

    private func changed(_ place: Int, to value: Double) -> [Double] {
        var state = state
        state[place] = value
        return state
    }

    func input(_ name: String, _ contributions: (String) -> [Double]) -> DecisionReasons.Input {
        let range = range(name)
        let value = probe.variables.firstIndex(of: name).map { state[$0] } ?? .nan
        let isUnusual = value.isNaN ? range.missing == 0 : value < range.low || value > range.high
        return DecisionReasons.Input(
            name: name, value: value, median: range.median, isUnusual: isUnusual, contributions: contributions(name))
    }

    // MARK: Contributions of policies that are no sums

    private enum Measure { case score, probability, dose }

    private var measure: Measure {
        if !answer.isDrawn, !answer.scores.isEmpty, answer.scores[answer.level].isFinite { return .score }
        return visited.actions.level(of: answer.values) != nil ? .probability : .dose
    }

    var measures: [String] {
        let level = visited.actions.levels[answer.level].name
        return switch measure {
        case .score: ["score of \(level)"]
        case .probability: ["probability of \(level)"]
        case .dose: visited.actions.components.map(\.name)
        }
    }

    /// The measures of another patient's answer, for the level that is chosen here.
    func measured(_ other: PolicyProbe.Answer) -> [Double] {
        switch measure {
        case .score: [other.scores[answer.level]]
        case .probability: [other.isDrawn ? other.probabilities[answer.level] : other.values == answer.values ? 1 : 0]
        case .dose: other.values
        }
    }

    /// What is lost with an input at its median.
    func lostAtMedian(_ name: String) -> [Double] {
        guard let place = probe.variables.firstIndex(of: name), !range(name).sorted.isEmpty,
            let other = probe.ask([changed(place, to: range(name).median)], decision: decision).first
        else { return measures.map { _ in 0 } }
        return zip(measured(answer), measured(other)).map { $0 - $1 }
    }

    // MARK: What would change it

    /// The changes of all inputs, the smallest in relation to the input's spread first.
    func changes() -> [DecisionReasons.Change] {
        let sized = probe.variables.compactMap { name in
            change(name).map { (change: $0, size: abs($0.difference) / range(name).spread) }
        }
        return sized.enumerated()
            .sorted { first, second in
                let (one, other) = (first.element.size, second.element.size)
                return one != other ? one < other : first.offset < second.offset
            }
            .map(\.element.change)
    }

    /// The nearest visited value of an input with which the level is another (the nearest level, of a dose).
    func change(_ name: String) -> DecisionReasons.Change? {
        guard let place = probe.variables.firstIndex(of: name), !state[place].isNaN else { return nil }
        let from = state[place]
        let sorted = range(name).sorted
        let above = first(of: sorted.filter { $0 > from }, place)
        let below = first(of: sorted.filter { $0 < from }.reversed(), place)
        let nearest = [below, above].compactMap(\.self).min { abs($0.value - from) < abs($1.value - from) }
        return nearest.map {
            DecisionReasons.Change(
                name: name, from: from, to: $0.value, action: visited.actions.text(of: $0.answer.values))
        }
    }

    /// The first value that leads to another level.
    private func first(of values: [Double], _ place: Int) -> (value: Double, answer: PolicyProbe.Answer)? {
        var distinct: [Double] = []
        for value in values where value != distinct.last { distinct.append(value) }
        // Some at a time, since the first is often near.
        for start in stride(from: 0, to: distinct.count, by: 64) {
            let some = distinct[start..<min(distinct.count, start + 64)]
            let answers = probe.ask(some.map { changed(place, to: $0) }, decision: decision)
            for (value, other) in zip(some, answers) where other.level != answer.level { return (value, other) }
        }
        return nil
    }
}
