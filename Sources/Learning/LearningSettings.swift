/// A number or word that a learning method takes.
package struct LearningParameter: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case number(low: Double, high: Double)
        case whole(low: Int, high: Int)
        case choice([String])
    }

    package let name: String
    package let standard: String
    package let kind: Kind
    /// What it is, for people.
    package let about: String

    package static func number(
        _ name: String, _ standard: Double, _ range: ClosedRange<Double>, _ about: String
    ) -> LearningParameter {
        LearningParameter(
            name: name, standard: "\(standard)", kind: .number(low: range.lowerBound, high: range.upperBound),
            about: about)
    }

    package static func whole(
        _ name: String, _ standard: Int, _ range: ClosedRange<Int>, _ about: String
    ) -> LearningParameter {
        LearningParameter(
            name: name, standard: "\(standard)", kind: .whole(low: range.lowerBound, high: range.upperBound),
            about: about)
    }

    /// The first choice is the default.
    package static func choice(_ name: String, _ choices: [String], _ about: String) -> LearningParameter {
        LearningParameter(name: name, standard: choices[0], kind: .choice(choices), about: about)
    }

    /// The same parameter with another default.
    package func defaulting(to standard: String) -> LearningParameter {
        LearningParameter(name: name, standard: standard, kind: kind, about: about)
    }

    /// What is allowed, for messages.
    package var allowed: String {
        switch kind {
        case .number(let low, let high): "\(low) to \(high)"
        case .whole(let low, let high): "whole numbers from \(low) to \(high)"
        case .choice(let words): words.joined(separator: ", ")
        }
    }

    /// Whether a text is a value of it.
    func takes(_ text: String) -> Bool {
        switch kind {
        case .number(let low, let high): Double(text).map { $0 >= low && $0 <= high } ?? false
        case .whole(let low, let high): Int(text).map { $0 >= low && $0 <= high } ?? false
        case .choice(let words): words.contains(text)
        }
    }
}

/// The values of a method's parameters, all of them valid.
package struct LearningSettings: Sendable, Hashable {
    private let values: [String: String]

    /// The given values, and defaults for the rest.
    ///
    /// - Throws: ``LearningProblem/settings(_:)`` with everything that is wrong.
    package init(_ given: [String: String], for parameters: [LearningParameter]) throws(LearningProblem) {
        var values: [String: String] = [:]
        for parameter in parameters { values[parameter.name] = parameter.standard }
        var problems: [String] = []
        for (name, text) in given.sorted(by: { $0.key < $1.key }) {
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                let names = parameters.map(\.name).joined(separator: ", ")
                problems.append("--set \(name): found '\(name)', allowed: \(names)")
                continue
            }
            if !parameter.takes(text) {
                problems.append("--set \(name): found '\(text)', allowed: \(parameter.allowed)")
            }
            values[name] = text
        }
        guard problems.isEmpty else { throw .settings(problems) }
        self.values = values
    }

    /// Every name with its value, for provenance.
    package var all: [String: String] { values }

    private func text(_ name: String) -> String {
        guard let text = values[name] else { preconditionFailure("The method declares no parameter '\(name)'.") }
        return text
    }

    func number(_ name: String) -> Double { Double(text(name)) ?? .nan }
    func whole(_ name: String) -> Int { Int(text(name)) ?? 0 }
    func word(_ name: String) -> String { text(name) }
}
