import Outcomes
import Testing

@Suite struct DecisionRatesTests {
    @Test("Reference: fairlearn's rates, equalised odds and demographic parity", arguments: ReferenceSet.all)
    func agreesWithFairlearn(_ set: ReferenceSet) throws {
        let reference = try BiasReference.python(set)
        let frame = try Stratified<DecisionRates>(
            decisions: set.r.lp.map { $0 >= reference.cut }, outcomes: set.column("status").map { $0 == 1 },
            grouping: set.grouping("group"))
        func values(_ frame: Stratified<DecisionRates>) throws -> [Double] {
            try frame.groups.map { try require($0.estimate).value }
        }
        #expect(agree(try values(frame.equalOpportunity), reference.tpr, 1e-13))
        #expect(agree(try values(frame.falsePositives), reference.fpr, 1e-13))
        #expect(agree(try values(frame.demographicParity), reference.selection, 1e-13))
        #expect(agree(try require(frame.equalizedOddsDifference), reference.oddsDifference, 1e-12))
        #expect(agree(try require(frame.equalizedOddsRatio), reference.oddsRatio, 1e-12))
        #expect(agree(try require(frame.demographicParity.gap).difference, reference.parityDifference, 1e-12))
        #expect(agree(try require(frame.demographicParity.ratio(.higherIsBetter)).ratio, reference.parityRatio, 1e-12))
    }

    @Test("Second route: weighted sums written out, errors by differentiating in patients' weights")
    func secondRoute() throws {
        let data = try SurvivalData.tied(count: 70, span: 20, seed: 8)
        var sequence = TestSequence(seed: 2)
        let selected = (0..<70).map { _ in sequence.uniform() < 0.5 }
        let t = 11.0
        let rates = try DecisionRates(data, selected: selected, horizon: t)
        let censoring = WeightedCensoring(data)
        func terms(_ weights: [Double]) -> [Double] {
            weights.indices.map { row in
                if data.times[row] > t { return weights[row] / censoring.at(t, weights) }
                return data.events[row] ? weights[row] / censoring.before(data.times[row], weights) : 0
            }
        }
        func ratio(_ weights: [Double], _ above: (Int) -> Bool, _ below: (Int) -> Bool) -> Double {
            let w = terms(weights)
            var sums = (0.0, 0.0)
            for row in w.indices where below(row) {
                sums.1 += w[row]
                if above(row) { sums.0 += w[row] }
            }
            return sums.0 / sums.1
        }
        func isCase(_ row: Int) -> Bool { data.times[row] <= t }
        func check(_ estimate: Estimated<Estimate>, _ statistic: ([Double]) -> Double) throws {
            let found = try require(estimate)
            #expect(agree(found.value, statistic([Double](repeating: 1, count: 70)), 1e-12))
            #expect(agree(try require(found.standardError), jackknifeError(count: 70, statistic), 1e-6))
        }
        try check(rates.truePositiveRate) { ratio($0, { selected[$0] }, isCase) }
        try check(rates.falsePositiveRate) { ratio($0, { selected[$0] }, { !isCase($0) }) }
        try check(rates.positivePredictiveValue) { ratio($0, isCase, { selected[$0] }) }
        try check(rates.negativePredictiveValue) { ratio($0, { !isCase($0) }, { !selected[$0] }) }
        try check(rates.netBenefit(atThreshold: 0.2)) { weights in
            let w = terms(weights)
            let sum = w.indices.reduce(0) { $0 + (selected[$1] ? w[$1] * (isCase($1) ? 1 : -0.25) : 0) }
            return sum / weights.reduce(0, +)
        }
    }

    @Test("Identity: without censoring before the horizon the errors are binomial")
    func uncensored() throws {
        let times = (1...50).map { Double(($0 * 13) % 51) }
        let data = try SurvivalData(times: times, events: times.map { $0 <= 40 })
        let selected = (0..<50).map { $0 % 3 == 0 }
        let byTime = try DecisionRates(data, selected: selected, horizon: 25)
        let byOutcome = try DecisionRates(outcomes: times.map { $0 <= 25 }, selected: selected)
        for rate in [
            \DecisionRates.truePositiveRate, \.falsePositiveRate, \.positivePredictiveValue, \.negativePredictiveValue,
            \.selectionRate,
        ] {
            let first = try require(byTime[keyPath: rate])
            let second = try require(byOutcome[keyPath: rate])
            #expect(agree(first.value, second.value, 1e-13))
            #expect(agree(try require(first.standardError), try require(second.standardError), 1e-12))
        }
        let benefit = try require(byTime.netBenefit(atThreshold: 0.5))
        #expect(agree(benefit.value, try require(byOutcome.netBenefit(atThreshold: 0.5)).value, 1e-12))
    }

    @Test(
        "Identity: the weights of cases and controls sum to the patients, and prevalence is 1 − S(t)",
        arguments: ReferenceSet.all)
    func prevalence(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let everyone = try DecisionRates(data, selected: data.events.map { _ in true }, horizon: set.r.horizon)
        let survival = try require(KaplanMeier(data).survival(at: set.r.horizon))
        #expect(agree(try require(everyone.positivePredictiveValue).value, 1 - survival, 1e-10))
        // At even odds: cases less controls.
        #expect(agree(try require(everyone.netBenefit(atThreshold: 0.5)).value, 1 - 2 * survival, 1e-9, floor: 0.01))
    }

    @Test("Each group by a plain mask; one group is everyone", arguments: ReferenceSet.all)
    func masks(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let selected = set.r.lp.map { $0 > 0.5 }
        let codes = try set.column("strat")
        let frame = try Stratified<DecisionRates>(
            decisions: selected, data: data, horizon: set.r.horizon, grouping: set.grouping("strat"))
        for group in frame.groups {
            let rows = codes.indices.filter { "\(Int(codes[$0]))" == group.label }
            let own = try DecisionRates(
                data.subset(rows), selected: rows.map { selected[$0] }, horizon: set.r.horizon)
            #expect(try require(group.result).positivePredictiveValue == own.positivePredictiveValue)
            #expect(try require(group.result).truePositiveRate == own.truePositiveRate)
        }
        let one = try Stratified<DecisionRates>(
            decisions: selected, data: data, horizon: set.r.horizon, grouping: Grouping(codes.map { _ in "x" }))
        #expect(one.groups[0].estimate == one.overall.estimate)
    }

    @Test("Undefined: no case, no control, nobody selected; all alike has no error")
    func undefined() throws {
        let none = try DecisionRates(outcomes: [false, false], selected: [true, false])
        #expect(none.truePositiveRate.undefined?.reason == "there is no case")
        let nobody = try DecisionRates(outcomes: [false, true], selected: [false, false])
        #expect(nobody.positivePredictiveValue.undefined?.code == "nobody-selected")
        #expect(try require(nobody.truePositiveRate).standardError.undefined?.code == "one-outcome")
        let early = try DecisionRates(
            SurvivalData(times: [1, 2], events: [false, false]), selected: [true, true], horizon: 5)
        #expect(early.falsePositiveRate.undefined?.reason == "there is no control at time 5.0")
        #expect(
            early.netBenefit(atThreshold: 1).undefined?.reason == "threshold 1.0 is not a probability between 0 and 1")
        let length = #expect(throws: InvalidInput.self) { try DecisionRates(outcomes: [true], selected: []) }
        #expect(length?.description == "selected: found 0 rows, allowed is 1 rows, one for each patient")
    }
}
