import NumericsCore

/// Why an exposure metric cannot be computed.
package enum ExposureError: Error, Equatable {
    /// The window is empty, not finite, or reaches outside the path.
    case window(from: Double, to: Double, start: Double, end: Double)
    /// The path has no finite value at this time.
    case notFinite(time: Double, value: Double)
    /// The threshold is not a number.
    case threshold(Double)
    /// The area did not come out to the tolerance.
    case area(QuadratureError)
    /// The samples between two times do not tell the course to the tolerance.
    case unresolved(from: Double, to: Double, error: Double, tolerance: Double)
}

extension ExposureError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .window(let from, let to, let start, let end):
            "the window from \(from) to \(to) cannot be looked at: it must begin before it ends, and lie between \(start)"
                + " and \(end), where the course is known"
        case .notFinite(let time, let value):
            "the course is \(value) at time \(time), but must be finite over the whole window"
        case .threshold(let value):
            "the threshold is \(value), but must be a number"
        case .area(let error):
            "the area under the course is not known to the tolerance. \(error)"
        case .unresolved(let from, let to, let error, let tolerance):
            "the course from \(from) to \(to) is known to \(error) of its largest value, but \(tolerance) was asked for:"
                + " put a breakpoint where it jumps or bends, or solve it more accurately"
        }
    }
}
