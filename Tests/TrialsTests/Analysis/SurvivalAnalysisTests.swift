import NumericsCore
import Outcomes
import Testing

@testable import Trials

/// Backed by the estimators of Outcomes called directly on plainly built data, and by the limits.
@Suite struct SurvivalAnalysisTests {
    let strata = Result { try Strata(["sex", "group"], of: HandRecord.cohort(240)) }

    private func arms(_ rates: (Double, Double)) throws -> (treated: ArmRecord, control: ArmRecord) {
        let (a, b) = (HandRecord.times(240, rate: rates.0, seed: 10), HandRecord.times(240, rate: rates.1, seed: 11))
        var times = a.times
        times[3] = .nan
        return (try HandRecord.record(times, events: a.events), try HandRecord.record(b.times, events: b.events))
    }

    @Test("Hazard ratios and log-rank test agree with Cox and log-rank called directly")
    func comparison() throws {
        let (treated, control) = try arms((0.12, 0.05))
        let strata = try strata.get()
        let found = try SurvivalComparison(treated: treated, control: control, endpoint: 0, strata: strata)
        for (group, rows) in strata.rows.enumerated() where rows.count >= 10 {
            let kept = rows.filter { $0 != 3 }
            let data = try SurvivalData(
                times: kept.map { treated.values[0][$0] } + rows.map { control.values[0][$0] },
                events: kept.map { treated.hasEvent[0][$0] } + rows.map { control.hasEvent[0][$0] })
            let arm = kept.map { _ in 1.0 } + rows.map { _ in 0.0 }
            let cox = try CoxModel(data, covariates: [CovariateColumn("treated", arm)])
            let cell = found.hazardRatio.cells[group]
            #expect(cell.value == cox.coefficients[0].ratio().value)
            #expect(cell.standardError == cox.coefficients[0].standardError.value)
            if group == 0 {
                let test = try LogRank(data, groups: Grouping(arm.map { Int($0) })).test.get()
                #expect(found.logRank == test)
                // Rates 0.12 and 0.05: within four standard errors of their ratio.
                #expect(abs(Elementary.log(cell.value / 2.4)) < 4 * cell.standardError)
            }
        }
        #expect(found.hazardRatio.cells[4].count == 12)
        #expect(found.hazardRatio.cells[5].reason == "the group has no patient")
        #expect(found.hazardRatio.cells[5].count == 0)
    }

    @Test("Without an event there is no hazard ratio, and the reason says why; without a patient neither")
    func noEvents() throws {
        let strata = try strata.get()
        let quiet = try HandRecord.record([Double](repeating: 10, count: 240))
        let found = try SurvivalComparison(treated: quiet, control: quiet, endpoint: 0, strata: strata)
        #expect(found.logRank == nil)
        #expect(found.hazardRatio.cells[0].value.isNaN)
        #expect(found.hazardRatio.cells[0].reason == CoxError.noEvents.description)
        let lost = try HandRecord.record([Double](repeating: .nan, count: 240))
        let nobody = try SurvivalComparison(treated: lost, control: lost, endpoint: 0, strata: strata)
        #expect(nobody.logRank == nil)
        #expect(nobody.hazardRatio.cells[0].reason == "no patient of the group has a value")
    }

    @Test(
        "Discrimination agrees with concordance and time-dependent AUC called directly, patients without a score left out"
    )
    func discrimination() throws {
        let strata = try strata.get()
        let record = try arms((0.12, 0.05)).treated
        var score = HandRecord.normals(240, seed: 12).enumerated().map {
            $1 - 0.1 * (record.values[0][$0].isNaN ? 0 : record.values[0][$0])
        }
        score[40] = .nan
        let found = try Discrimination(record, endpoint: 0, score: score, days: [2, 5, 8], strata: strata)
        let kept = (0..<240).filter { $0 != 3 && $0 != 40 }
        let data = try SurvivalData(
            times: kept.map { record.values[0][$0] }, events: kept.map { record.hasEvent[0][$0] })
        let scores = kept.map { score[$0] }
        #expect(found.concordance.cells[0].value == (try Concordance(data, scores: scores).estimate.get().value))
        let auc = try TimeDependentAUC(data, scores: scores, times: [2, 5, 8])
        #expect(found.auc.map(\.value) == (try auc.points.map { try $0.auc.get().value }))
        #expect(found.auc.map(\.events) == auc.points.map { $0.cases })
        #expect(found.integratedAUC.cells[0].value == (try auc.mean().get().value))
        // The score was made from the times: it tells.
        #expect(found.concordance.cells[0].lower > 0.5)
        let none = try Discrimination(record, endpoint: 0, score: score, days: [], strata: strata)
        #expect(none.auc.isEmpty)
        #expect(none.integratedAUC.cells[0].value.isNaN)
        let unscored = try Discrimination(
            record, endpoint: 0, score: score.map { _ in .nan }, days: [2], strata: strata)
        #expect(unscored.auc.isEmpty)
        #expect(unscored.concordance.cells[0].reason == "no patient of the group has a value")
    }
}
