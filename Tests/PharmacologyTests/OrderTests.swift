import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by the theory of Runge–Kutta methods: order conditions, and the slope of error over step.
@Suite("Order of the steppers")
struct OrderTests {
    private let tableau = ExplicitTableau.order5
    /// The weights of the fifth-order solution: the last row of the tableau.
    private let b = ExplicitTableau.order5.weights[6] + [0]
    private let c = ExplicitTableau.order5.nodes

    private func sum(_ weights: [Double], _ term: (Int) -> Double) -> Double {
        weights.indices.reduce(0) { $0 + weights[$1] * term($1) }
    }

    /// Σⱼ aᵢⱼ xⱼ
    private func row(_ i: Int, _ x: (Int) -> Double) -> Double { sum(tableau.weights[i], x) }

    /// Left and right sides of the conditions for all trees of up to five nodes (Hairer, Nørsett, Wanner, Solving
    /// Ordinary Differential Equations I, 2nd ed., table II.2.1), by order.
    private func conditions(_ w: [Double]) -> [(order: Int, left: Double, right: Double)] {
        func ac(_ i: Int) -> Double { row(i) { self.c[$0] } }
        func acc(_ i: Int) -> Double { row(i) { self.c[$0] * self.c[$0] } }
        func accc(_ i: Int) -> Double { row(i) { self.c[$0] * self.c[$0] * self.c[$0] } }
        func aac(_ i: Int) -> Double { row(i, ac) }
        func aacc(_ i: Int) -> Double { row(i, acc) }
        func aaac(_ i: Int) -> Double { row(i, aac) }
        func acac(_ i: Int) -> Double { row(i) { self.c[$0] * ac($0) } }
        return [
            (1, sum(w) { _ in 1 }, 1), (2, sum(w) { c[$0] }, 1 / 2), (3, sum(w) { c[$0] * c[$0] }, 1 / 3),
            (3, sum(w, ac), 1 / 6), (4, sum(w) { c[$0] * c[$0] * c[$0] }, 1 / 4), (4, sum(w) { c[$0] * ac($0) }, 1 / 8),
            (4, sum(w, acc), 1 / 12), (4, sum(w, aac), 1 / 24), (5, sum(w) { c[$0] * c[$0] * c[$0] * c[$0] }, 1 / 5),
            (5, sum(w) { c[$0] * c[$0] * ac($0) }, 1 / 10), (5, sum(w) { c[$0] * acc($0) }, 1 / 15),
            (5, sum(w) { c[$0] * aac($0) }, 1 / 30), (5, sum(w) { ac($0) * ac($0) }, 1 / 20), (5, sum(w, accc), 1 / 20),
            (5, sum(w, acac), 1 / 40), (5, sum(w, aacc), 1 / 60), (5, sum(w, aaac), 1 / 120),
        ]
    }

