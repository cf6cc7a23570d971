/// The influence of each subject on the state probabilities at one time, by one pass backwards over the transitions.
///
/// ```
/// Uᵢ = Σ_l p_s(l−)/Y_s·(dN_sr,ᵢ − Y_s,ᵢ·N_sr/Y_s)·(W_r(l) − W_s(l))
/// ```
///
/// W(l) is P(l, t), or its integral up to a horizon. Everybody at risk in a state shares the second part: its sum from a time
/// to the end is one row for each state, taken when a stay begins and given back when it ends.
struct StateInfluence {
    private let data: MultiStateData
    private let table: TransitionTable
    private let width: Int
    private let integrates: Bool
    /// W, row by row.
    private var future: [Double]
    /// The common part from the present to the end, for each state at risk.
    private var common: [Double]
    /// U of each subject.
    private var influence: [Double]
    private var exits: Int
    private var entries: Int

    init(_ data: MultiStateData, _ table: TransitionTable, horizon: Double?) {
        self.data = data
        self.table = table
        width = data.states.count
        integrates = horizon != nil
        future = [Double](repeating: 0, count: width * width)
        if horizon == nil { for state in 0..<width { future[state * width + state] = 1 } }
        common = [Double](repeating: 0, count: width * width)
        influence = [Double](repeating: 0, count: data.subjectCount * width)
        exits = data.count
        entries = data.count
    }

    /// - Parameter next: the time after this one, or the horizon, for integrals.
    mutating func step(back index: Int, next: Double?, before p: (Int) -> Double) {
        let time = table.times[index]
        if integrates, let next {
            for state in 0..<width { future[state * width + state] += next - time }
        }
        let moves = table.moves(at: index)
        while exits > 0, data.exits[data.byExit[exits - 1]] >= time {
            exits -= 1
            let row = data.byExit[exits]
            give(row, sign: -1)
            if data.exits[row] == time, let to = data.to[row],
                let move = moves.first(where: { $0.from == data.from[row] })
            {
                let share = p(move.from) / move.atRisk
                for k in 0..<width {
                    influence[data.subjects[row] * width + k] +=
                        share * (future[to * width + k] - future[move.from * width + k])
                }
            }
        }
        while entries > 0, data.entries[data.byEntry[entries - 1]] >= time {
            entries -= 1
            give(data.byEntry[entries], sign: 1)
        }
        let after = future
        for move in moves {
            let hazard = move.count / move.atRisk
            let share = p(move.from) / move.atRisk
            for k in 0..<width {
                let change = hazard * (after[move.to * width + k] - after[move.from * width + k])
                common[move.from * width + k] -= share * change
                future[move.from * width + k] += change
            }
        }
    }

    /// The standard error of each state's number.
    mutating func finish() -> [Double] {
        while exits > 0 {
            exits -= 1
            give(data.byExit[exits], sign: -1)
        }
        while entries > 0 {
            entries -= 1
            give(data.byEntry[entries], sign: 1)
        }
        return (0..<width).map { state in
            var sum = 0.0
            for subject in 0..<data.subjectCount {
                let u = influence[subject * width + state]
                sum += u * u
            }
            return sum.squareRoot()
        }
    }

    private mutating func give(_ row: Int, sign: Double) {
        let (subject, state) = (data.subjects[row] * width, data.from[row] * width)
        for k in 0..<width { influence[subject + k] += sign * common[state + k] }
    }
}
