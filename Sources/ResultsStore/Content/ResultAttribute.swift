/// A named remark on a group, a dimension's coordinates or a variable.
///
/// The names `units`, `long_name`, `_FillValue`, `Conventions` and `layout_version`, and those that HDF5 and netCDF keep
/// for themselves, are written by the store and refused here.
public struct ResultAttribute: Sendable, Equatable {
    /// A netCDF name, such as `estimator`.
    public var name: String
    /// What the attribute says.
    public var value: ResultAttributeValue

    /// An attribute of any kind.
    public init(_ name: String, _ value: ResultAttributeValue) {
        self.name = name
        self.value = value
    }

    /// A text attribute.
    public init(_ name: String, _ text: String) {
        self.init(name, .text(text))
    }

    /// A numeric attribute.
    public init(_ name: String, _ number: Double) {
        self.init(name, .number(number))
    }

    /// An integer attribute.
    public init(_ name: String, _ integer: Int32) {
        self.init(name, .integer(integer))
    }
}

/// The value of an attribute: one item or a list, which stay apart in the file.
///
/// Equality is that of ``ResultValues``: bits, and NaN equal to NaN.
public enum ResultAttributeValue: Sendable {
    /// One UTF-8 text.
    case text(String)
    /// A list of UTF-8 texts.
    case texts([String])
    /// One number.
    case number(Double)
    /// A list of numbers.
    case numbers([Double])
    /// One integer.
    case integer(Int32)
    /// A list of integers.
    case integers([Int32])

    /// The content as a flat array, a single item being an array of one.
    package var values: ResultValues {
        switch self {
        case .text(let text): .string([text])
        case .texts(let texts): .string(texts)
        case .number(let number): .double([number])
        case .numbers(let numbers): .double(numbers)
        case .integer(let integer): .int32([integer])
        case .integers(let integers): .int32(integers)
        }
    }

    /// Whether it is one item and not a list.
    package var isSingle: Bool {
        switch self {
        case .text, .number, .integer: true
        case .texts, .numbers, .integers: false
        }
    }
}

extension ResultAttributeValue: Equatable {
    /// Whether both are one item or both a list, with the same bits.
    public static func == (left: ResultAttributeValue, right: ResultAttributeValue) -> Bool {
        left.isSingle == right.isSingle && left.values == right.values
    }
}
