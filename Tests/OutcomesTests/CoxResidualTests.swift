import Outcomes
import Testing

@Suite struct CoxResidualTests {
    private func check(
        _ residuals: CoxResiduals, _ expected: CoxReference.Residuals, byTime: Bool = true, _ comment: Comment
    ) {
        func rows(_ columns: [CovariateColumn]) -> [[Double]] {
            expected.rows.map { row in columns.map { $0.values[row] } }
        }
        // Residuals are differences: what cancels is compared with the largest of its column.
        func near(_ found: [[Double]], _ expected: [[Double]]) -> Bool {
            guard found.count == expected.count, let width = expected.first?.count else { return false }
            return (0..<width).allSatisfy { j in
                let size = expected.reduce(0) { max($0, abs($1[j])) }
                return zip(found, expected).allSatisfy { abs($0[j] - $1[j]) <= 1e-8 * size }
            }
        }
        #expect(agree(expected.rows.map { residuals.martingale[$0] }, expected.martingale, 1e-8, floor: 0.1), comment)
        #expect(agree(expected.rows.map { residuals.deviance[$0] }, expected.deviance, 1e-7, floor: 0.1), comment)
        #expect(near(rows(residuals.score), expected.score), comment)
        #expect(near(rows(residuals.dfbeta), expected.dfbeta), comment)
        #expect(near(expected.events.map { residuals.schoenfeld[$0].values }, expected.schoenfeld), comment)
    }

    @Test("R survival 3.5-3: martingale, deviance, score, dfbeta, Schoenfeld", arguments: ReferenceSet.all)
    func agreesWithR(_ set: ReferenceSet) throws {
        let columns = try CoxReference.Columns(set)
        for ties in weightedTies {
            let expected = try #require(CoxReference.set(set).ties[ties.rawValue])
            let plain = try CoxModel(columns.plain, covariates: columns.covariates, ties: ties)
            check(try plain.residuals(), expected.residuals, "plain, \(ties)")
            let late = try CoxModel(columns.late, covariates: columns.covariates, ties: ties)
            check(try late.residuals(), expected.lateResiduals, "late, \(ties)")
            let coarse = try CoxModel(columns.coarse, covariates: columns.covariates, ties: ties)
            check(try coarse.residuals(), expected.coarseResiduals, "coarse, \(ties)")
            let weighted = try CoxModel(
                columns.plain, covariates: columns.covariates, weights: columns.weights, ties: ties)
            check(try weighted.residuals(), expected.weightedResiduals, "weighted, \(ties)")
        }
    }

    @Test("R survival 3.5-3: spans of changing covariates")
    func spans() throws {
        let spans = try CoxReference.SpanColumns("cox-spans")
        for ties in weightedTies {
            let model = try CoxModel(spans.data, covariates: spans.covariates(["x1", "x2"]), ties: ties)
            check(try model.residuals(), try #require(CoxReference.all.spans[ties.rawValue]).residuals, "\(ties)")
        }
    }

    @Test("Invariant: martingale and score residuals sum to 0, expected events to the events, in strata too")
    func sums() throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            let data = try SurvivalData.tied(count: 80, span: 12, seed: seed, delayed: seed % 2 == 0)
            var sequence = TestSequence(seed: seed + 11)
            let x = data.times.map { _ in sequence.uniform() * 10 }
            let weights = data.times.map { _ in 0.5 + sequence.uniform() }
            for ties in weightedTies {
                let model = try CoxModel(
                    data, covariates: [.init("x", x)], strata: Grouping(data.times.indices.map { $0 % 3 }),
                    weights: weights, ties: ties)
                let residuals = try model.residuals()
                func sum(_ values: [Double]) -> Double { zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } }
                #expect(abs(sum(residuals.martingale)) < 1e-10, "seed \(seed), \(ties)")
                #expect(abs(sum(residuals.score[0].values)) < 1e-8, "seed \(seed), \(ties)")
                #expect(residuals.schoenfeld.count == data.eventCount)
            }
        }
    }

    /// The change of the estimate is linear in 1/n to first order: the largest of 200 is off by a few per cent.
    @Test("Second route: dfbeta is the change when a patient is left out, to first order")
    func leaveOneOut() throws {
        let data = try SurvivalData.tied(count: 200, span: 60, seed: 21)
        var sequence = TestSequence(seed: 22)
        let x = data.times.map { _ in sequence.uniform() }
        let model = try CoxModel(data, covariates: [.init("x", x)])
        let dfbeta = try model.residuals().dfbeta[0].values
        let scale = dfbeta.reduce(0) { max($0, abs($1)) }
        for row in [0, 17, 60, 133, 199] {
            let rest = data.times.indices.filter { $0 != row }
            let without = try CoxModel(data.subset(rest), covariates: [.init("x", rest.map { x[$0] })])
            let change = model.coefficients[0].estimate - without.coefficients[0].estimate
            #expect(abs(change - dfbeta[row]) < 0.05 * scale, "row \(row)")
        }
    }

    @Test("Closed form: three patients, one covariate, hazard ratio 1/√2")
    func closedForm() throws {
        // Risks r, 1, r with r = 1/√2: hazards 1/(2r + 1), 1/(r + 1), 1/r.
        let data = try SurvivalData(times: [1, 2, 3], events: [true, true, true])
        let residuals = try CoxModel(data, covariates: [.init("x", [1, 0, 1])]).residuals()
        let r = 0.5.squareRoot()
        let expected = [r / (2 * r + 1), 1 / (2 * r + 1) + 1 / (r + 1), r / (2 * r + 1) + r / (r + 1) + 1]
        #expect(agree(residuals.expectedEvents, expected, 1e-12))
        #expect(agree(residuals.schoenfeld[0].values[0], 1 - 2 * r / (2 * r + 1), 1e-12))
        #expect(residuals.schoenfeld.map(\.row) == [0, 1, 2])
    }

    @Test("Failure: exact ties have no such residuals")
    func exactTies() throws {
        let data = try SurvivalData(times: [1, 1, 2, 3], events: [true, true, true, false])
        let model = try CoxModel(data, covariates: [.init("x", [1, 4, 2, 3])], ties: .exact)
        let error = #expect(throws: InvalidInput.self) { try model.residuals() }
        #expect(error?.description == "ties: found exact, allowed is efron or breslow for residuals")
    }
}
