/// A unit as labels write it: `L/h`, `mg/L`, `1/day`, `mL h^-1 kg^-1`. Only its words count here, not its dimension.
struct UnitText {
    /// The unit as it was written.
    let text: String
    private let words: [String]

    /// The words of a text, split at everything that joins units.
    init(_ text: String) {
        self.text = text
        words = text.split { !($0.isLetter || $0 == "%") }.map(String.init)
    }

    /// The unit in the last brackets of a label, `Clearance (L/h)`; nil for brackets that hold no unit.
    init?(label: String) {
        guard let close = label.lastIndex(of: ")"),
            let open = label[..<close].lastIndex(of: "("),
            label[label.index(after: close)...].allSatisfy({ $0 == " " || $0 == "." || $0 == ";" })
        else { return nil }
        self.init(String(label[label.index(after: open)..<close]))
        guard words.contains(where: { UnitText.known.contains($0) || UnitText.timeUnit($0) != nil }) else { return nil }
    }

    /// The units of time in it, by their common names.
    var timeUnits: [String] {
        var found: [String] = []
        for word in words {
            guard let unit = UnitText.timeUnit(word), !found.contains(unit) else { continue }
            found.append(unit)
        }
        return found
    }

    /// The common name of a unit of time; nil for another word.
    static func timeUnit(_ word: String) -> String? {
        times.first { $0.names.contains(word.lowercased()) }?.unit
    }

    private static let times: [(unit: String, names: [String])] = [
        ("second", ["s", "sec", "second", "seconds"]), ("minute", ["min", "minute", "minutes"]),
        ("hour", ["h", "hr", "hrs", "hour", "hours"]), ("day", ["d", "day", "days"]),
        ("week", ["wk", "week", "weeks"]), ("month", ["month", "months"]), ("year", ["y", "yr", "year", "years"]),
    ]

    private static let known: Set<String> = [
        "ng", "ug", "µg", "μg", "mcg", "mg", "g", "kg", "pg", "uL", "µL", "mL", "dL", "L", "nmol", "pmol", "umol",
        "µmol",
        "mmol", "mol", "nM", "pM", "uM", "µM", "mM", "M", "IU", "mIU", "U", "unitless", "fraction", "percent", "%",
        "cm",
        "mm", "m", "cells", "copies", "mmHg", "kPa", "kDa", "CFU", "ratio",
    ]
}
