extension ModelFit {
    /// The same text as ``reportJSON()`` in pieces: curves with a row for each of many times take too long, and too much room,
    /// in an encoder.
    package func writeJSON(to write: (String) throws -> Void) throws {
        // Each curve stands as one row whose time is its place in the list.
        var curves: [[CurveRow]] = []
        func placed(_ rows: [CurveRow]) -> [CurveRow] {
            curves.append(rows)
            return [CurveRow(time: Double(curves.count - 1), atRisk: 0, events: 0, censored: 0, estimate: 0)]
        }
        var outline = self
        outline.kaplanMeier = kaplanMeier.map(placed)
        outline.by = by?.mapValues { groups in
            groups.mapValues { curve in
                var curve = curve
                curve.kaplanMeier = placed(curve.kaplanMeier)
                return curve
            }
        }
        var lines = try outline.reportJSON().split(separator: "\n", omittingEmptySubsequences: false)[...]
        var isFirst = true
        while let line = lines.popFirst() {
            try write((isFirst ? "" : "\n") + line)
            isFirst = false
            // No text has a line break of its own, and no other key of this name has a list.
            let key = line.drop { $0 == " " }
            guard key == "\"kaplan_meier\" : [" else { continue }
            let indent = String(repeating: " ", count: line.count - key.count)
            var place: Int?
            while let row = lines.first, row.drop(while: { $0 == " " }).first != "]" {
                if let time = row.split(separator: "\"time\" : ").last, row.contains("\"time\"") {
                    place = Int(time.prefix { $0.isNumber })
                }
                lines.removeFirst()
            }
            if let place, curves.indices.contains(place) { try Self.write(curves[place], indent, to: write) }
        }
    }

    private static func write(_ rows: [CurveRow], _ indent: String, to write: (String) throws -> Void) throws {
        let (open, close) = ("\n" + indent + "  {", "\n" + indent + "  }")
        func field(_ name: String) -> String { "\n\(indent)    \"\(name)\" : " }
        let (atRisk, censored) = (open + field("at_risk"), "," + field("censored"))
        let (estimate, events) = ("," + field("estimate"), "," + field("events"))
        let (lower, se) = ("," + field("lower"), "," + field("se"))
        let (time, upper) = ("," + field("time"), "," + field("upper"))
        var text = ""
        func add(_ field: String, _ value: Double?) {
            guard let value else { return }
            text.append(field)
            text.append(number(value))
        }
        func add(_ field: String, _ value: Int) {
            text.append(field)
            text.append(String(value))
        }
        for (index, row) in rows.enumerated() {
            if index > 0 { text.append(",") }
            add(atRisk, row.atRisk)
            add(censored, row.censored)
            add(estimate, row.estimate)
            add(events, row.events)
            add(lower, row.lower)
            add(se, row.se)
            add(time, row.time)
            add(upper, row.upper)
            text.append(close)
            if text.utf8.count > 1 << 16 {
                try write(text)
                text.removeAll(keepingCapacity: true)
            }
        }
        try write(text)
    }

    private static func number(_ value: Double) -> String {
        let text = value.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
