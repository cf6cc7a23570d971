/// One administration: an amount into a compartment at a time, at once or over a duration.
public struct Dose: Sendable, Hashable {
    /// Model time of the administration, before any lag.
    public var time: Double
    /// The compartment's number in the model.
    public var compartment: Int
    /// The amount before bioavailability, in the model's dose unit.
    public var amount: Double
    /// How long an infusion takes, in model time; 0 for a bolus.
    public var duration: Double

    public init(time: Double, compartment: Int, amount: Double, duration: Double = 0) {
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
}
