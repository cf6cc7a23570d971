/// The `ini({ })` block: population parameters and random effects.
extension Parser {
    struct Initial {
        var parameters: [PopulationParameter] = []
        var randomEffects: [RandomEffectBlock] = []
        /// Where each name was given first.
        var places: [String: SourcePlace] = [:]
        /// What a label belongs to.
        var latest: Latest?

        enum Latest { case parameter, randomEffect }
    }

    /// Reads up to the closing brace, which is not consumed.
    mutating func initialValues(into initial: inout Initial) {
        readsData = true
        defer { readsData = false }
        while true {
            skipTerminators()
            if kind == .rightBrace || kind == .endOfText { return }
            let start = index
            do throws(SyntaxFailure) {
                try initialStatement(into: &initial)
                try endStatement()
            } catch {
                report(error)
                skipStatement()
                if index == start { advance() }
            }
        }
    }

    private mutating func initialStatement(into initial: inout Initial) throws(SyntaxFailure) {
        if let reason = refusal(of: token) { throw SyntaxFailure(message: reason, place: token.place) }
        guard kind == .name || kind == .quotedName else { throw initialFailure() }
        if kind(ahead: 1) == .leftParen { return try annotation(into: &initial) }
        let left = try expression(.additive)
        switch (kind, left.kind) {
        case (.leftArrow, .symbol(let name)), (.equals, .symbol(let name)):
            advance()
            let value = try expression()
            let parameter = try populationParameter(name, value, at: left.place)
            guard claim([(name, left.place)], in: &initial) else { return }
            initial.parameters.append(parameter)
            initial.latest = .parameter
        case (.tilde, _):
            let names = try effectNames(left)
            advance()
            let block = try randomEffects(names, at: left.place)
            guard claim(names, in: &initial) else { return }
            initial.randomEffects.append(block)
            initial.latest = .randomEffect
        default:
            throw initialFailure()
        }
    }

    private func initialFailure() -> SyntaxFailure {
        unexpected("ini takes name <- value, eta ~ variance, eta1 + eta2 ~ c(...), and label(\"...\")")
    }

    /// Refuses a name that was given before. A name that is refused keeps its first meaning.
    private mutating func claim(_ names: [(String, SourcePlace)], in initial: inout Initial) -> Bool {
        var isNew = true
        for (name, place) in names {
            if let first = initial.places[name] {
                report(
                    "'\(name)' is given twice in ini; first at line \(fileLine(first)), column \(first.column)",
                    at: place)
                isNew = false
            } else {
                initial.places[name] = place
            }
        }
        return isNew
    }

    // MARK: - Labels

    /// `label("…")`; `backTransform(…)` concerns the printing of estimates only and is read over.
    private mutating func annotation(into initial: inout Initial) throws(SyntaxFailure) {
        let call = try expression()
        guard case .call(let name, let arguments) = call.kind, name == "label" || name == "backTransform" else {
            throw initialFailure(of: call)
        }
        guard let latest = initial.latest else {
            throw SyntaxFailure(message: "\(name)() has no parameter before it", place: call.place)
        }
        guard arguments.count == 1 else {
            throw SyntaxFailure(message: "\(name)() takes 1 argument; found \(arguments.count)", place: call.place)
        }
        if name == "backTransform" { return }
        guard case .text(let text) = try MetadataValue(evaluating: arguments[0].value) else {
            throw SyntaxFailure(message: "label() takes a string", place: arguments[0].value.place)
        }
        switch latest {
        case .parameter: initial.parameters[initial.parameters.count - 1].label = text
        case .randomEffect: initial.randomEffects[initial.randomEffects.count - 1].label = text
        }
    }

    private func initialFailure(of call: Expression) -> SyntaxFailure {
        guard case .call(let name, _) = call.kind else { return initialFailure() }
        return SyntaxFailure(
            message: "'\(name)()' has no meaning in ini, which takes name <- value, eta ~ variance, "
                + "eta1 + eta2 ~ c(...), and label(\"...\")", place: call.place)
    }

    // MARK: - Population parameters

    private func populationParameter(
        _ name: String, _ expression: Expression, at place: SourcePlace
    ) throws(SyntaxFailure) -> PopulationParameter {
        let initial = try InitialValue(evaluating: expression)
        let values = initial.values
        guard values.count <= 3 else {
            throw SyntaxFailure(
                message: "'\(name)' has \(values.count) numbers; allowed are an estimate, c(lower, estimate), and "
                    + "c(lower, estimate, upper)", place: expression.place)
        }
        let estimate = values.count == 1 ? values[0] : values[1]
        guard estimate.isFinite else {
            throw SyntaxFailure(
                message: "the value of '\(name)' is \(estimate.isNaN ? "not a number" : "infinite")",
                place: expression.place)
        }
        let lower = values.count > 1 ? values[0] : -.infinity
        let upper = values.count > 2 ? values[2] : .infinity
        guard lower <= estimate, estimate <= upper else {
            throw SyntaxFailure(
                message: "the estimate \(estimate) of '\(name)' lies outside its bounds \(lower) to \(upper); "
                    + "the order is c(lower, estimate, upper)", place: expression.place)
        }
        return PopulationParameter(
            name: name, value: estimate, lower: lower.isFinite ? lower : nil, upper: upper.isFinite ? upper : nil,
            isFixed: initial.isFixed.contains(true), place: place)
    }

    // MARK: - Random effects

    private func effectNames(_ left: Expression) throws(SyntaxFailure) -> [(String, SourcePlace)] {
        var reversed: [(String, SourcePlace)] = []
        var rest = left
        while case .binary(.add, let before, let last) = rest.kind {
            reversed.append(try effectName(last))
            rest = before
        }
        reversed.append(try effectName(rest))
        return reversed.reversed()
    }

    private func effectName(_ expression: Expression) throws(SyntaxFailure) -> (String, SourcePlace) {
        guard case .symbol(let name) = expression.kind else {
            throw SyntaxFailure(
                message: "left of '~' in ini stand names of random effects, joined by '+'", place: expression.place)
        }
        return (name, expression.place)
    }

    private mutating func randomEffects(
        _ names: [(String, SourcePlace)], at place: SourcePlace
    ) throws(SyntaxFailure) -> RandomEffectBlock {
        let expression = try expression(.additive)
        let level = try levelAfterBar("level")
        let initial = try InitialValue(evaluating: expression)
        let list = names.map { "'\($0.0)'" }.joined(separator: ", ")
        let needed = names.count * (names.count + 1) / 2
        guard initial.values.count == needed else {
            let found = initial.values.count
            throw SyntaxFailure(
                message: names.count == 1
                    ? "the random effect \(list) needs 1 number, its variance; found \(found)"
                    : "the block of \(list) needs \(needed) numbers, the lower triangle row by row; found \(found)",
                place: expression.place)
        }
        if let bad = initial.values.first(where: { !$0.isFinite }) {
            throw SyntaxFailure(
                message: "a variance or covariance of \(list) is \(bad.isNaN ? "not a number" : "infinite")",
                place: expression.place)
        }
        if let problem = CovarianceCheck.problem(names: names.map(\.0), triangle: initial.values) {
            let subject = names.count == 1 ? "the random effect" : "the block of"
            throw SyntaxFailure(message: "\(subject) \(list) cannot be drawn: \(problem)", place: expression.place)
        }
        return RandomEffectBlock(
            names: names.map(\.0), covariance: initial.values, isFixed: initial.isFixed.allSatisfy { $0 }, level: level,
            place: place)
    }
}
