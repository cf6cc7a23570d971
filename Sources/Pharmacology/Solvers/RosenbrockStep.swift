import ModelLanguage
import NumericsCore

/// One trial step of the Rosenbrock method ``Rodas5P`` on sixteen lanes, for all states.
final class RosenbrockStep: StiffStep {
    private let equations: LaneEquations
    private let state: LaneState
    private let n: Int
    private let matrix: SparseLU
    /// Stages `k[stage * n + state]`, the right-hand side, the derivatives by time, and the continuous extension.
    private let k: LanePointer
    private let value: LanePointer
    private let nodes: UnsafeMutablePointer<Double>
    /// The stages to which the derivative by time contributes; 0 where nothing depends on time.
    private let timeWeights: Int
    private let terms: LanePointer
    private let a: StageSums
    private let c: StageSums
    private let dense: StageSums
    private let jacobian: LaneJacobian

    init(_ equations: LaneEquations) {
        self.equations = equations
        state = equations.state
        n = state.stateCount
        jacobian = LaneJacobian(equations)
        matrix = SparseLU(EliminationPlan(count: n, entries: jacobian.places))
        a = StageSums(Rodas5P.a, stride: n)
        c = StageSums(Rodas5P.c, stride: n)
        dense = StageSums(Rodas5P.dense, stride: n)
        k = Lanes.allocate(n * Rodas5P.stages)
        value = Lanes.allocate(n)
        nodes = .allocate(capacity: Rodas5P.stages)
        nodes.initialize(from: Rodas5P.nodes, count: Rodas5P.stages)
        timeWeights = jacobian.timeRows.isEmpty ? 0 : Rodas5P.d.count { $0 != 0 }
        terms = Lanes.allocate(3 * n)
    }

    deinit {
        for pointer in [k, value, terms] { pointer.deallocate() }
        for table in [a, c, dense] { table.deallocate() }
        nodes.deallocate()
    }

    /// All stages. The new state is in `yNew`.
    func attempt(_ moving: LaneMask, fresh: LaneMask, from time: Lane, first: Lane, by step: Lane, latest: Lane) {
        let registers = state.registers.lanes + equations.firstState
        // An idle lane has no step; any does for it.
        let h = step.replacing(with: 1, where: .!moving)
        let rate = Lane(repeating: 1) / h
        for i in 0..<n { registers[i] = state.y[i] }
        factor(at: first, rate: rate)
        for stage in 0..<Rodas5P.stages {
            let right = k + stage * n
            if stage < Rodas5P.firstAdding {
                for i in 0..<n { value[i] = state.y[i] + a.sum(stage, k + i) }
            } else {
                for i in 0..<n { value[i] += right[i - n] }
            }
            for i in 0..<n { registers[i] = value[i] }
            let moment = stage == 0 ? first : time + Lane(repeating: nodes[stage]) * h
            equations.fullDerivatives(at: smaller(moment, latest), into: right)
            for i in 0..<n { right[i] += rate * c.sum(stage, k + i) }
            if stage < timeWeights { addTimeDerivatives(stage, h, to: right) }
            matrix.solve(right)
        }
        let last = k + (Rodas5P.stages - 1) * n
        for i in 0..<n { state.yNew[i] = value[i] + last[i] }
    }

    private func addTimeDerivatives(_ stage: Int, _ h: Lane, to right: LanePointer) {
        let share = h * Lane(repeating: Rodas5P.d[stage])
        for i in jacobian.timeRows { right[i] += share * jacobian.byTime[i] }
    }

    /// `1/(γh) − J`, factored.
    private func factor(at time: Lane, rate: Lane) {
        jacobian.evaluate(at: time)
        matrix.clear()
        let diagonal = rate * Lane(repeating: 1 / Rodas5P.gamma)
        for i in 0..<n { matrix.values[i * n + i] = diagonal }
        for index in 0..<jacobian.entryCount { matrix.values[jacobian.place(index)] -= jacobian.values[index] }
        matrix.factor()
    }

    /// The error of the step as a multiple of what the tolerances allow: root mean square over the states.
    func errorNorm(_ options: SolverOptions) -> Lane {
        var total = Lane(repeating: 0)
        for i in 0..<n {
            let ratio = k[(Rodas5P.stages - 1) * n + i] / state.tolerance(i, options, share: Rodas5P.toleranceShare)
            total += ratio * ratio
        }
        return (total / Lane(repeating: Double(n))).squareRoot()
    }

    func commit(_ mask: LaneMask) {
        for i in 0..<n {
            state.y[i].replace(with: state.yNew[i], where: mask)
            state.noteSize(i, mask)
        }
        state.refreshGreatest()
    }

    var fastest: Lane { jacobian.fastest }
    var order: Int { Rodas5P.order }

    // MARK: Continuous extension

    func keep(_ mask: LaneMask, from time: Lane, by step: Lane, in history: LaneHistory) {
        preconditionFailure("Equations that look back are not given to the Rosenbrock method.")
    }

    func prepareDense() {
        for row in 0..<3 { for i in 0..<n { terms[row * n + i] = dense.sum(row, k + i) } }
    }

    func interpolate(at fraction: Lane, into target: LanePointer) {
        let rest = Lane(repeating: 1) - fraction
        for i in 0..<n {
            var inner = terms[n + i] + fraction * terms[2 * n + i]
            inner = terms[i] + fraction * inner
            inner = state.yNew[i] + rest * inner
            target[i] = rest * state.y[i] + fraction * inner
        }
    }

    func interpolated(_ i: Int, lane: Int, at fraction: Double) -> Double {
        let rest = 1 - fraction
        let inner = terms[i][lane] + fraction * (terms[n + i][lane] + fraction * terms[2 * n + i][lane])
        return rest * state.y[i][lane] + fraction * (state.yNew[i][lane] + rest * inner)
    }
}
