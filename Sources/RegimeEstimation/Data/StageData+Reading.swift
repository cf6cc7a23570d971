import Evaluation
import Outcomes

extension StageData {
    init(
        _ stage: RegimeRequest.Stage, _ rows: CompleteRows, persons: [Int], reward: [Double], request: RegimeRequest
    ) throws {
        name = stage.name
        treatment = stage.treatment
        self.persons = persons
        self.reward = reward
        bins = stage.bins
        hasGammaDoses = stage.family == .gamma
        let mentions = { (term: [Formula.Factor]) in term.contains { $0.expression == .column(stage.treatment) } }
        let freeFormula = stage.treatmentFree ?? stage.blip.keeping { !mentions($0) }
        if let wrong = [freeFormula, stage.treatmentModel, stage.rule].compactMap({ $0 })
            .first(where: { $0.terms.contains(where: mentions) })
        {
            throw EvaluationErrors(
                "found the treatment '\(stage.treatment)' in '\(wrong.text)', allowed: covariates that were known before it",
                at: stage.name)
        }
        free = try freeFormula.design(of: rows, intercept: true, splines: stage.splines)
        propensity =
            try stage.treatmentModel?.design(of: rows, intercept: true)
            ?? Design([], rows: rows.count, intercept: true)
        rule = try (stage.rule ?? stage.blip.keeping { !mentions($0) }).design(of: rows, intercept: false)
        if stage.kind == .dose {
            levels = []
            actions = []
            doses = try rows.numbers(stage.treatment)
            range = stage.range ?? (doses.min() ?? 0)...(doses.max() ?? 0)
            blocks = try Self.doseBlocks(stage, rows, mentions)
            allowed = nil
        } else {
            if stage.blip.terms.contains(where: mentions) {
                throw EvaluationErrors(
                    "found the treatment '\(stage.treatment)' in the blip, allowed: what the effect depends on; the "
                        + "treatment stands in the blip of a dose (kind: dose) alone", at: stage.name)
            }
            let grouping = try rows.grouping(stage.treatment)
            guard (2...20).contains(grouping.labels.count) else {
                throw EvaluationErrors(
                    "\(stage.treatment): found \(grouping.labels.count) values, allowed: 2 to 20 actions, or kind: dose",
                    at: stage.name)
            }
            // 1 where the file has 1.0.
            let labels = grouping.labels.map { Double($0) != nil && $0.hasSuffix(".0") ? String($0.dropLast(2)) : $0 }
            levels = labels
            actions = grouping.codes
            doses = []
            range = 0...0
            let blip = try stage.blip.design(of: rows, intercept: true, splines: stage.splines)
            let isBinary = levels.count == 2
            blocks = levels.indices.dropFirst().map {
                EffectBlock(
                    .action($0), blip, treatment: isBinary ? stage.treatment : "\(stage.treatment)\(labels[$0])")
            }
            allowed = try Self.allowed(stage, rows, labels)
        }
        // On the log scale the one stage there is takes all of the time.
        let spent = stage.time ?? (request.survival?.outcome == .log ? request.survival?.time : nil)
        let time = try spent?.values(rows) ?? []
        self.time = time
        if let wrong = time.indices.first(where: { !(time[$0] > 0) }) {
            throw EvaluationErrors(
                "\(spent?.text ?? ""): found \(time[wrong]), allowed: a time above 0",
                at: "\(rows.table.file), row \(rows.rows[wrong] + 1)")
        }
        let starts = try stage.start?.values(rows)
        start = starts ?? [Double](repeating: 0, count: rows.count)
        censoring = try request.survival?.censoring?.design(of: rows, intercept: true)
    }

    /// a·(1 + terms without the dose) and a²·(terms with it, the dose taken out), as DTRreg reads `~ a*x`.
    private static func doseBlocks(
        _ stage: RegimeRequest.Stage, _ rows: CompleteRows, _ mentions: ([Formula.Factor]) -> Bool
    ) throws -> [EffectBlock] {
        let linear = stage.blip.keeping { !mentions($0) }
        let squares = stage.blip.keeping(mentions)
        guard !squares.terms.isEmpty else {
            throw EvaluationErrors(
                "found a blip without '\(stage.treatment)', allowed: one with it, such as ~ \(stage.treatment)*x for "
                    + "a(ψ₀ + ψ₁x) + a²(ψ₂ + ψ₃x): a linear effect has its best dose at an end", at: stage.name)
        }
        let rests = squares.terms.map { term in
            term.filter { $0.expression != .column(stage.treatment) }
        }
        let rest = squares.replacingTerms(rests.filter { !$0.isEmpty })
        return [
            EffectBlock(.dose, try linear.design(of: rows, intercept: true), treatment: stage.treatment),
            EffectBlock(
                .square, try rest.design(of: rows, intercept: rests.contains([])),
                treatment: "I(\(stage.treatment)^2)"),
        ]
    }

    private static func allowed(
        _ stage: RegimeRequest.Stage, _ rows: CompleteRows, _ levels: [String]
    ) throws -> [Bool]? {
        guard !stage.allowed.isEmpty else { return nil }
        var table = [Bool](repeating: true, count: rows.count * levels.count)
        for (action, condition) in stage.allowed {
            // An expression alone is about the action of a binary treatment that is not the reference.
            let level = action.isEmpty && levels.count == 2 ? 1 : levels.firstIndex(of: action)
            guard let level else {
                throw EvaluationErrors(
                    action.isEmpty
                        ? "found one condition for \(levels.count) actions, allowed: one for each, such as {\(levels[1]): condition}"
                        : "found no action '\(action)', allowed: \(levels.joined(separator: ", "))",
                    at: "\(stage.name).allowed")
            }
            for (row, isTrue) in try condition.truths(rows).enumerated() where !isTrue {
                table[row * levels.count + level] = false
            }
        }
        let barred = (0..<rows.count).filter { row in
            !levels.indices.contains { table[row * levels.count + $0] }
        }
        guard barred.isEmpty else {
            throw EvaluationErrors(
                barred.prefix(10).map {
                    .init(
                        "\(stage.name): found a person to whom no action is allowed, allowed: at least one",
                        at: "\(rows.table.file), row \(rows.rows[$0] + 1)")
                }, total: barred.count)
        }
        return table
    }
}
