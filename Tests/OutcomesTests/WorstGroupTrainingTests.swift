import NumericsCore
import Testing

@testable import Outcomes

@Suite struct WorstGroupTrainingTests {
    @Test("Reference: the least worst-group loss by scipy's SLSQP, logistic and Cox", arguments: ReferenceSet.all)
    func agreesWithScipy(_ set: ReferenceSet) throws {
        let python = try BiasReference.python(set)
        let covariates = try set.covariates(BiasReference.of(set).covariates)
        let grouping = try set.grouping("group")
        let logistic = try WorstGroupTraining(
            outcomes: set.column("status").map { $0 == 1 }, covariates: covariates, grouping: grouping)
        let cox = try WorstGroupTraining(set.survival(), covariates: covariates, grouping: grouping)
        for (training, expected) in [(logistic, python.worstLogistic), (cox, python.worstCox)] {
            #expect(training.isConverged, "gap \(training.dualityGap) after \(training.iterations)")
            let worst = training.lossReport.groups.compactMap(\.after.value?.value).max()
            #expect(agree(try #require(worst), expected, 1e-6))
            let before = training.lossReport.groups.compactMap(\.before.value?.value).max()
            #expect(try #require(before) >= #require(worst) - 1e-12)
            #expect(agree(training.groupWeights.reduce(0, +), 1, 1e-12))
        }
    }

    @Test("Identity: one group is the ordinary fit; Cox with one group is the Cox model", arguments: ReferenceSet.all)
    func oneGroup(_ set: ReferenceSet) throws {
        let covariates = try set.covariates(BiasReference.of(set).covariates)
        let data = try set.survival()
        let one = Grouping(data.times.map { _ in "all" })
        let cox = try WorstGroupTraining(data, covariates: covariates, grouping: one)
        let model = try CoxModel(data, covariates: covariates)
        #expect(cox.iterations == 0)
        #expect(agree(cox.coefficientsAfter, model.coefficients.map(\.estimate), 1e-8))
        #expect(
            agree(
                try require(cox.lossReport.overall.after).value, -model.logLikelihood / Double(data.eventCount), 1e-10))
        let outcomes = data.events
        let logistic = try WorstGroupTraining(outcomes: outcomes, covariates: covariates, grouping: one)
        let plain = try WeightedLogistic(outcomes, covariates, weights: outcomes.map { _ in 1 })
        #expect(agree(logistic.coefficientsAfter, plain.coefficients, 1e-8))
    }

    @Test("Identity: before, with groups as strata, is the stratified Cox model")
    func stratified() throws {
        let set = try ReferenceSet.named("pbc")
        let covariates = try set.covariates(["age", "logbili"])
        let grouping = try set.grouping("group")
        let training = try WorstGroupTraining(set.survival(), covariates: covariates, grouping: grouping)
        let model = try CoxModel(set.survival(), covariates: covariates, strata: grouping)
        #expect(agree(training.coefficientsBefore, model.coefficients.map(\.estimate), 1e-8))
    }

    @Test("Closed form: two groups that pull apart meet where their losses are equal; labels only name")
    func balanced() throws {
        // Group a has twice the outcomes at x = 1, group b at x = 0, a three times as large.
        var outcomes: [Bool] = []
        var x: [Double] = []
        var labels: [String] = []
        for row in 0..<120 {
            let isA = row < 90
            labels.append(isA ? "a" : "b")
            x.append(row % 2 == 0 ? 1 : 0)
            outcomes.append(row / 2 % 3 < ((row % 2 == 0) == isA ? 2 : 1))
        }
        let column = [CovariateColumn("x", x)]
        let training = try WorstGroupTraining(outcomes: outcomes, covariates: column, grouping: Grouping(labels))
        // By symmetry the saddle point does not use x: both lose log 2.
        #expect(training.isConverged)
        for group in training.lossReport.groups {
            #expect(abs(try require(group.after).value - 0.6931471805599453) < 1e-7)
        }
        #expect(agree(training.groupWeights, [0.5, 0.5], 1e-6))
        #expect(training.lossReport.worsened.map(\.label) == ["a"])
        let swapped = try WorstGroupTraining(
            outcomes: outcomes, covariates: column,
            grouping: Grouping(codes: labels.map { $0 == "a" ? 1 : 0 }, labels: ["b", "a"]))
        #expect(agree(swapped.coefficientsAfter, training.coefficientsAfter, 1e-6, floor: 1))
    }

    @Test("A group without patients or events has no loss and no weight; no event at all is refused")
    func emptyGroups() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4, 5, 6], events: [true, true, false, true, false, false])
        let column = [CovariateColumn("x", [1, 3, 2, 5, 1, 2])]
        let grouping = try Grouping(codes: [0, 0, 0, 0, 1, 1], labels: ["a", "b", "c"])
        let training = try WorstGroupTraining(data, covariates: column, grouping: grouping)
        #expect(training.groupWeights == [1, 0, 0])
        #expect(
            training.lossReport.groups[1].after.undefined?.reason
                == "the group has no patient with an outcome to score")
        let quiet = try SurvivalData(times: [1, 2], events: [false, false])
        #expect(throws: CoxError.noEvents) {
            try WorstGroupTraining(quiet, covariates: [CovariateColumn("x", [1, 2])], grouping: Grouping([1, 2]))
        }
    }
}
