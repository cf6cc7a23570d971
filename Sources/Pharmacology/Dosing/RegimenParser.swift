import ModelLanguage

/// Reads a regimen's words one after the other; what is wrong is noted, and the rest read on.
struct RegimenParser {
    private let setting: RegimenText.Setting
    private let words: [Word]
    private var position = 0
    private let end: Int
    private(set) var problems: [RegimenText.Problem] = []

    private struct Word {
        var text: String
        var column: Int
    }

    /// The clauses of one regimen, as far as they have been read. Times are in the model's unit.
    private struct Clauses {
        var amount: Double
        var interval: (value: Double, column: Int)?
        var count: (value: Int, column: Int)?
        var length: (value: Double, column: Int)?
        var start: Double?
        var compartment: Int?
        var duration: Double?
        var steadyState: Int?
    }

    init(_ text: String, _ setting: RegimenText.Setting) {
        self.setting = setting
        var words: [Word] = []
        var current: Word?
        for (index, character) in text.enumerated() {
            if character.isWhitespace || character == ";" || character == "×" {
                if let word = current { words.append(word) }
                current = nil
                if character == ";" { words.append(Word(text: ";", column: index + 1)) }
                if character == "×" { words.append(Word(text: "x", column: index + 1)) }
            } else if current == nil {
                current = Word(text: String(character), column: index + 1)
            } else {
                current?.text.append(character)
            }
        }
        if let word = current { words.append(word) }
        self.words = words
        end = text.count + 1
    }

    // MARK: Regimens

    mutating func regimens() -> [DosingRecord] {
        if let unit = setting.timeUnit, RegimenUnits.seconds(unit) == nil {
            note("the model's unit of time is '\(unit)', allowed: \(RegimenUnits.timesInWords)", at: 1)
            return []
        }
        var records: [DosingRecord] = []
        repeat {
            if let record = regimen() { records.append(record) }
            while let word = next, word.text != ";" { position += 1 }
            guard next != nil else { break }
            position += 1
        } while next != nil
        return records
    }

    private mutating func regimen() -> DosingRecord? {
        let before = problems.count
        guard let amount = amount() else { return nil }
        var clauses = Clauses(amount: amount)
        while let word = next, word.text != ";" {
            position += 1
            clause(word, &clauses)
            guard problems.count == before else { return nil }
        }
        let record = record(clauses)
        return problems.count == before ? record : nil
    }

    /// `100 mg`, `100mg`, `100`; `DOSE mg`, `2 DOSE mg` where a dose stands for the word.
    private mutating func amount() -> Double? {
        guard let word = take(), word.text != ";" else {
            note("found no regimen, allowed: an amount first, such as '100 mg q12h x 14'", at: next?.column ?? end)
            return nil
        }
        var (number, attached) = Self.split(word.text)
        if let dose = setting.dose {
            if number == nil, word.text == RegimenText.doseWord {
                (number, attached) = (dose, "")
            } else if let factor = number, attached.isEmpty, next?.text == RegimenText.doseWord {
                number = factor * dose
                position += 1
            }
        }
        guard let number, number > 0, number.isFinite else {
            note("found '\(word.text)', allowed: an amount above 0, such as '100 mg'", at: word.column)
            return nil
        }
        var unit = attached.isEmpty ? nil : Word(text: attached, column: word.column)
        if unit == nil, let word = next, word.text != ";", !Self.isClause(word.text) {
            unit = word
            position += 1
        }
        guard let unit, let model = setting.doseUnit else { return number }
        guard let factor = RegimenUnits.factor(from: unit.text, to: model) else {
            note("found an amount in '\(unit.text)', allowed: in \(model), the model's unit of doses", at: unit.column)
            return nil
        }
        return factor >= 1 ? number * factor : number / (1 / factor)
    }

    private static let keywords = ["x", "for", "from", "at", "into", "to", "over", "ss", "every"]
    private static let shorthand: [String: Double] = [
        "qd": 86_400, "od": 86_400, "daily": 86_400, "bid": 43_200, "tid": 28_800, "qid": 21_600, "qod": 172_800,
        "qw": 604_800, "weekly": 604_800,
    ]

