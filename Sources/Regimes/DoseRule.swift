import ModelLanguage

/// A rule that holds, changes or stops a dose, declared by a condition instead of programmed.
///
/// Each kind means statements of the language, with a memory of its own (`low` is the rule's name, `dose` the action,
/// `hold_days` the action that keeps doses back):
///
/// | rule | at every visit after the first |
/// |---|---|
/// | hold while C, resume at 75 % | `if (C) low_held <- 1 else if (low_held == 1) { low_held <- 0; dose <- 0.75 * dose }` |
/// | reduce when C, to 75 % | `if (C) { if (!(low_was == 1)) dose <- 0.75 * dose; low_was <- 1 } else low_was <- 0` |
/// | titrate while C, to 110 % | `if (C) dose <- 1.1 * dose` |
/// | stop when C | `if (C) low_stopped <- 1` |
///
/// No dose is given from a visit at which a rule holds or has stopped the dose until the next visit. `dose` is what is
/// kept back then, and may be changed meanwhile. *While* acts at every visit at which the condition holds, *when* at the
/// first of them in a row. A condition on what has not been measured is false.
package struct DoseRule: Sendable {
    package enum Effect: Sendable, Hashable {
        /// Nothing is given while the condition holds; then this share of the dose before.
        case hold(resume: Double)
        /// The dose becomes this share of itself when the condition comes to hold, no lower than `least`.
        case reduce(to: Double, least: Double)
        /// The dose becomes this share of itself at every visit at which the condition holds, within limits.
        case titrate(to: Double, least: Double, most: Double)
        /// Nothing is given from the visit on at which the condition holds.
        case stop
    }

    /// A name of the language, which no other rule of the regime has.
    package var name: String
    package var condition: SourceText
    package var effect: Effect

    package init(name: String, condition: SourceText, effect: Effect) {
        self.name = name
        self.condition = condition
        self.effect = effect
    }

    /// The variable in which the rule remembers what it did; nil where it need not.
    package var memory: String? {
        switch effect {
        case .hold: "\(name)_held"
        case .reduce: "\(name)_was"
        case .titrate: nil
        case .stop: "\(name)_stopped"
        }
    }

    /// Whether the rule keeps doses back.
    package var holds: Bool {
        switch effect {
        case .hold, .stop: true
        case .reduce, .titrate: false
        }
    }

    /// What `hold_days` is while a rule keeps doses back: longer than any trial.
    package static let endless = 1_000_000

    // MARK: In the language

    /// The rule as statements.
    ///
    /// - Parameter action: the variable that holds the amount of one dose.
    package func blocks(action: String) -> [RowProgram.Block] {
        [.value(isTrue, condition), .statements(SourceText(name: "rule '\(name)'", text: statements(action)))]
    }

    /// The rule as one text, for people.
    package func text(action: String) -> String { "\(isTrue) <- \(condition.text)\n\(statements(action))" }

    /// What comes after all rules of a regime: whether any of them keeps doses back. Nil where none can.
    ///
    /// - Parameter hold: the action that says for how many days no dose is given.
    package static func closing(_ rules: [DoseRule], hold: String) -> SourceText? {
        let memories = rules.filter(\.holds).compactMap(\.memory)
        if memories.isEmpty { return nil }
        let text = """
            if (\(memories.map { "\($0) == 1" }.joined(separator: " || "))) {
              \(hold) <- \(endless)
            } else if (\(hold) >= \(endless)) {
              \(hold) <- 0
            }
            """
        return SourceText(name: "rules that hold", text: text)
    }

    private var isTrue: String { "\(name)_now" }

    private func statements(_ action: String) -> String {
        let memory = memory ?? ""
        switch effect {
        case .hold(let share):
            return """
                if (\(isTrue)) {
                  \(memory) <- 1
                } else if (\(memory) == 1) {
                  \(memory) <- 0
                  \(action) <- \(share) * \(action)
                }
                """
        case .reduce(let share, let least):
            // A dose that is lower already stays what it is.
            return """
                if (\(isTrue)) {
                  if (!(\(memory) == 1)) {
                    \(action) <- min(\(action), max(\(least), \(share) * \(action)))
                  }
                  \(memory) <- 1
                } else {
                  \(memory) <- 0
                }
                """
        case .titrate(let share, let least, let most):
            return """
                if (\(isTrue)) {
                  \(action) <- min(\(most), max(\(least), \(share) * \(action)))
                }
                """
        case .stop:
            return """
                if (\(isTrue)) {
                  \(memory) <- 1
                }
                """
        }
    }
}
