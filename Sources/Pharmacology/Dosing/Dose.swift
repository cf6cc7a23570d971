/// One administration: an amount into a compartment at a time, at once or over a duration.
package struct Dose: Sendable, Hashable {
    /// Model time of the administration, before any lag.
    package var time: Double
    /// The compartment's number in the model.
    package var compartment: Int
    /// The amount before bioavailability, in the model's dose unit.
    package var amount: Double
    /// How long an infusion takes, in model time; 0 for a bolus.
    package var duration: Double

    package init(time: Double, compartment: Int, amount: Double, duration: Double = 0) {
        self.time = time
        self.compartment = compartment
        self.amount = amount
        self.duration = duration
    }
}

/// What happens to one compartment of one patient at one moment: the dose as the integrator sees it, after lag and
/// bioavailability.
struct CompartmentEvent: Sendable {
    var time: Double
    var compartment: Int
    /// Added to the amount at once.
    var amount: Double
    /// Added to the input rate from now on; an infusion's end takes it away again.
    var rate: Double
    /// Infusions that start (1) or end (-1) here; 0 for a bolus.
    var infusions: Double
}

extension Dose {
    /// What the dose does to its compartment: a bolus, or the start and the end of an infusion.
    ///
    /// With a given rate, bioavailability shortens an infusion and keeps the rate.
    ///
    /// - Parameters:
    ///   - bioavailability: the fraction of the amount that arrives.
    ///   - lag: how long after `time` it arrives.
    ///   - present: the patient's time.
    /// - Returns: Nil for a dose that cannot be given: a time, amount, duration, fraction or lag that is not finite, a
    ///   negative duration, an infusion of negative bioavailability, or an arrival before the present.
    func events(
        bioavailability: Double, lag: Double, after present: Double
    ) -> (start: CompartmentEvent, end: CompartmentEvent?)? {
        let start = time + lag
        let arriving = bioavailability * amount
        guard start.isFinite, arriving.isFinite, duration >= 0, duration.isFinite else { return nil }
        // Times are products of days and hours: what rounding put behind the present is due now.
        guard start >= present - 1e-9 * max(1, abs(present)) else { return nil }
        guard duration > 0 else {
            return (
                CompartmentEvent(time: start, compartment: compartment, amount: arriving, rate: 0, infusions: 0), nil
            )
        }
        let rate = amount / duration
        let end = start + bioavailability * duration
        guard bioavailability >= 0, rate.isFinite, end.isFinite else { return nil }
        return (
            CompartmentEvent(time: start, compartment: compartment, amount: 0, rate: rate, infusions: 1),
            CompartmentEvent(time: end, compartment: compartment, amount: 0, rate: -rate, infusions: -1)
        )
    }
}
