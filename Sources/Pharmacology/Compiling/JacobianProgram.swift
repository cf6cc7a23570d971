import ModelLanguage

/// Which derivatives depend on which states, and the nodes of their exact partial derivatives.
struct JacobianPattern {
    /// `(row, column)` of each partial derivative that is not 0 everywhere, row by row.
    private(set) var places: [(row: Int, column: Int)] = []
    /// The partial derivatives in the order of ``places``, then the derivatives by time of ``timeRows``.
    private(set) var roots: [NodeID] = []
    private(set) var timeRows: [Int] = []

    init(_ derivatives: [NodeID], in graph: inout ExpressionGraph) {
        var byState = derivatives.indices.map { Derivatives(by: .state($0)) }
        for row in derivatives.indices {
            let read = graph.slice(below: [derivatives[row]]).filter { graph[$0].operation == .state }
            for column in read.map({ Int(graph[$0].a) }).sorted() {
                guard let node = byState[column].derivative(of: derivatives[row], in: &graph) else { continue }
                places.append((row, column))
                roots.append(node)
            }
        }
        var byTime = Derivatives(by: .time)
        for row in derivatives.indices {
            guard let node = byTime.derivative(of: derivatives[row], in: &graph) else { continue }
            timeRows.append(row)
            roots.append(node)
        }
    }
}

/// The lane program that evaluates the Jacobian, and where its results stand.
struct JacobianProgram: Sendable {
    let program: LaneProgram
    /// The places of the nonzero entries: `row * stateCount + column`.
    let entries: [Int]
    let rows: [Int]
    let columns: [Int]
    let timeRows: [Int]

    init(_ pattern: JacobianPattern, _ graph: ExpressionGraph, _ layout: RegisterLayout) {
        program = LaneProgram(graph, roots: pattern.roots, layout: layout)
        rows = pattern.places.map(\.row)
        columns = pattern.places.map(\.column)
        entries = pattern.places.map { $0.row * layout.stateCount + $0.column }
        timeRows = pattern.timeRows
    }
}