    @Test("The solution meets the 17 conditions of order 5, the embedded one the 8 of order 4 and no more")
    func orderConditions() {
        for stage in 0..<tableau.stages { #expect(abs(row(stage) { _ in 1 } - c[stage]) < 1e-14) }
        for condition in conditions(b) { #expect(abs(condition.left - condition.right) < 1e-15, "\(condition)") }
        let embedded = conditions(zip(b, tableau.error).map { $0 - $1 })
        for condition in embedded where condition.order < 5 {
            #expect(abs(condition.left - condition.right) < 1e-15, "\(condition)")
        }
        #expect(embedded.contains { $0.order == 5 && abs($0.left - $0.right) > 1e-4 })
    }

    @Test("The continuous extension is of order 4 at every place in the step")
    func denseConditions() {
        for theta in stride(from: 0.0, through: 1, by: 0.125) {
            // The weights of y(θ) − y(0) = h Σ wᵢ kᵢ, read off the formula of interpolation.
            let weights = b.indices.map { i in
                let first = i == 0 ? 1.0 : 0
                let last = i == 6 ? 1.0 : 0
                let bend = first - b[i]
                let twist = b[i] - last - bend
                return theta
                    * (b[i] + (1 - theta) * (bend + theta * (twist + (1 - theta) * tableau.dense[0][i])))
            }
            var power = 1.0
            for condition in conditions(weights) where condition.order < 5 {
                power = (0..<condition.order).reduce(1.0) { product, _ in product * theta }
                #expect(abs(condition.left - condition.right * power) < 1e-14, "θ = \(theta): \(condition)")
            }
        }
    }

    /// A stepper under test: takes one step of all lanes and says where the path was within it.
    private enum Stepper: CaseIterable {
        case explicit5, explicit8, rosenbrock, radau

        var order: Double {
            switch self {
            case .explicit5, .rosenbrock: 5
            case .explicit8: 8
            case .radau: 7
            }
        }
        /// The order of the continuous extension's error within a step.
        var insideOrder: Double { self == .explicit8 ? 8 : 5 }
        var steps: [Int] {
            switch self {
            case .explicit5, .rosenbrock: [16, 24, 32, 48, 64, 96]
            case .explicit8: [12, 16, 20, 24]
            case .radau: [8, 12, 16, 24, 32]
            }
        }
    }

    /// Errors at t = 2 of fixed steps on a nonlinear system with time in it (a rotation of growing radius), at the end
    /// of the steps and, by dense output, the largest inside them.
    private func errors(_ kind: Stepper, steps: Int) throws -> (end: Double, inside: Double) {
        let model = try Simulate.model(
            """
            x(0) <- 1
            d/dt(x) <- x * t / (1 + t * t) - y * (x^2 + y^2) / (1 + t^2)
            d/dt(y) <- y * t / (1 + t * t) + x * (x^2 + y^2) / (1 + t^2)
            """, outputs: [])
        // r² = 1 + t², the angle is t.
        func exact(_ t: Double) -> (Double, Double) {
            let radius = (1 + t * t).squareRoot()
            return (radius * Elementary.cos(t), radius * Elementary.sin(t))
        }
        func distance(_ x: Double, _ y: Double, _ t: Double) -> Double { max(abs(x - exact(t).0), abs(y - exact(t).1)) }
        let state = LaneState(model)
        let equations = LaneEquations(model, state, method: .automatic)
        let explicit = ExplicitStep(kind == .explicit5 ? .order5 : .order8, equations)
        // The stages are solved to far below what a step errs.
        let tight = SolverOptions(relativeTolerance: 1e-14)
        let stiff: any StiffStep = kind == .radau ? RadauStep(equations, tight) : RosenbrockStep(equations)
        let isStiff = kind == .rosenbrock || kind == .radau
        model.individual.run(state.registers.lanes)
        state.y[0] = Lane(repeating: 1)
        state.y[1] = Lane(repeating: 0)
        state.clear()
        let h = Lane(repeating: 2 / Double(steps))
        let whole = LaneMask(repeating: true)
        let latest = Lane(repeating: .infinity)
        let values = Lanes.allocate(2)
        defer { values.deallocate() }
        var inside = 0.0
        for index in 0..<steps {
            let time = Lane(repeating: Double(index)) * h
            if isStiff {
                let fresh = LaneMask(repeating: index == 0)
                stiff.attempt(whole, fresh: fresh, from: time, first: time, by: h, latest: latest)
                stiff.prepareDense()
            } else {
                explicit.evaluateFirst(at: time, whole)
                explicit.attempt(from: time, by: h, arrivingAt: time + h, latest: latest, takesAll: false)
                explicit.prepareDense(from: time, by: h, latest: latest)
            }
            for fraction in [0.2, 0.45, 0.7, 0.9] {
                let place = Lane(repeating: fraction)
                if isStiff {
                    stiff.interpolate(at: place, into: values)
                } else {
                    explicit.interpolate(at: place, into: values)
                }
                inside = max(inside, distance(values[0][0], values[1][0], time[0] + fraction * h[0]))
            }
            if isStiff { stiff.commit(whole) } else { for i in 0..<2 { state.y[i] = state.yNew[i] } }
        }
        return (distance(state.y[0][5], state.y[1][5], 2), inside)
    }

    /// The least-squares slope of log error over log step.
    private func slope(_ steps: [Int], _ errors: [Double]) -> Double {
        let x = steps.map { -Elementary.log(Double($0)) }
        let y = errors.map { Elementary.log($0) }
        let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
        let xy = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
        return xy / x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    }

    @Test("Halving fixed steps divides the error by two to the order, at the end of steps and within them")
    func fixedStepSlope() throws {
        for kind in Stepper.allCases {
            let errors = try kind.steps.map { try self.errors(kind, steps: $0) }
            #expect(
                abs(slope(kind.steps, errors.map(\.end)) - kind.order) < 0.2,
                "\(kind): \(slope(kind.steps, errors.map(\.end))) of \(errors)")
            // The interpolants err by one order less within a step, which is the order of the steps before it.
            #expect(abs(slope(kind.steps, errors.map(\.inside)) - kind.insideOrder) < 0.25, "\(kind): \(errors)")
        }
    }

    /// A rotation that no solver can take for linear.
    private static let rotation = "x(0) <- 1\nd/dt(x) <- -y * sqrt(x^2 + y^2)\nd/dt(y) <- x * sqrt(x^2 + y^2)"

    @Test("The error stays at the tolerance asked for, over eight decades", arguments: SolverOptions.Method.allCases)
    func toleranceProportionality(_ method: SolverOptions.Method) throws {
        let model = try Simulate.model(Self.rotation, outputs: ["x", "y"])
        var errors: [Double] = []
        let decades = method == .rosenbrock ? 3...9 : 3...11
        for decade in decades {
            let tolerance = Elementary.pow(10, -Double(decade))
            let options = SolverOptions(method: method, relativeTolerance: tolerance, absoluteTolerance: tolerance)
            let end = try Simulate.course(model, at: [12.5], options).values[0]
            errors.append(max(abs(end[0] - Elementary.cos(12.5)), abs(end[1] - Elementary.sin(12.5))))
            // The errors of a method for stiff equations add up over two turns at its own tolerance; the pairs' steps are held to less.
            #expect(errors[errors.count - 1] < (method.isStiff ? 60 : 30) * tolerance, "tolerance \(tolerance)")
        }
        // log error over log tolerance: 1 for error per step with local extrapolation, within a fifth.
        let slope = Elementary.log10(errors[0] / errors[errors.count - 1]) / Double(decades.count - 1)
        #expect(abs(slope - 1) < 0.2, "slope \(slope), errors \(errors)")
    }

    @Test("Recorded paths are as exact as the ends of steps, up to a small factor")
    func recordedAccuracy() throws {
        let model = try Simulate.model(Self.rotation, outputs: ["x"])
        let times = (1...400).map { Double($0) / 32 }
        for tolerance in [1e-4, 1e-6, 1e-8, 1e-10] {
            let options = SolverOptions(relativeTolerance: tolerance, absoluteTolerance: tolerance)
            let course = try Simulate.recordedCourses(model, [TestPatient()], at: times, options)[0]
            let error = zip(times, course[0]).map { abs($1 - Elementary.cos($0)) }.max() ?? 1
            #expect(error < 30 * tolerance, "tolerance \(tolerance): \(error)")
        }
    }
}