    private static func isClause(_ text: String) -> Bool {
        let word = text.lowercased()
        return keywords.contains(word) || shorthand[word] != nil || interval(word) != nil || count(word) != nil
    }

    // MARK: Clauses

    private mutating func clause(_ word: Word, _ clauses: inout Clauses) {
        let text = word.text.lowercased()
        switch text {
        case "x": repeatCount(take() ?? Word(text: "", column: end), &clauses, word)
        case "every":
            if let time = time(after: word, what: "a time between doses, such as '12 h'") {
                setInterval(time, word, &clauses)
            }
        case "for":
            if let time = time(after: word, what: "a time, such as '7 days'") {
                if clauses.length != nil || clauses.count != nil { return twice(word, "how many doses are given") }
                clauses.length = (time, word.column)
            }
        case "from", "at":
            if let time = time(after: word, what: "a time, such as '24 h' or 'day 3'", isPositive: false) {
                if clauses.start != nil { return twice(word, "the time of the first dose") }
                clauses.start = time
            }
        case "over":
            if let time = time(after: word, what: "a duration, such as '1 h'") {
                if clauses.duration != nil { return twice(word, "the duration") }
                clauses.duration = time
            }
        case "into", "to": compartment(after: word, &clauses)
        case "ss":
            if clauses.steadyState != nil { return twice(word, "the steady state") }
            clauses.steadyState = word.column
        default:
            if let seconds = Self.shorthand[text] {
                setInterval(inModelTime(seconds), word, &clauses)
            } else if let seconds = Self.interval(text) {
                setInterval(inModelTime(seconds), word, &clauses)
            } else if let count = Self.count(text) {
                repeatCount(Word(text: count, column: word.column + 1), &clauses, word)
            } else {
                note(
                    "found '\(word.text)', allowed: a time between doses (q12h, q2d, q3w, 'every 12 h', qd, bid, tid, qid), "
                        + "'x 14', 'for 7 days', 'from day 3', 'at 24 h', 'into \(setting.compartments.first ?? "depot")', "
                        + "'over 1 h', 'ss'", at: word.column)
            }
        }
    }

    private mutating func setInterval(_ value: Double, _ word: Word, _ clauses: inout Clauses) {
        if clauses.interval != nil { return twice(word, "the time between doses") }
        guard value > 0, value.isFinite else {
            return note("found '\(word.text)', allowed: a time above 0 between doses", at: word.column)
        }
        clauses.interval = (value, word.column)
    }

    private mutating func repeatCount(_ count: Word, _ clauses: inout Clauses, _ word: Word) {
        guard let number = Int(count.text), number >= 1, number <= 1_000_000 else {
            return note(
                "found '\(count.text)' after 'x', allowed: how many doses are given, a whole number from 1 to 1000000",
                at: count.column)
        }
        if clauses.count != nil || clauses.length != nil { return twice(word, "how many doses are given") }
        clauses.count = (number, word.column)
    }

    private mutating func compartment(after word: Word, _ clauses: inout Clauses) {
        if clauses.compartment != nil { return twice(word, "the compartment") }
        let states = setting.compartments
        let name = take() ?? Word(text: "", column: end)
        if let number = Int(name.text), states.indices.contains(number - 1) {
            clauses.compartment = number - 1
        } else if let number = states.firstIndex(of: name.text) {
            clauses.compartment = number
        } else {
            let nearest = nearestName(to: name.text, among: states).map { "; did you mean '\($0)'?" } ?? ""
            note(
                "found '\(name.text)' after '\(word.text)', allowed: a compartment, \(states.joined(separator: ", "))"
                    + nearest, at: name.column)
        }
    }

