import Outcomes
import Testing

@Suite struct CoxRobustTests {
    @Test("R survival 3.5-3: robust and clustered errors, case weights, delayed entry", arguments: ReferenceSet.all)
    func agreesWithR(_ set: ReferenceSet) throws {
        let columns = try CoxReference.Columns(set)
        for ties in weightedTies {
            let expected = try #require(CoxReference.set(set).ties[ties.rawValue])
            func fit(
                _ data: SurvivalData, strata: Grouping? = nil, weights: [Double]? = nil, robust: Bool = false,
                cluster: Grouping? = nil
            ) throws -> CoxModel {
                try CoxModel(
                    data, covariates: strata == nil ? columns.covariates : columns.within, strata: strata,
                    weights: weights, ties: ties, robust: robust,
                    cluster: cluster)
            }
            check(try fit(columns.plain, robust: true), expected.robust, "robust, \(ties)")
            check(try fit(columns.plain, cluster: columns.cluster), expected.clustered, "clustered, \(ties)")
            check(try fit(columns.plain, weights: columns.weights), expected.weighted, "weighted, \(ties)")
            check(
                try fit(columns.plain, weights: columns.weights, robust: true), expected.weightedRobust,
                "weighted and robust, \(ties)")
            check(
                try fit(columns.late, strata: columns.strata, cluster: columns.cluster), expected.lateRobust,
                "late, \(ties)")
        }
    }

