import Outcomes

/// Survival methods for a time to event in one arm against another, the patients taken as independent, as a trial would.
package struct SurvivalComparison: Sendable {
    /// Log-rank test of both arms; nil where it does not exist.
    package let logRank: ChiSquareTest?
    /// Hazard ratio of the treated arm (Cox, Efron), for all and for each group.
    package let hazardRatio: StratifiedCells
    /// The last day until which both arms' curves are known: the horizon of the restricted means and the milestone.
    package let horizon: Double
    /// The mean time without the event until the horizon, treated minus control, in days.
    package let restrictedMean: EstimateCell
    /// The share without the event at the horizon, treated minus control.
    package let milestone: EstimateCell

    package init(treated: ArmRecord, control: ArmRecord, endpoint: Int, strata: Strata) throws {
        let everyone = strata.rows[0]
        let (data, arms) = try Self.joined(treated, control, endpoint, everyone)
        logRank = data.flatMap { data in
            (try? LogRank(data, groups: Grouping(codes: arms.map { Int($0) }, labels: ["control", "treated"])))?.test
                .value
        }
        (horizon, restrictedMean, milestone) = try Self.times(treated, control, endpoint, everyone)
        let events = zip(treated.hasEvent[endpoint], control.hasEvent[endpoint]).map { $0 || $1 }
        let isKnown = zip(treated.values[endpoint], control.values[endpoint]).map { $0.isFinite || $1.isFinite }
        hazardRatio = try StratifiedCells(strata, isKnown: isKnown, events: events) { rows in
            try Self.hazardRatio(treated, control, endpoint, rows)
        }
    }

    private static func times(
        _ treated: ArmRecord, _ control: ArmRecord, _ endpoint: Int, _ rows: [Int]
    ) throws -> (Double, EstimateCell, EstimateCell) {
        guard let first = try treated.survivalData(endpoint, rows),
            let second = try control.survivalData(endpoint, rows)
        else {
            let none = EstimateCell(count: 0, events: 0, .undefined(.noValue))
            return (.nan, none, none)
        }
        let curves = (KaplanMeier(first), KaplanMeier(second))
        let horizon = RestrictedMeanContrast.maximumValidTime([curves.0, curves.1])
        func cell(_ estimate: Estimated<Estimate>) -> EstimateCell {
            EstimateCell(
                count: first.count + second.count, events: first.eventCount + second.eventCount, estimate)
        }
        let means = RestrictedMeanContrast.between(treated: curves.0, control: curves.1, horizon: horizon)
        let shares = MilestoneContrast.between(treated: curves.0, control: curves.1, time: horizon)
        return (horizon, cell(means.map(\.difference)), cell(shares.map(\.difference)))
    }

    private static func hazardRatio(
        _ treated: ArmRecord, _ control: ArmRecord, _ endpoint: Int, _ rows: [Int]
    ) throws -> Estimated<Estimate> {
        let (data, arms) = try joined(treated, control, endpoint, rows)
        guard let data else { return .undefined(.noValue) }
        do {
            let model = try CoxModel(data, covariates: [CovariateColumn("treated", arms)])
            return .value(model.coefficients[0].ratio())
        } catch let error as CoxError {
            return .undefined(Undefined(code: "no-hazard-ratio", reason: error.description))
        }
    }

    /// Both arms below each other, with 1 for the treated.
    private static func joined(
        _ treated: ArmRecord, _ control: ArmRecord, _ endpoint: Int, _ rows: [Int]
    ) throws -> (SurvivalData?, [Double]) {
        var times: [Double] = []
        var events: [Bool] = []
        var arms: [Double] = []
        for (arm, record) in [(1.0, treated), (0.0, control)] {
            for row in rows where record.values[endpoint].indices.contains(row) && record.values[endpoint][row].isFinite
            {
                times.append(record.values[endpoint][row])
                events.append(record.hasEvent[endpoint][row])
                arms.append(arm)
            }
        }
        guard !times.isEmpty else { return (nil, []) }
        return (try SurvivalData(times: times, events: events), arms)
    }
}

/// How well a baseline score tells who will have the event, in one arm.
package struct Discrimination: Sendable {
    /// Harrell's C, for all and for each group.
    package let concordance: StratifiedCells
    /// Cumulative/dynamic AUC at each day, for all.
    package let auc: [EstimateCell]
    /// Its average over the days, weighted by the drop of the survival curve, for all and for each group.
    package let integratedAUC: StratifiedCells

    package init(_ record: ArmRecord, endpoint: Int, score: [Double], days: [Double], strata: Strata) throws {
        let events = record.hasEvent[endpoint]
        let isKnown = zip(record.values[endpoint], score).map { $0.isFinite && $1.isFinite }
        func data(_ rows: [Int]) throws -> (SurvivalData, [Double])? {
            let known = rows.filter { isKnown[$0] }
            guard let data = try record.survivalData(endpoint, known) else { return nil }
            return (data, known.map { score[$0] })
        }
        concordance = try StratifiedCells(strata, isKnown: isKnown, events: events) { rows in
            guard let (data, scores) = try data(rows) else { return .undefined(.noValue) }
            return try Concordance(data, scores: scores).estimate
        }
        integratedAUC = try StratifiedCells(strata, isKnown: isKnown, events: events) { rows in
            guard !days.isEmpty, let (data, scores) = try data(rows) else { return .undefined(.noValue) }
            return try TimeDependentAUC(data, scores: scores, times: days).mean()
        }
        guard !days.isEmpty, let (whole, scores) = try data(strata.rows[0]) else {
            auc = []
            return
        }
        auc = try TimeDependentAUC(whole, scores: scores, times: days).points.map {
            EstimateCell(count: $0.cases + $0.controls, events: $0.cases, $0.auc)
        }
    }
}
