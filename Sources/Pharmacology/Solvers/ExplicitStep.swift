import ModelLanguage
import NumericsCore

/// One trial step of an explicit pair on sixteen lanes, each with its own time and step.
final class ExplicitStep {
    let tableau: ExplicitTableau
    private let equations: LaneEquations
    private let state: LaneState
    private let n: Int
    /// Derivatives of the stages: `k[stage * stateCount + state]`.
    private let k: LanePointer
    /// The last stage value before the new one, which stands at the same time: their distance tells of stiffness.
    private let yBefore: LanePointer
    /// Terms of the continuous extension: `terms[term * stateCount + state]`.
    private let terms: LanePointer
    private let sums: StageSums
    /// Row 0: the error estimate; row 1: the second one.
    private let errors: StageSums
    private let hasCoarseError: Bool
    private let dense: StageSums
    private let denseCount: Int
    private let nodes: UnsafeMutablePointer<Double>
    /// The states that are always integrated, then all.
    private let places: UnsafeMutablePointer<Int>
    /// Whether this step integrates the states of the linear part in some lanes.
    private var takesAll = false
    private var isDenseReady = false

    init(_ tableau: ExplicitTableau, _ equations: LaneEquations) {
        self.tableau = tableau
        self.equations = equations
        state = equations.state
        n = state.stateCount
        k = Lanes.allocate(n * tableau.allStages)
        yBefore = Lanes.allocate(n)
        terms = Lanes.allocate(n * (3 + tableau.dense.count))
        sums = StageSums(tableau.weights, stride: n)
        errors = StageSums([tableau.error, tableau.coarseError ?? []], stride: n)
        hasCoarseError = tableau.coarseError != nil
        dense = StageSums(tableau.dense, stride: n)
        denseCount = tableau.dense.count
        nodes = .allocate(capacity: tableau.nodes.count)
        nodes.initialize(from: tableau.nodes, count: tableau.nodes.count)
        let order = equations.integrated + equations.everyState
        places = .allocate(capacity: max(1, order.count))
        places.initialize(from: order, count: order.count)
    }

    deinit {
        for pointer in [k, yBefore, terms] { pointer.deallocate() }
        for table in [sums, errors, dense] { table.deallocate() }
        nodes.deallocate()
        places.deallocate()
    }

    private var states: UnsafeBufferPointer<Int> {
        let integrated = equations.integratedCount
        return takesAll
            ? UnsafeBufferPointer(start: places + integrated, count: n)
            : UnsafeBufferPointer(start: places, count: integrated)
    }

    /// The first derivative of a step, at the lanes' present times and states, for the lanes in `mask`.
    ///
    /// The others keep theirs, which the last stage of the step before gave them.
    func evaluateFirst(at time: Lane, _ mask: LaneMask) {
        equations.loadStates()
        equations.derivatives(at: time, all: true, into: terms)
        for i in equations.everyState { k[i].replace(with: terms[i], where: mask) }
    }

    /// The largest derivative over the states that are integrated, at some time, with the states as they are. What stands
    /// for the others between two stops depends on the stops of a lane's neighbours.
    func largestDerivative(at time: Lane) -> Lane {
        equations.loadStates()
        equations.derivatives(at: time, all: true, into: terms)
        var largest = Lane(repeating: 0)
        for i in equations.everyState {
            let size = magnitude(terms[i])
            let isApart = equations.isIntegrated[i] ? LaneMask(repeating: false) : equations.solvedApart
            largest = larger(size.replacing(with: 0, where: isApart), largest)
        }
        return largest
    }

    /// The first derivative of a state, for the choice of the first step.
    func firstDerivative(_ index: Int) -> Lane { k[index] }

    /// All stages. The new state is in `yNew`, its derivative in the last stage.
    ///
    /// - Parameters:
    ///   - takesAll: some lane integrates the linear part too.
    ///   - latest: the time that no stage may pass (just before a switch in the equations).
    func attempt(from time: Lane, by h: Lane, arrivingAt arrival: Lane, latest: Lane, takesAll: Bool) {
        self.takesAll = takesAll
        isDenseReady = false
        let registers = state.registers.lanes + equations.firstState
        let states = states
        for stage in 1..<tableau.stages {
            for i in states { registers[i] = state.y[i] + h * sums.sum(stage, k + i) }
            var moment = time + Lane(repeating: nodes[stage]) * h
            if stage == tableau.stages - 2 { for i in states { yBefore[i] = registers[i] } }
            if stage == tableau.stages - 1 {
                moment = arrival
                for i in states { state.yNew[i] = registers[i] }
            }
            equations.derivatives(at: smaller(moment, latest), all: takesAll, into: k + stage * n)
        }
    }

