extension SimulationModel {
    /// The compartments that form a linear system, which is solved exactly.
    package var exactStates: [String] {
        let integrated = Set(integrated)
        return model.states.indices.filter { !integrated.contains($0) }.map { model.states[$0] }
    }

    /// The compartments whose equations a stepper integrates.
    package var integratedStates: [String] { integrated.map { model.states[$0] } }
}
