import Outcomes
import Testing

@Suite struct DocumentationTests {
    @Test("The example of the documentation runs, with numbers counted by hand")
    func example() throws {
        let data = try SurvivalData(
            times: [5, 8, 3, 9, 12, 2, 7, 11], events: [true, false, true, true, false, true, true, true])
        let score = [2.1, 0.4, 2.9, 1.8, 0.2, 2.5, 0.9, 1.1]
        let sex = Grouping(["f", "m", "f", "m", "f", "m", "f", "m"])
        // Deaths at 2, 3, 5, 7 of eight: S = 1/2 from 7 to the next event at 9; the middle is 8.
        #expect(KaplanMeier(data).median().time == .value(8))
        let auc = try TimeDependentAUC(data, scores: score, times: [6])
        #expect(auc.points[0].cases == 3)
        #expect(try require(auc.points[0].auc).value == 1)
        let bySex = try Stratified(sex, events: data.events) { rows in
            try Concordance(data.subset(rows), scores: rows.map { score[$0] }).estimate
        }
        #expect(bySex.groups.map(\.count) == [4, 4])
        #expect(bySex.groups.map(\.events) == [3, 3])
        // Women: times 5, 3, 12+, 7 with scores in perfect order. Men: 8+ (0.4) is compared with 2 only; 4 of 4 pairs.
        #expect(try require(bySex.groups[0].estimate).value == 1)
        #expect(try require(bySex.groups[1].estimate).value == 1)
        #expect(try require(bySex.gap).difference == 0)
        #expect(bySex.heterogeneity().undefined?.code == "few-groups")
    }
}
