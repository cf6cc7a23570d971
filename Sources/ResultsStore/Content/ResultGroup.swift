/// One netCDF-4 data set: dimensions, the variables over them, remarks, and groups below it.
///
/// A tree of groups is the whole content of a results file. ``ResultsWriter`` maps it to HDF5 and ``ResultsFile`` gives
/// an equal one back.
///
/// ```swift
/// let arms = ["fixed", "genotype"]
/// let trial = ResultGroup(
///     "trial",
///     dimensions: [ResultDimension("arm", labels: arms, longName: "Treatment arm")],
///     variables: [
///         ResultVariable("time_in_range", ["arm"], [0.58, 0.63], unit: "1", longName: "Share of time with INR 2-3")
///     ])
/// try ResultsWriter.write(ResultGroup(groups: [trial]), to: "study.h5")
/// ```
public struct ResultGroup: Sendable, Equatable {
    /// A netCDF name, unique among its siblings; empty for the root.
    public var name: String
    /// Remarks on the whole group, in order.
    public var attributes: [ResultAttribute]
    /// The axes of its variables. A group uses no dimension of another group, so that each opens by itself.
    public var dimensions: [ResultDimension]
    /// The arrays of this group, in order.
    public var variables: [ResultVariable]
    /// The groups below this one, in order.
    public var groups: [ResultGroup]

    /// A group; without a name it is the root of a file.
    public init(
        _ name: String = "", attributes: [ResultAttribute] = [], dimensions: [ResultDimension] = [],
        variables: [ResultVariable] = [], groups: [ResultGroup] = []
    ) {
        self.name = name
        self.attributes = attributes
        self.dimensions = dimensions
        self.variables = variables
        self.groups = groups
    }

    /// The group directly below of that name, or nil.
    public func group(named name: String) -> ResultGroup? {
        groups.first { $0.name == name }
    }

    /// The variable of this group of that name, or nil.
    public func variable(named name: String) -> ResultVariable? {
        variables.first { $0.name == name }
    }

    /// The dimension of this group of that name, or nil.
    public func dimension(named name: String) -> ResultDimension? {
        dimensions.first { $0.name == name }
    }
}
