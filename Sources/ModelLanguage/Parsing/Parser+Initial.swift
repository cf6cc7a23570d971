/// The `ini({ })` block: population parameters and random effects.
extension Parser {
    struct Initial {
        var parameters: [PopulationParameter] = []
        var randomEffects: [RandomEffectBlock] = []
        /// Where each name was given first.
        var places: [String: SourcePlace] = [:]
        /// What a label belongs to.
        var latest: Latest?

        enum Latest { case parameter, randomEffect, refused }
    }

    /// Reads up to the closing brace, which is not consumed.
    mutating func initialValues(into initial: inout Initial) {
        readsData = true
        defer { readsData = false }
        while true {
            skipTerminators()
            if kind == .rightBrace || kind == .endOfText || isBlockHead { return }
            let start = index
            do throws(SyntaxFailure) {
                try initialStatement(into: &initial)
                try endStatement()
            } catch {
                report(error)
                skipStatement()
                initial.latest = .refused
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
            guard claim([(name, left.place)], in: &initial) else {
                initial.latest = .refused
                return
            }
            initial.parameters.append(parameter)
            initial.latest = .parameter
        case (.tilde, _):
            let names = try effectNames(left)
            advance()
            let (block, replacesLast) = try randomEffects(names, at: left.place, in: initial)
            guard claim(names, in: &initial) else {
                initial.latest = .refused
                return
            }
            if replacesLast { initial.randomEffects.removeLast() }
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
        case .refused: break
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
                message: "the estimate \(Expression.text(of: estimate)) of '\(name)' lies outside its bounds "
                    + "\(Expression.text(of: lower)) to \(Expression.text(of: upper)); "
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

    /// The right side of `names ~ …`. One name with several numbers is the next row of the block right before it:
    /// `a ~ 0.1` and then `b ~ c(0.02, 0.1)` is `a + b ~ c(0.1, 0.02, 0.1)`. Answers the block, and whether it takes
    /// the place of the last one.
    private mutating func randomEffects(
        _ names: [(String, SourcePlace)], at place: SourcePlace, in initial: Initial
    ) throws(SyntaxFailure) -> (RandomEffectBlock, replacesLast: Bool) {
        let expression = try expression(.additive)
        var level = try levelAfterBar("level")
        let numbers = try RandomEffectNumbers(evaluating: expression)
        var triangle = numbers.triangle
        var isFixed = numbers.isFixed.allSatisfy { $0 }
        var names = names.map(\.0)
        var replacesLast = false
        if names.count == 1, triangle.count > 1, initial.latest == .randomEffect,
            let last = initial.randomEffects.last, last.names.count == triangle.count - 1
        {
            names = last.names + names
            triangle = last.covariance + triangle
            isFixed = isFixed && last.isFixed
            level = level ?? last.level
            replacesLast = true
        }
        if let problem = Self.problem(names, triangle) {
            throw SyntaxFailure(message: problem, place: expression.place)
        }
        let block = RandomEffectBlock(
            names: names, covariance: triangle, isFixed: isFixed, level: level,
            label: replacesLast ? initial.randomEffects.last?.label : nil,
            place: replacesLast ? initial.randomEffects.last?.place ?? place : place)
        return (block, replacesLast)
    }

    /// What is wrong with the numbers of a block, nil if nothing is.
    private static func problem(_ names: [String], _ triangle: [Double]) -> String? {
        let list = names.map { "'\($0)'" }.joined(separator: ", ")
        guard names.count <= RandomEffectNumbers.largestBlock else {
            return
                "a block of \(names.count) random effects; at most \(RandomEffectNumbers.largestBlock) may vary together"
        }
        let needed = names.count * (names.count + 1) / 2
        guard triangle.count == needed else {
            return names.count == 1
                ? "the random effect \(list) needs 1 number, its variance; found \(triangle.count), which would be the next row "
                    + "of a block of \(triangle.count - 1) on the line before"
                : "the block of \(list) needs \(needed) numbers, the lower triangle row by row; found \(triangle.count)"
        }
        if let bad = triangle.first(where: { !$0.isFinite }) {
            return "a variance or covariance of \(list) is \(bad.isNaN ? "not a number" : "infinite")"
        }
        let subject = names.count == 1 ? "the random effect" : "the block of"
        return CovarianceCheck.problem(names: names, triangle: triangle).map {
            "\(subject) \(list) cannot be drawn: \($0)"
        }
    }
}
