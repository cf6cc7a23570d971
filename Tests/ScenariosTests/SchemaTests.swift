import Foundation
import Testing

@testable import Scenarios

/// The JSON Schema as a tree.
private func schema() throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(Scenario.jsonSchema.utf8))
    return try #require(object as? [String: Any])
}

/// The schema found by going down through properties, items and alternatives, from that of a trial unless another is named.
private func part(_ path: String, of kind: String = "else") throws -> [String: Any] {
    var part = try #require(try schema()[kind] as? [String: Any])
    for name in path.split(separator: ".").map(String.init) {
        if let properties = part["properties"] as? [String: Any], let found = properties[name] as? [String: Any] {
            part = found
        } else if let found = part[name] as? [String: Any] {
            part = found
        } else {
            Issue.record("no '\(name)' in \(path)")
        }
    }
    return part
}

// The schema and the reader must agree; that the bundled scenarios satisfy it is tested by a validator in Python.
@Suite struct SchemaTests {
    @Test(
        arguments: [
            ("", Scenario.keys), ("cohort", CohortSection.keys),
            ("cohort.columns.additionalProperties", DeclaredColumn.keys),
            ("cohort.draw.additionalProperties", DrawnColumn.keys), ("model", ModelSection.keys),
            ("treatment", TreatmentSection.keys), ("visits", VisitsSection.keys), ("events.items", EventSection.keys),
            ("endpoints.items", EndpointSection.keys), ("arms.items", ArmSection.keys),
            ("arms.items.learn", LearnSection.keys), ("trial", TrialSection.keys), ("report", ReportSection.keys),
            ("published.items", PublishedSection.keys),
        ])
    func everySectionHasTheKeysThatItsReaderAllows(_ path: String, _ keys: Keys) throws {
        let part = try part(path)
        let properties = try #require(part["properties"] as? [String: Any])
        #expect(properties.keys.sorted() == keys.names.sorted())
        #expect(part["required"] as? [String] ?? [] == keys.keys.filter(\.isRequired).map(\.name))
        #expect(part["additionalProperties"] as? Bool == false)
        for key in keys.keys { #expect(!key.about.isEmpty, "\(path).\(key.name) says nothing about itself") }
    }

    @Test(
        arguments: [
            ("", MonitoringScenario.keys), ("monitoring", MonitoringSection.keys),
            ("monitoring.score", MonitoringSection.scoreKeys), ("monitoring.change", ScoreChangeSection.keys),
            ("monitoring.change.calibration", ScoreChangeSection.calibrationKeys),
            ("monitoring.change.case_mix", ScoreChangeSection.caseMixKeys),
            ("monitoring.monitors.items", MonitorSection.keys),
        ])
    func everySectionOfMonitoringHasTheKeysThatItsReaderAllows(_ path: String, _ keys: Keys) throws {
        let part = try part(path, of: "then")
        let properties = try #require(part["properties"] as? [String: Any])
        #expect(properties.keys.sorted() == keys.names.sorted())
        #expect(part["required"] as? [String] ?? [] == keys.keys.filter(\.isRequired).map(\.name))
        #expect(part["additionalProperties"] as? Bool == false)
        for key in keys.keys { #expect(!key.about.isEmpty, "\(path).\(key.name) says nothing about itself") }
    }

    @Test func itIsASchemaOfTheDraftItNames() throws {
        #expect(try schema()["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect(try part("trialist")["const"] as? Int == 1)
        #expect(try part("trial.replicates")["maximum"] as? Int == 1_000_000)
        #expect(try part("visits.end")["type"] as? String == "string")
    }

    // The patterns must take what the reader takes.
    @Test(arguments: ["28 days", "1.5e1 weeks", ".5 h", "4 months", "+3 yr", "7  d"])
    func timesThatTheReaderTakes(_ text: String) throws {
        let pattern = try #require(try part("visits.end")["pattern"] as? String)
        #expect(text.contains(try Regex(pattern)))
        #expect(
            SmallScenario.verdict(
                replacing: "days: [0, 7, 14]\n  end: 28 days\n  measure:\n    cp: { days: [7, 14] }",
                with: "days: [0]\n  end: \(text)") == "valid")
    }

    @Test(arguments: ["28", "days", "28 dogs", "x days", "28 days later"])
    func timesThatTheReaderRefuses(_ text: String) throws {
        let pattern = try #require(try part("visits.end")["pattern"] as? String)
        #expect(!text.contains(try Regex(pattern)))
    }

    @Test func textsAreEscaped() {
        let value = JSONText.object([
            ("a\"\\\n\t\u{1}é", .array([.number(1), .number(0.5), .bool(true)])), ("b", .object([])),
        ])
        #expect(value.text() == "{\n  \"a\\\"\\\\\\n\\t\\u0001é\": [1, 0.5, true],\n  \"b\": {}\n}")
    }
}
