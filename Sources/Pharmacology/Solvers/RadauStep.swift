import ModelLanguage
import NumericsCore

/// One trial step of ``Radau7`` on sixteen lanes, for all states.
///
/// Each lane's corrections stop where that lane has converged, whatever its neighbours still need, so that its numbers are
/// its own.
final class RadauStep: StiffStep {
    private let equations: LaneEquations
    private let state: LaneState
    private let n: Int
    private let points = Radau7.stages
    private let jacobian: LaneJacobian
    private let pairs: [ComplexSparseLU]
    /// `moved[state * points + stage]`: how far each stage is from the start; `inner` the same in the coordinates of the pairs.
    private let moved: LanePointer
    private let inner: LanePointer
    /// Derivatives at the stages, then the corrections; and the right-hand side of a pair.
    private let rates: LanePointer
    private let right: LanePointer
    private let path: CollocationPath
    /// The path as histories keep it; terms that a collocation of four points does not reach stay 0.
    private let nested: LanePointer
    private let forward: StageSums
    private let back: StageSums
    private let series: StageSums
    private let nodes: UnsafeMutablePointer<Double>
    private let places: UnsafeMutableBufferPointer<Int>
    private var options = SolverOptions()
    /// The step that each lane's path belongs to; NaN for none.
    private var known = Lane(repeating: .nan)
    /// Lanes whose path belongs to the step before this one, and not to a longer trial of this one.
    private var isBehind = LaneMask(repeating: false)
    private var hasConverged = LaneMask(repeating: false)

    init(_ equations: LaneEquations, _ options: SolverOptions) {
        self.equations = equations
        self.options = options
        state = equations.state
        n = state.stateCount
        jacobian = LaneJacobian(equations)
        let plan = EliminationPlan(count: n, entries: jacobian.places)
        pairs = Radau7.alpha.map { _ in ComplexSparseLU(plan) }
        moved = Lanes.allocate(n * points)
        inner = Lanes.allocate(n * points)
        rates = Lanes.allocate(n * points)
        right = Lanes.allocate(2 * n)
        path = CollocationPath(points: points, state)
        nested = Lanes.allocate(n * (equations.delayed?.history.termCount ?? 0))
        forward = StageSums(Radau7.inverseVectors, stride: 1)
        back = StageSums(Radau7.vectors, stride: 1)
        let inverse = Radau7.inverse
        series = StageSums(
            Radau7.collocation.coefficients.map { row in
                inverse.indices.map { column in row.indices.reduce(0) { $0 + row[$1] * inverse[$1][column] } }
            }, stride: 1)
        nodes = .allocate(capacity: points)
        nodes.initialize(from: Radau7.collocation.nodes, count: points)
        places = .allocate(capacity: n)
        _ = places.initialize(from: 0..<n)
    }

    deinit {
        for pointer in [moved, inner, rates, right, nested] { pointer.deallocate() }
        for table in [forward, back, series] { table.deallocate() }
        nodes.deallocate()
        places.deallocate()
    }

    var fastest: Lane { jacobian.fastest }
    /// The error estimate is of the order of the stages.
    var order: Int { points }

    func attempt(_ moving: LaneMask, fresh: LaneMask, from time: Lane, first: Lane, by step: Lane, latest: Lane) {
        // An idle lane has no step; any does for it.
        let h = step.replacing(with: 1, where: .!moving)
        known.replace(with: .nan, where: fresh .& moving)
        guess(h)
        factor(from: first, h, latest)
        iterate(moving, time, h, latest)
        for i in 0..<n {
            for k in 0..<points {
                path.terms[i * points + k].replace(with: series.sum(k, moved + i * points), where: moving)
            }
        }
        known.replace(with: h.replacing(with: .nan, where: .!hasConverged), where: moving)
        isBehind = isBehind .& .!moving
    }

    /// Where the stages will be, from the path that the lane knows; its start for those that know none.
    private func guess(_ h: Lane) {
        let isKnown = known .== known
        let ratio = (h / known).replacing(with: 0, where: .!isKnown)
        let base = Lane(repeating: 0).replacing(with: 1, where: isBehind .& isKnown)
        for stage in 0..<points {
            let place = base + ratio * Lane(repeating: nodes[stage])
            for i in 0..<n { moved[i * points + stage] = (place - base) * path.terms[i * points] }
            // Those of the higher degrees are 0 at both ends of a step.
            var integrals = LegendreIntegrals(place)
            for k in 1..<points {
                let way = integrals.next()
                for i in 0..<n { moved[i * points + stage].addProduct(way, path.terms[i * points + k]) }
            }
        }
        for i in 0..<n {
            let course = moved + i * points
            for stage in 0..<points { course[stage].replace(with: 0, where: .!isKnown) }
            for row in 0..<points { inner[i * points + row] = forward.sum(row, course) }
        }
    }

