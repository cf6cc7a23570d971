/// How a covariate goes between two rows of an event table, where the model itself says so: `linear(WT)`.
public struct CovariateCourse: Sendable, Hashable {
    /// The ways that a model can declare, by the function that declares them.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The value of the last row.
        case locf
        /// The value of the next row.
        case nocb
        /// On the straight line between both.
        case linear
    }

    /// The covariate's name.
    public var name: String
    /// What holds between the rows.
    public var kind: Kind

    /// The course of one covariate.
    public init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

extension ModelDocument {
    /// What the model says of a covariate between two rows; nil where it says nothing.
    package func course(of covariate: String) -> CovariateCourse.Kind? {
        courses.last { $0.name == covariate }?.kind
    }
}
