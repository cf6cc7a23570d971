import Foundation
import NumericsCore
import Regimes
import Testing

@testable import Environments

/// Backed by policies that are their own rendering, by the runner's values, and by exact values of renderings.
@Suite struct RegimeCardTests {
    /// Antibiotics for all, ventilation where oxygen is low, and all three where the blood pressure is.
    private static let tree = TreePolicy(
        root: .question(
            variable: "blood_pressure", threshold: -1, missingGoesLeft: true, yes: .leaf("111"),
            no: .question(
                variable: "oxygen", threshold: 0, missingGoesLeft: false, yes: .leaf("110"), no: .leaf("100"))))

    private static func request(
        _ policy: String, _ rendering: String = "all", depth: Int = 3, episodes: Int = 300, threads: Int = 2
    ) throws -> CardRequest {
        CardRequest(
            try OberstSepsis.environment(.code), policy: policy, renderings: try CardRenderings.named(rendering),
            limits: try CardLimits(depth: depth), episodes: episodes, seed: 3, threads: threads)
    }

    /// The message of what is thrown; `none` without an error.
    private static func message(_ work: () throws -> some Any) -> String {
        do {
            _ = try work()
            return "none"
        } catch { return "\(error)" }
    }

    /// Writes the tree as a policy file and hands its path to `work`.
    private static func withFile<Result>(_ work: (String) throws -> Result) throws -> Result {
        let facts = try OberstSepsis.environment(.code).facts
        let path = FileManager.default.temporaryDirectory.appending(path: "card-\(UUID().uuidString).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try PolicyFile(
            environment: facts.name, variant: "paper",
            inputs: [PolicyFile.Input(name: "antibiotics", low: 0, high: 0, missing: 0)], actions: facts.actions,
            training: ["method": "by hand"], policy: tree
        ).write(path)
        return try work(path)
    }

