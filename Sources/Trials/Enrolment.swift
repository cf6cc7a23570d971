import NumericsCore

/// When patients enter the trial: a Poisson process of constant rate.
package struct Enrolment: Sendable, Hashable {
    /// Patients per day.
    package let perDay: Double

    package init(perDay: Double) { self.perDay = perDay }

    /// The calendar day on which each of `count` patients enters, growing.
    package func days(count: Int, seed: UInt64, replicate: UInt32) -> [Double] {
        var day = 0.0
        return (0..<count).map { patient in
            let stream = RandomStream(
                seed: seed, purpose: .enrolment, replicate: replicate, patient: UInt32(truncatingIfNeeded: patient))
            day += -Elementary.log(stream.uniform(at: 0)) / perDay
            return day
        }
    }
}
