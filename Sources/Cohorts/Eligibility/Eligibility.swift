import ModelLanguage

/// One condition that a patient must meet to enter the study.
public struct EligibilityCriterion: Sendable {
    enum Test: Sendable {
        case expression(SourceText)
        case predicate(columns: [String], isMet: @Sendable ([Double]) -> Bool)
    }

    /// What the flow diagram calls it: `adult`, `dose known`.
    public let name: String
    let test: Test

    /// A criterion in the language: met where the expression is not 0.
    ///
    /// A patient who lacks a value that the expression reads does not meet it and is counted as unknown, so that
    /// nobody enters unseen through a negation. An expression that calls `is.na` handles missing values itself and is
    /// taken as it evaluates.
    public init(_ name: String, _ expression: SourceText) {
        self.name = name
        test = .expression(expression)
    }

    /// A criterion in Swift.
    ///
    /// - Parameters:
    ///   - columns: what the criterion reads. A patient who lacks one of them does not meet it and counts as unknown.
    ///   - isMet: given the patient's values of `columns` in their order.
    public init(_ name: String, columns: [String], isMet: @escaping @Sendable ([Double]) -> Bool) {
        self.name = name
        test = .predicate(columns: columns, isMet: isMet)
    }

    /// The expression as it was written; nil for a criterion in Swift.
    public var text: String? {
        guard case .expression(let source) = test else { return nil }
        return source.text
    }

    /// Whether each patient meets it; who lacks a value that it reads does not.
    package func isMet(in cohort: Cohort) throws -> [Bool] { try verdicts(on: cohort).map { $0 == .met } }

    enum Verdict {
        case met, notMet, unknown
    }

    /// The verdict on every patient.
    func verdicts(on cohort: Cohort) throws -> [Verdict] {
        switch test {
        case .expression(let source):
            let rule = try RowRule(expression: source, for: cohort)
            let read = try rule.asksForMissing ? [] : rule.used.map { try cohort.column($0).values }
            return try rule.values(of: cohort).enumerated().map { patient, value in
                if value.isNaN || read.contains(where: { $0[patient].isNaN }) { return .unknown }
                return value != 0 ? .met : .notMet
            }
        case .predicate(let names, let isMet):
            let columns = try names.map { try cohort.column($0).values }
            return (0..<cohort.count).map { patient in
                let values = columns.map { $0[patient] }
                if values.contains(where: \.isNaN) { return .unknown }
                return isMet(values) ? .met : .notMet
            }
        }
    }
}

extension Cohort {
    /// The patients who meet every criterion, and how many each criterion excluded.
    ///
    /// - Parameters:
    ///   - criteria: in the order of the protocol; a patient is counted at the first one that is not met.
    ///   - strata: categories or flags by which the counts are also given.
    /// - Throws: `SourceErrors` for an expression that cannot be compiled, ``CohortError`` for an unknown column or a
    ///   stratum that is neither a category nor a flag.
    public func screened(
        by criteria: [EligibilityCriterion], strata: [String] = []
    ) throws -> (eligible: Cohort, flow: EligibilityFlow) {
        var flow = EligibilityFlow(screened: count)
        var isIn = [Bool](repeating: true, count: count)
        let groups = try strata.flatMap { try self.strata(of: $0) }
        flow.strata = groups.map { group in
            EligibilityFlow.Stratum(column: group.column, level: group.level, screened: group.patients.count)
        }
        for criterion in criteria {
            let verdicts = try criterion.verdicts(on: self)
            let excluded = { patient in isIn[patient] && verdicts[patient] != .met }
            flow.steps.append(
                EligibilityFlow.Step(
                    name: criterion.name, text: criterion.text, excluded: (0..<count).count(where: excluded),
                    unknown: (0..<count).count { excluded($0) && verdicts[$0] == .unknown },
                    failing: verdicts.count { $0 != .met }))
            for (index, group) in groups.enumerated() {
                flow.strata[index].excluded.append(group.patients.count(where: excluded))
            }
            for patient in 0..<count where verdicts[patient] != .met { isIn[patient] = false }
        }
        return (filter { isIn[$0] }, flow)
    }

    /// The patients of each level of a category or flag, and of those without a value where there are any.
    private func strata(of name: String) throws(CohortError) -> [(column: String, level: String, patients: [Int])] {
        let column = try column(name)
        let levels: [String]
        switch column.kind {
        case .category(let names): levels = names
        case .flag: levels = ["no", "yes"]
        case .number, .identifier:
            throw .wrongKind(column: name, found: column.kind.words, allowed: "a category or a flag to stratify by")
        }
        var groups = levels.enumerated().map { code, level in
            (column: name, level: level, patients: column.values.indices.filter { column.values[$0] == Double(code) })
        }
        let missing = column.values.indices.filter { column.values[$0].isNaN }
        if !missing.isEmpty { groups.append((column: name, level: "missing", patients: missing)) }
        return groups
    }
}
