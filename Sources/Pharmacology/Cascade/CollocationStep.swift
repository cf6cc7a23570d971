import ModelLanguage
import NumericsCore

/// One trial step of a ``Cascade`` on sixteen lanes: collocation at Radau points, level after level.
///
/// With `δ = y − y₀` a state that is affine in itself satisfies `δ(cᵢ) = h Σ qᵢⱼ (fⱼ + aⱼ δ(cⱼ))` where `f` is its derivative
/// at `y₀` and `a` its slope: a linear system for the values at the nodes, solved by elimination.
final class CollocationStep {
    /// Ten points keep the work per unit of time near its least at the default tolerance.
    static let collocation = RadauCollocation(9)
    /// The order within a step.
    static var order: Int { collocation.count }
    /// The share of the tolerance that the last coefficient of a step's polynomial may reach.
    static let toleranceShare = 10.0

    private let equations: LaneEquations
    private let state: LaneState
    private let cascade: Cascade
    private let owners: [LaneRoutineOwner]
    private let points = CollocationStep.collocation.count
    private let nodes: UnsafeMutablePointer<Double>
    private let integrals: StageSums
    private let transform: StageSums
    /// `rates[state * points + node]`: derivatives, at the end those on the path.
    private let rates: LanePointer
    private let slopes: LanePointer
    /// `moved[state * points + node]`: how far from the start of the step.
    private let moved: LanePointer
    /// The exact states at each node.
    private let driving: LanePointer
    /// Legendre coefficients of the derivatives: `terms[state * points + k]`.
    private let terms: LanePointer
    private let matrix: LanePointer
    private var isDenseReady = false
    private var step = Lane(repeating: 0)

    init(_ cascade: Cascade, _ equations: LaneEquations) {
        self.cascade = cascade
        self.equations = equations
        state = equations.state
        owners = cascade.levels.map { LaneRoutineOwner($0.program) }
        let collocation = Self.collocation
        nodes = .allocate(capacity: points)
        nodes.initialize(from: collocation.nodes, count: points)
        integrals = StageSums(collocation.integrals, stride: 1)
        transform = StageSums(collocation.coefficients, stride: 1)
        let n = state.stateCount
        rates = Lanes.allocate(n * points)
        slopes = Lanes.allocate(n * points)
        moved = Lanes.allocate(n * points)
        terms = Lanes.allocate(n * points)
        driving = Lanes.allocate(n * points)
        matrix = Lanes.allocate(points * points)
    }

    deinit {
        for pointer in [rates, slopes, moved, terms, driving, matrix] { pointer.deallocate() }
        for table in [integrals, transform] { table.deallocate() }
        nodes.deallocate()
    }

    /// All levels of the step. The new state is in `yNew`.
    func attempt(from time: Lane, by h: Lane, arrivingAt arrival: Lane, latest: Lane) {
        isDenseReady = false
        step = h
        for level in cascade.levels.indices {
            for node in 0..<points {
                let moment = node == points - 1 ? arrival : time + Lane(repeating: nodes[node]) * h
                drive(node, level: level, at: smaller(moment, latest))
                run(level, node)
            }
            for (position, i) in cascade.levels[level].states.enumerated() {
                solve(i, hasSlope: cascade.levels[level].slopes.contains(position))
            }
        }
        for i in equations.integrated { state.yNew[i] = state.y[i] + moved[i * points + points - 1] }
    }

    /// Puts what drives a level into the registers: exact states, earlier levels, and the level itself where it started.
    private func drive(_ node: Int, level: Int, at moment: Lane) {
        let registers = state.registers.lanes
        let n = state.stateCount
        let first = equations.firstState
        if level == 0 {
            for i in equations.integrated { registers[first + i] = state.y[i] }
            equations.placeExactStates(at: moment)
            guard cascade.levels.count > 1 else { return }
            for i in 0..<n { driving[node * n + i] = registers[first + i] }
        } else {
            registers[equations.timeRegister] = moment
            for i in 0..<n { registers[first + i] = driving[node * n + i] }
            for earlier in 0..<level {
                for i in cascade.levels[earlier].states {
                    registers[first + i] = state.y[i] + moved[i * points + node]
                }
            }
        }
    }

