import Scenarios

/// A scenario with little in it, into which tests put mistakes.
enum SmallScenario {
    static let text = """
        trialist: 1
        title: A small study
        seed: 7
        cohort:
          draw:
            weight_kg: { normal: [70, 10] }
          patients: 100
        model:
          file: model.R
        treatment:
          dose: { into: depot }
        visits:
          days: [0, 7, 14]
          end: 28 days
          measure:
            cp: { days: [7, 14] }
        endpoints:
          - { name: mean_dose, kind: mean dose }
        rules:
          halve: dose <- dose / 2
        arms:
          - name: low
            start: dose <- 100
            then: halve
        """

    /// The scenario with a part replaced.
    static func with(_ part: String, _ other: String) -> String { text.replacing(part, with: other) }

    /// What is said about a text; `valid` where nothing is.
    static func verdict(_ text: String, overrides: [String] = []) -> String {
        do {
            _ = try Scenario(text: text, file: "s.yaml", overrides: overrides)
            return "valid"
        } catch { return error.description }
    }

    /// What is said about the scenario with a part replaced.
    static func verdict(replacing part: String, with other: String) -> String {
        text.contains(part) ? verdict(with(part, other)) : "the part to replace is not there"
    }

    /// What is said about the scenario with lines added at its end.
    static func verdict(adding lines: String) -> String { verdict(text + "\n" + lines) }
}
