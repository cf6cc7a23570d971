import NumericsCore
import Outcomes
import Testing

@Suite struct GroupRecalibrationTests {
    private func centred(_ set: ReferenceSet) -> [Double] {
        let mean = set.r.lp.reduce(0, +) / Double(set.r.lp.count)
        return set.r.lp.map { $0 - mean }
    }

    @Test("Reference: R's glm of the outcome on the logit risk in each group", arguments: ReferenceSet.all)
    func logistic(_ set: ReferenceSet) throws {
        let reference = try BiasReference.of(set)
        let predicted = centred(set).map { 1 / (1 + Elementary.exp(-$0)) }
        let recalibration = try GroupRecalibration(
            outcomes: set.column("status").map { $0 == 1 }, predicted: predicted, grouping: set.grouping("group"))
        for (line, expected) in zip(recalibration.lines, reference.recalibrated) {
            let line = try require(line)
            #expect(agree([line.intercept.value, line.slope.value], expected.coef, 1e-8))
            #expect(agree(try require(line.intercept.standardError), expected.se[0], 1e-8))
            #expect(agree(try require(line.slope.standardError), expected.se[1], 1e-8))
        }
        // Identity of the score equations: the mean risk of each group is its observed share.
        let report = try recalibration.report()
        for group in report.groups { #expect(try require(group.after).value < 1e-10) }
        #expect(try require(report.gapAfter).difference < 1e-10)
    }

    @Test("Reference: coxph and basehaz of R in each group", arguments: ReferenceSet.all)
    func hazard(_ set: ReferenceSet) throws {
        let reference = try BiasReference.of(set)
        let predicted = centred(set).map { -Elementary.expm1(-0.05 * Elementary.exp($0)) }
        let recalibration = try GroupRecalibration(
            set.survival(), horizon: reference.horizon, predicted: predicted, grouping: set.grouping("group"))
        for (line, expected) in zip(recalibration.lines, reference.hazard) {
            let line = try require(line)
            #expect(agree(line.slope.value, expected.slope, 1e-7))
            #expect(agree(try require(line.slope.standardError), expected.se, 1e-7))
            #expect(agree(line.intercept.value, expected.intercept, 1e-7))
        }
        for group in try recalibration.report().groups {
            #expect(try require(group.after).value < require(group.before).value)
        }
    }

    @Test("A group that cannot be fitted keeps its risks and says why; failure: risks of 0 or 1")
    func keepsRisks() throws {
        let outcomes = [true, true, false, true, false, true, false]
        let predicted = [0.2, 0.4, 0.3, 0.5, 0.6, 0.4, 0.5]
        let grouping = Grouping(["a", "a", "b", "b", "b", "b", "c"])
        let recalibration = try GroupRecalibration(outcomes: outcomes, predicted: predicted, grouping: grouping)
        #expect(recalibration.lines[0].undefined?.code == "no-line")
        #expect(
            recalibration.lines[2].undefined?.reason
                == "score: the patients who count all have the same outcome; both are needed")
        #expect(Array(recalibration.risks.after.prefix(2)) == [0.2, 0.4])
        let data = try SurvivalData(times: [1, 2, 3, 4, 5, 6, 7], events: outcomes)
        let hazard = try GroupRecalibration(data, horizon: 4, predicted: predicted, grouping: grouping)
        #expect(hazard.lines[2].undefined?.reason == "Cox model: there is no event; at least one is needed")
        let error = #expect(throws: InvalidInput.self) {
            try GroupRecalibration(outcomes: [true, false], predicted: [1, 0.5], grouping: Grouping([1, 2]))
        }
        #expect(
            error?.description
                == "row 1, predicted risk: found 1.0, allowed is a number strictly between 0 and 1")
    }

    @Test("Failure: reports of other groups")
    func otherGroups() throws {
        let one = try Stratified(Grouping(["a", "b"])) { _ in .value(Estimate(normal: 1, standardError: 1)) }
        let other = try Stratified(Grouping(["a", "a"])) { _ in .value(Estimate(normal: 1, standardError: 1)) }
        let error = #expect(throws: InvalidInput.self) {
            try MitigationReport("m", better: .higherIsBetter, before: one, after: other)
        }
        #expect(error?.description == "groups after: found a (2), allowed is a (1), b (1)")
    }
}
