/// A table of a page, in a box of its own that scrolls on a narrow screen.
struct HTMLTable {
    /// A cell: its text, and a class where it is no number.
    struct Cell {
        var text: String
        var style = ""

        init(_ text: String, style: String = "") {
            self.text = text
            self.style = style
        }
    }

    var caption = ""
    var head: [String]
    /// The first cell of each row is its heading; a row of that alone is a heading of the rows below.
    var rows: [[Cell]]

    var markup: Markup {
        var parts: [Markup] = []
        if !caption.isEmpty { parts.append(.element("caption", text: caption)) }
        parts.append(.element("thead", [:], [.element("tr", [:], head.indices.map(headCell))]))
        parts.append(.element("tbody", [:], rows.map(row)))
        let table = Markup.element("table", [:], parts)
        return .element("div", ["class": "scroll", "tabindex": "0", "role": "group", "aria-label": label], [table])
    }

    /// A head is aligned as the cells below it are.
    private func headCell(_ column: Int) -> Markup {
        let example = rows.first { $0.count > 1 && $0.indices.contains(column) }
        let isText = example.map { !$0[column].style.isEmpty } ?? false
        return isText
            ? .element("th", ["scope": "col", "class": "text"], text: head[column])
            : .element("th", ["scope": "col"], text: head[column])
    }

    private var label: String { caption.isEmpty ? "table" : caption }

    private func row(_ cells: [Cell]) -> Markup {
        guard let first = cells.first else { return .element("tr") }
        if cells.count == 1 {
            let heading = Markup.element("th", ["scope": "colgroup", "colspan": "\(head.count)"], text: first.text)
            return .element("tr", ["class": "group"], [heading])
        }
        return .element(
            "tr", [:],
            [.element("th", ["scope": "row"], text: first.text)]
                + cells.dropFirst().map { cell in
                    cell.style.isEmpty
                        ? .element("td", text: cell.text) : .element("td", ["class": cell.style], text: cell.text)
                })
    }
}
