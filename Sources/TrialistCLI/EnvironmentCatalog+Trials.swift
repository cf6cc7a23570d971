import Environments
import Foundation
import ModelEnvironments
import Scenarios
import Studies

extension EnvironmentCatalog {
    /// The entry of an environment's name or path, or that of a scenario, whose learned arms are the variants.
    ///
    /// - Throws: what ``entry(_:)`` throws; `ScenarioErrors` of a scenario that cannot be read, ``NoLearnedArm``.
    func find(_ text: String) throws -> EnvironmentEntry {
        let path = text as NSString
        let isScenario =
            path.lastPathComponent == Scenario.fileName
            || FileManager.default.fileExists(atPath: path.appendingPathComponent(Scenario.fileName))
        guard isScenario, text.contains("/") || !names.contains(text) else { return try entry(text) }
        return try Self.trial(path: text)
    }

    /// The entry of a scenario.
    static func trial(path: String) throws -> EnvironmentEntry {
        let scenario = try Scenario(path: path)
        return EnvironmentEntry(scenario.name, scenario.title, variants: try TrialEnvironment.arms(of: scenario)) {
            arm in
            try TrialEnvironment(scenario, arm: arm)
        }
    }
}
