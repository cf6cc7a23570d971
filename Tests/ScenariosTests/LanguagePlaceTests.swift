import ModelLanguage
import Testing

@testable import Scenarios

/// What is said when the text at a path is parsed as statements, as planning does.
private func problems(_ yaml: String, at source: (Scenario) -> SourceText?) throws -> String {
    let scenario = try Scenario(text: yaml, file: "s.yaml")
    let text = try #require(source(scenario))
    do {
        _ = try ModelParser.parse(rule: text)
        return "valid"
    } catch let errors { return ScenarioErrors(scenario.problems(of: errors)).description }
}

private func rule(_ yaml: String) throws -> String { try problems(yaml) { $0.rules.first?.source } }

private func rules(_ lines: String) -> String { SmallScenario.with("  halve: dose <- dose / 2", lines) }

// A text of the language inside the scenario reports the scenario's own line, column and text, in whatever style YAML
// has it. Backed by counting in the text itself.
@Suite struct LanguagePlaceTests {
    @Test func literalBlocks() throws {
        let text = rules(
            """
              halve: |
                # Every visit
                if (dose > 2) {
                    dose <- dose / / 2
                }
            """)
        #expect(
            try rule(text) == """
                s.yaml:23:24: error: rules.halve: \(try parserSays("dose / / 2"))
                        dose <- dose / / 2
                                       ^
                """)
    }

    @Test func literalBlocksWithHeadersBlankLinesAndDeepIndentation() throws {
        let text = rules("  halve: |2-\n\n\n        dose <- 1\n\n        dose <- ) 3")
        #expect(try rule(text).hasPrefix("s.yaml:25:17: error: rules.halve: "))
        #expect(try rule(text).hasSuffix("\n        dose <- ) 3\n                ^"))
    }

    @Test func foldedBlocks() throws {
        let text = rules("  halve: >\n    dose <- dose *\n    2 + )\n    3")
        #expect(try rule(text).hasPrefix("s.yaml:22:9: error: rules.halve: "))
        #expect(try rule(text).hasSuffix("\n    2 + )\n        ^"))
    }

    @Test func plainTexts() throws {
        #expect(try rule(rules("  halve: dose <- dose * )")).hasPrefix("s.yaml:20:25: error: rules.halve: "))
        let folded = try rule(rules("  halve: dose <- dose *\n    2 + ) + 1"))
        #expect(folded.hasPrefix("s.yaml:21:9: error: rules.halve: "))
        #expect(folded.hasSuffix("\n    2 + ) + 1\n        ^"))
    }

    @Test func textsInFlowMappings() throws {
        let text = SmallScenario.with("  halve: dose <- dose / 2", "  { halve: dose <- 1, other: \"dose <- x\" }")
        let broken = text.replacing("rules:\n  {", with: "rules: {").replacing("dose <- 1", with: "dose <- 1 1")
        #expect(try rule(broken).hasPrefix("s.yaml:19:27: error: rules.halve: "))
    }

    @Test(
        arguments: [
            ("'x <- \"it\'\'s\" )'", 24), ("\"x <- \\\"a\\\"\\n y <- )\"", 29), ("\"x \\u003c- \\x29\"", 21),
            ("\"x <- 1\n\n     y <- ) 3\"", 11),
        ])
    func quotedTexts(_ text: String, _ column: Int) throws {
        let found = try rule(rules("  halve: \(text)"))
        let line = 20 + text.count { $0 == "\n" }
        #expect(found.hasPrefix("s.yaml:\(line):\(column): error: rules.halve: "), "\(found)")
    }

    @Test func theEndOfATextIsNotTheNextKey() throws {
        let found = try rule(rules("  halve: |\n    dose <- dose *\n\n\n"))
        #expect(found.hasPrefix("s.yaml:21:"))
        #expect(!found.contains("arms"))
    }

    @Test func lettersBeyondASCIIBeforeThePlace() throws {
        let found = try rule(rules("  halve: |\n    # größer 🎲 é\n    dose <- ifelse(x == \"größer\", 1, ))"))
        #expect(found.hasPrefix("s.yaml:22:38: error: rules.halve: "), "\(found)")
    }

    @Test func windowsLineEnds() throws {
        let text = rules("  halve: |\n    dose <- 1\n    dose <- )").replacing("\n", with: "\r\n")
        #expect(try rule(text).hasPrefix("s.yaml:22:13: error: rules.halve: "))
        #expect(try rule(text).hasSuffix("\n    dose <- )\n            ^"))
    }

    @Test func overridesReportThemselves() throws {
        let scenario = try Scenario(
            text: SmallScenario.text, file: "s.yaml", overrides: ["rules.halve=dose <- )"])
        do {
            _ = try ModelParser.parse(rule: try #require(scenario.rules.first?.source))
            Issue.record("parsed")
        } catch let errors as SourceErrors {
            let found = ScenarioErrors(scenario.problems(of: errors)).description
            #expect(found.hasPrefix("--set rules.halve=dose <- ): error: rules.halve: "))
            #expect(found.hasSuffix("\ndose <- )\n        ^"))
        }
    }

    /// What the parser itself says about a text: these tests are about the place only.
    private func parserSays(_ text: String) throws -> String {
        do {
            _ = try ModelParser.parse(rule: SourceText(name: "x", text: text))
            return "nothing"
        } catch let errors { return errors.diagnostics.first?.message ?? "nothing" }
    }

    // Invariant: wherever a stray character is put into the text of a block, the place names that character.
    @Test(arguments: ["|", ">", "|+", ">-"]) func everyPlaceInABlock(_ style: String) throws {
        let lines = ["dose <- dose * 2;", "weight <- (dose + 1) / 3;", "", "height <- weight^2"]
        for (number, line) in lines.enumerated() where !line.isEmpty {
            for offset in 0...line.count {
                var broken = lines
                broken[number] = String(line.prefix(offset)) + "@" + line.dropFirst(offset)
                let text = rules(
                    "  halve: \(style)\n" + broken.map { $0.isEmpty ? "" : "      \($0)" }.joined(separator: "\n"))
                let found = try rule(text)
                #expect(found.contains("s.yaml:\(21 + number):\(7 + offset): error: rules.halve: "), "\(found)")
            }
        }
    }
}
