/// What happens to one compartment of one patient at one moment: a dose as the integrator sees it, after lag and
/// bioavailability.
struct Arrival: Sendable {
    enum Effect: Sendable {
        /// Adds to the amount.
        case bolus
        /// An infusion of `value` per unit of time starts, or ends.
        case infusionStart, infusionEnd
    }

    var time: Double
    var compartment: Int
    var effect: Effect
    var value: Double
    /// The amount of the record when this is the arrival of a dose, for the clocks that models read; nil for an end.
    var ordered: Double?
}

/// How a model's properties shape a dose into a compartment.
struct DoseProperties: Sendable {
    var bioavailability = 1.0
    var lag = 0.0
    /// The modelled duration and rate of an infusion; NaN where the model has none.
    var duration = Double.nan
    var rate = Double.nan
}

extension DosingRecord {
    /// What the dose does to its compartment: a bolus, or the start and the end of an infusion.
    ///
    /// - Parameter properties: those of its compartment at the time of the record.
    /// - Returns: Nil for a dose that cannot be given: a time, amount, duration, rate, fraction or lag that is not finite,
    ///   a negative duration or rate of an infusion, a negative lag.
    func arrival(_ properties: DoseProperties, at time: Double) -> (start: Arrival, end: Arrival?)? {
        let start = time + properties.lag
        let arriving = properties.bioavailability * amount
        guard start.isFinite, arriving.isFinite, properties.lag >= 0 else { return nil }
        let rate: Double
        let length: Double
        switch input {
        case .bolus: return (bolus(start, arriving), nil)
        // With a given rate, bioavailability shortens an infusion; with a given duration it lowers the rate.
        case .rate(let given): (rate, length) = (given, arriving / given)
        case .duration(let given): (rate, length) = (arriving / given, given)
        case .modelledRate: (rate, length) = (properties.rate, arriving / properties.rate)
        case .modelledDuration: (rate, length) = (arriving / properties.duration, properties.duration)
        }
        if case .duration(0) = input { return (bolus(start, arriving), nil) }
        if case .modelledDuration = input, properties.duration == 0 { return (bolus(start, arriving), nil) }
        let end = start + length
        guard rate.isFinite, length >= 0, end.isFinite else { return nil }
        return (
            Arrival(time: start, compartment: compartment, effect: .infusionStart, value: rate, ordered: amount),
            Arrival(time: end, compartment: compartment, effect: .infusionEnd, value: rate, ordered: nil)
        )
    }

    private func bolus(_ time: Double, _ arriving: Double) -> Arrival {
        Arrival(time: time, compartment: compartment, effect: .bolus, value: arriving, ordered: amount)
    }
}
