/// The kinds of number and text that a results file holds.
///
/// 64-bit integers are left out on purpose: R reads them badly, so identifiers are `int32` and anything larger is a
/// `double` (exact up to 2^53) or a `string`.
public enum ResultElementType: String, Sendable, Equatable, CaseIterable {
    /// IEEE 754 binary64.
    case double
    /// IEEE 754 binary32.
    case float
    /// Signed 32-bit integer.
    case int32
    /// Signed 8-bit integer, for flags and small codes.
    case int8
    /// UTF-8 text of any length without NUL characters.
    case string

    /// The bytes one element takes in memory on the way to the file; a string counts as its pointer.
    package var byteCount: Int {
        switch self {
        case .double, .string: 8
        case .float, .int32: 4
        case .int8: 1
        }
    }
}

/// A flat array of one element type: the cells of a variable in row-major order (the last dimension varies fastest).
///
/// Equality is equality of bits, with one exception: every NaN equals every NaN. So `0.0` and `-0.0` differ, and a value
/// that was written and read back equals itself whatever it holds.
public enum ResultValues: Sendable {
    /// Numbers of double precision.
    case double([Double])
    /// Numbers of single precision, for large variables whose last digits carry nothing.
    case float([Float])
    /// Identifiers and counts.
    case int32([Int32])
    /// Flags and small codes.
    case int8([Int8])
    /// Labels and texts.
    case string([String])

    /// The number of cells.
    public var count: Int {
        switch self {
        case .double(let values): values.count
        case .float(let values): values.count
        case .int32(let values): values.count
        case .int8(let values): values.count
        case .string(let values): values.count
        }
    }

    /// The type of each cell.
    public var elementType: ResultElementType {
        switch self {
        case .double: .double
        case .float: .float
        case .int32: .int32
        case .int8: .int8
        case .string: .string
        }
    }

    /// No cells of the given type.
    public static func empty(_ type: ResultElementType) -> ResultValues {
        switch type {
        case .double: .double([])
        case .float: .float([])
        case .int32: .int32([])
        case .int8: .int8([])
        case .string: .string([])
        }
    }

    /// The cells of a range of positions, in order; positions outside `0..<count` are left out.
    public func slice(_ range: Range<Int>) -> ResultValues {
        let kept = range.clamped(to: 0..<count)
        return switch self {
        case .double(let values): .double(Array(values[kept]))
        case .float(let values): .float(Array(values[kept]))
        case .int32(let values): .int32(Array(values[kept]))
        case .int8(let values): .int8(Array(values[kept]))
        case .string(let values): .string(Array(values[kept]))
        }
    }
}

extension ResultValues: Equatable {
    /// Whether the cells are of one type and hold the same bits, all NaN being the same.
    public static func == (left: ResultValues, right: ResultValues) -> Bool {
        switch (left, right) {
        case (.double(let a), .double(let b)): haveSameBits(a, b)
        case (.float(let a), .float(let b)): haveSameBits(a, b)
        case (.int32(let a), .int32(let b)): a == b
        case (.int8(let a), .int8(let b)): a == b
        case (.string(let a), .string(let b)): a.elementsEqual(b) { $0.utf8.elementsEqual($1.utf8) }
        default: false
        }
    }
}

/// Whether two arrays hold the same bits, all NaN being the same.
func haveSameBits(_ a: [Double], _ b: [Double]) -> Bool {
    a.elementsEqual(b) { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
}

/// Whether two arrays hold the same bits, all NaN being the same.
func haveSameBits(_ a: [Float], _ b: [Float]) -> Bool {
    a.elementsEqual(b) { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
}
