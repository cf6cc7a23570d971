/// What is known of a variable without its cells.
public struct ResultVariableOutline: Sendable, Equatable {
    /// As in ``ResultVariable``.
    public var name: String
    /// As in ``ResultVariable``.
    public var dimensions: [String]
    /// The type of each cell.
    public var elementType: ResultElementType
    /// As in ``ResultVariable``.
    public var unit: String
    /// As in ``ResultVariable``.
    public var longName: String
    /// As in ``ResultVariable``.
    public var attributes: [ResultAttribute]
    /// As in ``ResultVariable``.
    public var missingCode: Int32?
    /// As in ``ResultVariable``.
    public var isCompressed: Bool

    /// An outline, which also declares a variable to be streamed by ``ResultsWriter/stream(_:under:block:)``.
    public init(
        _ name: String, _ dimensions: [String], _ elementType: ResultElementType, unit: String, longName: String,
        attributes: [ResultAttribute] = [], missingCode: Int32? = nil, isCompressed: Bool = false
    ) {
        self.name = name
        self.dimensions = dimensions
        self.elementType = elementType
        self.unit = unit
        self.longName = longName
        self.attributes = attributes
        self.missingCode = missingCode
        self.isCompressed = isCompressed
    }

    /// The variable with these cells.
    public func filled(with values: ResultValues) -> ResultVariable {
        ResultVariable(
            name, dimensions, values, unit: unit, longName: longName, attributes: attributes, missingCode: missingCode,
            isCompressed: isCompressed)
    }
}

/// What is known of a group without the cells of its variables: enough to list a file of any size.
public struct ResultGroupOutline: Sendable, Equatable {
    /// As in ``ResultGroup``.
    public var name: String
    /// As in ``ResultGroup``.
    public var attributes: [ResultAttribute]
    /// As in ``ResultGroup``, with their coordinates.
    public var dimensions: [ResultDimension]
    /// The variables without their cells, in order.
    public var variables: [ResultVariableOutline]
    /// The groups below, in order.
    public var groups: [ResultGroupOutline]

    /// The extents of a variable of this group: the sizes of its dimensions.
    public func shape(of variable: ResultVariableOutline) -> [Int] {
        variable.dimensions.map { name in dimensions.first { $0.name == name }?.size ?? 0 }
    }
}

extension ResultVariable {
    /// The variable without its cells.
    public var outline: ResultVariableOutline {
        ResultVariableOutline(
            name, dimensions, values.elementType, unit: unit, longName: longName, attributes: attributes,
            missingCode: missingCode, isCompressed: isCompressed)
    }
}

extension ResultGroup {
    /// The group without the cells of its variables.
    public var outline: ResultGroupOutline {
        ResultGroupOutline(
            name: name, attributes: attributes, dimensions: dimensions, variables: variables.map(\.outline),
            groups: groups.map(\.outline))
    }
}

/// Paths of groups and variables: `/`, `/trial`, `/trial/time_in_range`.
package enum ResultPath {
    /// The path with one leading and no trailing slash, whatever slashes it was given with.
    package static func normalised(_ path: String) -> String {
        "/" + components(path).joined(separator: "/")
    }

    /// The names along the path.
    package static func components(_ path: String) -> [String] {
        path.split(separator: "/").map(String.init)
    }

    /// The path of a member.
    package static func path(of name: String, in group: String) -> String {
        group == "/" ? "/\(name)" : "\(group)/\(name)"
    }

    /// The path of the group that holds a member, and the member's name (empty for the root).
    package static func split(_ path: String) -> (group: String, name: String) {
        let names = components(path)
        return ("/" + names.dropLast().joined(separator: "/"), names.last ?? "")
    }

    /// Whether a path is one of the given ones or lies below one.
    package static func isIn(_ excluded: [String], _ path: String) -> Bool {
        excluded.contains { excluded in
            let excluded = normalised(excluded)
            return path == excluded || excluded == "/" || path.hasPrefix(excluded + "/")
        }
    }
}
