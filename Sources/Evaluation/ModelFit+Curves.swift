import Outcomes

extension ModelFit {
    /// The Kaplan–Meier curve of some patients.
    package struct Curve: Sendable, Encodable {
        package var n: Int
        package var events: Int
        package var median: ShownEstimate
        /// The quantiles that were asked for.
        package var quantiles: [Quantile]?
        /// ∫₀^τ S(t) dt for the τ that was asked for.
        package var restrictedMean: TimedEstimate?
        /// A row for each distinct time.
        package var kaplanMeier: [CurveRow]

        init(_ data: SurvivalData, _ request: FitRequest) throws(InvalidInput) {
            let (kind, level) = (request.intervals, request.level)
            let curve = KaplanMeier(data)
            let errors = curve.standardErrors
            let bands = curve.intervals(kind, level: level)
            n = data.count
            events = data.eventCount
            median = ShownEstimate(curve.median(kind, level: level))
            if let probabilities = request.quantiles {
                var found: [Quantile] = []
                for probability in probabilities {
                    let quantile = try curve.quantile(probability, kind, level: level)
                    found.append(Quantile(probability: probability, value: ShownEstimate(quantile)))
                }
                quantiles = found
            }
            restrictedMean = request.horizon.map { horizon in
                let mean = curve.restrictedMean(to: horizon, level: level).map(\.estimate)
                return TimedEstimate(time: horizon, value: ShownEstimate(mean))
            }
            kaplanMeier = curve.times.indices.map { index in
                CurveRow(
                    time: curve.times[index], atRisk: curve.atRisk[index], events: curve.events[index],
                    censored: curve.censored[index], estimate: curve.survival[index], se: errors[index],
                    lower: bands[index]?.lower, upper: bands[index]?.upper)
            }
        }
    }

    /// The time by which a share of patients had the event.
    package struct Quantile: Sendable, Encodable {
        package var probability: Double
        package var value: ShownEstimate

        private enum CodingKeys: String, CodingKey { case probability }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(probability, forKey: .probability)
            try value.encode(to: encoder)
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

    mutating func fitCurves(_ request: FitRequest, _ rows: CompleteRows) throws {
        let data = try rows.survival(request.formula.response).mergingRoundedTimes()
        events = data.eventCount
        if request.level != .ninetyFivePercent { confidence = request.level.value }
        let all = try Curve(data, request)
        (median, quantiles, restrictedMean) = (all.median, all.quantiles, all.restrictedMean)
        kaplanMeier = all.kaplanMeier
        let factors = request.formula.groupingFactors
        let strata = request.formula.strata.filter { name in !factors.contains { $0.column == name } }
        let groupings = try factors.map(rows.groups) + strata.map(rows.grouping)
        guard let grouping = try rows.crossed(groupings, named: factors.map(\.name) + strata) else { return }
        groupingCount = groupings.count
        let curves = try zip(grouping.labels, grouping.rows).map { label, members in
            (label, try Curve(data.subset(members), request))
        }
        let names = factors.map { $0.column ?? $0.name } + strata
        by = [names.joined(separator: ", "): Dictionary(curves) { first, _ in first }]
    }
}
