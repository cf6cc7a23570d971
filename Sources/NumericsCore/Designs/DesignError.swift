/// Why a sampling design cannot be made.
public enum DesignError: Error, Equatable, Sendable {
    /// The design has more or fewer dimensions than there can be.
    case dimensions(Int, allowed: ClosedRange<Int>)
    /// The design has more or fewer points than there can be.
    case points(Int, allowed: ClosedRange<Int>)
    /// As many distributions are needed as the design has dimensions.
    case distributions(Int, dimensions: Int)
}

extension DesignError: CustomStringConvertible {
    /// What was found and what is allowed.
    public var description: String {
        switch self {
        case .dimensions(let found, let allowed):
            "A design of \(found) dimensions cannot be made: \(allowed.lowerBound) to \(allowed.upperBound) are allowed."
        case .points(let found, let allowed):
            "A design of \(found) points cannot be made: \(allowed.lowerBound) to \(allowed.upperBound) are allowed."
        case .distributions(let found, let dimensions):
            "\(found) distributions do not fit a design of \(dimensions) dimensions: each dimension needs its own."
        }
    }
}