    /// The error of the step as a multiple of what the tolerances allow: root mean square over the integrated states.
    func errorNorm(step h: Lane, _ options: SolverOptions) -> Lane {
        let apart = equations.solvedApart
        var fine = Lane(repeating: 0)
        var rough = Lane(repeating: 0)
        var fineLinear = Lane(repeating: 0)
        var roughLinear = Lane(repeating: 0)
        for i in states {
            let scale = state.tolerance(i, options, share: tableau.toleranceShare)
            let a = errors.sum(0, k + i) / scale
            let b = errors.sum(1, k + i) / scale
            if equations.isIntegrated[i] {
                fine += a * a
                rough += b * b
            } else {
                fineLinear += a * a
                roughLinear += b * b
            }
        }
        let count = Lane(repeating: Double(equations.everyState.count)).replacing(
            with: Double(equations.integrated.count), where: apart)
        fine += fineLinear.replacing(with: 0, where: apart)
        rough += roughLinear.replacing(with: 0, where: apart)
        guard hasCoarseError else { return magnitude(h) * (fine / count).squareRoot() }
        let divisor = fine + Lane(repeating: 0.01) * rough
        let norm = magnitude(h) * fine / (divisor * count).squareRoot()
        return norm.replacing(with: 0, where: divisor .== Lane(repeating: 0))
    }

    /// Whether the step came to the end of the stability region: the mark of stiff equations.
    func isAtStabilityLimit(step h: Lane) -> LaneMask {
        var slope = Lane(repeating: 0)
        var distance = Lane(repeating: 0)
        for i in equations.integrated {
            let f = k[(tableau.stages - 1) * n + i] - k[(tableau.stages - 2) * n + i]
            let y = state.yNew[i] - yBefore[i]
            slope += f * f
            distance += y * y
        }
        let limit = Lane(repeating: tableau.stabilityLimit * tableau.stabilityLimit)
        return (h * h * slope) .> (limit * distance)
    }

    /// Takes the step in the lanes of `mask`.
    ///
    /// Where the linear part is solved apart its states are none of the step's, whatever the other lanes integrate.
    func commit(_ mask: LaneMask) {
        let whole = mask .& .!equations.solvedApart
        for i in states {
            let taken = equations.isIntegrated[i] ? mask : whole
            state.y[i].replace(with: state.yNew[i], where: taken)
            state.noteSize(i, taken)
            // First same as last.
            k[i].replace(with: k[(tableau.stages - 1) * n + i], where: taken)
        }
        state.refreshGreatest()
    }

    // MARK: Continuous extension

    /// Evaluates what the extension needs beyond the step itself. Must stand before ``commit(_:)``.
    func prepareDense(from time: Lane, by h: Lane, latest: Lane) {
        guard !isDenseReady else { return }
        isDenseReady = true
        let registers = state.registers.lanes + equations.firstState
        for stage in tableau.stages..<tableau.allStages {
            for i in states { registers[i] = state.y[i] + h * sums.sum(stage, k + i) }
            let moment = time + Lane(repeating: nodes[stage]) * h
            equations.derivatives(at: smaller(moment, latest), all: takesAll, into: k + stage * n)
        }
        for i in states {
            let difference = state.yNew[i] - state.y[i]
            let bend = h * k[i] - difference
            terms[i] = difference
            terms[n + i] = bend
            terms[2 * n + i] = difference - h * k[(tableau.stages - 1) * n + i] - bend
            for row in 0..<denseCount { terms[(3 + row) * n + i] = h * dense.sum(row, k + i) }
        }
    }

    /// Leaves the step behind in a history. Must stand between ``prepareDense(from:by:latest:)`` and ``commit(_:)``.
    func keep(_ mask: LaneMask, from time: Lane, by h: Lane, in history: LaneHistory) {
        history.keep(mask, start: time, step: h, y: state.y, terms: terms)
    }

    /// The states at `fraction` (0…1) of the step, into `target[state]`.
    func interpolate(at fraction: Lane, into target: LanePointer) {
        let rest = Lane(repeating: 1) - fraction
        for i in states {
            var value = Lane(repeating: 0)
            for term in (0..<(3 + denseCount)).reversed() {
                value = (value + terms[term * n + i]) * (term % 2 == 0 ? fraction : rest)
            }
            target[i] = state.y[i] + value
        }
    }

    /// One state of one lane at `fraction` of the step: what root finding on the path evaluates.
    func interpolated(_ i: Int, lane: Int, at fraction: Double) -> Double {
        var value = 0.0
        for term in (0..<(3 + denseCount)).reversed() {
            value = (value + terms[term * n + i][lane]) * (term % 2 == 0 ? fraction : 1 - fraction)
        }
        return state.y[i][lane] + value
    }
}

extension LaneState {
    /// The error that a step may make in a state: relative to its size, with a floor that scales with the largest amount
    /// it has held, and a far lower one that scales with the largest amount anywhere: a compartment at the end of a chain
    /// begins as a high power of time, of which no step has any digit right.
    ///
    /// The size is that at the end of the step, so that what falls far within one keeps its digits, but no less than a tenth
    /// of that at its start, so that what passes 0 does not stop there.
    @inline(__always)
    func tolerance(_ i: Int, _ options: SolverOptions, share: Double) -> Lane {
        let size = larger(Lane(repeating: 0.1) * magnitude(y[i]), magnitude(yNew[i]))
        let relative = Lane(repeating: options.relativeTolerance * share)
        if let absolute = options.absoluteTolerance { return Lane(repeating: absolute * share) + relative * size }
        let own = larger(largest[i], size) * Lane(repeating: SolverOptions.negligible)
        let any = greatest.pointee * Lane(repeating: SolverOptions.vanishing)
        return relative * (size + own + any) + Lane(repeating: 1e-100)
    }
}
