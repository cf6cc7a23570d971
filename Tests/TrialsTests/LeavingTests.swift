import NumericsCore
import Regimes
import Testing

@testable import Trials

/// Backed by closed forms of constant hazards, by the patient's own streams as a second route, and by the meaning of each
/// consequence followed by hand.
@Suite struct LeavingTests {
    @Test("Dropout is exponential: its rate is recovered within four standard errors, its days agree with the stream")
    func dropout() throws {
        var trial = TinyTrial()
        trial.dropoutPerDay = 0.08
        let record = try trial.record(trial.arm("dose <- 1"), patients: 3000)
        let left = record.droppedOut.count { $0 }
        let observed = record.lastDay.reduce(0, +)
        // The maximum likelihood rate of censored exponential times, and its standard error.
        let rate = Double(left) / observed
        #expect(abs(rate - 0.08) < 4 * rate / Double(left).squareRoot())
        for patient in 0..<3000 {
            let day = trial.dropoutDay(patient)
            #expect(record.droppedOut[patient] == (day < 10))
            #expect(record.lastDay[patient] == min(day, 10))
        }
    }

    @Test("A constant hazard gives exponential event times, at the day where it reaches the patient's threshold")
    func constantHazard() throws {
        var trial = TinyTrial()
        trial.hazards = [("bleed", .followUp, "hazard <- 0.15")]
        trial.endpoints = [Endpoint(name: "bleed", title: "bleed", unit: "d", measure: EventTime(event: 0))]
        let record = try trial.record(trial.arm("dose <- 1"), patients: 3000)
        var times: [Double] = []
        for patient in 0..<3000 {
            let day = trial.threshold(patient) / 0.15
            #expect(record.hasEvent[0][patient] == (day <= 10))
            #expect(abs(record.values[0][patient] - min(day, 10)) < 1e-8)
            #expect(record.lastDay[patient] == record.values[0][patient])
            if record.hasEvent[0][patient] { times.append(record.values[0][patient]) }
        }
        // Among those with an event: the exponential law cut off at day 10.
        let all = 1 - Elementary.exp(-1.5)
        #expect(abs(Double(times.count) / 3000 - all) < 4 * (all * (1 - all) / 3000).squareRoot())
        #expect(kolmogorovDistance(times) { (1 - Elementary.exp(-0.15 * $0)) / all } < 1.95)
    }

    @Test("A hazard that follows the amount: the day solves the closed form of its integral")
    func hazardOfTheState() throws {
        var trial = TinyTrial()
        trial.hazards = [("bleed", .followUp, "hazard <- 0.02 * x")]
        trial.doseInterval = 100
        trial.model = "model({\nd/dt(a) <- -0.1 * a\nx <- a\nx ~ add(sd)\n})"
        let paths = try trial.paths(trial.arm("dose <- 8", then: "dose <- dose"), patients: 400)
        for (patient, path) in paths.enumerated() {
            // 0.02 · 8 / 0.1 · (1 − exp(−0.1 t)) reaches the threshold, or never.
            let share = trial.threshold(patient) / 1.6
            let day = share < 1 ? -10 * Elementary.log(1 - share) : .infinity
            #expect(day <= 10 ? abs(path.eventDays[0] - day) < 1e-5 : path.eventDays[0] == .infinity)
        }
    }

    /// A trial in which dropout, an event that ends follow-up and one that ends nothing race each other.
    private var race: TinyTrial {
        var trial = TinyTrial()
        trial.dropoutPerDay = 0.1
        trial.hazards = [("death", .followUp, "hazard <- 0.1"), ("rash", .nothing, "hazard <- 0.2")]
        trial.endpoints = [
            Endpoint(name: "death", title: "", unit: "d", measure: EventTime(event: 0)),
            Endpoint(name: "rash", title: "", unit: "d", measure: EventTime(event: 1)),
            Endpoint(name: "mean_dose", title: "", unit: "mg/d", measure: MeanDose()),
        ]
        return trial
    }

