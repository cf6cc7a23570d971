/// One subject of a simulation: what goes in, what is given when, and when to look.
package struct Subject: Sendable, Hashable {
    /// The value of every input of the model (population parameters, etas, defaults, covariates) in the model's order.
    package var inputs: [Double]
    /// The dosing history, in the order of time; records of one time act in the order given.
    package var records: [DosingRecord]
    /// What becomes of inputs later: time-varying covariates, the etas of an occasion. In the order of time.
    package var changes: [InputChange]
    /// The times at which outputs are reported, growing.
    package var samples: [Double]

    package init(
        inputs: [Double], records: [DosingRecord] = [], changes: [InputChange] = [], samples: [Double] = []
    ) {
        self.inputs = inputs
        self.records = records
        self.changes = changes
        self.samples = samples
    }
}

/// An input takes a new value, which holds from a time on.
package struct InputChange: Sendable, Hashable {
    package var time: Double
    /// The input's number in the model.
    package var slot: Int
    package var value: Double

    package init(time: Double, slot: Int, value: Double) {
        self.time = time
        self.slot = slot
        self.value = value
    }
}
