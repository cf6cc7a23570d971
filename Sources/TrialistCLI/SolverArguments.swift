import ArgumentParser
import Pharmacology

/// How the equations are solved, as options of a command.
struct SolverArguments: ParsableArguments {
    /// Which method takes the steps.
    enum Method: String, CaseIterable, ExpressibleByArgument {
        case automatic
        case linear
        case explicit5
        case explicit8
        case rosenbrock
    }

    /// Whether a sample at the time of a dose is taken before or after it.
    enum Order: String, CaseIterable, ExpressibleByArgument {
        case before
        case after
    }

    @Option(help: "automatic, linear, explicit5, explicit8 or rosenbrock.")
    var solver = Method.automatic

    @Option(help: "Whether a sample at the time of a dose is taken before or after it.")
    var observe = Order.after

    @Option(help: ArgumentHelp("Relative tolerance of a step's error.", valueName: "x"))
    var rtol: Double?

    @Option(help: ArgumentHelp("Absolute tolerance of a step's error.", valueName: "x"))
    var atol: Double?

    func validate() throws {
        for (name, value) in [("--rtol", rtol), ("--atol", atol)] {
            guard let value else { continue }
            guard value > 0, value < 1 else {
                throw ValidationError("\(name): found \(value), allowed: a number above 0 and below 1")
            }
        }
    }

    /// The engine's options.
    var options: SolverOptions {
        var options = SolverOptions()
        if let rtol { options.relativeTolerance = rtol }
        if let atol { options.absoluteTolerance = atol }
        // Stand-in: the engine's options for `solver` and `observe` go here.
        return options
    }
}
