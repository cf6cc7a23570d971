/// An array of numbers or texts over the dimensions of its group.
public struct ResultVariable: Sendable, Equatable {
    /// A netCDF name, unique among the dimensions and variables of its group.
    public var name: String
    /// The names of its dimensions, all of the same group, the last varying fastest; empty for a single value.
    public var dimensions: [String]
    /// The cells in row-major order, as many as the product of the dimensions' sizes.
    public var values: ResultValues
    /// The unit in UDUNITS spelling (`mg/L`, `d`, `percent`); `1` for pure numbers, labels and codes.
    public var unit: String
    /// A phrase for an axis title or a table's head.
    public var longName: String
    /// Further remarks.
    public var attributes: [ResultAttribute]
    /// The integer that marks a missing cell, written as `_FillValue`; nil where none is missing. Integers only:
    /// a missing `double` or `float` is NaN. xarray turns an integer variable that has one into floating point.
    public var missingCode: Int32?
    /// Whether the cells are deflated (gzip level 1 after byte shuffling). Numbers with dimensions only; worth it above
    /// a megabyte or so. A variable without cells is never deflated and reads back so.
    public var isCompressed: Bool

    /// A variable over named dimensions.
    public init(
        _ name: String, _ dimensions: [String], _ values: ResultValues, unit: String, longName: String,
        attributes: [ResultAttribute] = [], missingCode: Int32? = nil, isCompressed: Bool = false
    ) {
        self.name = name
        self.dimensions = dimensions
        self.values = values
        self.unit = unit
        self.longName = longName
        self.attributes = attributes
        self.missingCode = missingCode
        self.isCompressed = isCompressed
    }

    /// A variable of doubles.
    public init(_ name: String, _ dimensions: [String], _ values: [Double], unit: String, longName: String) {
        self.init(name, dimensions, .double(values), unit: unit, longName: longName)
    }

    /// A variable of identifiers, counts or codes, whose unit is `1`.
    public init(_ name: String, _ dimensions: [String], _ values: [Int32], longName: String) {
        self.init(name, dimensions, .int32(values), unit: "1", longName: longName)
    }

    /// A variable of labels, whose unit is `1`.
    public init(_ name: String, _ dimensions: [String], _ values: [String], longName: String) {
        self.init(name, dimensions, .string(values), unit: "1", longName: longName)
    }

    /// A single number.
    public init(_ name: String, _ value: Double, unit: String, longName: String) {
        self.init(name, [], .double([value]), unit: unit, longName: longName)
    }

    /// A single text, such as the scenario a file came from.
    public init(_ name: String, _ text: String, longName: String) {
        self.init(name, [], .string([text]), unit: "1", longName: longName)
    }
}
