/// Who was lost on the way into and through a trial, by group: screened out, declined, dropped out, dosed wrong.
///
/// The steps follow each other. Those who have passed all steps before reach a step, and those who do not pass it are lost
/// there. Shares are of those who reach the step, with Wilson's interval; ratios to the group of reference have the error of
/// ``RiskRatio``; the test that all groups lose alike is ``GroupProportionsTest``.
public struct AccessFunnel: Sendable {
    /// One step: a name and who passes it.
    public struct Step: Hashable, Sendable {
        /// What the step asks for, such as `eligible`, `consented`, `completed`, `dosed right`.
        public let name: String
        /// n indicators. What stands for a patient who does not reach the step is not looked at.
        public let passed: [Bool]

        /// A step that is checked where it is used.
        public init(_ name: String, passed: [Bool]) {
            self.name = name
            self.passed = passed
        }
    }

    /// One step's losses by group.
    public struct Loss: Sendable {
        /// The step's name.
        public let name: String
        /// The share lost of those who reach the step, in each group and overall: ``Stratified/Group/count`` are those
        /// who reach it and ``Stratified/Group/events`` those lost. Undefined for a group of which nobody reaches it.
        public let byGroup: Stratified<Estimate>
        /// The share lost in each other group over that in the reference.
        public let ratios: [GroupContrast]
        /// The test that the share is the same in all groups.
        public let test: Estimated<GroupProportionsTest>
    }

    /// One for each step, in the order given.
    public let steps: [Loss]
    /// The whole way: those who are lost at any step, of all patients.
    public let whole: Loss
    /// The group that ratios are to.
    public let reference: String

    /// Counts who reaches and who passes each step, O(n) for each.
    ///
    /// - Parameters:
    ///   - grouping: the group of each of n patients.
    ///   - steps: one or more, in the order of the way.
    ///   - reference: the label of the group that ratios are to.
    /// - Throws: ``InvalidInput`` for no patient, no step, steps of another length, and a label that does not exist.
    public init(
        _ grouping: Grouping, steps: [Step], reference: String, method: GroupProportionsTest.Method = .automatic,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if grouping.count == 0 {
            problems.append(.init(column: "group", found: "no rows", allowed: "at least one patient"))
        }
        if steps.isEmpty { problems.append(.init(column: "steps", found: "none", allowed: "at least one")) }
        for step in steps where step.passed.count != grouping.count {
            problems.append(.length(step.name, found: step.passed.count, rows: grouping.count))
        }
        guard let base = grouping.labels.firstIndex(of: reference), problems.isEmpty else {
            if !grouping.labels.contains(reference) {
                problems.append(
                    .init(
                        column: "reference group", found: "\"\(reference)\"",
                        allowed: grouping.labels.map { "\"\($0)\"" }.joined(separator: ", ")))
            }
            throw InvalidInput(problems)
        }
        var there = [Bool](repeating: true, count: grouping.count)
        var losses: [Loss] = []
        for step in steps {
            let lost = there.indices.map { there[$0] && !step.passed[$0] }
            losses.append(try Self.loss(step.name, grouping, base, reached: there, lost: lost, method, level))
            for row in there.indices where lost[row] { there[row] = false }
        }
        self.steps = losses
        self.reference = reference
        whole = try Self.loss(
            "all steps", grouping, base, reached: there.map { _ in true }, lost: there.map { !$0 }, method, level)
    }

    private static func loss(
        _ name: String, _ grouping: Grouping, _ base: Int, reached: [Bool], lost: [Bool],
        _ method: GroupProportionsTest.Method, _ level: ConfidenceLevel
    ) throws(InvalidInput) -> Loss {
        var counts = [Int](repeating: 0, count: grouping.labels.count)
        var events = counts
        for row in reached.indices where reached[row] {
            counts[grouping.codes[row]] += 1
            if lost[row] { events[grouping.codes[row]] += 1 }
        }
        func group(_ label: String, _ events: Int, _ count: Int) throws(InvalidInput) -> Stratified<Estimate>.Group {
            let share: Estimated<Estimate> =
                count > 0
                ? .value(try Proportion(events: events, of: count, level: level).estimate)
                : .undefined(.init(code: "empty-group", reason: "nobody of the group reaches the step"))
            return .init(label: label, count: count, events: events, result: share, estimate: share)
        }
        var groups: [Stratified<Estimate>.Group] = []
        var ratios: [GroupContrast] = []
        for (code, label) in grouping.labels.enumerated() {
            groups.append(try group(label, events[code], counts[code]))
            guard code != base else { continue }
            let ratio: Estimated<Estimate> =
                counts[code] > 0 && counts[base] > 0
                ? RiskRatio(
                    treated: try Proportion(events: events[code], of: counts[code], level: level),
                    control: try Proportion(events: events[base], of: counts[base], level: level)
                ).estimate
                : .undefined(.init(code: "empty-group", reason: "nobody of one of the groups reaches the step"))
            ratios.append(GroupContrast(label: label, reference: grouping.labels[base], estimate: ratio))
        }
        let overall = try group("all", events.reduce(0, +), counts.reduce(0, +))
        return Loss(
            name: name, byGroup: Stratified(groups: groups, overall: overall), ratios: ratios,
            test: try GroupProportionsTest.test(events: events, of: counts, method: method))
    }
}
