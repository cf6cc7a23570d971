/// How two results differ, member by member.
public struct ResultsDifference: Sendable, Equatable {
    /// Groups, dimensions and variables of the first that the second lacks, by path in the first's order. Of a missing
    /// group only the group itself is named.
    public var missing: [String]
    /// Groups, dimensions and variables of the second that the first lacks, by path in the second's order.
    public var extra: [String]
    /// The dimensions' coordinates and the variables that both have, in the first's order, those that agree included.
    public var variables: [VariableDifference]

    /// Whether both have the same members with the same bits.
    public var isIdentical: Bool {
        missing.isEmpty && extra.isEmpty && variables.allSatisfy(\.isIdentical)
    }

    /// Compares two results: files, trees in memory, or one of each.
    ///
    /// Attributes, long names, compression and the order of members are not compared.
    /// - Parameters:
    ///   - first: the result in question.
    ///   - second: what it is held against.
    ///   - excluded: paths of groups, dimensions or variables to leave out with all below them; by default what changes
    ///     from run to run.
    /// - Throws: a ``ResultsError`` if either cannot be read.
    public static func between(
        _ first: some ResultContent, and second: some ResultContent, excluding excluded: [String] = ["/provenance"]
    ) throws -> ResultsDifference {
        var comparison = Comparison(first: first, second: second, excluded: excluded)
        try comparison.compare(first.outline("/"), second.outline("/"), at: "/")
        return comparison.difference
    }
}

/// How a variable, or the coordinates of a dimension, differ between two results.
///
/// Cells are the same if their bits are, or if both are NaN. Between a number and NaN, and between an infinity and any
/// other value, the absolute and relative differences are infinite.
public struct VariableDifference: Sendable, Equatable {
    /// Where it stands in both.
    public var path: String
    /// Why the cells cannot be compared (types, shapes, dimensions or units that differ), or nil.
    public var mismatch: String?
    /// The number of cells compared.
    public var cellCount = 0
    /// The number of cells that are not the same.
    public var differingCount = 0
    /// The position of the first such cell along each dimension, or nil if there is none.
    public var firstDifference: [Int]?
    /// The largest |a - b|, in the variable's unit; nil for texts, 0 where all are the same.
    public var largestAbsolute: Double?
    /// The largest |a - b| / max(|a|, |b|), 0 where both are zero; nil for texts.
    public var largestRelative: Double?

    /// Whether it is the same in both.
    public var isIdentical: Bool {
        mismatch == nil && differingCount == 0
    }
}

/// Walks two outlines side by side.
private struct Comparison<First: ResultContent, Second: ResultContent> {
    let first: First
    let second: Second
    let excluded: [String]
    var difference = ResultsDifference(missing: [], extra: [], variables: [])

    mutating func compare(_ a: ResultGroupOutline, _ b: ResultGroupOutline, at path: String) throws {
        let firstNames = a.memberNames
        let secondNames = b.memberNames
        difference.missing += paths(firstNames.filter { !secondNames.contains($0) }, in: path)
        difference.extra += paths(secondNames.filter { !firstNames.contains($0) }, in: path)
        for dimension in a.dimensions {
            guard let other = b.dimensions.first(where: { $0.name == dimension.name }) else { continue }
            compare(dimension, other, at: ResultPath.path(of: dimension.name, in: path))
        }
        for variable in a.variables {
            guard let other = b.variables.first(where: { $0.name == variable.name }) else { continue }
            let place = ResultPath.path(of: variable.name, in: path)
            try compare((variable, a.shape(of: variable)), (other, b.shape(of: other)), at: place)
        }
        for group in a.groups {
            let place = ResultPath.path(of: group.name, in: path)
            guard !ResultPath.isIn(excluded, place), let other = b.groups.first(where: { $0.name == group.name })
            else { continue }
            try compare(group, other, at: place)
        }
    }

    private func paths(_ members: [MemberName], in path: String) -> [String] {
        members.map { ResultPath.path(of: $0.name, in: path) }.filter { !ResultPath.isIn(excluded, $0) }
    }

    private mutating func compare(_ a: ResultDimension, _ b: ResultDimension, at path: String) {
        guard !ResultPath.isIn(excluded, path) else { return }
        var found = VariableDifference(path: path)
        if a.size != b.size {
            found.mismatch = "size \(a.size) against \(b.size)"
        } else if (a.coordinates == nil) != (b.coordinates == nil) {
            found.mismatch = a.coordinates == nil ? "no coordinates against some" : "coordinates against none"
        } else if let left = a.coordinates, let right = b.coordinates {
            found.mismatch = Self.mismatch(
                (left.values.elementType, left.unit, [a.size]), (right.values.elementType, right.unit, [b.size]))
            if found.mismatch == nil { found.add(left.values, right.values, shape: [a.size]) }
        }
        difference.variables.append(found)
    }

    private mutating func compare(
        _ a: (variable: ResultVariableOutline, shape: [Int]), _ b: (variable: ResultVariableOutline, shape: [Int]),
        at path: String
    ) throws {
        guard !ResultPath.isIn(excluded, path) else { return }
        var found = VariableDifference(path: path)
        found.mismatch = Self.mismatch(
            (a.variable.elementType, a.variable.unit, a.shape), (b.variable.elementType, b.variable.unit, b.shape))
        if found.mismatch == nil, a.variable.dimensions != b.variable.dimensions {
            found.mismatch = "dimensions \(a.variable.dimensions) against \(b.variable.dimensions)"
        }
        if found.mismatch == nil, a.variable.missingCode != b.variable.missingCode {
            found.mismatch =
                "missing code \(Self.text(a.variable.missingCode)) against \(Self.text(b.variable.missingCode))"
        }
        if found.mismatch == nil {
            if a.shape.contains(0) {
                found.add(.empty(a.variable.elementType), .empty(a.variable.elementType), shape: [])
            }
            for block in RowMajorBlocks(shape: a.shape) {
                found.add(
                    try first.values(of: path, offset: block.offset, count: block.count),
                    try second.values(of: path, offset: block.offset, count: block.count), shape: a.shape)
            }
        }
        difference.variables.append(found)
    }

    private static func mismatch(
        _ a: (type: ResultElementType, unit: String, shape: [Int]),
        _ b: (type: ResultElementType, unit: String, shape: [Int])
    ) -> String? {
        if a.type != b.type { return "type \(a.type.rawValue) against \(b.type.rawValue)" }
        if a.shape != b.shape { return "shape \(a.shape) against \(b.shape)" }
        return a.unit == b.unit ? nil : "unit '\(a.unit)' against '\(b.unit)'"
    }

    private static func text(_ code: Int32?) -> String {
        code.map { "\($0)" } ?? "none"
    }
}

/// A member's name with its kind, since a group and a variable of one name are two things.
private struct MemberName: Equatable {
    enum Kind { case dimension, variable, group }
    var kind: Kind
    var name: String
}

extension ResultGroupOutline {
    fileprivate var memberNames: [MemberName] {
        dimensions.map { MemberName(kind: .dimension, name: $0.name) }
            + variables.map { MemberName(kind: .variable, name: $0.name) }
            + groups.map { MemberName(kind: .group, name: $0.name) }
    }
}
