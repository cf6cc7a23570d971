import ModelLanguage
import NumericsCore

/// One trial step of the explicit pair on sixteen lanes, each with its own time and step.
struct LaneStep {
    private let state: LaneState
    private let program: LaneProgram
    private let firstState: Int
    private let timeRegister: Int
    /// The tableau, flat: row of stage `s` starts at `s * stages`.
    private let a: UnsafePointer<Double>
    private let error: UnsafePointer<Double>

    init(_ model: SimulationModel, _ state: LaneState) {
        self.state = state
        program = model.derivatives
        firstState = model.layout.firstState
        timeRegister = model.layout.time
        a = LaneStep.tableau
        error = LaneStep.errorWeights
    }

    // Lives as long as the program: a table of constants.
    nonisolated(unsafe) private static let tableau: UnsafePointer<Double> = {
        let table = UnsafeMutablePointer<Double>.allocate(capacity: 49)
        table.initialize(repeating: 0, count: 49)
        for (stage, row) in DormandPrince5.a.enumerated() {
            for (column, weight) in row.enumerated() { table[stage * DormandPrince5.stages + column] = weight }
        }
        return UnsafePointer(table)
    }()

    nonisolated(unsafe) private static let errorWeights: UnsafePointer<Double> = {
        let table = UnsafeMutablePointer<Double>.allocate(capacity: DormandPrince5.stages)
        table.initialize(from: DormandPrince5.e, count: DormandPrince5.stages)
        return UnsafePointer(table)
    }()

    /// The first derivative of a step, at the lanes' present times and states.
    func evaluateFirst(at time: Lane) {
        let registers = state.registers.lanes
        for i in 0..<state.stateCount { registers[firstState + i] = state.y[i] }
        registers[timeRegister] = time
        evaluate(stage: 0)
    }

    /// Stages 2 to 7. The new state is in `yNew`, its derivative in the last stage.
    ///
    /// - Parameter arrival: `time + step`, rounded as the lanes' clocks will have it: the last stage is evaluated there,
    ///   so that it has the bits that ``evaluateFirst(at:)`` would give it, whether or not a neighbour asks for that.
    func attempt(from time: Lane, by step: Lane, arrivingAt arrival: Lane) {
        let registers = state.registers.lanes
        let n = state.stateCount
        for stage in 1..<DormandPrince5.stages {
            let row = a + stage * DormandPrince5.stages
            for i in 0..<n {
                var sum = Lane(repeating: row[0]) * state.k[i]
                for j in 1..<stage where row[j] != 0 {
                    sum += Lane(repeating: row[j]) * state.k[j * n + i]
                }
                registers[firstState + i] = state.y[i] + step * sum
            }
            registers[timeRegister] = time + Lane(repeating: DormandPrince5.c[stage]) * step
            if stage == DormandPrince5.stages - 1 {
                registers[timeRegister] = arrival
                for i in 0..<n { state.yNew[i] = registers[firstState + i] }
            }
            evaluate(stage: stage)
        }
    }

    private func evaluate(stage: Int) {
        let registers = state.registers.lanes
        program.run(registers)
        let n = state.stateCount
        for i in 0..<n { state.k[stage * n + i] = registers[Int(program.results[i])] + state.inputRate[i] }
    }

    /// The error of the step as a multiple of what the tolerances allow: root mean square over the states.
    func errorNorm(step: Lane, _ options: SolverOptions) -> Lane {
        let n = state.stateCount
        guard n > 0 else { return Lane(repeating: 0) }
        let relative = Lane(repeating: options.relativeTolerance)
        let absolute = Lane(repeating: options.absoluteTolerance)
        var total = Lane(repeating: 0)
        for i in 0..<n {
            var sum = Lane(repeating: error[0]) * state.k[i]
            for j in 2..<DormandPrince5.stages { sum += Lane(repeating: error[j]) * state.k[j * n + i] }
            let old = magnitude(state.y[i])
            let new = magnitude(state.yNew[i])
            let size = old.replacing(with: new, where: new .> old)
            let ratio = step * sum / (absolute + relative * size)
            total += ratio * ratio
        }
        return (total / Lane(repeating: Double(n))).squareRoot()
    }

    /// The states at `fraction` (0…1) of the step just attempted, into the state registers: fourth-order dense output.
    func interpolate(at fraction: Lane, from time: Lane, step: Lane) {
        let registers = state.registers.lanes
        for i in 0..<state.stateCount { registers[firstState + i] = interpolated(i, at: fraction, step: step) }
        registers[timeRegister] = time + fraction * step
    }

    private func interpolated(_ i: Int, at theta: Lane, step: Lane) -> Lane {
        let n = state.stateCount
        let difference = state.yNew[i] - state.y[i]
        let bend = step * state.k[i] - difference
        let twist = difference - step * state.k[6 * n + i] - bend
        var last = Lane(repeating: DormandPrince5.d[0]) * state.k[i]
        for j in 2..<DormandPrince5.stages { last += Lane(repeating: DormandPrince5.d[j]) * state.k[j * n + i] }
        let rest = Lane(repeating: 1) - theta
        let inner = twist + rest * (step * last)
        let middle = bend + theta * inner
        return state.y[i] + theta * (difference + rest * middle)
    }

    /// One state of one lane at `fraction` of the step: what root finding on the path evaluates.
    func interpolated(_ i: Int, lane: Int, at fraction: Double, step: Lane) -> Double {
        interpolated(i, at: Lane(repeating: fraction), step: step)[lane]
    }
}

/// The size of each lane's value.
@inline(__always)
func magnitude(_ x: Lane) -> Lane { x.replacing(with: Lane(repeating: 0) - x, where: x .< Lane(repeating: 0)) }
