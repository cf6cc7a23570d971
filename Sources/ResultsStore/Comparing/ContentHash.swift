extension ResultContent {
    /// The SHA-256 of the numbers and labels, as 64 hexadecimal digits. Same content, same hash: whatever the order in
    /// which groups, dimensions and variables were written, however they are compressed, in a file or in memory.
    ///
    /// Hashed are, group by group and each sorted by the bytes of its name: dimensions with their sizes and
    /// coordinates, variables with their types, dimensions, units, missing codes and cells in row-major order. Every
    /// NaN counts as the same; `0.0` and `-0.0` differ. Attributes and long names are not hashed. Texts and lists carry
    /// their lengths and numbers are little-endian, so no two contents run together into the same bytes.
    /// - Parameter excluded: paths of groups, dimensions or variables to leave out with all below them; by default what
    ///   changes from run to run: host, times, threads.
    /// - Throws: a ``ResultsError`` if the content cannot be read.
    public func contentHash(excluding excluded: [String] = ["/provenance"]) throws -> String {
        var hasher = ContentHasher(content: self, excluded: excluded)
        try hasher.add(outline("/"), at: "/")
        return hasher.hash.hexadecimalDigest()
    }
}

/// Walks content in the order of names and feeds it to the hash.
private struct ContentHasher<Content: ResultContent> {
    let content: Content
    let excluded: [String]
    var hash = SHA256()

    mutating func add(_ group: ResultGroupOutline, at path: String) throws {
        guard !ResultPath.isIn(excluded, path) else { return }
        add("group")
        add(path)
        for dimension in Self.sorted(group.dimensions, by: \.name) {
            add(dimension, at: ResultPath.path(of: dimension.name, in: path))
        }
        for variable in Self.sorted(group.variables, by: \.name) {
            let place = ResultPath.path(of: variable.name, in: path)
            try add(variable, shape: group.shape(of: variable), at: place)
        }
        for child in Self.sorted(group.groups, by: \.name) {
            try add(child, at: ResultPath.path(of: child.name, in: path))
        }
    }

    private mutating func add(_ dimension: ResultDimension, at path: String) {
        guard !ResultPath.isIn(excluded, path) else { return }
        add("dimension")
        add(path)
        add(dimension.size)
        guard let coordinates = dimension.coordinates else { return add("counted") }
        add(coordinates.values.elementType.rawValue)
        add(coordinates.unit)
        add(coordinates.values)
    }

    private mutating func add(_ variable: ResultVariableOutline, shape: [Int], at path: String) throws {
        guard !ResultPath.isIn(excluded, path) else { return }
        add("variable")
        add(path)
        add(variable.elementType.rawValue)
        add(variable.unit)
        add(variable.missingCode.map { "\($0)" } ?? "none")
        add(shape.count)
        for (name, size) in zip(variable.dimensions, shape) {
            add(name)
            add(size)
        }
        try content.forEachBlock(of: path, shape: shape) { add($0) }
    }

    private mutating func add(_ values: ResultValues) {
        switch values {
        case .double(let numbers): add(numbers.map { ($0.isNaN ? Double.nan : $0).bitPattern.littleEndian })
        case .float(let numbers): add(numbers.map { ($0.isNaN ? Float.nan : $0).bitPattern.littleEndian })
        case .int32(let integers): add(integers.map(\.littleEndian))
        case .int8(let integers): add(integers)
        case .string(let texts): for text in texts { add(text) }
        }
    }

    private mutating func add<Number: FixedWidthInteger>(_ numbers: [Number]) {
        numbers.withUnsafeBytes { hash.update($0) }
    }

    private mutating func add(_ number: Int) {
        add([Int64(number).littleEndian])
    }

    private mutating func add(_ text: String) {
        add(text.utf8.count)
        hash.update(Array(text.utf8))
    }

    private static func sorted<Member>(_ members: [Member], by name: (Member) -> String) -> [Member] {
        members.sorted { name($0).utf8.lexicographicallyPrecedes(name($1).utf8) }
    }
}
