import Environments
import Foundation
import Scenarios
import Testing

@testable import ModelEnvironments

/// Whole messages of documents that do not read or do not fit together: all at once, each at its place.
@Suite("Errors of environment documents")
struct DocumentErrorTests {
    private func message(_ text: String, variant: String? = nil) -> String {
        do {
            _ = try ModelEnvironment(EnvironmentDocument(text: text, file: "small/environment.yaml", variant: variant))
            return "no error"
        } catch { return "\(error)" }
    }

    @Test func reading() {
        let text = """
            environment: 1
            decisions: { count: 0 }
            actions: { components: { dose: [0, 1] }, grid: { dose: [0, 2] } }
            rewards: dose
            observe: {}
            """
        #expect(
            message(text) == """
                small/environment.yaml:1:1: error: 'reward' is missing
                small/environment.yaml:2:23: error: decisions.count: found '0', allowed: a whole number from 1 to 1000000
                small/environment.yaml:3:62: error: actions.grid.dose[1]: found '2', allowed: a number from 0 to 1
                small/environment.yaml:4:1: error: unknown key 'rewards'; did you mean 'reward'?
                small/environment.yaml:5:10: error: observe: found nothing that is observed, allowed: one name and expression at least
                """)
    }

    @Test func fitting() {
        let text = """
            environment: 1
            patients: { draw: { a: { uniform: [2, 1] } } }
            decisions: { count: 3 }
            actions: { components: { dose: [0, 1] }, grid: { dose: [0, 1] } }
            start: dose <- 1
            after: |
              a <- 2
              decision <- 1
            doses: [ { into: gut, amount: dose } ]
            reward: dosage
            observe: { x: a }
            hidden: { x: a }
            missing: { probability: 0.1, of: [y] }
            rules: { none: x2 <- 0 }
            """
        #expect(
            message(text) == """
                small/environment.yaml:2:26: error: patients.draw.a: upper: found 1.0, allowed: at least lower (2.0).
                small/environment.yaml:5:8: error: start: 'dose' cannot be assigned before the first decision
                small/environment.yaml:6:8: error: after: 'a' is a column of the patient, which does not change; assign another name
                small/environment.yaml:6:8: error: after: 'decision' is kept by the environment; assign another name
                small/environment.yaml:9:8: error: doses: there is no 'model' to give doses to
                small/environment.yaml:10:9: error: reward: 'dosage' is not known here; did you mean 'dose'?
                   10 | reward: dosage
                      |         ^
                small/environment.yaml:12:14: error: hidden.x: 'x' is observed already; choose another name
                small/environment.yaml:13:35: error: missing.of: found 'y', allowed: x
                small/environment.yaml:14:16: error: rules.none: it does not assign 'dose'
                """)
    }

    @Test func variantsAndFiles() {
        let base = """
            environment: 1
            model: { file: nowhere.R }
            decisions: { every: 1 day, count: 3 }
            actions: { components: { dose: [0, 1] }, levels: { off: [0], on: [1, 2] } }
            reward: dose
            observe: { x: dose }
            variants: { a: {}, b: { reward.x.y: 3 } }
            """
        #expect(
            message(base, variant: "c")
                == "small/environment.yaml:7:11: error: variants: found the variant 'c', allowed: a, b")
        #expect(
            message(base, variant: "b") == """
                small/environment.yaml:4:68: error: actions.levels.on: found a list of 2, allowed: 1, one for each component
                small/environment.yaml:7:38: error: variants.b.reward.x.y: 'reward' has no keys, so no 'x'
                """)
        #expect(
            message(base.replacingOccurrences(of: "[1, 2]", with: "[1]"))
                == "small/environment.yaml:2:16: error: model.file: there is no file 'small/nowhere.R'")
    }

    @Test func names() throws {
        let catalog = EnvironmentCatalog(folder: Bundled.folder)
        #expect(catalog.names.contains("ahn-chemotherapy"))
        #expect(throws: MissingFile.self) { try catalog.entry("no/such/folder") }
        do {
            _ = try EnvironmentCatalog(folder: nil).entry("ahn")
            Issue.record("a name that is none was taken")
        } catch let error as EnvironmentError {
            #expect(
                "\(error)"
                    == "environment: found 'ahn', allowed: \(EnvironmentEntry.builtIn.map(\.name).joined(separator: ", "))"
            )
        }
    }
}