    @Test("R survival 3.5-3: recurrent events with changing covariates (Andersen and Gill), generated data")
    func recurrentEvents() throws {
        let spans = try CoxReference.SpanColumns("cox-spans")
        let covariates = try spans.covariates(["x1", "x2"])
        let id = try spans.grouping("id")
        for ties in weightedTies {
            let expected = try #require(CoxReference.all.spans[ties.rawValue])
            check(try CoxModel(spans.data, covariates: covariates, ties: ties), expected.model, "\(ties)")
            check(
                try CoxModel(spans.data, covariates: covariates, ties: ties, cluster: id), expected.clustered,
                "clustered, \(ties)")
            check(
                try CoxModel(
                    spans.data, covariates: covariates, strata: spans.grouping("strat"), ties: ties, cluster: id),
                try #require(expected.stratified), "stratified, \(ties)")
            check(
                try CoxModel(
                    spans.data, covariates: covariates, weights: try #require(spans.columns["weight"]), ties: ties,
                    cluster: id), try #require(expected.weighted), "weighted, \(ties)")
        }
    }

    @Test("R survival 3.5-3: rows cut at the day of a transplant, generated data")
    func waitingForTransplant() throws {
        let waiting = try CoxReference.SpanColumns("cox-waiting")
        let covariates = try waiting.covariates(["age", "surgery", "transplant"])
        for ties in weightedTies {
            let expected = try #require(CoxReference.all.waiting[ties.rawValue])
            check(try CoxModel(waiting.data, covariates: covariates, ties: ties), expected.model, "\(ties)")
            check(
                try CoxModel(waiting.data, covariates: covariates, ties: ties, cluster: waiting.grouping("id")),
                expected.clustered, "clustered, \(ties)")
        }
    }

    @Test("Invariant: cutting a row in two with the same covariates changes nothing, nor does its cluster's error")
    func cuttingRows() throws {
        for seed in 1...5 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 60, span: 20, seed: seed, delayed: true)
            var sequence = TestSequence(seed: seed + 40)
            let x = data.times.map { _ in sequence.uniform() }
            let entries = try #require(data.entries)
            // Cut in the middle, where there is one.
            var rows: [(id: Int, entry: Double, time: Double, event: Bool)] = []
            for i in data.times.indices {
                let middle = ((entries[i] + data.times[i]) / 2).rounded(.down)
                if middle > entries[i], middle < data.times[i] {
                    rows.append((i, entries[i], middle, false))
                    rows.append((i, middle, data.times[i], data.events[i]))
                } else {
                    rows.append((i, entries[i], data.times[i], data.events[i]))
                }
            }
            let cut = try SurvivalData(
                times: rows.map(\.time), events: rows.map(\.event), entries: rows.map(\.entry))
            for ties in weightedTies {
                let whole = try CoxModel(data, covariates: [.init("x", x)], ties: ties, robust: true)
                let parts = try CoxModel(
                    cut, covariates: [.init("x", rows.map { x[$0.id] })], ties: ties,
                    cluster: Grouping(rows.map(\.id)))
                #expect(agree(whole.logLikelihood, parts.logLikelihood, 1e-12), "seed \(seed), \(ties)")
                #expect(
                    agree(whole.coefficients[0].estimate, parts.coefficients[0].estimate, 1e-9), "seed \(seed), \(ties)"
                )
                #expect(
                    agree(
                        try require(whole.coefficients[0].standardError),
                        try require(parts.coefficients[0].standardError), 1e-9),
                    "seed \(seed), \(ties)")
            }
        }
    }

    @Test(
        "Identity: with Breslow's ties a weight of 2 is the row twice; a cluster of the copies is the row once, weighted"
    )
    func weightsAreCounts() throws {
        let data = try SurvivalData.tied(count: 50, span: 15, seed: 3)
        let weights = data.times.indices.map { Double(1 + $0 % 3) }
        let copies = data.times.indices.flatMap { Array(repeating: $0, count: 1 + $0 % 3) }
        let x = data.times.indices.map { Double($0 * 7 % 11) }
        let weighted = try CoxModel(
            data, covariates: [.init("x", x)], weights: weights, ties: .breslow, robust: true)
        let copied = try CoxModel(
            data.subset(copies), covariates: [.init("x", copies.map { x[$0] })], ties: .breslow,
            cluster: Grouping(copies))
        #expect(agree(weighted.coefficients[0].estimate, copied.coefficients[0].estimate, 1e-10))
        #expect(
            agree(
                try require(weighted.coefficients[0].standardError), try require(copied.coefficients[0].standardError),
                1e-10))
        #expect(agree(weighted.modelCovariance[0][0], copied.modelCovariance[0][0], 1e-10))
    }

    @Test("Failure: weights that are not positive, columns of another length, too few clusters")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4, 5], events: [true, true, false, true, true])
        let columns = [CovariateColumn("a", [1, 5, 2, 4, 3]), CovariateColumn("b", [1, 0, 2, 1, 4])]
        func message(_ fit: () throws -> CoxModel) -> String? {
            #expect(throws: InvalidInput.self) { try fit() }?.description
        }
        #expect(
            message { try CoxModel(data, covariates: columns, weights: [1, 0, -2, .nan, 1], ties: .exact) } == """
                row 4, weight: found nan, allowed is a finite number
                row 2, weight: found 0.0, allowed is a number > 0
                row 3, weight: found -2.0, allowed is a number > 0
                weight: found weights, allowed is none with exact ties
                """)
        #expect(
            message { try CoxModel(data, covariates: columns, ties: .exact, robust: true) }
                == "ties: found exact, allowed is efron or breslow for a robust covariance")
        #expect(
            message { try CoxModel(data, covariates: columns, cluster: Grouping([1, 2])) }
                == "cluster: found 2 rows, allowed is 5 rows, one for each patient")
        let tied = try SurvivalData.tied(count: 30, span: 9, seed: 2)
        var sequence = TestSequence(seed: 3)
        let noise = ["a", "b"].map { name in CovariateColumn(name, tied.times.map { _ in sequence.uniform() }) }
        let error = #expect(throws: CoxError.self) {
            try CoxModel(tied, covariates: noise, cluster: Grouping(tied.times.map { _ in 1 }))
        }
        #expect(
            error?.description
                == "Cox model: the robust covariance of 2 coefficients is singular; more clusters are needed")
    }
}