    private mutating func record(_ clauses: Clauses) -> DosingRecord? {
        guard !setting.compartments.isEmpty else {
            note("the model has no compartment to give a dose to", at: 1)
            return nil
        }
        var record = DosingRecord(
            time: clauses.start ?? 0, compartment: clauses.compartment ?? setting.compartment, amount: clauses.amount)
        if let duration = clauses.duration { record.input = .duration(duration) }
        if let interval = clauses.interval {
            record.interval = interval.value
        } else if let (_, column) = clauses.count.flatMap({ $0.value > 1 ? ($0.value, $0.column) : nil }) {
            note("found several doses without the time between them, allowed: with one, such as 'q12h'", at: column)
        } else if let length = clauses.length {
            note(
                "found a length of time without the time between doses, allowed: with one, such as 'q12h'",
                at: length.column)
        } else if let column = clauses.steadyState {
            note("found 'ss' without the time between doses, allowed: with one, such as 'q12h'", at: column)
        }
        if let count = clauses.count { record.additional = count.value - 1 }
        let untilEnd = clauses.count == nil ? setting.end.map { max(0, $0 - record.time) } : nil
        if let interval = clauses.interval, let length = clauses.length?.value ?? untilEnd {
            // A dose that rounding alone keeps from the end falls on it, and is not given.
            let doses = (length / interval.value - 1e-9).rounded(.up)
            guard doses <= 1_000_000 else {
                note("found more than 1000000 doses, allowed: fewer", at: clauses.length?.column ?? interval.column)
                return nil
            }
            record.additional = max(0, Int(doses) - 1)
        }
        if clauses.steadyState != nil { record.steadyState = .replacing }
        return record
    }

    // MARK: Words

    private var next: Word? { position < words.count ? words[position] : nil }

    /// The next word of this regimen.
    private mutating func take() -> Word? {
        guard let word = next, word.text != ";" else { return nil }
        position += 1
        return word
    }

    private mutating func note(_ message: String, at column: Int) {
        problems.append(RegimenText.Problem(column: column, message: message))
    }

    private mutating func twice(_ word: Word, _ what: String) {
        note("found \(what) a second time at '\(word.text)', allowed: once", at: word.column)
    }

    /// `12 h`, `12h`, `12`, `day 3`: in the model's unit of time.
    private mutating func time(after word: Word, what: String, isPositive: Bool = true) -> Double? {
        let first = take() ?? Word(text: "", column: next?.column ?? end)
        func refused(_ text: String) -> Double? {
            note("found '\(text)' after '\(word.text)', allowed: \(what)", at: first.column)
            return nil
        }
        func checked(_ value: Double, _ text: String) -> Double? {
            value.isFinite && (isPositive ? value > 0 : value >= 0) ? value : refused(text)
        }
        if let seconds = RegimenUnits.seconds(first.text) {
            let number = take()
            let text = "\(first.text) \(number?.text ?? "")"
            guard let value = Double(number?.text ?? "") else { return refused(text) }
            return checked(inModelTime(value * seconds), text)
        }
        let (number, attached) = Self.split(first.text)
        guard let number else { return refused(first.text) }
        if !attached.isEmpty {
            guard let seconds = RegimenUnits.seconds(attached) else { return refused(first.text) }
            return checked(inModelTime(number * seconds), first.text)
        }
        guard let unit = next, let seconds = RegimenUnits.seconds(unit.text) else { return checked(number, first.text) }
        position += 1
        return checked(inModelTime(number * seconds), "\(first.text) \(unit.text)")
    }

    private func inModelTime(_ seconds: Double) -> Double {
        seconds / (setting.timeUnit.flatMap(RegimenUnits.seconds) ?? 3600)
    }

    /// A number and what is attached to it: `100mg` is (100, "mg").
    private static func split(_ text: String) -> (number: Double?, attached: String) {
        var digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-" || $0 == "+") }
        var rest = text[digits.endIndex...]
        // An exponent: 1e-3, 2.5e4mg.
        if rest.first?.lowercased() == "e" {
            let power = rest.dropFirst().prefix { $0.isASCII && ($0.isNumber || $0 == "-" || $0 == "+") }
            if let last = power.last, last.isNumber {
                digits = text[text.startIndex..<power.endIndex]
                rest = text[power.endIndex...]
            }
        }
        return (Double(digits), String(rest))
    }

    /// The seconds of `q12h`; nil for anything else.
    private static func interval(_ text: String) -> Double? {
        guard text.hasPrefix("q") else { return nil }
        let (number, unit) = split(String(text.dropFirst()))
        guard let number, number > 0, let seconds = RegimenUnits.seconds(unit) else { return nil }
        return number * seconds
    }

    /// The digits of `x14`; nil for anything else.
    private static func count(_ text: String) -> String? {
        guard text.hasPrefix("x"), text.count > 1, text.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return nil
        }
        return String(text.dropFirst())
    }
}
