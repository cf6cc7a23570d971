import Outcomes
import Testing

@testable import Trials

/// Backed by the estimators of Outcomes called directly, by direct formulas, and by the limits of empty groups.
@Suite struct TrialEstimateTests {
    /// A replicate of 60 patients, every third of them treated, from the values of all patients.
    private func replicate(_ values: [Double], events: [Bool]? = nil) throws -> Replicate {
        let arm = values.indices.map { $0 % 3 == 1 ? 1 : 0 }
        let records = try (0...1).map { side in
            let members = arm.indices.filter { arm[$0] == side }
            return try HandRecord.record(
                members.map { values[$0] }, events: events.map { events in members.map { events[$0] } })
        }
        return Replicate(
            number: 1, enrolmentDay: values.map { _ in 0 }, arm: arm, stratum: values.map { _ in 0 }, records: records,
            cohort: try HandRecord.cohort(values.count))
    }

    @Test("A continuous endpoint: Welch's test of the patients of each group, those without a value left out")
    func continuous() throws {
        var values = HandRecord.normals(60, seed: 20)
        values[4] = .nan
        let replicate = try replicate(values)
        let strata = try Strata(["sex", "smoker", "group"], of: replicate.cohort)
        let found = try TrialEstimate(replicate, endpoint: 0, scale: .continuous, strata: strata)
        #expect(found.cells.count == strata.labels.count)
        var compared = 0
        for (group, rows) in strata.rows.enumerated() {
            let known = rows.filter { $0 != 4 }
            let treated = known.filter { $0 % 3 == 1 }.map { values[$0] }
            let control = known.filter { $0 % 3 != 1 }.map { values[$0] }
            #expect(found.cells[group].count == known.count)
            guard treated.count > 1, control.count > 1 else {
                #expect(found.cells[group].value.isNaN && found.pValues[group].isNaN)
                #expect(
                    found.cells[group].reason
                        == "\(control.count) patients of the control arm and \(treated.count) of the treated arm have a value; two in each are needed"
                )
                continue
            }
            let welch = try MeanDifference(treated: treated, control: control)
            #expect(found.cells[group].value == welch.estimate.value)
            #expect(found.cells[group].standardError == (try welch.estimate.standardError.get()))
            #expect(found.pValues[group] == (try welch.test.get().pValue))
            compared += 1
        }
        // Women are patients 0, 3, 6, …: none of them treated.
        #expect(strata.labels[2] == "sex=female" && found.cells[2].value.isNaN)
        #expect(compared == 6)
    }

    @Test(
        "A time to event: Cox's log hazard ratio with the log-rank test; groups without patients, events or arms have none"
    )
    func timeToEvent() throws {
        let (times, events) = HandRecord.times(60, rate: 0.1, seed: 21)
        let replicate = try replicate(times, events: events)
        let strata = try Strata(["sex", "group"], of: replicate.cohort)
        let found = try TrialEstimate(replicate, endpoint: 0, scale: .timeToEvent, strata: strata)
        let arm = (0..<60).map { $0 % 3 == 1 ? 1.0 : 0 }
        let order = (0..<60).filter { arm[$0] == 0 } + (0..<60).filter { arm[$0] == 1 }
        let data = try SurvivalData(times: order.map { times[$0] }, events: order.map { events[$0] })
        let cox = try CoxModel(data, covariates: [CovariateColumn("treated", order.map { arm[$0] })])
        #expect(found.cells[0].value == cox.coefficients[0].estimate)
        #expect(found.cells[0].standardError == cox.coefficients[0].standardError.value)
        #expect(found.cells[0].events == events.count { $0 })
        let test = try LogRank(data, groups: Grouping(order.map { Int(arm[$0]) })).test.get()
        #expect(found.pValues[0] == test.pValue)
        // No woman is treated, and nobody belongs to the last group.
        #expect(found.cells[2].value.isNaN)
        #expect(found.cells[2].reason == CoxError.constant(covariate: "treated").description)
        #expect(found.cells[5].count == 0)
        #expect(found.cells[5].reason == "no patient of the group has a value")
        #expect(found.pValues[5].isNaN)
        let quiet = try self.replicate(times.map { _ in 10 })
        let none = try TrialEstimate(quiet, endpoint: 0, scale: .timeToEvent, strata: strata)
        #expect(none.cells[0].reason == CoxError.noEvents.description)
    }
}

