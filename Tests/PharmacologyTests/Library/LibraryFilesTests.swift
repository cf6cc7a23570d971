import Foundation
import ModelLanguage
import Testing

@testable import Pharmacology

/// Backed by the rules of the library: what every file of `scenarios/models` has to say about itself.
@Suite("Library files")
struct LibraryFilesTests {
    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: LibraryFile.models.path)) ?? []
        return files.filter {
            $0.hasSuffix(".R") && !$0.hasPrefix("warfarin_cohort") && !$0.hasPrefix("warfarin_titration")
        }
        .map { String($0.dropLast(2)) }.sorted()
    }()

    static func document(_ name: String) throws -> ModelDocument {
        try ModelParser.parse(
            model: SourceText(name: "\(name).R", text: LibraryFile.text(name)))
    }

    @Test(
        "A file says what it is, where it is from, in which units, and what every input and parameter means",
        arguments: names)
    func describesItself(_ name: String) throws {
        let document = try Self.document(name)
        let model = try Model(document)
        #expect(document.name == name)
        let metadata = Dictionary(document.metadata.map { ($0.name ?? "", $0.value) }) { first, _ in first }
        for entry in ["description", "reference"] {
            guard case .text(let text)? = metadata[entry] else {
                Issue.record("\(name) has no \(entry)")
                continue
            }
            #expect(text.count > 20)
            if entry == "reference" { #expect(text.contains("doi:10."), "\(text)") }
        }
        #expect(["min", "h", "day", "week", "month"].contains(document.timeUnit))
        guard case .list(let covariates)? = metadata["covariateData"] else {
            Issue.record("\(name) has no covariateData")
            return
        }
        #expect(Set(covariates.compactMap(\.name)) == Set(model.covariates))
        for parameter in document.parameters {
            #expect(parameter.label?.isEmpty == false, "\(name): \(parameter.name) has no label")
        }
    }

    @Test("A file fits on a screen", arguments: names)
    func fitsOnAScreen(_ name: String) throws {
        let lines = try LibraryFile.text(name).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 105)
        #expect(lines.allSatisfy { $0.count <= 132 })
    }

    @Test("The index names every model")
    func index() throws {
        let text = try String(contentsOf: LibraryFile.models.appendingPathComponent("README.md"), encoding: .utf8)
        #expect(Self.names.count >= 21)
        for name in Self.names { #expect(text.contains("`\(name)`"), "\(name) is not in the index") }
    }
}