    private func run(_ level: Int, _ node: Int) {
        let registers = state.registers.lanes
        let routine = owners[level].routine
        routine.run(registers)
        let states = cascade.levels[level].states
        for position in 0..<states.count {
            let i = states[position]
            let rate = registers[routine.place(ofResult: position)]
            rates[i * points + node] = (rate + state.inputRate[i]) * state.isOn[i]
        }
        for (index, position) in cascade.levels[level].slopes.enumerated() {
            let i = states[position]
            slopes[i * points + node] = registers[routine.place(ofResult: states.count + index)] * state.isOn[i]
        }
    }

    /// The path of one state through the nodes, and its derivatives on it.
    private func solve(_ i: Int, hasSlope: Bool) {
        let f = rates + i * points
        let path = moved + i * points
        for row in 0..<points { path[row] = step * integrals.sum(row, f) }
        guard hasSlope else { return }
        let a = slopes + i * points
        for column in 0..<points {
            let reach = step * a[column]
            for row in 0..<points {
                let entry = Lane(repeating: -Self.weight(row, column)) * reach
                matrix[row * points + column] = row == column ? Lane(repeating: 1) + entry : entry
            }
        }
        eliminate(path)
        for node in 0..<points { f[node] += a[node] * path[node] }
    }

    private static let weights = collocation.integrals.flatMap { $0 }

    private static func weight(_ row: Int, _ column: Int) -> Double { weights[row * collocation.count + column] }

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

    /// The error within the step as a multiple of what the tolerances allow: what the last coefficient of the derivative's
    /// Legendre series adds to the path.
    func errorNorm(_ options: SolverOptions) -> Lane {
        var last = Lane(repeating: 0)
        var before = Lane(repeating: 0)
        for i in equations.integrated {
            let scale = step / state.tolerance(i, options, share: Self.toleranceShare)
            let a = scale * transform.sum(points - 1, rates + i * points)
            let b = scale * transform.sum(points - 2, rates + i * points)
            last += a * a
            before += b * b
        }
        let count = Double(equations.integratedCount)
        let decay = last / larger(last, before)
        let weight = Lane(repeating: 1 / (count * Double((2 * points - 1) * (2 * points - 1))))
        return (weight * last * decay).squareRoot()
    }

    /// Takes the step in the lanes of `mask`.
    func commit(_ mask: LaneMask) {
        for i in equations.integrated {
            state.y[i].replace(with: state.yNew[i], where: mask)
            state.noteSize(i, mask)
        }
        state.refreshGreatest()
    }

    // MARK: Within the step

    /// Finds the coefficients of the path. Must stand before ``commit(_:)``.
    func prepareDense() {
        guard !isDenseReady else { return }
        isDenseReady = true
        for i in equations.integrated {
            for k in 0..<points { terms[i * points + k] = step * transform.sum(k, rates + i * points) }
        }
    }

    /// The states at `fraction` (0…1) of the step, into `target[state]`.
    func interpolate(at fraction: Lane, into target: LanePointer) {
        let t = fraction + fraction - Lane(repeating: 1)
        for i in equations.integrated { target[i] = state.y[i] + fraction * terms[i * points] }
        // P_{k−1}, P_k, P_{k+1}
        var before = Lane(repeating: 1)
        var here = t
        for k in 1..<points {
            let next =
                (Lane(repeating: Double(2 * k + 1)) * t * here - Lane(repeating: Double(k)) * before)
                * Lane(repeating: 1 / Double(k + 1))
            let integral = (next - before) * Lane(repeating: 1 / Double(2 * (2 * k + 1)))
            for i in equations.integrated { target[i] += integral * terms[i * points + k] }
            before = here
            here = next
        }
    }

    /// One state of one lane at `fraction` of the step: what root finding on the path evaluates.
    func interpolated(_ i: Int, lane: Int, at fraction: Double) -> Double {
        let integrals = RadauCollocation.integrals(below: points, at: fraction)
        return (0..<points).reduce(state.y[i][lane]) { $0 + integrals[$1] * terms[i * points + $1][lane] }
    }
}
