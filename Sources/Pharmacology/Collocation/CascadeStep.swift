import ModelLanguage
import NumericsCore

/// One trial step of a ``Cascade`` on sixteen lanes: collocation at Radau points, level after level.
///
/// With `δ = y − y₀` a state that is affine in itself satisfies `δ(cᵢ) = h Σ qᵢⱼ (fⱼ + aⱼ δ(cⱼ))` where `f` is its derivative
/// at `y₀` and `a` its slope: a linear system for the values at the nodes, solved by elimination.
final class CascadeStep {
    /// Eight points keep the work per unit of time near its least at the default tolerance.
    static let collocation = RadauCollocation(8)
    /// The order within a step.
    static var order: Int { collocation.count }
    /// The share of the tolerance that the error within a step may take: it is far smaller at the step's end.
    static let toleranceShare = 1.0

    private let equations: LaneEquations
    private let state: LaneState
    private let owners: [LaneRoutineOwner]
    private let levels: UnsafeMutableBufferPointer<Level>
    private let points = CascadeStep.collocation.count
    private let nodes: UnsafeMutablePointer<Double>
    /// The integrals between nodes, row by row.
    private let weights: UnsafeMutablePointer<Double>
    private let integrals: StageSums
    private let transform: StageSums
    /// `rates[state * points + node]`: derivatives, at the end those on the path.
    private let rates: LanePointer
    private let slopes: LanePointer
    /// `moved[state * points + node]`: how far from the start of the step.
    private let moved: LanePointer
    /// The exact states at each node.
    private let driving: LanePointer
    private let path: CollocationPath
    private let matrix: LanePointer
    private let places: UnsafeMutableBufferPointer<Int>
    private var step = Lane(repeating: 0)

    init(_ cascade: Cascade, _ equations: LaneEquations) {
        self.equations = equations
        state = equations.state
        let owners = cascade.levels.map { LaneRoutineOwner($0.program) }
        self.owners = owners
        levels = .allocate(capacity: owners.count)
        _ = levels.initialize(from: zip(cascade.levels, owners).map { Level($0, $1.routine) })
        let collocation = Self.collocation
        nodes = .allocate(capacity: points)
        nodes.initialize(from: collocation.nodes, count: points)
        weights = .allocate(capacity: points * points)
        weights.initialize(from: collocation.integrals.flatMap { $0 }, count: points * points)
        integrals = StageSums(collocation.integrals, stride: 1)
        transform = StageSums(collocation.coefficients, stride: 1)
        let n = state.stateCount
        rates = Lanes.allocate(n * points)
        slopes = Lanes.allocate(n * points)
        moved = Lanes.allocate(n * points)
        path = CollocationPath(points: points, state)
        places = .allocate(capacity: equations.integrated.count)
        _ = places.initialize(from: equations.integrated)
        driving = Lanes.allocate(n * points)
        matrix = Lanes.allocate(points * points)
    }

    deinit {
        for pointer in [rates, slopes, moved, driving, matrix] { pointer.deallocate() }
        for table in [integrals, transform] { table.deallocate() }
        nodes.deallocate()
        weights.deallocate()
        places.deallocate()
        for level in levels { level.deallocate() }
        levels.deallocate()
    }

    /// All levels of the step. The new state is in `yNew`.
    func attempt(from time: Lane, by h: Lane, arrivingAt arrival: Lane, latest: Lane) {
        step = h
        for level in levels.indices {
            for node in 0..<points {
                let moment = node == points - 1 ? arrival : time + Lane(repeating: nodes[node]) * h
                drive(node, level: level, at: smaller(moment, latest))
                run(levels[level], node)
            }
            for position in 0..<levels[level].count {
                solve(levels[level].states[position], hasSlope: levels[level].slopes[position] >= 0)
            }
        }
        for i in places {
            state.yNew[i] = state.y[i] + moved[i * points + points - 1]
            for k in 0..<points { path.terms[i * points + k] = h * transform.sum(k, rates + i * points) }
        }
    }

