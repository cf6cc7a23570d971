import NumericsCore

/// The path of a collocation step: for each state the Legendre series of its derivative over 0…1, times the step.
final class CollocationPath {
    let points: Int
    private let state: LaneState
    /// `terms[state * points + k]`.
    let terms: LanePointer

    init(points: Int, _ state: LaneState) {
        self.points = points
        self.state = state
        terms = Lanes.allocate(state.stateCount * points)
    }

    deinit { terms.deallocate() }

    /// The error within the step as a multiple of what the tolerances allow: root mean square over `states` of the first
    /// term that the series leaves out.
    ///
    /// It is judged by the last terms and how far they have fallen below those before; of many terms two at a time, since one
    /// alone may be small by chance.
    func errorNorm(_ states: UnsafeBufferPointer<Int>, _ options: SolverOptions, share: Double) -> Lane {
        let width = points / 4
        var last = Lane(repeating: 0)
        var before = Lane(repeating: 0)
        for i in states {
            let scale = Lane(repeating: 1) / state.tolerance(i, options, share: share)
            let end = terms + (i + 1) * points
            for k in 1...width {
                let (a, b) = (scale * end[-k], scale * end[-k - width])
                last += a * a
                before += b * b
            }
        }
        // What the integral of P_k reaches.
        let reach = Double(2 * points - 1)
        let weight = Lane(repeating: 1 / (Double(states.count) * reach * reach))
        let decay = (last / larger(last, before)).replacing(with: 0, where: last .== Lane(repeating: 0))
        return (weight * last * decay).squareRoot()
    }

    /// The states at `fraction` of the step, into `target[state]`.
    func interpolate(_ states: UnsafeBufferPointer<Int>, at fraction: Lane, into target: LanePointer) {
        for i in states { target[i] = state.y[i] + fraction * terms[i * points] }
        var integrals = LegendreIntegrals(fraction)
        for k in 1..<points {
            let integral = integrals.next()
            for i in states { target[i] += integral * terms[i * points + k] }
        }
    }

    /// The same path of four points in the nested form that ``LaneHistory`` keeps, into `target[term * stateCount + state]`:
    /// with `u = 1 − θ` the integrals of `P_0 … P_3` are `θ`, `−θu`, `θu − 2θ²u` and `−θu + 5θ²u²`.
    func writeNested(into target: LanePointer) {
        precondition(points == 4, "The nested form is that of four points, found \(points).")
        let n = state.stateCount
        for i in 0..<n {
            let c = terms + i * points
            target[i] = c[0]
            target[n + i] = c[2] - c[1] - c[3]
            target[2 * n + i] = Lane(repeating: -2) * c[2]
            target[3 * n + i] = Lane(repeating: 5) * c[3]
        }
    }

    /// One state of one lane at `fraction` of the step.
    func interpolated(_ i: Int, lane: Int, at fraction: Double) -> Double {
        let integrals = RadauCollocation.integrals(below: points, at: fraction)
        var value = state.y[i][lane]
        for k in 0..<points { value += integrals[k] * terms[i * points + k][lane] }
        return value
    }
}

/// The integrals from 0 to a place in 0…1 of the shifted Legendre polynomials, from the first degree on.
struct LegendreIntegrals {
    private let t: Lane
    private var before = Lane(repeating: 1)
    private var here: Lane
    private var degree = 1.0

    init(_ place: Lane) {
        t = place + place - Lane(repeating: 1)
        here = t
    }

    /// The next degree's: `(P_{k+1} − P_{k−1}) / (2 (2k + 1))`.
    mutating func next() -> Lane {
        let rising = Lane(repeating: 2 * degree + 1) * t * here
        let following = (rising - Lane(repeating: degree) * before) * Lane(repeating: 1 / (degree + 1))
        let integral = (following - before) * Lane(repeating: 1 / (4 * degree + 2))
        before = here
        here = following
        degree += 1
        return integral
    }
}
