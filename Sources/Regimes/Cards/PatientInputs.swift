/// One patient at one decision, as a command line names it: `age=50,inr=missing,decision=3`.
package struct PatientInputs: Sendable, Hashable {
    /// NaN where a value is missing.
    package var values: [String: Double]
    /// The number of the decision, from 0.
    package var decision: Double

    package init(_ values: [String: Double], decision: Double = 0) {
        self.values = values
        self.decision = decision
    }

    private static let lastDecision = 1e6

    /// Reads a text.
    ///
    /// - Parameter variables: the names that there are; `decision` besides, unless a variable has that name.
    /// - Throws: ``CardProblem`` with what is allowed.
    package init(_ text: String, variables: [String]) throws(CardProblem) {
        self.init([:])
        for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false).map { Self.trimmed($0) }
            guard sides.count == 2, !sides[0].isEmpty else { throw .unreadableInput(part) }
            let number = sides[1] == "missing" ? Double.nan : Double(sides[1])
            guard let number, number.isFinite || sides[1] == "missing" else { throw .unreadableInput(part) }
            if sides[0] == ScoreTerms.decision, !variables.contains(sides[0]) {
                guard (0...Self.lastDecision).contains(number), number == number.rounded() else {
                    throw .unreadableInput(part)
                }
                decision = number
                continue
            }
            guard variables.contains(sides[0]) else {
                throw .unknownInput(sides[0], allowed: variables + [ScoreTerms.decision])
            }
            guard values.updateValue(number, forKey: sides[0]) == nil else { throw .repeatedInput(sides[0]) }
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
