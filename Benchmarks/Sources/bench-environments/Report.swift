import Foundation

extension EnvironmentMeasurement {
    static let header = """
        environment       policy             steps/CPU-s          aim   ratio   draws/step   spread   value
        """

    /// One line of the table under ``header``.
    var line: String {
        func column(_ text: String, _ width: Int) -> String {
            text.padding(toLength: max(width, text.count + 1), withPad: " ", startingAt: 0)
        }
        return column(environment, 18) + column(policy, 18)
            + String(
                format: "%12.0f %12.0f  %6.2f  %11.1f  %5.1f %%   %.6g", stepsPerProcessorSecond, aim,
                stepsPerProcessorSecond / aim, drawsPerStep, 100 * spread, value)
    }

    static func json(_ measurements: [EnvironmentMeasurement]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(measurements), as: UTF8.self)
    }
}
