/// The transitions at each distinct transition time, with those at risk of them.
struct TransitionTable {
    /// All transitions between two states at one time.
    struct Move {
        let from: Int
        let to: Int
        let count: Double
        /// Rows at risk in `from` just before the time.
        let atRisk: Double
    }

    /// Distinct times with a transition, ascending.
    private(set) var times: [Double] = []
    /// By time, then by `from` and `to`.
    private(set) var moves: [Move] = []
    /// The moves of time i are `moves[firstMove[i]..<firstMove[i + 1]]`.
    private(set) var firstMove: [Int] = [0]
    /// Rows at risk in each state just before the first time.
    private(set) var atRiskFirst: [Int] = []

    /// - Parameter start: only later transitions count.
    init(_ data: MultiStateData, after start: Double) {
        let width = data.states.count
        var atRisk = [Int](repeating: 0, count: width)
        var entered = 0
        var position = 0
        var pairs: [(from: Int, to: Int)] = []
        while position < data.count {
            let time = data.exits[data.byExit[position]]
            while entered < data.count, data.entries[data.byEntry[entered]] < time {
                atRisk[data.from[data.byEntry[entered]]] += 1
                entered += 1
            }
            let first = position
            pairs.removeAll(keepingCapacity: true)
            while position < data.count, data.exits[data.byExit[position]] == time {
                let row = data.byExit[position]
                if let to = data.to[row], time > start { pairs.append((data.from[row], to)) }
                position += 1
            }
            if !pairs.isEmpty {
                if times.isEmpty { atRiskFirst = atRisk }
                append(time, pairs.sorted { $0 < $1 }, atRisk: atRisk)
            }
            for row in data.byExit[first..<position] { atRisk[data.from[row]] -= 1 }
        }
    }

    private mutating func append(_ time: Double, _ pairs: [(from: Int, to: Int)], atRisk: [Int]) {
        times.append(time)
        var first = 0
        while first < pairs.count {
            var next = first
            while next < pairs.count, pairs[next] == pairs[first] { next += 1 }
            moves.append(
                Move(
                    from: pairs[first].from, to: pairs[first].to, count: Double(next - first),
                    atRisk: Double(atRisk[pairs[first].from])))
            first = next
        }
        firstMove.append(moves.count)
    }

    func moves(at index: Int) -> ArraySlice<Move> { moves[firstMove[index]..<firstMove[index + 1]] }

    /// Moves probabilities over one time: those who leave a state as a share of what was there before.
    func advance(_ p: inout [Double], over index: Int) {
        let before = p
        for move in moves(at: index) { p[move.to] += before[move.from] * move.count / move.atRisk }
        var position = firstMove[index]
        while position < firstMove[index + 1] {
            let from = moves[position].from
            var leaving = 0.0
            while position < firstMove[index + 1], moves[position].from == from {
                leaving += moves[position].count
                position += 1
            }
            // As a product, so that a state that everybody leaves is exactly empty.
            let arrived = p[from] - before[from]
            p[from] = before[from] * ((moves[position - 1].atRisk - leaving) / moves[position - 1].atRisk) + arrived
        }
    }
}
