import ModelLanguage

/// An input of a model that a sensitivity analysis varies, uniformly between two values.
package struct VariedInput: Sendable, Hashable {
    package var name: String
    package var lower: Double
    package var upper: Double

    /// Reads `cl=0.1..0.4`.
    ///
    /// - Throws: ``InputErrors`` naming `--vary`.
    package init(_ text: String) throws(InputErrors) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
        let ends = parts.count == 2 ? parts[1].split(separator: "..", omittingEmptySubsequences: false) : []
        let numbers = ends.compactMap { Double($0.trimmed) }.filter(\.isFinite)
        guard let name = parts.first, !name.isEmpty, ends.count == 2, numbers.count == 2, numbers[0] < numbers[1] else {
            throw InputErrors([
                InputProblem(
                    "found '\(text)', allowed: name=from..to with from below to, such as cl=0.1..0.4", at: "--vary")
            ])
        }
        (self.name, lower, upper) = (name, numbers[0], numbers[1])
    }

    /// The value at a share of the range.
    func value(at share: Double) -> Double { lower + share * (upper - lower) }
}
