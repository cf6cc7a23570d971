import Foundation
import ModelLanguage
import Pharmacology

/// A simulation of one model, as the command line asks for it: files and texts, nothing read yet.
package struct SimulationRequest: Sendable {
    package var model: String
    package var events: String?
    package var interpolation = CovariateInterpolation.lastCarriedForward
    package var regimen: String?
    package var times: String?
    package var parameters: String?
    package var settings: [String] = []
    /// `zero`, `sample`, or the path of a table.
    package var etas = "zero"
    package var seed: UInt64 = 1
    package var subjects: Int?
    package var outputs: [String]?
    package var covariates: [String] = []
    /// A table of the parameters' uncertainty, and how often the population is simulated with parameters drawn from it.
    package var uncertainty: String?
    package var replicates = 500
    /// What subjects' exposure is wanted to: `cp`, `cp:0:24`, `cp:0:24:2`.
    package var exposures: [String] = []
    package var options = SolverOptions()
    /// Whose reading of the model counts where rxode2's differs.
    package var variant = LanguageVariant.standard
    /// Whether the plan's ``SimulationPlan/inputHash`` is wanted; without it large tables are read faster.
    package var hashesInputs = true
    package var threads = ProcessInfo.processInfo.activeProcessorCount

    package init(model: String) { self.model = model }
}

extension SimulationRequest {
    /// The options that decide the numbers, as the results file lists them.
    package var optionsInWords: [String] {
        var words: [String] = []
        if let events { words.append("--events \(events)") }
        if interpolation != .lastCarriedForward { words.append("--interpolation \(interpolation.rawValue)") }
        if let regimen { words.append("--dose '\(regimen)'") }
        if let times { words.append("--times \(times)") }
        if let parameters { words.append("--params \(parameters)") }
        words += settings.map { "--set \($0)" }
        words.append("--eta \(etas)")
        words.append("--seed \(seed)")
        if let subjects { words.append("--subjects \(subjects)") }
        if let uncertainty { words.append("--uncertainty \(uncertainty) --replicates \(replicates)") }
        words += exposures.map { "--exposure \($0)" }
        if variant != .standard { words.append("--like \(variant.rawValue)") }
        words.append("--solver \(options.method.rawValue)")
        words.append("--observe \(options.observation.rawValue)")
        words.append("--rtol \(options.relativeTolerance)")
        if let tolerance = options.absoluteTolerance { words.append("--atol \(tolerance)") }
        return words
    }
}
