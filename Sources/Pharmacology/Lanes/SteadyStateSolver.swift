import ModelLanguage
import NumericsCore

/// Finds the periodic state of a patient under a repeated dose: the fixed point of the map over one interval.
///
/// Newton's method: a block of lanes runs the interval from the present guess and from guesses with one state moved each,
/// which gives the map and its Jacobian in one pass (or several where there are more states than lanes). A linear system is
/// there after one step. A few plain intervals come first, so that the guess lies where the map is smooth.
final class SteadyStateSolver {
    private let model: SimulationModel
    private let simulation: LaneSimulation
    private let n: Int
    /// Whether any derivative reads the state. One that none reads only accumulates.
    private let isRead: [Bool]
    /// The state without any dose, to which the steady state of an added regimen is compared.
    private(set) var baseline: [Double] = []
    /// The compartments that take part.
    private var isOn: [Bool] = []

    private static let warmUp = 3
    private static let mostSteps = 40
    /// More doses than any compartment holds.
    private static let mostDoses = 1e9
    /// The change of a state over an interval, relative to its size, at which it counts as periodic.
    private static let tolerance = 1e-10

    init(_ model: SimulationModel, _ options: SolverOptions) {
        self.model = model
        n = model.model.states.count
        let read = Set(model.jacobian.columns)
        isRead = (0..<n).map { read.contains($0) }
        var exact = options
        exact.relativeTolerance = min(options.relativeTolerance, 1e-9)
        simulation = LaneSimulation(model, options: exact)
    }

    /// The state at the record's time, before its dose; nil where none is found.
    ///
    /// - Parameters:
    ///   - start: the state with which the model begins, 0 in compartments that are turned off.
    ///   - isOn: which compartments are not turned off.
    ///
    /// States that never settle (a cumulative hazard, an excreted amount) keep the value with which they began.
    func solve(
        _ cycle: DoseCycle, inputs: [Double], start: [Double], isOn: [Bool], at time: Double
    ) -> [Double]? {
        self.isOn = isOn
        baseline = start
        guard n > 0 else { return [] }
        let span = cycle.length == .infinity ? restingSpan : cycle.interval
        var guess = start
        for _ in 0..<Self.warmUp {
            guard let next = images(of: [guess], cycle, inputs, span, time)?[0] else { return nil }
            guess = next
        }
        let begun = guess
        var best = Double.infinity
        for _ in 0..<Self.mostSteps {
            let scale = guess.map { max(abs($0), 1e-8 * (guess.map { abs($0) }.max() ?? 1), 1e-100) }
            let moved = guess.indices.map { j in
                guess.indices.map { $0 == j ? guess[$0] + 1e-4 * scale[$0] : guess[$0] }
            }
            guard let images = images(of: [guess] + moved, cycle, inputs, span, time) else { return nil }
            let residual = zip(images[0], guess).map { $0 - $1 }
            guard let step = newtonStep(residual, images, guess, scale) else { return nil }
            let size = zip(step, scale).reduce(0) { max($0, abs($1.0) / $1.1) }
            guess = zip(guess, step).map { $0 + $1 }
            // Rounding in the solver bounds what can be reached: stop where it no longer improves.
            if size < Self.tolerance || (size < 1e-6 && size >= 0.5 * best) {
                return isSensible(guess, afterSome: begun, cycle) ? guess : nil
            }
            best = min(best, size)
        }
        return nil
    }

    /// Whether doses can have led from the state after a few of them to this one. Where more is given than can be removed,
    /// Newton's method ends beyond any number of doses, where rounding hides what an interval adds, or on the other side
    /// of 0, where saturable kinetics have a fixed point that no dose leads to.
    private func isSensible(_ guess: [Double], afterSome begun: [Double], _ cycle: DoseCycle) -> Bool {
        let i = cycle.compartment
        guard isRead[i] else { return true }
        let isTurned = guess[i] * begun[i] < 0 && guess[i].magnitude > 1e-6 * cycle.size
        return guess[i].magnitude < Self.mostDoses * cycle.size && !isTurned
    }

    /// The time over which the map of a constant infusion is taken: any serves.
    private var restingSpan: Double { 1 }

