/// What keeps a group from being a netCDF-4 data set that opens everywhere.
extension ResultGroup {
    /// Every problem of the group and those below, each with its path; empty for content that can be written.
    /// - Parameter path: where the group will stand.
    public func problems(at path: String = "/") -> [String] {
        var found = GroupRules(path: path).problems(
            attributes: attributes, dimensions: dimensions, variables: variables.map(\.outline),
            groupNames: groups.map(\.name))
        for variable in variables {
            let place = ResultPath.path(of: variable.name, in: path)
            found += TextRules.problems(of: variable.values, at: place)
            found += sizeProblems(of: variable, at: place)
        }
        for group in groups {
            found += group.problems(at: ResultPath.path(of: group.name, in: path))
        }
        return found
    }

    private func sizeProblems(of variable: ResultVariable, at place: String) -> [String] {
        let axes = variable.dimensions.compactMap { dimension(named: $0) }
        guard axes.count == variable.dimensions.count else { return [] }
        let needed = axes.reduce(1) { multipliedSaturating($0, $1.size) }
        guard needed != variable.values.count else { return [] }
        let shape =
            axes.isEmpty ? "it has no dimensions" : axes.map { "\($0.name) (\($0.size))" }.joined(separator: " x ")
        return ["\(place): \(variable.values.count) values where \(needed) are needed: \(shape)"]
    }
}

/// The rules for the members of one group.
struct GroupRules {
    /// Where the group stands.
    let path: String

    /// The problems of names, attributes, dimensions and declarations of variables.
    func problems(
        attributes: [ResultAttribute], dimensions: [ResultDimension], variables: [ResultVariableOutline],
        groupNames: [String]
    ) -> [String] {
        let names = dimensions.map(\.name) + variables.map(\.name) + groupNames
        var found = names.compactMap { name in TextRules.nameProblem(name).map { "\(path): \($0)" } }
        found += TextRules.repeated(names).map { "\(path): the name '\($0)' is used more than once" }
        found += TextRules.problems(of: attributes, at: path)
        for dimension in dimensions { found += problems(of: dimension) }
        for variable in variables { found += problems(of: variable, over: dimensions) }
        return found
    }

    /// The problems of a dimension.
    func problems(of dimension: ResultDimension) -> [String] {
        let place = ResultPath.path(of: dimension.name, in: path)
        guard dimension.size >= 0 else { return ["\(place): the size \(dimension.size) is negative"] }
        guard let coordinates = dimension.coordinates else { return [] }
        var found = TextRules.problems(unit: coordinates.unit, longName: coordinates.longName, at: place)
        found += TextRules.problems(of: coordinates.attributes, at: place)
        found += TextRules.problems(of: coordinates.values, at: place)
        if dimension.isExtendible {
            found.append("\(place): an extendible dimension has no coordinates; give them as a variable over it")
        }
        if coordinates.values.count != dimension.size {
            found.append("\(place): \(coordinates.values.count) coordinates for a size of \(dimension.size)")
        }
        if coordinates.values.hasNaN { found.append("\(place): a coordinate is NaN; every position needs a value") }
        return found
    }

    /// The problems of a variable's declaration.
    func problems(of variable: ResultVariableOutline, over dimensions: [ResultDimension]) -> [String] {
        let place = ResultPath.path(of: variable.name, in: path)
        var found = TextRules.problems(unit: variable.unit, longName: variable.longName, at: place)
        found += TextRules.problems(of: variable.attributes, at: place)
        for (axis, name) in variable.dimensions.enumerated() {
            guard let dimension = dimensions.first(where: { $0.name == name }) else {
                let known = dimensions.isEmpty ? "none" : dimensions.map(\.name).joined(separator: ", ")
                found.append("\(place): there is no dimension '\(name)' in its group; there is \(known)")
                continue
            }
            if dimension.isExtendible && axis > 0 {
                found.append("\(place): the extendible dimension '\(name)' must come first")
            }
        }
        found += TextRules.repeated(variable.dimensions).map { "\(place): the dimension '\($0)' is used twice" }
        let isInteger = variable.elementType == .int32 || variable.elementType == .int8
        if let code = variable.missingCode {
            if !isInteger { found.append("\(place): a missing code is for integers; a missing number is NaN") }
            if variable.elementType == .int8 && Int8(exactly: code) == nil {
                found.append("\(place): the missing code \(code) does not fit int8 (-128 to 127)")
            }
        }
        if variable.isCompressed && (variable.dimensions.isEmpty || variable.elementType == .string) {
            found.append("\(place): only numbers over dimensions can be compressed")
        }
        return found
    }
}

extension ResultValues {
    /// Whether any cell is not a number.
    var hasNaN: Bool {
        switch self {
        case .double(let values): values.contains { $0.isNaN }
        case .float(let values): values.contains { $0.isNaN }
        case .int32, .int8, .string: false
        }
    }
}
