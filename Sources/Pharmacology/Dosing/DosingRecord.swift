/// One record of a dosing history, as NONMEM, mrgsolve and rxode2 users write it: what is done to a patient, and when.
///
/// A record is what was ordered. What reaches the compartment (lag, bioavailability, a modelled rate or duration) follows
/// from the model when the record is due.
package struct DosingRecord: Sendable, Hashable {
    /// What the record does.
    package enum Action: Sendable, Hashable {
        /// Adds a dose (EVID 1).
        case dose
        /// Empties every compartment, ends every infusion and forgets doses that lag has not let arrive, and those that earlier
        /// records still have to give (EVID 3; see ``SolverOptions/PendingDoses``).
        case reset
        /// A reset and then a dose (EVID 4).
        case resetAndDose
        /// Sets the compartment to the amount (EVID 5).
        case replace
        /// Multiplies what the compartment holds by the amount (EVID 6).
        case multiply
        /// Empties the compartment, ends its infusions and keeps it at its initial value until a dose turns it on again
        /// (EVID 2 with a negative CMT).
        case turnOff
    }

    /// How the amount of a dose goes in.
    package enum Input: Sendable, Hashable {
        case bolus
        /// An infusion at a rate in dose units per unit of time: bioavailability shortens it (RATE > 0).
        case rate(Double)
        /// An infusion over a time: bioavailability lowers its rate (DUR > 0).
        case duration(Double)
        /// An infusion at the rate that the model's `rate()` gives (RATE −1).
        case modelledRate
        /// An infusion over the time that the model's `dur()` gives (RATE −2).
        case modelledDuration
    }

    /// Whether the record stands for a regimen that has been going on for ever.
    package enum SteadyState: Sendable, Hashable {
        case none
        /// The state becomes the steady state of this regimen, and earlier records give no further doses (SS 1).
        case replacing
        /// The steady state of this regimen is added to the state (SS 2).
        case adding
    }

    /// Model time of the record, before any lag.
    package var time: Double
    package var action: Action
    /// The compartment's number in the model, from 0.
    package var compartment: Int
    /// The amount before bioavailability, in the model's dose unit.
    package var amount: Double
    package var input: Input
    /// The time between repeated doses (II); 0 without repeats.
    package var interval: Double
    /// How many doses follow this one, each `interval` after the last (ADDL).
    package var additional: Int
    package var steadyState: SteadyState

    package init(
        time: Double, action: Action = .dose, compartment: Int, amount: Double, input: Input = .bolus,
        interval: Double = 0, additional: Int = 0, steadyState: SteadyState = .none
    ) {
        self.time = time
        self.action = action
        self.compartment = compartment
        self.amount = amount
        self.input = input
        self.interval = interval
        self.additional = additional
        self.steadyState = steadyState
    }
}

extension DosingRecord {
    /// A dose at once, or over a duration at a constant rate, which bioavailability shortens.
    package init(time: Double, compartment: Int, amount: Double, duration: Double) {
        self.init(
            time: time, compartment: compartment, amount: amount,
            input: duration == 0 ? .bolus : .rate(amount / duration))
    }
}
