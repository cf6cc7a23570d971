import ModelLanguage
import NumericsCore

/// The exact Jacobian of a model's equations in sixteen lanes, entry by entry.
final class LaneJacobian {
    private let equations: LaneEquations
    private let state: LaneState
    private let program: JacobianProgram
    /// Row, place in a matrix `row * count + column`, and register of each entry.
    private let entries: UnsafeMutablePointer<Int>
    let entryCount: Int
    private let rowSums: LanePointer
    /// The values of the entries.
    let values: LanePointer
    /// The derivatives by time of the states that ``timeRows`` lists.
    let byTime: LanePointer
    var timeRows: [Int] { program.timeRows }
    /// The largest row sum: a bound on the fastest rate.
    private(set) var fastest = Lane(repeating: 0)

    init(_ equations: LaneEquations) {
        self.equations = equations
        state = equations.state
        program = equations.model.jacobian
        entryCount = program.entries.count
        entries = .allocate(capacity: max(1, 3 * entryCount))
        for (index, place) in program.entries.enumerated() {
            entries[3 * index] = program.rows[index]
            entries[3 * index + 1] = place
            entries[3 * index + 2] = Int(program.program.results[index])
        }
        values = Lanes.allocate(max(1, entryCount))
        rowSums = Lanes.allocate(state.stateCount)
        byTime = Lanes.allocate(state.stateCount)
    }

    deinit {
        entries.deallocate()
        for pointer in [values, rowSums, byTime] { pointer.deallocate() }
    }

    /// The places of the entries.
    var places: [Int] { program.entries }

    @inline(__always)
    func place(_ index: Int) -> Int { entries[3 * index + 1] }

    /// Evaluates every entry at `time`, at the states in the registers.
    func evaluate(at time: Lane) {
        equations.evaluateJacobian(at: time)
        let registers = state.registers.lanes
        for i in 0..<state.stateCount { rowSums[i] = Lane(repeating: 0) }
        for index in 0..<entryCount {
            let row = entries[3 * index]
            let value = registers[entries[3 * index + 2]] * state.isOn[row]
            values[index] = value
            rowSums[row] += magnitude(value)
        }
        fastest = Lane(repeating: 0)
        for i in 0..<state.stateCount { fastest = larger(rowSums[i], fastest) }
        for (index, row) in program.timeRows.enumerated() {
            byTime[row] = registers[Int(program.program.results[entryCount + index])] * state.isOn[row]
        }
    }
}
