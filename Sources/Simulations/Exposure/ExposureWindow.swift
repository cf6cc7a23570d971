import ModelLanguage

/// What `--exposure` asks for: a variable, and the part of its course that is looked at.
package struct ExposureWindow: Sendable, Hashable {
    /// A state or variable of the model.
    package var output: String
    /// The window's start and end; the first and the last time of each subject where they are nil.
    package var from: Double?
    package var to: Double?
    /// The value whose time above is wanted.
    package var threshold: Double?

    package init(output: String, from: Double? = nil, to: Double? = nil, threshold: Double? = nil) {
        self.output = output
        self.from = from
        self.to = to
        self.threshold = threshold
    }

    /// Reads `cp`, `cp:0:24` or `cp:0:24:2` (variable, from, to, threshold).
    ///
    /// - Throws: ``InputErrors`` naming `--exposure`.
    package init(_ text: String, _ model: Model) throws(InputErrors) {
        func refused(_ message: String) -> InputErrors {
            InputErrors([InputProblem(message, at: "--exposure \(text)")])
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(\.trimmed)
        let known = model.states + model.outputs.filter { !model.states.contains($0) }
        guard known.contains(parts[0]) else {
            throw refused(
                "the model computes no '\(parts[0])'\(suggestion(for: parts[0], among: known)) (computed: "
                    + "\(known.joined(separator: ", ")))")
        }
        let numbers = parts.dropFirst().compactMap { Double($0) }.filter(\.isFinite)
        guard [0, 2, 3].contains(parts.count - 1), numbers.count == parts.count - 1 else {
            throw refused("found '\(text)', allowed: variable, variable:from:to or variable:from:to:threshold")
        }
        if numbers.count >= 2, numbers[0] >= numbers[1] {
            throw refused("found \(numbers[0]) to \(numbers[1]), allowed: a start before the end")
        }
        self.init(
            output: parts[0], from: numbers.first, to: numbers.count > 1 ? numbers[1] : nil,
            threshold: numbers.count > 2 ? numbers[2] : nil)
    }
}
