import Foundation
import FoundationXML
import ResultsStore
import Testing

@testable import Reporting

/// Backed by an XML parser, which refuses what is not well-formed, and by invariants of the page.
struct HTMLReportTests {
    @Test("The page is well-formed, each drawing has a title and a description, and no identifier is used twice")
    func wellFormed() throws {
        let folder = try TemporaryFolder()
        let page = try PageReader(HTMLReport(SmallStudy().write(to: folder)).html)
        #expect(page.problem == nil)
        #expect(page.drawings == 10 && page.describedDrawings == page.drawings)
        #expect(page.identifiers.count == Set(page.identifiers).count && page.references.isSubset(of: page.identifiers))
    }

    @Test(
        "The page asks nothing of the network and runs nothing",
        arguments: ["http", "src=", "@import", "url(", "<script", "<link"])
    func selfContained(reference: String) throws {
        let folder = try TemporaryFolder()
        #expect(try !HTMLReport(SmallStudy().write(to: folder)).html.contains(reference))
    }

    @Test("Each part of the file has its section")
    func sections() throws {
        let folder = try TemporaryFolder()
        let page = try PageReader(HTMLReport(SmallStudy().write(to: folder)).html)
        #expect(
            page.sections == [
                "endpoints", "levels", "effects", "survival", "discrimination", "trial", "published", "cohort",
            ])
    }

    @Test("Names that look like markup stay text")
    func hostileNames() throws {
        let folder = try TemporaryFolder()
        let hostile = "<img onerror='x'>&\"\u{7}"
        var study = SmallStudy()
        study.title = hostile
        for name in ["strata", "survival", "regimes"] {
            study[name].dimensions[study[name].dimensions.firstIndex { $0.name == "arm" } ?? 0] = SmallStudy.arm([
                "usual", hostile,
            ])
        }
        study["strata"].variables[study["strata"].variables.firstIndex { $0.name == "endpoint_title" } ?? 0].values =
            .string([hostile, hostile])
        let html = try HTMLReport(study.write(to: folder)).html
        #expect(try PageReader(html).problem == nil)
        #expect(!html.contains("<img") && html.contains("&lt;img onerror=&#39;x&#39;&gt;&amp;&quot;\u{FFFD}"))
    }

    @Test("The same file gives the same bytes")
    func sameBytes() throws {
        let folder = try TemporaryFolder()
        let file = try SmallStudy().write(to: folder)
        #expect(try HTMLReport(file).html == HTMLReport(ResultsFile(file.path)).html)
    }

    @Test("No number of a drawing is unknown or endless", arguments: ["NaN", "\"nan", " nan", "\"inf", "-inf"])
    func finiteCoordinates(text: String) throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        study.change("hazard_ratio_upper", in: "survival") { $0[3] = .infinity }
        study.change("level_upper", in: "strata") { $0[0] = .infinity }
        study.change("survival_standard_error", in: "survival") { $0[4] = .nan }
        #expect(try !HTMLReport(study.write(to: folder)).html.contains(text))
    }

    @Test(
        "Whatever numbers a file holds, the summary and the page are made of them",
        arguments: [.nan, .infinity, -.infinity, 1e308, -1e308, 5e-324, -1, 0] as [Double], 0..<7)
    func anyNumber(number: Double, every: Int) throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        for group in study.groups.indices {
            for variable in study.groups[group].variables.indices {
                guard case .double(var cells) = study.groups[group].variables[variable].values else { continue }
                for cell in cells.indices where every == 0 || (cell + variable) % every == 0 { cells[cell] = number }
                study.groups[group].variables[variable].values = .double(cells)
            }
        }
        let file = try study.write(to: folder)
        #expect(try StudySummary(file).text.hasPrefix("A small study"))
        #expect(try PageReader(HTMLReport(file).html).problem == nil)
    }

    @Test("Days that do not run forward are no curve")
    func disorderedDays() throws {
        let folder = try TemporaryFolder()
        var study = SmallStudy()
        study["survival"].dimensions[2] = ResultDimension("day", numbers: [20, 10, 0], unit: "d", longName: "day")
        let page = try PageReader(HTMLReport(study.write(to: folder)).html)
        #expect(!page.sections.contains("survival"))
    }

    @Test("A verdict is written in words")
    func verdicts() throws {
        let folder = try TemporaryFolder()
        let html = try HTMLReport(SmallStudy().write(to: folder)).html
        #expect(html.contains("<td class=\"text agrees\">sign agrees</td>"))
        #expect(html.contains("<td class=\"text differs\">sign differs*</td>"))
    }

    @Test("The page replaces an older one and leaves nothing else behind")
    func writing() throws {
        let folder = try TemporaryFolder()
        let report = try HTMLReport(SmallStudy().write(to: folder))
        try Data("old".utf8).write(to: URL(fileURLWithPath: folder.path("page.html")))
        try report.write(to: folder.path("page.html"))
        #expect(try String(contentsOfFile: folder.path("page.html"), encoding: .utf8) == report.html)
        #expect(folder.contents == ["page.html", "small.h5"])
    }

    @Test("A page that cannot be written is refused with the reason")
    func missingFolder() throws {
        let folder = try TemporaryFolder()
        let report = try HTMLReport(SmallStudy().write(to: folder))
        let path = folder.path("none/page.html")
        let error = #expect(throws: ResultsError.self) { try report.write(to: path) }
        #expect(
            error?.description == "cannot write '\(path)': there is no folder '\(folder.path("none"))'; create it first"
        )
    }
}

/// What an XML parser finds on a page.
private final class PageReader: NSObject, XMLParserDelegate {
    private(set) var problem: String?
    private(set) var identifiers: [String] = []
    private(set) var references: Set<String> = []
    private(set) var sections: [String] = []
    private(set) var drawings = 0
    private(set) var describedDrawings = 0
    private var open: [String] = []

    init(_ html: String) throws {
        super.init()
        let parser = XMLParser(data: Data(html.utf8))
        parser.delegate = self
        if !parser.parse() { problem = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "unknown")" }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        if let identifier = attributes["id"] { identifiers.append(identifier) }
        for list in [attributes["aria-labelledby"]] {
            references.formUnion((list ?? "").split(separator: " ").map(String.init))
        }
        if name == "section" { sections.append(attributes["id"] ?? "") }
        // The samples of the legend are ornaments beside their words.
        if name == "svg", attributes["aria-hidden"] == nil { drawings += 1 }
        if name == "desc", open.last == "svg" { describedDrawings += 1 }
        open.append(name)
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        open.removeLast()
    }
}
