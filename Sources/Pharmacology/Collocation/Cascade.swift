import ModelLanguage

/// The states of a model in levels, each affine in itself and driven by what stands above it: exact kinetics, time, and
/// earlier levels.
///
/// Indirect responses, effect delays behind them, cumulative hazards and areas under nonlinear functions of a
/// concentration are of this kind. Their path over a step follows from linear equations without any iteration.
struct Cascade: Sendable {
    struct Level: Sendable {
        let states: [Int]
        /// Roots: the derivative of each state, then for each in ``slopes`` its partial derivative by itself.
        let program: LaneProgram
        /// Positions in ``states`` whose derivative depends on the state itself.
        let slopes: [Int]
    }

    let levels: [Level]

    /// Finds the levels of `states`; nil where one of them feeds back on another or on itself in a nonlinear way, or
    /// where a comparison bends a derivative at a moment that only the states know.
    init?(
        of states: [Int], _ derivatives: [NodeID], _ jacobian: JacobianPattern, _ graph: ExpressionGraph,
        _ layout: RegisterLayout
    ) {
        guard !states.isEmpty, states.count <= Self.largest else { return nil }
        let members = Set(states)
        var read: [Int: Set<Int>] = [:]
        var slope: [Int: NodeID] = [:]
        for (index, place) in jacobian.places.enumerated() where members.contains(place.row) {
            if place.row == place.column {
                slope[place.row] = jacobian.roots[index]
            } else if members.contains(place.column) {
                read[place.row, default: []].insert(place.column)
            }
        }
        for state in states {
            let slice = graph.slice(below: [derivatives[state]])
            guard !slice.contains(where: { Self.bends(graph, $0) }) else { return nil }
            guard let own = slope[state] else { continue }
            guard !Self.reads(graph, own, { $0 == state }) else { return nil }
        }
        var levels: [Level] = []
        var remaining = states
        while !remaining.isEmpty {
            let left = Set(remaining)
            let free = remaining.filter { read[$0, default: []].isDisjoint(with: left) }
            guard !free.isEmpty else { return nil }
            let slopes = free.indices.filter { slope[free[$0]] != nil }
            let roots = free.map { derivatives[$0] } + slopes.compactMap { slope[free[$0]] }
            levels.append(
                Level(states: free, program: LaneProgram(graph, roots: roots, layout: layout), slopes: slopes))
            remaining.removeAll { free.contains($0) }
        }
        self.levels = levels
    }

    /// Larger ones are integrated.
    static let largest = 12

    private static func reads(_ graph: ExpressionGraph, _ id: NodeID, _ isMeant: (Int) -> Bool) -> Bool {
        graph.slice(below: [id]).contains { graph[$0].operation == .state && isMeant(Int(graph[$0].a)) }
    }

    /// Whether a value has a kink or a jump where states cross each other.
    private static func bends(_ graph: ExpressionGraph, _ id: NodeID) -> Bool {
        guard graph.variability(of: id) == .dynamic else { return false }
        switch graph[id].operation {
        case .less, .lessOrEqual, .equal, .notEqual, .maximum, .minimum, .absolute, .floor, .ceiling, .round,
            .remainder,
            .isMissing, .not, .and, .or:
            return reads(graph, id) { _ in true }
        default: return false
        }
    }
}