    /// `(α − iβ)/h − J` of both pairs, factored. The Jacobian is that where the guess is in the middle of the step, which
    /// halves how far it changes on either side and saves a sixth of the corrections.
    private func factor(from time: Lane, _ h: Lane, _ latest: Lane) {
        let rate = Lane(repeating: 1) / h
        let middle = points / 2 - 1
        place(middle)
        jacobian.evaluate(at: smaller(time + Lane(repeating: nodes[middle]) * h, latest))
        for (pair, matrix) in pairs.enumerated() {
            matrix.clear()
            for i in 0..<n {
                matrix.values[2 * (i * n + i)] = Lane(repeating: Radau7.alpha[pair]) * rate
                matrix.values[2 * (i * n + i) + 1] = Lane(repeating: -Radau7.beta[pair]) * rate
            }
            for index in 0..<jacobian.entryCount { matrix.values[2 * jacobian.place(index)] -= jacobian.values[index] }
            matrix.factor()
        }
    }

    /// Newton's corrections with the Jacobian of the start, until each lane's are small beside its tolerances.
    private func iterate(_ moving: LaneMask, _ time: Lane, _ h: Lane, _ latest: Lane) {
        let rate = Lane(repeating: 1) / h
        var active = moving
        var before = Lane(repeating: .infinity)
        hasConverged = LaneMask(repeating: false)
        for round in 0..<Self.mostRounds where any(active) {
            evaluate(time, h, latest)
            let size = correct(rate, active)
            let shrinking = round == 0 ? Lane(repeating: Self.firstShrinking) : size / before
            let ahead = size * shrinking / (Lane(repeating: 1) - shrinking)
            let isShrinking = shrinking .< Lane(repeating: 0.99)
            hasConverged = hasConverged .| (active .& isShrinking .& (ahead .<= Lane(repeating: Self.closeness)))
            // A size that is no number ends it too.
            active = active .& .!hasConverged .& (size .< Lane(repeating: .infinity))
            if round > 0 { active = active .& isShrinking }
            before = size
        }
    }

    private static let mostRounds = 6
    /// What the second correction is taken to be beside the first before it is known.
    private static let firstShrinking = 0.03
    /// How near, as a share of the tolerance, the stages come to the solution of their equations.
    private static let closeness = 0.3

    /// The derivatives at every stage.
    private func evaluate(_ time: Lane, _ h: Lane, _ latest: Lane) {
        for stage in 0..<points {
            place(stage)
            let moment = time + Lane(repeating: nodes[stage]) * h
            equations.fullDerivatives(at: smaller(moment, latest), into: rates + stage, stride: points)
        }
    }

    /// Puts the states at a stage into the registers.
    private func place(_ stage: Int) {
        let registers = state.registers.lanes + equations.firstState
        for i in 0..<n { registers[i] = state.y[i] + moved[i * points + stage] }
    }

    /// One correction of the lanes in `active`; its size as a multiple of the tolerances.
    private func correct(_ rate: Lane, _ active: LaneMask) -> Lane {
        for (pair, matrix) in pairs.enumerated() {
            let alpha = Lane(repeating: Radau7.alpha[pair]) * rate
            let beta = Lane(repeating: Radau7.beta[pair]) * rate
            for i in 0..<n {
                let w = inner + i * points + 2 * pair
                let (first, second) = (w[0], w[1])
                right[2 * i] = forward.sum(2 * pair, rates + i * points)
                    .addingProduct(-alpha, first).addingProduct(-beta, second)
                right[2 * i + 1] = forward.sum(2 * pair + 1, rates + i * points)
                    .addingProduct(-alpha, second).addingProduct(beta, first)
            }
            matrix.solve(right)
            for i in 0..<n {
                let w = inner + i * points + 2 * pair
                w[0].replace(with: w[0] + right[2 * i], where: active)
                w[1].replace(with: w[1] + right[2 * i + 1], where: active)
            }
        }
        var total = Lane(repeating: 0)
        for i in 0..<n {
            var own = Lane(repeating: 0)
            for stage in 0..<points {
                let place = back.sum(stage, inner + i * points)
                let change = place - moved[i * points + stage]
                own += change * change
                moved[i * points + stage].replace(with: place, where: active)
            }
            state.yNew[i] = state.y[i] + moved[i * points + points - 1]
            let tolerance = state.tolerance(i, options, share: Radau7.toleranceShare)
            total += own / (tolerance * tolerance)
        }
        return (total * Lane(repeating: 1 / Double(n * points))).squareRoot()
    }

    func errorNorm(_ options: SolverOptions) -> Lane {
        let norm = path.errorNorm(UnsafeBufferPointer(places), options, share: Radau7.toleranceShare)
        // Half the step where the corrections did not converge, unless it left what can be computed.
        return norm.replacing(with: 10, where: .!hasConverged .& (norm .== norm))
    }

    func commit(_ mask: LaneMask) {
        for i in 0..<n {
            state.y[i].replace(with: state.yNew[i], where: mask)
            state.noteSize(i, mask)
        }
        state.refreshGreatest()
        isBehind = isBehind .| mask
    }

    // MARK: Within the step

    func prepareDense() {}

    func keep(_ mask: LaneMask, from time: Lane, by step: Lane, in history: LaneHistory) {
        path.writeNested(into: nested)
        history.keep(mask, start: time, step: step, y: state.y, terms: nested)
    }

    func interpolate(at fraction: Lane, into target: LanePointer) {
        path.interpolate(UnsafeBufferPointer(places), at: fraction, into: target)
    }

    func interpolated(_ i: Int, lane: Int, at fraction: Double) -> Double {
        path.interpolated(i, lane: lane, at: fraction)
    }
}
