extension VariableDifference {
    /// Compares the next block of cells of an array of the given extents.
    mutating func add(_ a: ResultValues, _ b: ResultValues, shape: [Int]) {
        switch (a, b) {
        case (.double(let left), .double(let right)): addNumbers(left, right, shape) { $0 }
        case (.float(let left), .float(let right)): addNumbers(left, right, shape) { Double($0) }
        case (.int32(let left), .int32(let right)): addNumbers(left, right, shape) { Double($0) }
        case (.int8(let left), .int8(let right)): addNumbers(left, right, shape) { Double($0) }
        case (.string(let left), .string(let right)):
            for (x, y) in zip(left, right) { count(isSame: x.utf8.elementsEqual(y.utf8), shape) }
        default: mismatch = "type \(a.elementType.rawValue) against \(b.elementType.rawValue)"
        }
    }

    private mutating func addNumbers<Number>(
        _ left: [Number], _ right: [Number], _ shape: [Int], _ double: (Number) -> Double
    ) {
        var absolute = largestAbsolute ?? 0
        var relative = largestRelative ?? 0
        for (l, r) in zip(left, right) {
            let x = double(l)
            let y = double(r)
            // A float and the double made of it have the same sign, zero and infinity; only NaN has many bit patterns.
            let isSame = x.bitPattern == y.bitPattern || (x.isNaN && y.isNaN)
            count(isSame: isSame, shape)
            guard !isSame, x != y else { continue }
            guard x.isFinite && y.isFinite else {
                absolute = .infinity
                relative = .infinity
                continue
            }
            let scale = max(abs(x), abs(y))
            absolute = max(absolute, abs(x - y))
            // Two huge numbers of unlike sign differ by more than a double holds, but not by more than twice the larger.
            relative = max(relative, abs(x - y).isFinite ? abs(x - y) / scale : abs(x / scale - y / scale))
        }
        largestAbsolute = absolute
        largestRelative = relative
    }

    private mutating func count(isSame: Bool, _ shape: [Int]) {
        if !isSame {
            if firstDifference == nil { firstDifference = Self.position(of: cellCount, in: shape) }
            differingCount += 1
        }
        cellCount += 1
    }

    /// The position along each dimension of a cell counted in row-major order.
    private static func position(of cell: Int, in shape: [Int]) -> [Int] {
        var rest = cell
        var position = shape
        for axis in shape.indices.reversed() where shape[axis] > 0 {
            position[axis] = rest % shape[axis]
            rest /= shape[axis]
        }
        return position
    }
}

extension VariableDifference: CustomStringConvertible {
    /// One line for a person.
    public var description: String {
        if let mismatch { return "\(path): \(mismatch)" }
        guard differingCount > 0 else { return "\(path): same (\(cellCount) cells)" }
        let share = "\(path): \(differingCount) of \(cellCount) cells differ, the first at \(firstDifference ?? [])"
        guard let largestAbsolute, let largestRelative else { return share }
        return share + "; at most by \(largestAbsolute), relative \(largestRelative)"
    }
}
