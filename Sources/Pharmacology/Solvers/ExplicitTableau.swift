/// An explicit Runge–Kutta pair with a continuous extension, as tables.
///
/// The last of the `stages` stands at the new value, where the next step begins (first same as last). Further rows of
/// ``weights`` are stages that only the continuous extension needs.
struct ExplicitTableau: Sendable {
    let order: Int
    let stages: Int
    /// The product of step and dominant eigenvalue from which a step counts as bounded by stability: about half of where
    /// the stability region ends on the real axis, since at tight tolerances the error grows long before.
    let stabilityLimit: Double
    /// The share of the tolerance that one step's error may take.
    let toleranceShare: Double
    /// The times of the stages, as shares of the step.
    let nodes: [Double]
    /// Row `i` holds the weights of the derivatives before stage `i`.
    let weights: [[Double]]
    /// The weights of the error estimate.
    let error: [Double]
    /// The weights of a second, embedded solution, whose distance steadies the first estimate; nil for none.
    let embedded: [Double]?
    /// The weights of the higher terms of the continuous extension.
    let dense: [[Double]]

    init(
        order: Int, stages: Int, stabilityLimit: Double, toleranceShare: Double, nodes: [Double], weights: [[Double]],
        error: [Double],
        embedded: [Double]?, dense: [[Double]]
    ) {
        self.order = order
        self.stages = stages
        self.stabilityLimit = stabilityLimit
        self.toleranceShare = toleranceShare
        self.nodes = nodes
        self.weights = weights
        self.error = error
        self.embedded = embedded
        self.dense = dense
    }

    /// The stages with those of the continuous extension.
    var allStages: Int { weights.count }

    /// The weights of the second error estimate: the solution less the embedded one.
    var coarseError: [Double]? {
        embedded.map { embedded in
            let solution = weights[stages - 1]
            return solution.indices.map { solution[$0] - ($0 < embedded.count ? embedded[$0] : 0) }
        }
    }
}
