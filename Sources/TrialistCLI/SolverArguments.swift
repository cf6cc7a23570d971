import ArgumentParser
import Pharmacology

/// How the equations are solved, as options of a command.
struct SolverArguments: ParsableArguments {
    @Option(help: ArgumentHelp("How the equations are solved.", valueName: "method"))
    var solver = SolverOptions.Method.automatic

    @Option(
        help: ArgumentHelp("Whether a sample at the time of a dose is taken before or after it.", valueName: "when"))
    var observe = SolverOptions.Observation.after

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
        var options = SolverOptions(method: solver, absoluteTolerance: atol, observation: observe)
        if let rtol { options.relativeTolerance = rtol }
        return options
    }
}

extension SolverOptions.Method: ExpressibleByArgument {}
extension SolverOptions.Observation: ExpressibleByArgument {}
