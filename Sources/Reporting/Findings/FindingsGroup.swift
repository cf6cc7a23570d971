import ResultsStore

/// A group of a results file whose arrays are looked up by name and checked against the dimensions they must have.
///
/// What a file lacks is nil; what it holds in another shape is refused, since a number read at the wrong place is worse
/// than none.
struct FindingsGroup {
    /// From the root, such as `/strata`.
    let path: String
    private let group: ResultGroup

    /// The group, or nil if the file has none of that name.
    init?(_ path: String, in file: ResultsFile) throws {
        guard try file.groupPaths().contains(path) else { return nil }
        self.init(path, try file.group(path))
    }

    init(_ path: String, _ group: ResultGroup) {
        self.path = path
        self.group = group
    }

    /// The groups directly below, in order.
    var groups: [FindingsGroup] { group.groups.map { FindingsGroup("\(path)/\($0.name)", $0) } }

    var name: String { group.name }

    /// The labels along a dimension; its positions from 1 where it has no labels, and none where there is no such one.
    func labels(_ dimension: String) -> [String] {
        guard let found = group.dimension(named: dimension) else { return [] }
        if case .string(let labels) = found.coordinates?.values { return labels }
        return (0..<found.size).map { "\($0 + 1)" }
    }

    /// The numbers along a dimension; none where there are no numbers.
    func coordinates(_ dimension: String) -> [Double] {
        guard let values = group.dimension(named: dimension)?.coordinates?.values else { return [] }
        return Self.doubles(values, missingCode: nil) ?? []
    }

    func size(_ dimension: String) -> Int { group.dimension(named: dimension)?.size ?? 0 }

    /// The cells of a numeric variable in row-major order, missing ones NaN; nil if there is no such variable.
    /// - Throws: ``ResultsError/unsupportedContent(object:found:)`` if it is not numeric or over other dimensions.
    func numbers(_ name: String, _ dimensions: [String]) throws -> [Double]? {
        guard let variable = try variable(name, dimensions) else { return nil }
        guard let values = Self.doubles(variable.values, missingCode: variable.missingCode) else {
            throw ResultsError.unsupportedContent(object: place(name), found: "text where numbers are read")
        }
        return values
    }

    /// The cells of a text variable in row-major order; nil if there is no such variable.
    /// - Throws: ``ResultsError/unsupportedContent(object:found:)`` if it is not text or over other dimensions.
    func texts(_ name: String, _ dimensions: [String]) throws -> [String]? {
        guard let variable = try variable(name, dimensions) else { return nil }
        guard case .string(let texts) = variable.values else {
            throw ResultsError.unsupportedContent(object: place(name), found: "numbers where text is read")
        }
        return texts
    }

    /// The one cell of a text variable without dimensions.
    func text(_ name: String) throws -> String? { try texts(name, [])?.first }

    /// The one cell of a numeric variable without dimensions.
    func number(_ name: String) throws -> Double? { try numbers(name, [])?.first }

    /// A text attribute of the group.
    func textAttribute(_ name: String) -> String? {
        guard case .text(let text) = group.attributes.first(where: { $0.name == name })?.value else { return nil }
        return text
    }

    /// A numeric attribute of the group.
    func numberAttribute(_ name: String) -> Double? {
        switch group.attributes.first(where: { $0.name == name })?.value {
        case .number(let number): number
        case .integer(let integer): Double(integer)
        default: nil
        }
    }

    private func variable(_ name: String, _ dimensions: [String]) throws -> ResultVariable? {
        guard let variable = group.variable(named: name) else { return nil }
        guard variable.dimensions == dimensions else {
            throw ResultsError.unsupportedContent(
                object: place(name), found: "over \(variable.dimensions) where \(dimensions) is read")
        }
        return variable
    }

    private func place(_ name: String) -> String { "variable '\(path)/\(name)'" }

    private static func doubles(_ values: ResultValues, missingCode: Int32?) -> [Double]? {
        switch values {
        case .double(let numbers): numbers
        case .float(let numbers): numbers.map(Double.init)
        case .int32(let integers): integers.map { $0 == missingCode ? .nan : Double($0) }
        case .int8(let integers): integers.map { Int32($0) == missingCode ? .nan : Double($0) }
        case .string: nil
        }
    }
}
