/// A piece of HTML or SVG: an element with attributes and children, or text. Written only as a whole, so that every text
/// is escaped and every element closed; the result is well-formed XML too.
enum Markup: Sendable {
    indirect case element(name: String, attributes: [(name: String, value: String)], children: [Markup])
    case text(String)

    /// An element; attributes keep their order.
    static func element(
        _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []
    ) -> Markup {
        .element(name: name, attributes: attributes.map { (name: $0.key, value: $0.value) }, children: children)
    }

    /// An element that holds only text.
    static func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) -> Markup {
        element(name, attributes, [.text(text)])
    }

    /// The text of it.
    var rendered: String {
        var output = ""
        write(to: &output)
        return output
    }

    private func write(to output: inout String) {
        switch self {
        case .text(let text): output += Self.escaped(text)
        case .element(let name, let attributes, let children):
            output += "<\(name)"
            for (name, value) in attributes { output += " \(name)=\"\(Self.escaped(value))\"" }
            if children.isEmpty, Self.voidElements.contains(name) {
                output += "/>"
                return
            }
            output += ">"
            for child in children { child.write(to: &output) }
            output += "</\(name)>"
            if Self.lineEnds.contains(name) { output += "\n" }
        }
    }

    /// Elements that HTML knows without content and SVG's shapes; any other element must be closed by a tag of its own.
    private static let voidElements: Set = ["meta", "br", "hr", "line", "rect", "circle", "path", "polygon", "col"]
    /// Elements after which a line ends, so that the page can be read and compared as text.
    private static let lineEnds: Set = ["head", "section", "figure", "table", "tr", "g", "p", "h1", "h2", "h3", "div"]

    /// Text in which nothing is markup. Control characters, which no document may hold, become U+FFFD.
    static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            case "\t", "\n": output.unicodeScalars.append(scalar)
            case _ where scalar.properties.generalCategory == .control || scalar.value & 0xFFFE == 0xFFFE:
                output += "\u{FFFD}"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}
