import ModelLanguage
import Pharmacology

/// What `--target` asks for: a metric of exposure in a window, and what it has to be.
package struct ExposureTarget: Sendable {
    /// As it was written.
    package var text: String
    /// `auc`, `cmax`, …
    package var metric: String
    package var window: ExposureWindow
    package var target: Target

    private static let metrics = ExposureValues.columns.filter { $0.name != "from" && $0.name != "to" }

    private static let allowed =
        "allowed: metric(variable, from, to) >= x, <= x, or x <= metric(variable, from, to) <= y with x up to y, such as "
        + "auc(cp, 144, 168) >= 400"

    /// Reads `auc(cp, 144, 168) >= 400`, `cmin(anc) <= 0.5`, `10 <= ctrough(cp, 0, 24) <= 20`,
    /// `time_above(cp, 0, 24, 2) >= 12`, where the last number in brackets is the threshold.
    ///
    /// - Throws: ``InputErrors`` naming `--target`.
    package init(_ text: String, _ model: Model) throws(InputErrors) {
        let place = "--target '\(text)'"
        func refused(_ message: String) -> InputErrors { InputErrors([InputProblem(message, at: place)]) }
        guard let (expression, least, most) = Self.comparison(text), let target = Self.target(least, most) else {
            throw refused("found no comparison of a metric with a number, \(Self.allowed)")
        }
        guard let open = expression.firstIndex(of: "("), expression.last == ")" else {
            throw refused("found '\(expression)', \(Self.allowed)")
        }
        let name = expression[..<open].trimmed
        let names = Self.metrics.map(\.name)
        guard names.contains(name) else {
            throw refused(
                "'\(name)' is no metric\(suggestion(for: name, among: names)) (metrics: "
                    + "\(names.joined(separator: ", ")))")
        }
        let inner = expression[expression.index(after: open)...].dropLast()
        let parts = inner.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
        (self.text, metric, self.target) = (text, name, target)
        window = try Self.window(parts, hasThreshold: name == "time_above", refused, model)
    }

    /// The subject's metric.
    func value(of values: ExposureValues) -> Double {
        Self.metrics.first { $0.name == metric }.map { values[keyPath: $0.value] } ?? .nan
    }

    /// What is compared, and the least and the most that it may be.
    private static func comparison(_ text: String) -> (String, least: Double?, most: Double?)? {
        let (up, down) = (text.split(text: "<="), text.split(text: ">="))
        switch (up.count, down.count) {
        case (1, 2): return number(down[1]).map { (down[0], $0, nil) }
        case (2, 1): return number(up[1]).map { (up[0], nil, $0) } ?? number(up[0]).map { (up[1], $0, nil) }
        case (3, 1):
            guard let least = number(up[0]), let most = number(up[2]) else { return nil }
            return (up[1], least, most)
        default: return nil
        }
    }

    private static func target(_ least: Double?, _ most: Double?) -> Target? {
        guard let least else { return most.map { .atMost($0) } }
        guard let most else { return .atLeast(least) }
        return least <= most ? .within(least...most) : nil
    }

    private static func number(_ text: String) -> Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }

    private static func window(
        _ parts: [String], hasThreshold: Bool, _ refused: (String) -> InputErrors, _ model: Model
    ) throws(InputErrors) -> ExposureWindow {
        let known = model.states + model.outputs.filter { !model.states.contains($0) }
        guard known.contains(parts[0]) else {
            throw refused(
                "the model computes no '\(parts[0])'\(suggestion(for: parts[0], among: known)) (computed: "
                    + "\(known.joined(separator: ", ")))")
        }
        let numbers = parts.dropFirst().compactMap { number($0) }
        let ends = hasThreshold ? numbers.count - 1 : numbers.count
        guard ends == 0 || ends == 2, numbers.count == parts.count - 1 else {
            let last = hasThreshold ? ", threshold" : ""
            throw refused(
                "found '\(parts.joined(separator: ", "))' in brackets, allowed: variable\(last), or variable, from, to"
                    + last)
        }
        if ends == 2, numbers[0] >= numbers[1] {
            throw refused("found \(numbers[0]) to \(numbers[1]), allowed: a start before the end")
        }
        return ExposureWindow(
            output: parts[0], from: ends == 2 ? numbers[0] : nil, to: ends == 2 ? numbers[1] : nil,
            threshold: hasThreshold ? numbers.last : nil)
    }
}

extension String {
    /// The parts between the places where a text stands, without blanks around them.
    fileprivate func split(text separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(\.trimmed)
    }
}
