import Pharmacology

/// Which doses are tried: those of a list, or whatever lies between two.
package enum DoseChoice: Sendable, Hashable {
    case list([Double])
    case range(ClosedRange<Double>)

    /// Reads `--doses 50,100,150` or `50:500:50`; the doses grow.
    ///
    /// - Throws: ``InputErrors`` naming `--doses`.
    package init(list text: String) throws(InputErrors) {
        let doses = try TimeGrid.parse(text, option: "--doses", what: "a dose", example: "50:500:50")
        guard let least = doses.first, least > 0 else {
            throw InputErrors([
                InputProblem("found a dose of \(doses.first ?? 0), allowed: above 0", at: "--doses \(text)")
            ])
        }
        guard doses.count <= Self.most else {
            throw InputErrors([
                InputProblem("found \(doses.count) doses, allowed: at most \(Self.most)", at: "--doses \(text)")
            ])
        }
        self = .list(doses)
    }

    /// Reads `--range 10:500`.
    ///
    /// - Throws: ``InputErrors`` naming `--range`.
    package init(range text: String) throws(InputErrors) {
        let numbers = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0.trimmed) ?? .nan }
        guard numbers.count == 2, numbers[0] > 0, numbers[0] < numbers[1], numbers[1].isFinite else {
            throw InputErrors([
                InputProblem(
                    "found '\(text)', allowed: from:to with from above 0 and below to, such as 10:500", at: "--range")
            ])
        }
        self = .range(numbers[0]...numbers[1])
    }

    private static let most = 10_000

    /// The first and the last dose.
    package var ends: (least: Double, most: Double) {
        switch self {
        case .list(let doses): (doses.first ?? .nan, doses.last ?? .nan)
        case .range(let range): (range.lowerBound, range.upperBound)
        }
    }
}
