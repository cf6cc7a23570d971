import Outcomes
import Testing

@Suite struct CrossGroupConcordanceTests {
    @Test(
        "Identity: the diagonal is each group's own index, and the pair-weighted average of all is everyone's",
        arguments: ReferenceSet.all)
    func diagonalAndAverage(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let grouping = try set.grouping("strat")
        for weighting in Concordance.Weighting.allCases {
            let cross = try CrossGroupConcordance(
                data, scores: set.r.lp, grouping: grouping, weighting: weighting, horizon: set.r.horizon)
            for (code, rows) in grouping.rows.enumerated() {
                let own = try Concordance(
                    data.subset(rows), scores: rows.map { set.r.lp[$0] }, weighting: weighting,
                    horizon: set.r.horizon)
                let cell = try require(cross.cells[code][code].concordance)
                let expected = try require(own.estimate)
                #expect(agree(cell.value, expected.value, 1e-12))
                #expect(agree(try require(cell.standardError), try require(expected.standardError), 1e-10))
            }
        }
        let cross = try CrossGroupConcordance(data, scores: set.r.lp, grouping: grouping)
        var pairs = 0.0
        var right = 0.0
        for cell in cross.cells.joined() {
            pairs += cell.pairs
            right += cell.pairs * (cell.concordance.value?.value ?? 0)
        }
        #expect(agree(right / pairs, set.r.concordance.c, 1e-12))
        #expect(agree(try require(cross.fractions.overall.estimate).value, set.r.concordance.c, 1e-12))
    }

    @Test("Second route: pairs one by one, errors by differentiating in patients' weights")
    func secondRoute() throws {
        let data = try SurvivalData.tied(count: 50, span: 12, seed: 21)
        var sequence = TestSequence(seed: 4)
        let scores = (0..<50).map { _ in Double(sequence.integer(below: 9)) }
        let grouping = Grouping((0..<50).map { $0 % 3 })
        let cross = try CrossGroupConcordance(data, scores: scores, grouping: grouping)
        func pair(_ i: Int, _ j: Int) -> Double? {
            guard data.events[i], data.times[i] < data.times[j] || (data.times[i] == data.times[j] && !data.events[j])
            else { return nil }
            return scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0
        }
        func index(_ weights: [Double], _ isIn: (Int, Int) -> Double) -> Double {
            var right = 0.0
            var all = 0.0
            for i in 0..<50 {
                for j in 0..<50 where i != j {
                    guard let credit = pair(i, j) else { continue }
                    let w = weights[i] * weights[j] * isIn(i, j)
                    right += w * credit
                    all += w
                }
            }
            return right / all
        }
        let plain = [Double](repeating: 1, count: 50)
        for a in 0..<3 {
            for b in 0..<3 {
                func member(_ i: Int, _ j: Int) -> Double { grouping.codes[i] == a && grouping.codes[j] == b ? 1 : 0 }
                let estimate = try require(cross.cells[a][b].concordance)
                #expect(agree(estimate.value, index(plain, member), 1e-12))
                let error = jackknifeError(count: 50) { index($0, member) }
                #expect(agree(try require(estimate.standardError), error, 1e-6))
            }
            func touches(_ i: Int, _ j: Int) -> Double {
                (grouping.codes[i] == a ? 1 : 0) + (grouping.codes[j] == a ? 1 : 0)
            }
            let fraction = try require(cross.fractions.groups[a].estimate)
            #expect(agree(fraction.value, index(plain, touches), 1e-12))
            let error = jackknifeError(count: 50) { index($0, touches) }
            #expect(agree(try require(fraction.standardError), error, 1e-6))
        }
        let values = cross.fractions.groups.compactMap(\.estimate.value?.value)
        let imparity = try require(cross.imparity).difference
        #expect(agree(imparity, (values.max() ?? 0) - (values.min() ?? 0), 1e-14))
    }

    @Test("Undefined: a group of one patient, an empty group; a perfect order has no error")
    func undefined() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4], events: [true, true, true, false])
        let grouping = try Grouping(codes: [0, 1, 1, 1], labels: ["a", "b", "c"])
        let cross = try CrossGroupConcordance(data, scores: [4, 3, 2, 1], grouping: grouping, weighting: .uno)
        #expect(cross.cells[0][0].concordance.undefined?.code == "no-comparable-pairs")
        #expect(cross.cells[1][0].concordance.undefined?.code == "no-comparable-pairs")
        let perfect = try require(cross.cells[0][1].concordance)
        #expect(perfect.value == 1)
        #expect(perfect.standardError.undefined?.code == "no-variation")
        #expect(cross.fractions.groups[2].estimate.undefined?.reason == "the group has no patient")
        #expect(try require(cross.fractions.groups[0].estimate).value == 1)
        #expect(try #require(cross.cell(earlier: "a", later: "b")).pairs == 3)
    }

    @Test("Failure: delayed entry, columns that do not fit")
    func failures() throws {
        let delayed = try SurvivalData(times: [1, 2], events: [true, true], entries: [0, 1])
        let error = #expect(throws: InvalidInput.self) {
            try CrossGroupConcordance(delayed, scores: [1, 2], grouping: Grouping([1, 2]))
        }
        #expect(
            error?.description
                == "entry: found delayed entry, allowed is no entry times for the cross-group concordance")
    }
}
