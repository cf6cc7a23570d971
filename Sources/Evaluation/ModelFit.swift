import Outcomes

/// What `trialist fit` finds.
package struct ModelFit: Sendable, Encodable {
    package var file: String
    package var kind: String
    package var formula: String
    package var n: Int
    package var events: Int
    /// Rows that were left out because something that the formula names is missing.
    package var missing: Int
    package var ties: String?
    package var distribution: String?
    package var cause: Int?
    package var coefficients: [Coefficient]?
    /// σ of each stratum of an accelerated failure time model.
    package var scale: [Double]?
    package var nullLogLikelihood: Double?
    package var logLikelihood: Double?
    package var test: Test?
    /// The curve of all patients, and the curves of groups by the columns' names and the group's.
    package var median: ShownEstimate?
    package var kaplanMeier: [CurveRow]?
    package var by: [String: [String: Curve]]?
    package var groups: [TestGroup]?

    package struct Coefficient: Sendable, Encodable {
        package var name: String
        /// Null, with a reason, for a column that says nothing beyond those before it.
        package var estimate: Double?
        /// Null where rounding leaves no error.
        package var se: Double?
        package var z: Double?
        package var p: Double?
        package var reason: ShownEstimate.Reason?

        private enum CodingKeys: String, CodingKey { case name, estimate, se, z, p, reason }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(estimate, forKey: .estimate)
            try container.encode(se, forKey: .se)
            // An error of 0, as clusters that agree leave it, has no finite z.
            try container.encode(z.flatMap { $0.isFinite ? $0 : nil }, forKey: .z)
            try container.encode(p.flatMap { $0.isFinite ? $0 : nil }, forKey: .p)
            try container.encodeIfPresent(reason, forKey: .reason)
        }

        package init(
            name: String, estimate: Double? = nil, se: Double? = nil, z: Double? = nil, p: Double? = nil,
            reason: ShownEstimate.Reason? = nil
        ) {
            (self.name, self.estimate, self.se, self.z, self.p, self.reason) = (name, estimate, se, z, p, reason)
        }

        init(_ row: CoefficientRow, named name: String? = nil) {
            self.init(
                name: name ?? row.name, estimate: row.estimate, se: row.standardError.value, z: row.statistic.value,
                p: row.pValue.value)
        }
    }

    /// A chi-square test: of all groups, or of all coefficients by the likelihood ratio.
    package struct Test: Sendable, Encodable {
        package var name: String
        package var statistic: Double?
        package var df: Int?
        package var p: Double?
        package var reason: ShownEstimate.Reason?

        init(_ name: String, _ test: Estimated<ChiSquareTest>) {
            self.name = name
            statistic = test.value?.statistic
            df = test.value?.degreesOfFreedom
            p = test.value?.pValue
            reason = test.undefined.map(ShownEstimate.Reason.init)
        }
    }

    /// The Kaplan–Meier curve of some patients.
    package struct Curve: Sendable, Encodable {
        package var n: Int
        package var events: Int
        package var median: ShownEstimate
        /// A row for each distinct time.
        package var kaplanMeier: [CurveRow]

        init(_ data: SurvivalData, _ kind: KaplanMeier.IntervalKind) {
            let curve = KaplanMeier(data)
            let errors = curve.standardErrors
            let bands = curve.intervals(kind)
            n = data.count
            events = data.eventCount
            median = ShownEstimate(curve.median(kind))
            kaplanMeier = curve.times.indices.map { index in
                CurveRow(
                    time: curve.times[index], atRisk: curve.atRisk[index], events: curve.events[index],
                    censored: curve.censored[index], estimate: curve.survival[index], se: errors[index],
                    lower: bands[index]?.lower, upper: bands[index]?.upper)
            }
        }
    }

    /// A curve at one time.
    package struct CurveRow: Sendable, Encodable {
        package var time: Double
        package var atRisk: Int
        package var events: Int
        package var censored: Int
        package var estimate: Double
        package var se: Double?
        package var lower: Double?
        package var upper: Double?
    }

    /// One group of a log-rank test.
    package struct TestGroup: Sendable, Encodable {
        package var group: String
        package var n: Int
        package var events: Int
        package var observed: Double
        package var expected: Double
    }

    /// Fits the model to a table.
    ///
    /// - Throws: ``EvaluationErrors`` for columns and values that are not allowed, and where there is no finite estimate.
    package init(_ request: FitRequest, to table: DataTable) throws {
        var request = request
        request.formula = request.formula.expanded(over: table.names)
        try request.refuseUnused()
        let rows = try CompleteRows(table, columns: request.formula.columns + [request.weights].compactMap { $0 })
        file = table.file
        kind = request.kind.rawValue
        formula = request.formula.text
        missing = rows.leftOut
        n = rows.count
        events = 0
        do {
            switch request.kind {
            case .kaplanMeier: try fitCurves(request, rows)
            case .logRank: try fitLogRank(request, rows)
            case .cox: try fitCox(request, rows)
            case .aft: try fitAFT(request, rows)
            case .fineGray: try fitFineGray(request, rows)
            }
        } catch let error as InvalidInput {
            throw EvaluationErrors(error, rows: rows)
        } catch let error as CoxError {
            throw EvaluationErrors("\(error)", at: table.file)
        } catch let error as FitError {
            throw EvaluationErrors("\(error)", at: table.file)
        } catch let error as FineGrayError {
            throw EvaluationErrors("\(error)", at: table.file)
        }
    }

    private mutating func fitCurves(_ request: FitRequest, _ rows: CompleteRows) throws {
        let data = try rows.survival(request.formula.response).mergingRoundedTimes()
        events = data.eventCount
        let all = Curve(data, request.intervals)
        (median, kaplanMeier) = (all.median, all.kaplanMeier)
        let factors = request.formula.groupingFactors
        let strata = request.formula.strata.filter { name in !factors.contains { $0.column == name } }
        let groupings = try factors.map(rows.groups) + strata.map(rows.grouping)
        guard let grouping = try rows.crossed(groupings) else { return }
        let curves = try zip(grouping.labels, grouping.rows).map { label, members in
            (label, Curve(try data.subset(members), request.intervals))
        }
        let names = factors.map { $0.column ?? $0.name } + strata
        by = [names.joined(separator: ", "): Dictionary(curves) { first, _ in first }]
    }

    private mutating func fitLogRank(_ request: FitRequest, _ rows: CompleteRows) throws {
        let data = try rows.survival(request.formula.response).mergingRoundedTimes()
        events = data.eventCount
        let factors = request.formula.groupingFactors
        guard let grouping = try rows.crossed(factors.map(rows.groups)), grouping.labels.count > 1 else {
            throw EvaluationErrors(
                "found one group, allowed: a column with two or more after ~", at: "formula '\(request.formula.text)'")
        }
        let result = try LogRank(
            data, groups: grouping, strata: rows.grouping(request.formula.strata), weight: request.weight)
        test = Test("log-rank", result.test)
        groups = result.groups.map {
            TestGroup(group: $0.label, n: $0.count, events: $0.events, observed: $0.observed, expected: $0.expected)
        }
    }

    private mutating func fitCox(_ request: FitRequest, _ rows: CompleteRows) throws {
        let data = try rows.survival(request.formula.response).mergingRoundedTimes()
        events = data.eventCount
        let (strata, cluster) = (
            try rows.grouping(request.formula.strata), try rows.grouping([request.formula.cluster].compactMap { $0 })
        )
        let weights = try request.weights.map(rows.numbers)
        let (model, omitted) = try Self.omittingAliased(from: columns(request, rows)) {
            try CoxModel(
                data, covariates: $0, strata: strata, weights: weights, ties: request.ties, cluster: cluster)
        }
        ties = request.ties.rawValue
        coefficients = omitted.rows(model.coefficients.map { Coefficient($0) })
        (nullLogLikelihood, logLikelihood) = (model.nullLogLikelihood, model.logLikelihood)
        test = Test("likelihood ratio", .value(model.likelihoodRatioTest))
    }

    private mutating func fitAFT(_ request: FitRequest, _ rows: CompleteRows) throws {
        let data = try rows.survival(request.formula.response)
        events = data.eventCount
        let strata = try rows.grouping(request.formula.strata)
        let (model, omitted) = try Self.omittingAliased(from: ModelColumns(request.formula, rows).columns) {
            try AFTModel(data, covariates: $0, family: request.family, fixedScale: request.scale, strata: strata)
        }
        distribution = request.family.rawValue
        let slopes = model.coefficients.map { Coefficient($0) }
        // As R names them.
        let scales = model.logScales.map { Coefficient($0, named: "L" + $0.name.dropFirst()) }
        coefficients = omitted.rows(slopes, after: 1) + scales
        scale = model.scales
        (nullLogLikelihood, logLikelihood) = (model.nullLogLikelihood, model.logLikelihood)
        test = Test("likelihood ratio", model.likelihoodRatioTest)
    }

    private mutating func fitFineGray(_ request: FitRequest, _ rows: CompleteRows) throws {
        guard case .survival(let start, let time, let event) = request.formula.response, event.code == nil,
            event.condition == nil
        else {
            throw EvaluationErrors(
                "found no Surv(time, cause) on the left of ~, whose cause is 0 for censored; --cause says which is meant",
                at: "formula '\(request.formula.text)'")
        }
        let data = try CompetingRisksData(
            times: time.numbers(rows), causes: rows.codes(event.column, cause: request.cause),
            entries: start.map { try $0.numbers(rows) })
        events = data.eventCount(of: request.cause)
        cause = request.cause
        let (model, omitted) = try Self.omittingAliased(from: columns(request, rows)) {
            try FineGrayModel(data, cause: request.cause, covariates: $0)
        }
        coefficients = omitted.rows(model.coefficients.map { Coefficient($0) })
        (nullLogLikelihood, logLikelihood) = (model.nullLogLikelihood, model.logLikelihood)
        test = Test("likelihood ratio", .value(model.likelihoodRatioTest))
    }

    private func columns(_ request: FitRequest, _ rows: CompleteRows) throws -> [CovariateColumn] {
        let columns = try ModelColumns(request.formula, rows).columns
        guard !columns.isEmpty else {
            throw EvaluationErrors(
                "found no covariate after ~, allowed: at least one", at: "formula '\(request.formula.text)'")
        }
        return columns
    }
}

extension Formula {
    /// What makes groups: plain terms, as `survfit` and `survdiff` take them.
    var groupingFactors: [Factor] {
        var seen: Set<String> = []
        return terms.flatMap { $0 }.filter { seen.insert($0.column ?? $0.name).inserted }
    }
}
