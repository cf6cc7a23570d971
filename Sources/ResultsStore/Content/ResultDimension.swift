/// An axis of the variables of one group, such as `arm` or `time`.
///
/// In the file it is an HDF5 dimension scale, attached to every variable that uses it. With coordinates it is also a
/// netCDF coordinate variable, so that `dataset.sel(arm="genotype")` works in xarray.
public struct ResultDimension: Sendable, Equatable {
    /// The name, unique among the dimensions and variables of its group.
    public var name: String
    /// The number of positions; zero is allowed. For an extendible dimension, the positions there are so far.
    public var size: Int
    /// Whether variables may grow along it while they are written; it must then be their first dimension.
    public var isExtendible: Bool
    /// What stands at the positions; nil for positions that are only counted.
    public var coordinates: ResultCoordinates?

    /// A dimension of a number of positions that are only counted.
    public init(_ name: String, size: Int, isExtendible: Bool = false) {
        self.name = name
        self.size = size
        self.isExtendible = isExtendible
        self.coordinates = nil
    }

    /// A dimension with a number or label at each position, whose count is the size.
    public init(_ name: String, coordinates: ResultCoordinates) {
        self.name = name
        self.size = coordinates.values.count
        self.isExtendible = false
        self.coordinates = coordinates
    }

    /// A dimension with a text label at each position, such as the names of the arms.
    public init(_ name: String, labels: [String], longName: String) {
        self.init(name, coordinates: ResultCoordinates(.string(labels), unit: "1", longName: longName))
    }

    /// A dimension with a number at each position, such as times in days.
    public init(_ name: String, numbers: [Double], unit: String, longName: String) {
        self.init(name, coordinates: ResultCoordinates(.double(numbers), unit: unit, longName: longName))
    }

    /// A dimension with an identifier at each position, such as patient numbers.
    public init(_ name: String, identifiers: [Int32], longName: String) {
        self.init(name, coordinates: ResultCoordinates(.int32(identifiers), unit: "1", longName: longName))
    }
}

/// What stands at the positions of a dimension.
public struct ResultCoordinates: Sendable, Equatable {
    /// One value for each position. Coordinates are never missing: a NaN is refused.
    public var values: ResultValues
    /// The unit in UDUNITS spelling (`d`, `mg/L`); `1` for labels and pure numbers.
    public var unit: String
    /// A phrase for an axis title.
    public var longName: String
    /// Further remarks.
    public var attributes: [ResultAttribute]

    /// Coordinates of any type.
    public init(_ values: ResultValues, unit: String, longName: String, attributes: [ResultAttribute] = []) {
        self.values = values
        self.unit = unit
        self.longName = longName
        self.attributes = attributes
    }
}
