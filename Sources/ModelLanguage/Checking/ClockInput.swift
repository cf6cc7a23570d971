/// An input that follows from the doses: the engine sets it when a dose arrives.
///
/// `tad`, `podo`, `transit` and their kin are expressions over these and the time. They stand behind the declared inputs
/// and are no covariates.
package struct ClockInput: Sendable, Hashable {
    /// What it holds.
    package enum Kind: Sendable, Hashable {
        /// When the last dose arrived, lag included; NaN before the first one.
        case lastDoseTime
        /// When the first dose arrived, lag included; NaN before it.
        case firstDoseTime
        /// The amount of the last dose before bioavailability; 0 before the first one.
        case lastDoseAmount
        /// How many doses have arrived; 0 before the first one.
        case doseNumber

        /// The function of the language that reads it.
        var function: String {
            switch self {
            case .lastDoseTime: "tlast"
            case .firstDoseTime: "tfirst"
            case .lastDoseAmount: "podo"
            case .doseNumber: "dosenum"
            }
        }
    }

    package var kind: Kind
    /// The compartment whose doses count; nil for those into any.
    package var compartment: Int?
    /// Its place among the inputs.
    package var slot: Int

    package init(kind: Kind, compartment: Int?, slot: Int) {
        self.kind = kind
        self.compartment = compartment
        self.slot = slot
    }
}

/// The value that an expression had some time ago: `delay(expression, lag)`.
package struct Delay: Sendable, Hashable {
    /// The expression. The delayed value is what it was at the earlier time.
    package var value: NodeID
    /// How long ago, in the model's time; it may change with time and state.
    package var lag: NodeID
    /// The number in the `.delayed` node that reads it.
    package var slot: Int

    package init(value: NodeID, lag: NodeID, slot: Int) {
        self.value = value
        self.lag = lag
        self.slot = slot
    }
}
