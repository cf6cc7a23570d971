/// The rules for names, units and texts that netCDF, xarray and C strings set.
enum TextRules {
    /// What is wrong with a name, or nil.
    static func nameProblem(_ name: String) -> String? {
        guard let first = name.unicodeScalars.first else { return "a name is empty" }
        let isPlainStart = first.properties.isAlphabetic || first.properties.numericType != nil || first == "_"
        guard isPlainStart else { return "the name '\(name)' must begin with a letter, a digit or an underscore" }
        if name.contains("/") || name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return "the name '\(name)' must hold no slash and no control character"
        }
        return name.last == " " ? "the name '\(name)' must not end in a space" : nil
    }

    /// The names that occur more than once, each once, in order.
    static func repeated(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        var reported: Set<String> = []
        return names.filter { !seen.insert($0).inserted && reported.insert($0).inserted }
    }

    /// The problems of a unit and a long name.
    static func problems(unit: String, longName: String, at place: String) -> [String] {
        var found: [String] = []
        if unit.isEmpty { found.append("\(place): the unit is empty; write '1' for a pure number") }
        if let symbol = ResultsFormat.decodedUnits[unit] {
            found.append("\(place): versions of xarray read the unit '\(unit)' as time spans; write '\(symbol)'")
        }
        if unit.contains(" since ") {
            found.append("\(place): xarray reads the unit '\(unit)' as dates; write the unit alone")
        }
        if longName.isEmpty { found.append("\(place): the long name is empty") }
        if hasNUL(unit) || hasNUL(longName) { found.append("\(place): the unit or long name holds a NUL character") }
        return found
    }

    /// The problems of a list of attributes.
    static func problems(of attributes: [ResultAttribute], at place: String) -> [String] {
        var found = repeated(attributes.map(\.name)).map { "\(place): the attribute '\($0)' is given more than once" }
        for attribute in attributes {
            if let problem = nameProblem(attribute.name) { found.append("\(place): attribute: \(problem)") }
            if ResultsFormat.ownAttributes.contains(attribute.name) {
                found.append("\(place): the attribute '\(attribute.name)' is written by the store itself")
            }
            if ResultsFormat.decodingAttributes.contains(attribute.name) {
                found.append("\(place): the attribute '\(attribute.name)' makes readers change the numbers")
            }
            if attribute.value.values.count == 0 {
                found.append("\(place): the attribute '\(attribute.name)' is an empty list")
            }
            found += problems(of: attribute.value.values, at: "\(place): attribute '\(attribute.name)'")
        }
        return found
    }

    /// The first text that no C string can hold.
    static func problems(of values: ResultValues, at place: String) -> [String] {
        guard case .string(let texts) = values, let position = texts.firstIndex(where: hasNUL) else { return [] }
        return ["\(place): the text at position \(position) holds a NUL character"]
    }

    private static func hasNUL(_ text: String) -> Bool {
        text.utf8.contains(0)
    }
}
