import ArgumentParser
import Simulations

/// A visual predictive check, as options of a command.
struct PredictiveCheckArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A visual predictive check by so many bins of time, or by bins between edges such as 0,2,6,24.",
            valueName: "bins"))
    var vpc: String?

    @Option(help: ArgumentHelp("The percentiles of a visual predictive check.", valueName: "a,b"))
    var percentiles = "5,50,95"

    @Flag(help: "Correct a visual predictive check for differing predictions (Bergstrand 2011).")
    var predictionCorrected = false

    @Option(help: ArgumentHelp("How often --vpc or --uncertainty simulates the population.", valueName: "n"))
    var replicates = 500

    func validate() throws {
        guard (1...1_000_000).contains(replicates) else {
            throw ValidationError("--replicates: found \(replicates), allowed: 1 to 1000000")
        }
    }

    /// What is asked for; nil without `--vpc`.
    var options: PredictiveCheckOptions? {
        get throws {
            guard let vpc else { return nil }
            return PredictiveCheckOptions(
                bins: try PredictiveCheckOptions.Bins(vpc),
                percentiles: try PredictiveCheckOptions.percentiles(percentiles), replicates: replicates,
                isPredictionCorrected: predictionCorrected)
        }
    }
}