    @Test("Whatever comes first ends follow-up, and what would have come after is not seen")
    func whicheverComesFirst() throws {
        let trial = race
        let record = try trial.record(trial.arm("dose <- 2"), patients: 2000)
        var seen: [String: Int] = [:]
        for patient in 0..<2000 {
            let out = trial.dropoutDay(patient)
            let death = trial.threshold(patient, event: 0) / 0.1
            let rash = trial.threshold(patient, event: 1) / 0.2
            let last = min(out, death, 10)
            #expect(abs(record.lastDay[patient] - last) < 1e-8)
            #expect(record.droppedOut[patient] == (out < min(death, 10)))
            #expect(record.hasEvent[0][patient] == (death <= min(out, 10)))
            #expect(record.hasEvent[1][patient] == (rash <= last))
            #expect(abs(record.values[0][patient] - last) < 1e-8)
            #expect(abs(record.values[1][patient] - min(rash, last)) < 1e-8)
            // A dose a day from day 0 on until the patient leaves, and none after.
            #expect(record.dosesDue[patient] == Int(last.rounded(.up)))
            #expect(abs(record.values[2][patient] - 2 * last.rounded(.up) / last) < 1e-6)
            // No visit is measured after the last day.
            let measured = record.measured[0].map { !$0[patient].isNaN }
            #expect(measured == trial.days.map { $0 <= last })
            let kind = out < min(death, 10) ? (death < 10 ? "out before death" : "out") : death < 10 ? "death" : "end"
            seen[kind, default: 0] += 1
            if death < out, out < 10 { seen["death before out", default: 0] += 1 }
        }
        // All cases occur, each often.
        #expect(seen.count == 5)
        #expect(seen.values.allSatisfy { $0 > 100 })
    }

    @Test(
        "An event that stops treatment: measured on, no dose from the next visit; one that stops nothing: all goes on")
    func consequences() throws {
        var trial = TinyTrial()
        for consequence in [TrialEvent.Consequence.treatment, .nothing] {
            trial.hazards = [("rash", consequence, "hazard <- 0.2")]
            let watching = Watching { _, _ in (1, 0) }
            let paths = try trial.paths(Arm(name: "watching", regime: watching), patients: 300)
            for (patient, path) in paths.enumerated() {
                let day = trial.threshold(patient) / 0.2
                #expect(path.lastDay == 10)
                #expect(!path.droppedOut)
                #expect(path.measuredVisits == [[0, 1, 2, 3]])
                #expect(abs(path.eventDays[0] - day) < 1e-8 || day > 10 && path.eventDays[0] == .infinity)
                // Decisions, and doses, until the first visit at or after the event.
                let stop = consequence == .treatment ? trial.days.first { $0 >= day } ?? 10 : 10
                #expect(watching.sights(patient).map(\.visit) == trial.days.indices.filter { trial.days[$0] < stop })
                #expect(path.dosesDue == Int(stop))
                #expect(path.tracks[0][10] == stop)
            }
        }
    }

    @Test(
        "The path of a patient who left ends with the next visit, whoever sat in the lane before, and holds no later event"
    )
    func pathsEndAfterLeaving() throws {
        var trial = TinyTrial()
        trial.dropoutPerDay = 0.2
        trial.hazards = [("rash", .nothing, "hazard <- 0.3")]
        // Later blocks of a worker follow on earlier ones in the same memory.
        for (patient, path) in try trial.paths(trial.arm("dose <- 1"), patients: 100).enumerated() {
            let out = trial.dropoutDay(patient)
            let next = (trial.days + [10]).first { $0 >= out } ?? 10
            for (day, value) in zip(path.days, path.tracks[0]) { #expect(value.isNaN == (day > next)) }
            let rash = trial.threshold(patient) / 0.3
            #expect(path.eventDays[0].isFinite == (rash <= min(out, 10)))
        }
    }
}
