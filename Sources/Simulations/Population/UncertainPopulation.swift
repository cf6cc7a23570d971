import ModelLanguage
import Pharmacology

/// The population parameters that each replicate has drawn for itself.
struct UncertainPopulation: Sendable {
    private let draws: [ParameterUncertainty.Draw]
    /// The inputs of the parameters that are drawn, with their places in a draw.
    private let slots: [(slot: Int, parameter: Int)]

    /// Nil where parameters are known, or (noted) cannot be drawn.
    init?(_ inputs: SimulationInputs, _ problems: inout InputProblemList) {
        guard let uncertainty = inputs.uncertainty else { return nil }
        var draws: [ParameterUncertainty.Draw] = []
        for replicate in 0..<max(1, inputs.replicates) {
            do throws(ParameterUncertaintyError) {
                draws.append(
                    try uncertainty.draw(seed: inputs.seed, replicate: UInt32(truncatingIfNeeded: replicate)))
            } catch {
                problems.note("\(error)", at: "--uncertainty")
                return nil
            }
        }
        self.draws = draws
        // What a person sets is not drawn; values of tables come after all draws anyway.
        let given = Set(inputs.settings.map(\.name))
        slots = inputs.model.parameters.enumerated().compactMap { index, parameter in
            given.contains(parameter.name) ? nil : inputs.model.inputSlot(parameter.name).map { ($0, index) }
        }
    }

    var replicates: Int { draws.count }

    /// The covariances of the etas, by replicate.
    var randomEffects: [[RandomEffectBlock]] { draws.map(\.randomEffects) }

    /// Puts a replicate's parameters in the place of the estimates.
    func apply(_ replicate: Int, to inputs: inout [Double]) {
        for (slot, parameter) in slots { inputs[slot] = draws[replicate].parameters[parameter] }
    }
}
