import ModelLanguage

/// A linear part with the registers of its coefficients, and which of its states others read.
struct CompiledLinearPart: Sendable {
    let part: LinearPart
    /// The entries of the matrix that are not structural zeros: their place `row * count + column` and their register.
    let entries: [(place: Int, register: Int)]
    /// The constant inputs: row and register.
    let offsets: [(row: Int, register: Int)]
    /// The states that the integrated states read, those that the reported values read, and all.
    let readByDerivatives: LinearReading
    let readByReport: LinearReading
    let everything: LinearReading

    init(
        _ part: LinearPart, _ graph: ExpressionGraph, _ layout: RegisterLayout, readByDerivatives: [NodeID],
        readByReport: [NodeID]
    ) {
        self.part = part
        entries = part.matrix.enumerated().compactMap { place, node in
            node.flatMap { layout.place(of: $0, in: graph) }.map { (place, Int($0)) }
        }
        offsets = part.offsets.enumerated().compactMap { row, node in
            node.flatMap { layout.place(of: $0, in: graph) }.map { (row, Int($0)) }
        }
        func positions(_ roots: [NodeID]) -> [Int] {
            let read = Set(graph.slice(below: roots).filter { graph[$0].operation == .state }.map { Int(graph[$0].a) })
            return part.states.indices.filter { read.contains(part.states[$0]) }
        }
        self.readByDerivatives = LinearReading(positions(readByDerivatives), of: part)
        self.readByReport = LinearReading(positions(readByReport), of: part)
        everything = LinearReading(Array(0..<part.count), of: part)
    }
}

/// What must be evaluated to know some of the states of a linear part: modes, and for each state its sum over modes.
struct LinearReading: Sendable {
    let modes: [Int]
    /// Entries of the eigenvectors `row * count + mode` with their mode, state after state.
    let pairs: [(entry: Int, mode: Int)]
    let rows: [(state: Int, pairs: Range<Int>)]

    init(_ positions: [Int], of part: LinearPart) {
        var pairs: [(entry: Int, mode: Int)] = []
        var rows: [(state: Int, pairs: Range<Int>)] = []
        for position in positions {
            let start = pairs.count
            for mode in 0..<part.count where part.couples(row: position, mode: mode) {
                pairs.append((position * part.count + mode, mode))
            }
            rows.append((part.states[position], start..<pairs.count))
        }
        self.pairs = pairs
        self.rows = rows
        modes = Set(pairs.map(\.mode)).sorted()
    }
}
