import Outcomes
import Testing

@testable import Trials

/// Backed by direct formulas over plain masks, and by the estimators of Outcomes called directly as a second route.
@Suite struct LevelsAndEffectsTests {
    private func strata(_ count: Int) throws -> Strata { try Strata(["sex", "group"], of: HandRecord.cohort(count)) }

    @Test("Values that are not there are left out of a mean, and a group of none says so")
    func meansLeaveOutMissing() throws {
        var values = HandRecord.normals(60, seed: 4)
        for patient in 0..<60 where patient % 3 == 0 || patient % 7 == 2 { values[patient] = .nan }
        let cells = try HandRecord.record(values).summary(of: 0, scale: .continuous, strata: strata(60)).cells
        let known = values.filter { !$0.isNaN }
        #expect(abs(cells[0].value - meanAndError(known).mean) < 1e-14)
        // The count is that of the values a number rests on.
        #expect(cells[0].count == known.count)
        #expect(cells[1].count == known.count)
        #expect(cells[2].count == 0)
        #expect(cells[2].value.isNaN)
        #expect(cells[2].reason == "no patient of the group has a value")
    }

    @Test("A time to event: one minus Kaplan and Meier's curve at its end, in percent, with Greenwood's error")
    func cumulativeIncidence() throws {
        let (times, events) = HandRecord.times(80, rate: 0.08, seed: 5)
        var spoilt = times
        spoilt[11] = .nan
        let cells = try HandRecord.record(spoilt, events: events).summary(
            of: 0, scale: .timeToEvent, strata: strata(80)
        ).cells
        // Everyone is followed to day 10: the curve is a plain share, its error binomial.
        let kept = (0..<80).filter { $0 != 11 }
        let share = Double(kept.count { events[$0] }) / 79
        #expect(abs(cells[0].value - 100 * share) < 1e-10)
        #expect(abs(cells[0].standardError - 100 * (share * (1 - share) / 79).squareRoot()) < 1e-10)
        #expect(cells[0].events == kept.count { events[$0] })
        #expect(cells[0].count == 79)
        let none = try HandRecord.record(times, events: times.map { _ in false }).summary(
            of: 0, scale: .timeToEvent, strata: strata(80))
        #expect(none.cells[0].value == 0)
        #expect(none.cells[0].standardError.isNaN)
        let noError = none.cells[0].estimate.value?.standardError.undefined
        #expect(noError?.reason == "no event was seen: there is no error")
    }

    @Test("A twin effect is the mean of individual effects, its error that of paired differences")
    func pairedEffects() throws {
        let patients = HandRecord.normals(300, seed: 6)
        let own = HandRecord.normals(300, seed: 7)
        var control = patients.map { 10 + 5 * $0 }
        let treated = zip(control, own).map { $0 + 1 + 0.5 * $1 }
        control[5] = .nan
        let strata = try strata(300)
        let effect = try TwinEffect(
            treated: HandRecord.record(treated), control: HandRecord.record(control), endpoint: 0, scale: .continuous,
            strata: strata
        ).cells
        for (group, rows) in strata.rows.enumerated() where rows.count >= 10 {
            let differences = rows.filter { $0 != 5 }.map { treated[$0] - control[$0] }
            let (mean, error) = meanAndError(differences)
            #expect(abs(effect.cells[group].value - mean) < 1e-12)
            #expect(abs(effect.cells[group].standardError - error) < 1e-12)
        }
        #expect(effect.cells[0].count == 299)
        // The unpaired error of such different patients would be more than ten times as large.
        let unpaired = try MeanDifference(treated: treated, control: control.filter { !$0.isNaN })
        let error = try unpaired.estimate.standardError.get()
        #expect(error > 10 * effect.cells[0].standardError)
        #expect(abs(effect.cells[0].value - 1) < 4 * effect.cells[0].standardError)
    }

    @Test("For a time to event, the difference of the shares with the event, paired")
    func pairedEvents() throws {
        let (times, events) = HandRecord.times(200, rate: 0.05, seed: 8)
        let (moreTimes, moreEvents) = HandRecord.times(200, rate: 0.09, seed: 8)
        // The same draws at a higher rate: nobody loses an event.
        #expect(zip(events, moreEvents).allSatisfy { !$0 || $1 })
        let strata = try strata(200)
        let cell = try TwinEffect(
            treated: HandRecord.record(moreTimes, events: moreEvents),
            control: HandRecord.record(times, events: events),
            endpoint: 0, scale: .timeToEvent, strata: strata
        ).cells.cells[0]
        let gained = zip(events, moreEvents).map { !$0 && $1 ? 100.0 : 0 }
        #expect(abs(cell.value - meanAndError(gained).mean) < 1e-12)
        #expect(abs(cell.standardError - meanAndError(gained).error) < 1e-12)
    }

    @Test("Nobody with a value: every group says so, and nothing is tested")
    func nobodyKnown() throws {
        let lost = try HandRecord.record([Double](repeating: .nan, count: 50))
        let strata = try strata(50)
        for scale in [EndpointScale.continuous, .timeToEvent] {
            let table = try lost.summary(of: 0, scale: scale, strata: strata)
            #expect(table.cells.count == strata.labels.count)
            #expect(table.cells.allSatisfy { $0.count == 0 && $0.reason == "no patient of the group has a value" })
            #expect(table.heterogeneity.map { $0.pValue.isNaN } == [true, true])
        }
    }

    @Test("An arm against itself has no effect, and no error")
    func noEffect() throws {
        let record = try HandRecord.record(HandRecord.normals(50, seed: 9))
        let cells = try TwinEffect(
            treated: record, control: record, endpoint: 0, scale: .continuous, strata: strata(50)
        ).cells.cells
        #expect(cells[0].value == 0)
        #expect(cells[0].standardError == 0)
    }
}
