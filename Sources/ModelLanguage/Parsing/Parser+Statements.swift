/// Statements of a `model({ })` block or a rule.
extension Parser {
    /// Statements up to the closing brace or the end of the text, which is not consumed. A statement that cannot be read
    /// is reported and left out.
    mutating func statements(until end: Token.Kind) -> [Statement] {
        var statements: [Statement] = []
        while true {
            skipTerminators()
            if kind == end || kind == .endOfText || (isBlockHead && end == .rightBrace) { return statements }
            let start = index
            do throws(SyntaxFailure) {
                if try !declaration() { statements.append(try statement()) }
                try endStatement()
            } catch {
                report(error)
                skipStatement()
                // A stray `}` ends no block here; without this step reading would stand still.
                if index == start || (kind == .rightBrace && end != .rightBrace) { advance() }
            }
        }
    }

    /// A statement is followed by a line end, a `;`, or the brace that closes its block.
    func endStatement() throws(SyntaxFailure) {
        guard kind.endsStatement || kind == .rightBrace else { throw afterExpression() }
    }

    mutating func statement() throws(SyntaxFailure) -> Statement {
        switch kind {
        case .ifWord: return try conditional()
        case .plus, .minus, .star, .slash, .caret, .remainder, .quotient, .and, .or, .bar, .equalEqual, .notEqual,
            .less, .lessEqual, .greater, .greaterEqual:
            throw SyntaxFailure(
                message:
                    "a statement cannot start with \(wording(token)): a line goes on only where the line before ends "
                    + "in an operator or stands in brackets", place: token.place)
        case .leftBrace, .comma, .rightBrace, .elseWord:
            throw SyntaxFailure(message: misplaced(token), place: token.place)
        default: break
        }
        if isBlockHead {
            throw SyntaxFailure(
                message: "'\(spelling(token))({ })' opens a block of a model file and cannot stand here",
                place: token.place)
        }
        if kind(ahead: 1) == .leftParen, let reason = Self.foreignStatements[spelling(token)] {
            throw SyntaxFailure(message: "'\(spelling(token))()' is not taken: \(reason)", place: token.place)
        }
        if let derivative = try derivative() { return derivative }
        let left = try expression()
        switch kind {
        case .leftArrow, .equals:
            let target = try target(left)
            advance()
            return Statement(.assign(target, try expression()), at: left.place)
        case .tilde:
            return try tilde(left)
        default:
            return standalone(left)
        }
    }

    private func misplaced(_ token: Token) -> String {
        switch token.kind {
        case .leftBrace: "'{' opens a block only after 'if ( )' or 'else'"
        case .rightBrace: "'}' closes nothing: no '{' is open"
        case .elseWord: "'else' has no 'if' before it"
        default: "a statement cannot start with \(wording(token))"
        }
    }

    /// `cmt(depot)`, or an expression that stands alone.
    private func standalone(_ left: Expression) -> Statement {
        if case .call("cmt", let arguments) = left.kind, arguments.count == 1,
            case .symbol(let name) = arguments[0].value.kind
        {
            return Statement(.compartment(name), at: left.place)
        }
        return Statement(.expression(left), at: left.place)
    }

    // MARK: - Assignments

    /// `d/dt(x) <- e`, or nil where something else stands.
    private mutating func derivative() throws(SyntaxFailure) -> Statement? {
        guard kind(ahead: 1) == .slash, isWord("d"), isWord("dt", ahead: 2), kind(ahead: 3) == .leftParen else {
            return nil
        }
        let first = token
        for _ in 0..<4 { advance() }
        guard kind == .name || kind == .quotedName else { throw unexpected("d/dt() takes the name of a compartment") }
        let state = name(token)
        advance()
        guard kind == .rightParen else { throw unexpected("d/dt() takes one name and ')'") }
        let place = first.place.through(token.place)
        advance()
        let isHidden = kind == .tilde
        guard isHidden || kind == .leftArrow || kind == .equals else {
            throw unexpected("'<-' or '=' is needed after d/dt(\(state))")
        }
        advance()
        return Statement(.assign(.derivative(state), try expression()), at: place, isHidden: isHidden)
    }

