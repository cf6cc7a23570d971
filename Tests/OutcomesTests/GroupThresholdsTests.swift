import NumericsCore
import Outcomes
import Testing

@Suite struct GroupThresholdsTests {
    @Test("By hand: the largest score at which the target share of cases is selected")
    func byHand() throws {
        let outcomes = [true, true, false, true, false, true, false, true, false, false]
        let scores = [0.9, 0.8, 0.8, 0.3, 0.1, 0.7, 0.6, 0.2, 0.2, 0.1]
        let grouping = Grouping(["a", "a", "a", "a", "a", "b", "b", "b", "b", "b"])
        let thresholds = try GroupThresholds(
            outcomes: outcomes, scores: scores, grouping: grouping, common: 0.5, truePositiveRate: 0.6)
        // Group a: 0.9 finds 1/3, 0.8 finds 2/3. Group b: 0.7 finds 1/2, 0.6 no more, 0.2 both.
        #expect(thresholds.thresholds.map(\.value) == [0.8, 0.2])
        #expect(thresholds.selectedBefore == [true, true, true, false, false, true, true, false, false, false])
        #expect(thresholds.selectedAfter == [true, true, true, false, false, true, true, true, true, false])
        let reports = try thresholds.reports()
        #expect(
            reports.map(\.metric) == [
                "true positive rate", "false positive rate", "share selected", "positive predictive value",
            ])
        #expect(agree(try require(reports[0].gapBefore).difference, 2.0 / 3 - 0.5, 1e-14))
        #expect(agree(try require(reports[0].gapAfter).difference, 1.0 / 3, 1e-14))
        // What it cost: b's false positives go from 1/3 to 2/3.
        #expect(reports[1].worsened.map(\.label) == ["b"])
        #expect(agree(try require(reports[1].groups[1].change), 1.0 / 3, 1e-14))
        let benefit = try thresholds.netBenefitReport(atThreshold: 0.5)
        // b: (1 − 1)/5 before, (2 − 2)/5 after.
        #expect(try require(benefit.groups[1].change) == 0)
    }

    @Test("Invariant: every group reaches the target and no higher score of it does", arguments: ReferenceSet.all)
    func reachesTarget(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let grouping = try set.grouping("strat")
        for target in [0.3, 0.8, 1.0] {
            let found = try GroupThresholds(
                data, horizon: set.r.horizon, scores: set.r.lp, grouping: grouping, common: 0, truePositiveRate: target)
            for (code, rows) in grouping.rows.enumerated() {
                let threshold = try require(found.thresholds[code])
                let scores = rows.map { set.r.lp[$0] }
                func rate(_ cut: Double) throws -> Double {
                    let rates = try DecisionRates(
                        data.subset(rows), selected: scores.map { $0 >= cut }, horizon: set.r.horizon)
                    return try require(rates.truePositiveRate).value
                }
                #expect(try rate(threshold) >= target - 1e-12)
                if let next = scores.filter({ $0 > threshold }).min() { #expect(try rate(next) < target) }
                #expect(try require(found.after.groups[code].estimate).value >= target - 1e-12)
            }
        }
    }

    @Test("Simulation: the gap in true positive rates closes to one case's weight")
    func closes() throws {
        var stream = RandomStream(seed: 5, purpose: .analysis, replicate: 0, patient: 0)
        var outcomes: [Bool] = []
        var scores: [Double] = []
        var labels: [String] = []
        for row in 0..<2000 {
            let outcome = stream.nextUniform() < 0.3
            outcomes.append(outcome)
            // The score of group b is shifted down: a common threshold misses its cases.
            scores.append(stream.nextNormal() + (outcome ? 1 : 0) - (row % 2 == 0 ? 0 : 0.8))
            labels.append(row % 2 == 0 ? "a" : "b")
        }
        let thresholds = try GroupThresholds(
            outcomes: outcomes, scores: scores, grouping: Grouping(labels), common: 0.5, truePositiveRate: 0.7)
        let report = try thresholds.reports()[0]
        #expect(try require(report.gapBefore).difference > 0.2)
        let cases = thresholds.before.groups.compactMap(\.events).min() ?? 1
        #expect(try require(report.gapAfter).difference <= 1 / Double(cases))
    }

    @Test("A group without a case keeps the common threshold; failure: a target that is none")
    func noCases() throws {
        let grouping = Grouping(["a", "a", "b"])
        let thresholds = try GroupThresholds(
            outcomes: [true, false, false], scores: [1, 2, 3], grouping: grouping, common: 2.5, truePositiveRate: 1)
        #expect(thresholds.thresholds[1].undefined?.reason == "the group has no case")
        #expect(thresholds.selectedAfter == [true, true, true])
        let error = #expect(throws: InvalidInput.self) {
            try GroupThresholds(
                outcomes: [true, false, false], scores: [1, .nan, 3], grouping: grouping, common: .infinity,
                truePositiveRate: 0)
        }
        #expect(
            error?.description == """
                row 2, score: found nan, allowed is a finite number
                common threshold: found inf, allowed is a finite number
                true positive rate: found 0.0, allowed is a number above 0 and at most 1
                """)
    }
}
