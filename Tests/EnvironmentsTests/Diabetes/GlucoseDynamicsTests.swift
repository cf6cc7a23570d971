import NumericsCore
import Testing

@testable import Environments

/// Backed by an independent solution of the equations to 1e-10 (`References/diabetes_glucose.py`), by the published steady states
/// and by the balance of carbohydrate.
@Suite struct GlucoseDynamicsTests {
    static let meals = [420: 45.0, 720: 70.0, 900: 10.0, 1080: 80.0]

    /// Insulin of the reference in U/min: basal, and grams over the ratio over five minutes, five minutes after each meal.
    private func insulin(_ patient: VirtualPatient, _ minute: Int) -> Double {
        let decision = minute - minute % 5
        return patient.basalRate / 60 + (Self.meals[decision - 5] ?? 0) / patient[.cr] / 5
    }

    @Test(
        "A day of eight patients is that of the exact solution to 1e-5 mg/dL, each closer than by the package's solver")
    func exact() throws {
        let reference = try DiabetesReference.course()
        let names = reference.patients.map(\.name)
        try #require(names.count == 8)
        let patients = try VirtualPatients.table.get().filter { names.contains($0.name) }
        var worst = [Double](repeating: 0, count: patients.count)
        for first in stride(from: 0, to: patients.count, by: laneCount) {
            let dynamics = GlucoseDynamics()
            let some = Array(patients[first..<min(first + laneCount, patients.count)])
            for (lane, patient) in some.enumerated() { dynamics.begin(patient, lane: lane) }
            // The lanes that are left repeat a patient.
            for lane in some.count..<laneCount { dynamics.begin(some[0], lane: lane) }
            for minute in 0..<1440 {
                var rate = Lane(repeating: 0)
                for lane in 0..<laneCount { rate[lane] = insulin(some[lane < some.count ? lane : 0], minute) }
                dynamics.minute(meal: Lane(repeating: Self.meals[minute] ?? 0), insulin: rate)
                for (lane, patient) in some.enumerated() {
                    let row = try #require(reference.patients.first { $0.name == patient.name })
                    if (minute + 1) % 60 == 0 {
                        let error = abs(dynamics.glucose[lane] - row.glucose[minute / 60])
                        worst[first + lane] = max(worst[first + lane], error)
                    }
                    if (minute + 1) % 240 == 0 {
                        for (index, value) in row.states[minute / 240].enumerated() {
                            let error = abs(dynamics.state[index][lane] - value)
                            #expect(error < 1e-3 + 1e-5 * abs(value), "\(patient.name) \(index) \(minute)")
                        }
                    }
                }
            }
        }
        for (patient, error) in zip(patients, worst) {
            let row = try #require(reference.patients.first { $0.name == patient.name })
            let published = row.dopri5
            #expect(error < 1e-5 && error < published, "\(patient.name): \(error), \(published)")
        }
    }

    @Test("At basal insulin without meals every patient stays where the table starts")
    func steady() throws {
        for patient in try VirtualPatients.table.get() {
            let dynamics = GlucoseDynamics()
            for lane in 0..<laneCount { dynamics.begin(patient, lane: lane) }
            let rate = Lane(repeating: patient.basalRate / 60)
            for _ in 0..<1440 { dynamics.minute(meal: Lane(repeating: 0), insulin: rate) }
            for (index, start) in patient.start.enumerated() {
                #expect(abs(dynamics.state[index][7] - start) < 1e-6 * max(1, abs(start)), "\(patient.name) \(index)")
            }
        }
    }

    /// The integral is Simpson's over the grid that the glucose equations use.
    @Test("Carbohydrate that was eaten is in the stomach, in the gut or absorbed, to 1e-6")
    func carbohydrate() throws {
        for patient in try VirtualPatients.table.get() {
            let dynamics = GlucoseDynamics()
            for lane in 0..<laneCount { dynamics.begin(patient, lane: lane) }
            var absorbed = 0.0
            let (grid, h) = (2 * GlucoseDynamics.glucoseSteps, 1 / Double(2 * GlucoseDynamics.glucoseSteps))
            for minute in 0..<600 {
                let meal = minute == 30 ? 60.0 : minute == 200 ? 25 : 0
                dynamics.minute(meal: Lane(repeating: meal), insulin: Lane(repeating: patient.basalRate / 60))
                let rates = (0...grid).map { dynamics.appearance[$0][3] }
                let sum = rates.indices.reduce(0.0) { sum, index in
                    sum + rates[index] * (index == 0 || index == grid ? 1 : index % 2 == 1 ? 4 : 2)
                }
                absorbed += sum * h / 3 * patient[.bw] / patient[.f]
                if [34, 100, 205, 599].contains(minute) {
                    let inside = (0..<3).reduce(0.0) { $0 + dynamics.state[$1][3] }
                    let eaten = minute < 200 ? min(60_000, 5000 * Double(minute - 29)) : 85_000
                    #expect(abs(inside + absorbed - eaten) < 1e-6 * eaten, "\(patient.name) \(minute)")
                }
            }
        }
    }

    @Test("Lanes that are put back are where they were, and the others go on")
    func restore() throws {
        let patients = try VirtualPatients.all()
        let dynamics = GlucoseDynamics()
        for lane in 0..<laneCount { dynamics.begin(patients[lane], lane: lane) }
        var held = LaneMask(repeating: false)
        held[4] = true
        let before = (0..<GlucoseDynamics.stateCount).map { dynamics.state[$0] }
        dynamics.save()
        dynamics.minute(meal: Lane(repeating: 20), insulin: Lane(repeating: 0.1))
        dynamics.restore(where: held)
        for index in before.indices { #expect(dynamics.state[index][4] == before[index][4]) }
        #expect(dynamics.planned[4] == 0)
        #expect(dynamics.planned[5] == 15)
        #expect(dynamics.state[0][5] > 4500)
    }
}
