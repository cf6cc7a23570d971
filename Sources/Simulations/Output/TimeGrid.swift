/// The times to report, as a person writes them: `0:168:1` (from, to, step) or `0,0.5,1,2:24:2`.
package enum TimeGrid {
    /// The most times that a grid may have.
    static let largest = 10_000_000

    /// The times in growing order, each once.
    ///
    /// A time of a range is from + k · step, and the end counts where rounding alone keeps k · step from it.
    ///
    /// - Parameters:
    ///   - option: the option that the text is from.
    ///   - what: what one number is, and how a range of them is written.
    /// - Throws: ``InputErrors`` with what is wrong with each part.
    package static func parse(
        _ text: String, option: String = "--times", what: String = "a time", example: String = "0:168:1"
    ) throws(InputErrors) -> [Double] {
        var problems = InputProblemList()
        var times: [Double] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: ":", omittingEmptySubsequences: false).map { Double($0.trimmed) }
            guard numbers.count == 1 || numbers.count == 3, let values = numbers.allFinite else {
                problems.note(
                    "found '\(part)', allowed: \(what), or a range from:to:step such as \(example)",
                    at: "\(option) \(text)")
                continue
            }
            guard values.count == 3 else {
                times.append(values[0])
                continue
            }
            guard values[2] > 0, values[1] >= values[0] else {
                problems.note("found '\(part)', allowed: from <= to and a step above 0", at: "\(option) \(text)")
                continue
            }
            let steps = ((values[1] - values[0]) / values[2] + 1e-9).rounded(.down)
            guard steps < Double(largest) else {
                problems.note(
                    "found '\(part)', allowed: at most \(largest) \(what.dropFirst(2))s", at: "\(option) \(text)")
                continue
            }
            for k in 0...Int(steps) { times.append(values[0] + Double(k) * values[2]) }
        }
        try problems.throwIfAny()
        var unique: [Double] = []
        for time in times.sorted() where time != unique.last { unique.append(time) }
        return unique
    }
}

extension [Double?] {
    /// The numbers, nil where one is missing or not finite.
    fileprivate var allFinite: [Double]? {
        let numbers = compactMap { $0?.isFinite == true ? $0 : nil }
        return numbers.count == count ? numbers : nil
    }
}
