/// Why no dose can be searched for.
package enum DoseSearchError: Error, Equatable {
    /// A share that is not between 0 and 1.
    case share(String, Double)
    /// Doses that are not finite and growing, or none.
    case doses([Double])
    /// Bounds that are not finite, or a tolerance that is not positive.
    case range(ClosedRange<Double>, tolerance: Double)
    /// Nobody was simulated, or not as many as at the other doses.
    case subjects(dose: Double, found: Int, expected: Int?)
    /// The attainment contradicts that more dose is always better (or worse).
    case notMonotone(TargetAttainment, TargetAttainment, DoseSearch.Wanted)
}

extension DoseSearchError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .share(let name, let value):
            return "the \(name) is \(value), but must lie between 0 and 1"
        case .doses(let doses):
            return "the doses \(doses) cannot be searched: they must be finite and growing, at least one"
        case .range(let range, let tolerance):
            return "doses from \(range.lowerBound) to \(range.upperBound) with a tolerance of \(tolerance) cannot be"
                + " searched: the bounds must be finite and the tolerance positive"
        case .subjects(let dose, let found, let expected):
            let needed = expected.map { "the \($0) subjects of the other doses" } ?? "at least one subject"
            return "\(found) metrics came back at the dose \(dose), but \(needed) must be simulated at each"
        case .notMonotone(let first, let second, let wanted):
            let rule = wanted == .smallest ? "grow" : "fall"
            return "\(first.attained) of \(first.subjects) subjects reach the target at the dose \(first.dose) and"
                + " \(second.attained) at \(second.dose), but attainment must \(rule) with the dose: look at the curve of"
                + " attainment, and use the same random numbers at every dose"
        }
    }
}
