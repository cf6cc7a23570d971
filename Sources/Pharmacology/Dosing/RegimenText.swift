/// A regimen in words, as a command line or a scenario writes it: `100 mg q12h x 14`, `5 mg qd x 28 from day 3`,
/// `400 mg into central over 1 h at 24 h; 200 mg into central over 1 h q24h x 6 from 48 h`.
///
/// An amount comes first, then in any order:
///
/// | words | mean |
/// |---|---|
/// | `q12h`, `q2d`, `q3w`, `every 12 h`, `qd`, `bid`, `tid`, `qid`, `weekly` | the time between doses |
/// | `x 14`, `for 7 days` | how many doses, or for how long (a dose due at the end is not given) |
/// | `from day 3`, `at 24 h`, `from 12` | the time of the first dose: 0 unless given; `day 3` is 3 days after time 0 |
/// | `into central` | the compartment by name or number; the first unless given |
/// | `over 1 h` | an infusion of that duration |
/// | `ss` | the regimen has been going on for ever (needs a time between doses) |
///
/// Times have a unit (s, min, h, d, w and their long names) or are in the model's own. A unit of the amount is converted
/// to the model's, where the model names one. Several regimens are separated by `;`.
package struct RegimenText: Sendable {
    /// What the words refer to.
    package struct Setting: Sendable {
        /// The names of the compartments in the order of their numbers.
        package var compartments: [String]
        /// The model's unit of time; hours where it names none.
        package var timeUnit: String?
        /// The model's unit of doses; nil where it names none.
        package var doseUnit: String?
        /// The number that the word `DOSE` stands for, in the unit that follows it; nil where the word is not allowed.
        package var dose: Double?
        /// The compartment that takes doses whose words name none.
        package var compartment = 0
        /// The model time at which repeated doses end whose words do not say how many there are; nil for one dose.
        package var end: Double?

        package init(
            compartments: [String], timeUnit: String? = nil, doseUnit: String? = nil, dose: Double? = nil
        ) {
            self.compartments = compartments
            self.timeUnit = timeUnit
            self.doseUnit = doseUnit
            self.dose = dose
        }
    }

    /// Stands for a dose that is not decided yet: `DOSE mg q12h x 14`, `2 DOSE mg; DOSE mg q12h x 13 from 12 h`.
    package static let doseWord = "DOSE"

    /// What is wrong with a regimen's words.
    package struct Problem: Sendable, Hashable {
        /// The first character of what was found, from 1.
        package var column: Int
        package var message: String
    }

    /// Everything that is wrong with the words.
    package struct Problems: Error, Sendable, Hashable, CustomStringConvertible {
        package var text: String
        package var problems: [Problem]

        package var description: String {
            problems.map { "'\(text)', character \($0.column): error: \($0.message)" }.joined(separator: "\n")
        }
    }

    /// The records that the words describe, in the order of time.
    package static func records(_ text: String, _ setting: Setting) throws(Problems) -> [DosingRecord] {
        var parser = RegimenParser(text, setting)
        let records = parser.regimens()
        guard parser.problems.isEmpty else { throw Problems(text: text, problems: parser.problems) }
        return records.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }
}
