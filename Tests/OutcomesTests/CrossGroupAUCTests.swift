import Outcomes
import Testing

@Suite struct CrossGroupAUCTests {
    @Test(
        "Reference: pROC's area and DeLong's error of cases of one stratum and controls of another",
        arguments: ReferenceSet.all)
    func agreesWithPROC(_ set: ReferenceSet) throws {
        let reference = try BiasReference.of(set)
        let areas = try CrossGroupAUC(
            outcomes: set.column("status").map { $0 == 1 }, scores: set.r.lp, grouping: set.grouping("strat"))
        for (row, cells) in areas.cells.enumerated() {
            for (column, cell) in cells.enumerated() {
                guard let auc = reference.xauc[row][column].auc, let se = reference.xauc[row][column].se else {
                    #expect(cell.auc.value?.standardError.value == nil)
                    continue
                }
                let estimate = try require(cell.auc)
                #expect(agree(estimate.value, auc, 1e-10))
                if auc > 0, auc < 1 { #expect(agree(try require(estimate.standardError), se, 1e-9)) }
            }
        }
    }

    @Test("Identity: the diagonal is each group's own time-dependent AUC, error and all", arguments: ReferenceSet.all)
    func diagonal(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let grouping = try set.grouping("strat")
        let areas = try CrossGroupAUC(data, scores: set.r.lp, grouping: grouping, horizon: set.r.horizon)
        for (code, rows) in grouping.rows.enumerated() {
            let own = try TimeDependentAUC(
                data.subset(rows), scores: rows.map { set.r.lp[$0] }, times: [set.r.horizon])
            let cell = areas.cells[code][code]
            #expect((cell.cases, cell.controls) == (own.points[0].cases, own.points[0].controls))
            guard let expected = own.points[0].auc.value else {
                #expect(cell.auc.value == nil)
                continue
            }
            #expect(agree(try require(cell.auc).value, expected.value, 1e-12))
            if let error = expected.standardError.value {
                #expect(agree(try require(require(cell.auc).standardError), error, 1e-10))
            }
        }
    }

    @Test("Second route: pairs one by one and the error by differentiating in patients' weights")
    func secondRoute() throws {
        let data = try SurvivalData.tied(count: 60, span: 15, seed: 3)
        var sequence = TestSequence(seed: 9)
        let scores = (0..<60).map { _ in Double(sequence.integer(below: 12)) }
        let grouping = Grouping((0..<60).map { $0 % 3 == 0 ? "a" : "b" })
        let t = 8.0
        let areas = try CrossGroupAUC(data, scores: scores, grouping: grouping, horizon: t)
        let rows = grouping.rows
        let own = try rows.map { WeightedCensoring(try data.subset($0)) }
        func area(_ a: Int, _ b: Int, _ weights: [Double]) -> Double {
            let ofGroup = rows[a].map { weights[$0] }
            var won = 0.0
            var all = 0.0
            for i in rows[a] where data.events[i] && data.times[i] <= t {
                let w = weights[i] / own[a].before(data.times[i], ofGroup)
                for j in rows[b] where data.times[j] > t {
                    all += w * weights[j]
                    won += w * weights[j] * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0)
                }
            }
            return won / all
        }
        let plain = [Double](repeating: 1, count: 60)
        for a in 0..<2 {
            for b in 0..<2 {
                let estimate = try require(areas.cells[a][b].auc)
                #expect(agree(estimate.value, area(a, b, plain), 1e-12))
                let error = jackknifeError(count: 60, groups: rows) { area(a, b, $0) }
                #expect(agree(try require(estimate.standardError), error, 1e-6))
            }
        }
        let disparity = try require(areas.disparities[0].difference)
        #expect(agree(disparity.value, area(0, 1, plain) - area(1, 0, plain), 1e-12))
        let error = jackknifeError(count: 60, groups: rows) { area(0, 1, $0) - area(1, 0, $0) }
        #expect(agree(try require(disparity.standardError), error, 1e-6))
    }

    @Test("Invariant: without censoring the horizon's areas are those of the outcomes; labels only name")
    func uncensored() throws {
        let times = (1...40).map { Double(($0 * 17) % 41) }
        let data = try SurvivalData(times: times, events: times.map { _ in true })
        let scores = (0..<40).map { Double(($0 * 7) % 13) }
        let grouping = Grouping((0..<40).map { $0 % 2 })
        let byTime = try CrossGroupAUC(data, scores: scores, grouping: grouping, horizon: 20)
        let byOutcome = try CrossGroupAUC(outcomes: times.map { $0 <= 20 }, scores: scores, grouping: grouping)
        let swapped = try CrossGroupAUC(
            outcomes: times.map { $0 <= 20 }, scores: scores,
            grouping: Grouping(codes: grouping.codes.map { 1 - $0 }, labels: ["1", "0"]))
        for a in ["0", "1"] {
            for b in ["0", "1"] {
                let first = try require(#require(byTime.cell(cases: a, controls: b)).auc)
                let second = try #require(byOutcome.cell(cases: a, controls: b))
                #expect(agree(first.value, try require(second.auc).value, 1e-13))
                #expect(swapped.cell(cases: a, controls: b) == second)
            }
        }
        #expect(byTime.cell(cases: "2", controls: "0") == nil)
    }

    @Test("Undefined: a group without a case, without a control, of one patient, empty")
    func undefined() throws {
        let grouping = try Grouping(codes: [0, 0, 1, 1, 1], labels: ["a", "b", "c"])
        let areas = try CrossGroupAUC(
            outcomes: [true, true, true, false, false], scores: [1, 2, 3, 4, 2], grouping: grouping)
        #expect(areas.cells[0][0].auc.undefined?.reason == "the controls' group has no control")
        #expect(areas.cells[2][1].auc.undefined?.reason == "the cases' group has no case")
        #expect(try require(areas.cells[0][1].auc).value == 0.125)
        #expect(
            try require(areas.cells[1][1].auc).standardError.undefined?.reason
                == "1 cases and 2 controls: two of each have an error")
        #expect(areas.disparities.map(\.difference.undefined?.code) == ["no-controls", "no-controls", "no-controls"])
        let one = try CrossGroupAUC(
            SurvivalData(times: [1], events: [true]), scores: [1], grouping: Grouping(["a"]), horizon: 1)
        #expect(one.cells[0][0].auc.undefined?.code == "no-controls")
    }

    @Test("Failure: columns that do not fit, a horizon that is none")
    func failures() throws {
        let data = try SurvivalData(times: [1, 2], events: [true, true])
        let error = #expect(throws: InvalidInput.self) {
            try CrossGroupAUC(data, scores: [1], grouping: Grouping(["a"]), horizon: .nan)
        }
        #expect(
            error?.description == """
                score: found 1 rows, allowed is 2 rows, one for each patient
                group: found 1 rows, allowed is 2 rows, one for each patient
                row 1, horizon: found nan, allowed is a finite number
                """)
    }
}