    /// What an expression left of an arrow stands for.
    func target(_ left: Expression) throws(SyntaxFailure) -> Statement.Target {
        switch left.kind {
        case .symbol(let name):
            return .variable(name)
        case .call(let name, let arguments):
            if arguments.count == 1, arguments[0].name == nil {
                if case .number(0) = arguments[0].value.kind { return .initialValue(name) }
                if case .symbol(let argument) = arguments[0].value.kind {
                    if let property = Self.properties[name] { return .property(property, argument) }
                    if name == "mtime" { return .modelTime(argument) }
                }
            }
            throw SyntaxFailure(message: refusal(ofTarget: name, arguments), place: left.place)
        default:
            if case .binary(.divide, _, let below) = left.kind, case .call = below.kind {
                throw SyntaxFailure(
                    message: "this cannot be assigned; a derivative is written d/dt(name)", place: left.place)
            }
            throw SyntaxFailure(
                message: "this cannot be assigned: left of '\(spelling(token))' stands a name, d/dt(name), name(0), or "
                    + "\(Self.propertyList)", place: left.place)
        }
    }

    static let properties: [String: CompartmentProperty] = [
        "f": .bioavailability, "F": .bioavailability, "lag": .lag, "alag": .lag, "dur": .duration, "rate": .rate,
    ]

    private static let propertyList = "f(), lag(), alag(), dur(), rate() or mtime() of a name"

    private func refusal(ofTarget name: String, _ arguments: [Expression.Argument]) -> String {
        if Self.properties[name] != nil { return "'\(name)()' takes the name of one compartment" }
        if name == "mtime" { return "'mtime()' takes the name of one time" }
        if arguments.count == 1, case .number(let value) = arguments[0].value.kind {
            return
                "an initial value is the one at time 0: found \(name)(\(Expression.text(of: value))); write \(name)(0)"
        }
        if let reason = Self.foreignStatements[name] { return "'\(name)()' is not taken: \(reason)" }
        let near =
            (2...32).contains(name.utf8.count)
            ? nearestName(to: name, among: ["d/dt", "alag", "dur", "lag", "mtime", "rate"]) : nil
        if near == "d/dt" || name == "dt" {
            return "'\(name)()' cannot be assigned; a derivative is written d/dt(name)"
        }
        let hint = near.map { "did you mean \($0)()? Allowed" } ?? "allowed"
        return "'\(name)()' cannot be assigned; \(hint) are d/dt(name), name(0), \(Self.propertyList)"
    }

    /// What rxode2 takes as a statement and this language does not, by name.
    static let foreignStatements: [String: String] = [
        "param": "it belongs at the top of a model", "params": "it belongs at the top of a model",
        "printf": "a model computes and does not print", "Rprintf": "a model computes and does not print",
        "print": "a model computes and does not print", "cat": "a model computes and does not print",
        "return": "a block has no value to return", "levels": "covariates are numbers here; compare them with ==",
        "evid_": "doses belong to the regimen, not to the model",
        "bolus": "doses belong to the regimen, not to the model",
        "infuse": "doses belong to the regimen, not to the model",
        "reset": "doses belong to the regimen, not to the model",
        "replace": "doses belong to the regimen, not to the model", "dvid": "endpoints are chosen by name",
        "locf": "it belongs at the top of a model", "linear": "it belongs at the top of a model",
        "nocb": "it belongs at the top of a model", "midpoint": "allowed are locf(), nocb() and linear()",
        "df": "the Jacobian is derived from the equations", "dy": "the Jacobian is derived from the equations",
        "library": "a model file is read, not run as R code", "require": "a model file is read, not run as R code",
        "source": "a model file is read, not run as R code", "eval": "a model file is read, not run as R code",
    ]
}
