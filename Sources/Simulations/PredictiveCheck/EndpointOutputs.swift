import ModelLanguage
import NumericsCore
import Pharmacology

/// A model that reports its endpoints with all that their residual errors depend on.
struct EndpointOutputs: Sendable {
    let model: SimulationModel
    /// For each endpoint, the numbers of the outputs with its value and with the parameters of its error.
    private let endpoints: [(value: Int, error: ResidualError<Int>)]

    init(_ plain: Model) throws(UnknownOutput) {
        var nodes: [NodeID] = []
        func output(_ node: NodeID) -> Int {
            if let known = nodes.firstIndex(of: node) { return known }
            nodes.append(node)
            return nodes.count - 1
        }
        endpoints = plain.endpoints.map { (output($0.value), $0.error.map(output)) }
        // Blanks keep the names apart from all that a model can say.
        let further = nodes.indices.map { (name: "reported for endpoints \($0)", node: nodes[$0]) }
        model = try SimulationModel(plain.reporting(further), outputs: further.map(\.name))
    }

    /// An endpoint's prediction.
    func value(_ block: SimulatedBlock, endpoint: Int, subject: Int, sample: Int) -> Double {
        block.value(subject: subject, sample: sample, output: endpoints[endpoint].value)
    }

    /// An endpoint as it is observed. NaN in a subject whose equations could not be solved so far.
    func observed(
        _ block: SimulatedBlock, endpoint: Int, subject: Int, sample: Int, from stream: RandomStream, at draw: UInt64
    ) -> Double {
        let prediction = value(block, endpoint: endpoint, subject: subject, sample: sample)
        guard !prediction.isNaN else { return .nan }
        let error = endpoints[endpoint].error.map { block.value(subject: subject, sample: sample, output: $0) }
        let value = ResidualDistribution(error).observed(prediction, from: stream, at: draw)
        guard case .ordinal(_, let levels) = error else { return value }
        // The distribution numbers the levels from 1.
        return Int(exactly: value).flatMap { levels.indices.contains($0 - 1) ? levels[$0 - 1] : nil } ?? .nan
    }
}