    @Test("A tree is its own rule and its own tree: it agrees everywhere and loses nothing")
    func aTreeIsItself() throws {
        let card = try Self.withFile { try RegimeCard(Self.request($0)) }
        for rendering in card.renderings where ["rule", "tree"].contains(rendering.name) {
            #expect(rendering.lines.first == "if blood_pressure <= -1 or is missing")
            #expect(rendering.fidelity.agreement == 1 && rendering.fidelity.agreementSE == 0)
            #expect(rendering.fidelity.valueLost == 0 && rendering.fidelity.valueLostSE == 0)
        }
        #expect(card.kind == "tree" && card.training["method"] == "by hand")
        #expect(
            card.support.limits.first
                == "it was learned in oberst-sepsis (paper), and is shown in oberst-sepsis (code)")
        #expect(card.support.limits.contains("antibiotics other than 0: next to nothing was seen there"))
        // All get antibiotics, so all but the first decisions lie outside of what the file says was seen.
        let antibiotics = try #require(card.support.inputs.first { $0.name == "antibiotics" })
        #expect(antibiotics.minimum == 0 && antibiotics.maximum == 1)
        #expect((0.5..<1).contains(antibiotics.outsideTraining ?? 0))
        #expect(card.support.limits.contains { $0.hasPrefix("antibiotics: ") && $0.contains("% of its decisions") })
        #expect(card.support.limits.contains("never chosen: 000, 001, 010, 011, 101"))
    }

    /// The rule asks for two limits of the blood pressure, one of the heart rate and one of oxygen, by the number of the state; a
    /// tree of four questions finds it by what is observed.
    @Test("The rule of the problem is found as a tree, and its value is that of the rule")
    func theRuleIsFound() throws {
        let environment = try OberstSepsis.environment(.code)
        let card = try RegimeCard(Self.request("rule:by-vital", "tree", depth: 4))
        let rendering = try #require(card.renderings.first)
        #expect(card.refusals.isEmpty && card.kind == "rule")
        #expect(rendering.fidelity.agreement == 1 && rendering.fidelity.valueLost == 0)
        #expect(rendering.fidelity.value == card.value)
        let runner = try EpisodeRunner(environment, environment.rule("by-vital"), seed: 3).run(300, threads: 1)
        #expect(abs((card.value ?? .nan) - (runner.value ?? .nan)) < 1e-12)
        #expect(abs((card.valueSE ?? .nan) - (runner.standardError ?? .nan)) < 1e-12)
        #expect(card.decisions == runner.steps)
        // Whether both are worth the same without simulation, too.
        let exact = try environment.exactValue(of: rendering.policy).value
        #expect(abs(exact - (try environment.exactValue(of: environment.rule("by-vital")).value)) < 1e-9)
    }

    /// The best policy changes with time and reads the hidden state: no form is true to it, and the card says how far.
    @Test("What is lost is what the exact values say")
    func lossIsExact() throws {
        let environment = try OberstSepsis.environment(.code)
        let card = try RegimeCard(Self.request("optimal", episodes: 2000))
        let best = try environment.exactValue(of: environment.optimum()).value
        #expect(card.renderings.map(\.name) == ["tree", "points", "table"])
        #expect(card.refusals.map(\.name) == ["rule"])
        for rendering in card.renderings {
            let lost = best - (try environment.exactValue(of: rendering.policy).value)
            let (found, error) = (rendering.fidelity.valueLost ?? .nan, rendering.fidelity.valueLostSE ?? .nan)
            #expect(abs(found - lost) < 4 * error, "\(rendering.name): \(found) (\(error)), exactly \(lost)")
            #expect((0.2...0.99).contains(rendering.fidelity.agreement ?? 0))
        }
        #expect(card.support.limits.contains("it reads what is hidden from clinicians: state"))
    }

    /// The oracle of EpiCare treats the disease, which no clinician sees. Sixteen diseases take many questions, and a greedy tree
    /// of six is nearly enough.
    @Test("Forms read what is hidden only where that is asked for")
    func hiddenInputs() throws {
        let environment = try EnvironmentEntry.named("epicare").make()
        func tree(withHidden: Bool) throws -> RegimeCard.Rendering? {
            var request = CardRequest(
                environment, policy: "rule:oracle", renderings: try CardRenderings.named("tree"),
                limits: try CardLimits(depth: 6), episodes: 500, threads: 2)
            request.withHidden = withHidden
            let card = try RegimeCard(request)
            #expect(card.support.limits.first == "it reads what is hidden from clinicians: disease")
            return card.renderings.first
        }
        let blind = try #require(try tree(withHidden: false))
        #expect(!blind.lines.contains { $0.contains("disease") } && (blind.fidelity.agreement ?? 1) < 0.9)
        #expect((blind.fidelity.valueLost ?? 0) > 4 * (blind.fidelity.valueLostSE ?? 0))
        let seeing = try #require(try tree(withHidden: true))
        #expect(seeing.lines.contains { $0.contains("disease") })
        #expect((seeing.fidelity.agreement ?? 0) > 0.9, "\(seeing.fidelity) \(seeing.lines.joined(separator: "\n"))")
    }

    @Test("The same bits for any number of threads")
    func threads() throws {
        let one = try CardReport(RegimeCard(Self.request("optimal", episodes: 1100, threads: 1))).json()
        let three = try CardReport(RegimeCard(Self.request("optimal", episodes: 1100, threads: 3))).json()
        #expect(one == three)
    }

    @Test("A random policy agrees with itself, and with a constant in its share")
    func randomPolicies() throws {
        let card = try RegimeCard(Self.request("random"))
        let rule = try #require(card.renderings.first { $0.name == "rule" })
        #expect(rule.lines == ["every allowed action equally often"])
        #expect(rule.fidelity.agreement == 1 && rule.fidelity.valueLost == 0)
        let tree = try #require(card.renderings.first { $0.name == "tree" })
        #expect(abs((tree.fidelity.agreement ?? 0) - 1 / 8.0) < 1e-12)
    }

    @Test("The best form is a policy that a file holds and the environment takes")
    func written() throws {
        let card = try RegimeCard(Self.request("rule:by-vital", depth: 4))
        let path = FileManager.default.temporaryDirectory.appending(path: "card-\(UUID().uuidString).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try card.file()
        try file.write(path)
        #expect(file.training["rendering"] == "tree" && file.training["rendering_of"] == "rule:by-vital")
        #expect(file.training["rendering_agreement"] == "1.0")
        let again = try RegimeCard(Self.request(path, "tree"))
        #expect(again.value == card.value)
        let alone = try RegimeCard(Self.request("random", "rule"))
        #expect(
            Self.message { try alone.file() }
                == "card: none of its renderings fits into a policy file; render a tree, points or a table")
    }

    @Test("One patient's reasons stand on the card; what does not fit the environment is refused")
    func patient() throws {
        func reasons(_ patient: String) throws -> DecisionReasons? {
            var request = try Self.request("rule:by-vital", "tree", episodes: 100)
            request.patient = patient
            return try RegimeCard(request).reasons
        }
        let environment = try OberstSepsis.environment(.code)
        func refusal(_ patient: String) -> String { Self.message { try reasons(patient) } }
        // The rule is a table over the state, which is hidden.
        #expect(refusal("heart_rate=1") == "patient: the policy reads state; give each a number, or NAME=missing")
        let last = environment.problem.states.count - 1
        #expect(refusal("state=2000") == "patient: state: found 2000, allowed: 0 to \(last)")
        let found = try #require(try reasons("state=100"))
        #expect(environment.facts.actions.names.contains(found.action))
        #expect(found.probability == 1 && found.measures == ["probability of \(found.action)"])
        #expect(try reasons("state=missing") != nil)
    }

    @Test("The JSON has the documented keys")
    func json() throws {
        var request = try Self.request("rule:by-vital", episodes: 50)
        request.patient = "state=100"
        let report = CardReport(try RegimeCard(request))
        let object = try JSONSerialization.jsonObject(with: Data(report.json().utf8))
        let root = try #require(object as? [String: Any])
        #expect(
            root.keys.sorted() == [
                "best", "decisions", "environment", "episodes", "kind", "policy", "reasons", "refused", "renderings",
                "se", "seed", "support", "training", "value", "variant",
            ])
        let rendering = try #require((root["renderings"] as? [[String: Any]])?.first)
        #expect(
            rendering.keys.sorted() == [
                "agreement", "agreement_se", "difference", "lines", "name", "value", "value_lost", "value_lost_se",
                "value_se",
            ])
        let support = try #require(root["support"] as? [String: Any])
        #expect(support.keys.sorted() == ["actions", "inputs", "limits"])
        let input = try #require((support["inputs"] as? [[String: Any]])?.first)
        #expect(
            input.keys.sorted() == [
                "high", "low", "maximum", "minimum", "missing", "name", "observed", "outside_training", "trained_high",
                "trained_low", "trained_missing",
            ])
        let reasons = try #require(root["reasons"] as? [String: Any])
        #expect(
            reasons.keys.sorted() == [
                "action", "changes", "decision", "exact", "inputs", "margin", "measures", "next", "probability",
                "start", "totals", "values",
            ])
        let text = report.text
        for title in ["As a tree", "As points", "As a table", "As a rule: not shown", "Where it must not be used"] {
            #expect(text.contains(title), "\(title)")
        }
    }

    @Test("Forms that do not exist for a policy are refused with those that do")
    func refusals() throws {
        #expect(
            Self.message { try RegimeCard(Self.request("rule:by-vital", "rule")) }
                == "rule: this policy has no rule in words; allowed: tree, points, table")
    }

    @Test("Doses between the levels are shown as a table, with the mean absolute difference")
    func continuousDoses() throws {
        let entry = try EnvironmentEntry.named("type1-diabetes")
        let card = try RegimeCard(
            CardRequest(
                try entry.make(variant: "random-meals"), policy: "rule:pid", limits: try CardLimits(), episodes: 30,
                seed: 1, threads: 2, patient: nil))
        #expect(card.renderings.map(\.name) == ["rule", "table"])
        #expect(card.refusals.map(\.name) == ["tree", "points"])
        let rule = card.renderings[0]
        #expect(rule.fidelity.agreement == 1 && rule.fidelity.valueLost == 0)
        #expect(rule.fidelity.difference == ["basal_multiple": 0, "bolus_multiple": 0])
        let table = card.renderings[1]
        #expect((table.fidelity.difference["basal_multiple"] ?? 0) > 0)
        #expect(table.fidelity.difference["bolus_multiple"] == 0)
        #expect(card.best?.name == "table")
        #expect(card.support.limits.first == "it reads what is hidden from clinicians: cgm_before, cgm_integral")
    }
}