    /// Solves `(I − J) δ = residual`, leaving out states that only accumulate, and those that nothing moves.
    private func newtonStep(
        _ residual: [Double], _ images: [[Double]], _ guess: [Double], _ scale: [Double]
    ) -> [Double]? {
        var matrix = Matrix(rows: n, columns: n)
        for j in 0..<n {
            for i in 0..<n {
                let slope = (images[j + 1][i] - images[0][i]) / (1e-4 * scale[j])
                matrix[i, j] = (i == j ? 1 : 0) - slope
            }
        }
        let settling = (0..<n).filter { j in
            let isInert = (0..<n).allSatisfy { abs(matrix[$0, j]) < 1e-7 } && abs(residual[j]) < 1e-12 * scale[j]
            return isRead[j] && isOn[j] && !isInert
        }
        guard !settling.isEmpty else { return Array(repeating: 0, count: n) }
        var reduced = Matrix(rows: settling.count, columns: settling.count)
        for (row, i) in settling.enumerated() {
            for (column, j) in settling.enumerated() { reduced[row, column] = matrix[i, j] }
        }
        guard let solution = DenseSolve.solve(reduced, settling.map { residual[$0] }) else { return nil }
        var step = [Double](repeating: 0, count: n)
        for (row, i) in settling.enumerated() { step[i] = solution[row] }
        return step
    }

    /// Where each of some states leads in one interval; nil where the equations cannot be solved.
    private func images(
        of states: [[Double]], _ cycle: DoseCycle, _ inputs: [Double], _ span: Double, _ time: Double
    ) -> [[Double]]? {
        var images: [[Double]] = []
        for first in stride(from: 0, to: states.count, by: laneCount) {
            let count = min(laneCount, states.count - first)
            for (slot, value) in inputs.enumerated() {
                for lane in 0..<count { simulation.setInput(slot, lane: lane, to: value) }
            }
            simulation.begin(at: time, lanes: 0..<count)
            for lane in 0..<count { simulation.enter(states[first + lane], cycle, isOn, lane) }
            simulation.restartAll()
            simulation.advance(to: time + span)
            for lane in 0..<count {
                guard simulation.failures[lane] == nil else { return nil }
                images.append((0..<n).map { simulation.amount(inState: $0)[lane] })
            }
        }
        return images
    }
}

extension LaneSimulation {
    /// Puts a lane into a state, with the infusions that run there and the dose of the interval to come.
    fileprivate func enter(_ values: [Double], _ cycle: DoseCycle, _ isOn: [Bool], _ lane: Int) {
        for i in 0..<state.stateCount {
            state.isOn[i][lane] = isOn[i] ? 1 : 0
            state.y[i][lane] = values[i]
            state.largest[i][lane] = abs(values[i])
        }
        for end in cycle.runningEnds {
            state.infusions[cycle.compartment][lane] += 1
            state.inputRate[cycle.compartment][lane] += cycle.rate
            timelines[lane].insert(
                Arrival(
                    time: time[lane] + end, compartment: cycle.compartment, effect: .infusionEnd, value: cycle.rate,
                    ordered: nil))
        }
        // Until the interval's dose arrives, what follows from doses follows from the one before.
        if let ordered = cycle.ordered {
            noteDose(ordered, cycle.compartment, lane, at: time[lane] + cycle.phase - cycle.interval)
        }
        for arrival in cycle.arrivals(at: time[lane] + cycle.phase) { timelines[lane].insert(arrival) }
        nextEvent[lane] = timelines[lane].next
    }

    /// Lets every lane begin from its present state.
    fileprivate func restartAll() {
        equations.linear?.restart(LaneMask(repeating: true), at: time, state)
        for lane in 0..<laneCount { pace.interrupt(lane: lane) }
    }
}

/// Gaussian elimination with partial pivoting in a fixed order, so that the bits do not depend on a library's kernels.
enum DenseSolve {
    /// The solution of `a x = b`; nil for a singular matrix.
    static func solve(_ a: Matrix, _ b: [Double]) -> [Double]? {
        let n = b.count
        var a = a
        var b = b
        for k in 0..<n {
            var pivot = k
            for i in k..<n where abs(a[i, k]) > abs(a[pivot, k]) { pivot = i }
            guard a[pivot, k] != 0, a[pivot, k].isFinite else { return nil }
            if pivot != k {
                for j in 0..<n { (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]) }
                b.swapAt(k, pivot)
            }
            for i in (k + 1)..<max(k + 1, n) {
                let factor = a[i, k] / a[k, k]
                guard factor != 0 else { continue }
                for j in k..<n { a[i, j] -= factor * a[k, j] }
                b[i] -= factor * b[k]
            }
        }
        for k in (0..<n).reversed() {
            for j in (k + 1)..<max(k + 1, n) { b[k] -= a[k, j] * b[j] }
            b[k] /= a[k, k]
        }
        return b.allSatisfy(\.isFinite) ? b : nil
    }
}