    /// Puts what drives a level into the registers: exact states, earlier levels, and the level itself where it started.
    private func drive(_ node: Int, level: Int, at moment: Lane) {
        let registers = state.registers.lanes
        let n = state.stateCount
        let first = equations.firstState
        if level == 0 {
            for i in places { registers[first + i] = state.y[i] }
            equations.placeExactStates(at: moment)
            guard levels.count > 1 else { return }
            for i in 0..<n { driving[node * n + i] = registers[first + i] }
        } else {
            registers[equations.timeRegister] = moment
            for i in 0..<n { registers[first + i] = driving[node * n + i] }
            for earlier in 0..<level {
                for position in 0..<levels[earlier].count {
                    let i = levels[earlier].states[position]
                    registers[first + i] = state.y[i] + moved[i * points + node]
                }
            }
        }
    }

    private func run(_ level: Level, _ node: Int) {
        let registers = state.registers.lanes
        level.routine.run(registers)
        for position in 0..<level.count {
            let i = level.states[position]
            let rate = registers[level.routine.place(ofResult: position)]
            rates[i * points + node] = (rate + state.inputRate[i]) * state.isOn[i]
            guard level.slopes[position] >= 0 else { continue }
            let slope = registers[level.routine.place(ofResult: level.slopes[position])]
            slopes[i * points + node] = slope * state.isOn[i]
        }
    }

    /// The path of one state through the nodes, and its derivatives on it.
    private func solve(_ i: Int, hasSlope: Bool) {
        let f = rates + i * points
        let course = moved + i * points
        for row in 0..<points { course[row] = step * integrals.sum(row, f) }
        guard hasSlope else { return }
        let a = slopes + i * points
        for column in 0..<points {
            let reach = step * a[column]
            for row in 0..<points {
                matrix[row * points + column] = Lane(repeating: -weights[row * points + column]) * reach
            }
            matrix[column * points + column] += Lane(repeating: 1)
        }
        eliminate(course)
        for node in 0..<points { f[node] += a[node] * course[node] }
    }

    /// Solves the system in ``matrix`` in place. Radau matrices have positive pivots in their own order, and a step in which
    /// a growing state spoils that has an error beyond any tolerance.
    private func eliminate(_ x: LanePointer) {
        for pivot in 0..<points {
            let inverse = Lane(repeating: 1) / matrix[pivot * points + pivot]
            matrix[pivot * points + pivot] = inverse
            for row in (pivot + 1)..<max(points, pivot + 1) {
                let factor = matrix[row * points + pivot] * inverse
                for column in (pivot + 1)..<points {
                    matrix[row * points + column] -= factor * matrix[pivot * points + column]
                }
                x[row] -= factor * x[pivot]
            }
        }
        for row in (0..<points).reversed() {
            var sum = x[row]
            for column in (row + 1)..<max(points, row + 1) { sum -= matrix[row * points + column] * x[column] }
            x[row] = sum * matrix[row * points + row]
        }
    }

    /// The error of the step as a multiple of what the tolerances allow.
    func errorNorm(_ options: SolverOptions) -> Lane {
        path.errorNorm(states, options, share: Self.toleranceShare)
    }

    /// Takes the step in the lanes of `mask`.
    func commit(_ mask: LaneMask) {
        for i in places {
            state.y[i].replace(with: state.yNew[i], where: mask)
            state.noteSize(i, mask)
        }
        state.refreshGreatest()
    }

    // MARK: Within the step

    private var states: UnsafeBufferPointer<Int> { UnsafeBufferPointer(places) }

    /// The states at `fraction` (0…1) of the step, into `target[state]`.
    func interpolate(at fraction: Lane, into target: LanePointer) {
        path.interpolate(states, at: fraction, into: target)
    }

    /// One state of one lane at `fraction` of the step: what root finding on the path evaluates.
    func interpolated(_ i: Int, lane: Int, at fraction: Double) -> Double {
        path.interpolated(i, lane: lane, at: fraction)
    }
}

/// One level of a ``Cascade`` made ready for an inner loop; the owner deallocates it.
private struct Level {
    let routine: LaneRoutine
    let count: Int
    let states: UnsafeMutablePointer<Int>
    /// For each state the result that is its slope, -1 for none.
    let slopes: UnsafeMutablePointer<Int>

    init(_ level: Cascade.Level, _ routine: LaneRoutine) {
        self.routine = routine
        count = level.states.count
        states = .allocate(capacity: max(1, count))
        slopes = .allocate(capacity: max(1, count))
        for (position, state) in level.states.enumerated() {
            states[position] = state
            slopes[position] = level.slopes.firstIndex(of: position).map { count + $0 } ?? -1
        }
    }

    func deallocate() {
        states.deallocate()
        slopes.deallocate()
    }
}