/// Backed by direct formulas over a handful of estimates.
@Suite struct OperatingCharacteristicsTests {
    private func estimate(_ value: Double, error: Double, p: Double) -> (EstimateCell, Double) {
        (EstimateCell(count: 10, .value(Estimate(normal: value, standardError: error))), p)
    }

    private func trial(_ cells: [(EstimateCell, Double)]) -> TrialEstimate {
        TrialEstimate(cells: cells.map(\.0), pValues: cells.map(\.1))
    }

    private let missing = (EstimateCell(count: 0, .undefined(.noValue)), Double.nan)

    @Test("Power, bias, coverage and their Monte Carlo errors, group by group")
    func directFormulas() {
        let values = [1.0, 1.4, 0.2, 2.1, 0.9]
        let errors = [0.4, 0.5, 0.3, 0.6, 0.2]
        let p = [0.02, 0.04, 0.5, 0.001, 0.05]
        let trials = values.indices.map { index in
            trial([
                estimate(values[index], error: errors[index], p: p[index]),
                index < 2 ? estimate(3, error: 1, p: 0.9) : missing,
            ])
        }
        let rows = OperatingCharacteristics(trials, truth: [1.0, .nan], alpha: 0.05).rows
        let all = rows[0]
        #expect(all.replicates == 5)
        // A p-value of 0.05 does not reject at 0.05.
        #expect(all.rejected == 0.6)
        #expect(abs(all.rejectedError - (0.6 * 0.4 / 5).squareRoot()) < 1e-15)
        let (mean, error) = meanAndError(values)
        #expect(abs(all.meanEstimate - mean) < 1e-15)
        #expect(abs(all.meanError - error) < 1e-15)
        #expect(abs(all.deviation - error * 5.0.squareRoot()) < 1e-15)
        #expect(abs(all.meanReportedError - 0.4) < 1e-15)
        #expect(abs(all.bias - 0.12) < 1e-15)
        // 0.2 ± 1.96·0.3 ends at 0.79: the one interval that misses 1.
        #expect(all.coverage == 0.8)
        #expect(abs(all.coverageError - (0.8 * 0.2 / 5).squareRoot()) < 1e-15)
        let group = rows[1]
        #expect(group.replicates == 2)
        #expect(group.meanEstimate == 3 && group.rejected == 0 && group.deviation == 0)
        #expect(group.coverage.isNaN && group.bias.isNaN)
    }

    @Test("Trials without an error or a test count as such, and make no average unknown")
    func withoutErrors() {
        let bare = (
            EstimateCell(
                count: 4,
                .value(Estimate(value: 2, standardError: .undefined(.noValue), interval: .undefined(.noValue)))),
            Double.nan
        )
        let row = OperatingCharacteristics(
            [trial([bare]), trial([estimate(1, error: 0.5, p: 0.01)])], truth: [1], alpha: 0.05
        ).rows[0]
        #expect(row.replicates == 2)
        #expect(row.meanEstimate == 1.5)
        #expect(row.rejected == 0.5)
        #expect(row.meanReportedError == 0.5)
        #expect(row.coverage == 1)
        let none = OperatingCharacteristics([trial([missing])], truth: [1], alpha: 0.05).rows[0]
        #expect(none.replicates == 0)
        #expect(none.meanEstimate.isNaN && none.rejected.isNaN)
        let one = OperatingCharacteristics([trial([estimate(1, error: 0.5, p: 0.01)])], truth: [1], alpha: 0.05).rows[0]
        #expect(one.deviation.isNaN && one.meanError.isNaN && one.meanEstimate == 1)
    }
}
