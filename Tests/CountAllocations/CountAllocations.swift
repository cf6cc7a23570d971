import CAllocations
import ModelLanguage
import NumericsCore
import Pharmacology

/// Prints, for each kind of model, how many steps the lanes took over a span and over twice that span, and how often the
/// program asked for memory meanwhile: `name steps allocations steps allocations`. Then the same for episodes of environments,
/// and for steps of a client's lanes.
///
/// It is a program of its own because it counts the calls of all its allocators, and a test runner makes many.
@main
enum CountAllocations {
    /// A model, how it is solved, and the span over which it is watched.
    struct Case {
        var name: String
        var text: String
        var method = SolverOptions.Method.automatic
        var span: Double
        /// Samples on the way; a purely linear model takes one step to each.
        var samples = 0
    }

    static let cases = [
        Case(
            name: "linear", text: "d/dt(a) <- -k * a\nd/dt(b) <- k * a - 0.1 * b\nb(0) <- 5\na(0) <- 9", span: 100,
            samples: 500),
        Case(
            name: "matrix", text: "d/dt(a) <- -k * a\nd/dt(b) <- k * a - k * b\nb(0) <- 5\na(0) <- 9", span: 100,
            samples: 500),
        Case(
            name: "explicit", text: "x(0) <- 1\nd/dt(x) <- y\nd/dt(y) <- k * (1 - x * x) * y - x", span: 2000,
            samples: 50),
        Case(
            name: "explicit5", text: "x(0) <- 1\nd/dt(x) <- y\nd/dt(y) <- k * (1 - x * x) * y - x", method: .explicit5,
            span: 600),
        Case(
            name: "split", text: "c(0) <- 9\nd/dt(c) <- -0.00001 * c\nx(0) <- 1\nd/dt(x) <- y\nd/dt(y) <- -c * k * x^3",
            span: 500, samples: 50),
        Case(
            name: "rosenbrock", text: "x(0) <- 1\nd/dt(x) <- y\nd/dt(y) <- 50 * k * (1 - x * x) * y - x",
            method: .rosenbrock, span: 3000, samples: 50),
        Case(
            name: "turning", text: "x(0) <- 1\nd/dt(x) <- y\nd/dt(y) <- 500 * k * (1 - x * x) * y - x", span: 30000),
        Case(name: "delays", text: "x(0) <- 0.5\nd/dt(x) <- k * x * (1 - delay(x, 1))", span: 1000, samples: 50),
        Case(
            name: "switches",
            text: "x(0) <- 1\nd/dt(x) <- y\nd/dt(y) <- ifelse(x > 0.3, -k, -1) * (x - 0.3) - 0 * x * x", span: 2000,
            samples: 50),
        Case(
            name: "sliding",
            text: "x(0) <- 1\nd/dt(x) <- y\nd/dt(y) <- -x - 0 * y * y\nd/dt(z) <- ifelse(z < x, k, -k) * (2 + x)",
            span: 2000, samples: 50),
    ]

    static func main() throws {
        print("control", 1000, control(1000), 2000, control(2000))
        for item in cases {
            let simulation = try prepare(item)
            // What is made once, and room for a course of this length, is there after the first time.
            _ = run(simulation, item, 2 * item.span)
            let (steps, allocations) = run(simulation, item, item.span)
            let (twice, more) = run(simulation, item, 2 * item.span)
            print(item.name, steps, allocations, twice, more)
        }
        for item in EnvironmentCase.all { try item.count() }
        try ServedCase.count(steps: 400)
    }

    /// What the counter says of some pieces of memory.
    private static func control(_ pieces: Int) -> UInt {
        let before = trialist_allocations()
        for _ in 0..<pieces { _ = RegisterFile(count: 3) }
        return trialist_allocations() - before
    }

    private static func prepare(_ item: Case) throws -> LaneSimulation {
        let document = try ModelParser.parse(model: SourceText(name: item.name, text: item.text))
        let model = try SimulationModel(Model(document), outputs: [])
        return LaneSimulation(model, options: SolverOptions(method: item.method))
    }

    /// Starts the lanes anew and takes them over a span, in every lane at a pace of its own.
    private static func run(
        _ simulation: LaneSimulation, _ item: Case, _ span: Double
    ) -> (steps: Int, allocations: UInt) {
        if let slot = simulation.model.model.inputSlot("k") {
            for lane in 0..<laneCount { simulation.setInput(slot, lane: lane, to: 0.8 + 0.05 * Double(lane)) }
        }
        simulation.begin(at: 0, lanes: 0..<laneCount)
        let count = Int(Double(item.samples) * span / item.span)
        let samples = (0..<count).map { span * Double($0 + 1) / Double(count) }
        let recorded = LanePointer.allocate(capacity: max(1, count))
        defer { recorded.deallocate() }
        let before = trialist_allocations()
        simulation.advance(to: span, samples: samples, recorded: recorded)
        let allocations = trialist_allocations() - before
        for lane in 0..<laneCount where simulation.failures[lane] != nil { return (0, allocations) }
        return (simulation.isLinear ? count : simulation.steps(lane: 3), allocations)
    }
}
