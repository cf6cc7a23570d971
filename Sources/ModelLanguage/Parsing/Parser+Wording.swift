/// The words of messages.
extension Parser {
    /// What a message calls a token: `'x'`, `the end of the line`.
    func wording(_ token: Token) -> String {
        switch token.kind {
        case .endOfText: return "the end of the text"
        case .newline: return "the end of the line"
        case .string:
            let text = spelling(token)
            return text.utf8.count > 30 || text.contains("\n") ? "a string" : "the string \(text)"
        case .number: return "the number \(spelling(token))"
        default: return "'\(spelling(token).prefix(60))'"
        }
    }

    /// A failure at the current token: what was found there, and what is allowed.
    func unexpected(_ allowed: String) -> SyntaxFailure {
        if kind == .invalid { return SyntaxFailure(message: "", place: token.place, isReported: true) }
        return SyntaxFailure(message: refusal(of: token) ?? "found \(wording(token)); \(allowed)", place: token.place)
    }

    /// Why a word or an operator of R is not taken, and what to write instead.
    func refusal(of token: Token) -> String? {
        guard token.kind == .foreign else { return nil }
        let spelling = spelling(token)
        switch spelling {
        case "->", "->>": return "'\(spelling)' is not taken: write the variable first, name <- expression"
        case "<<-", ":=": return "'\(spelling)' is not taken: assign with '<-' or '='"
        case "for", "while", "repeat", "break", "next":
            return "'\(spelling)' is not taken: there are no loops, only assignments and if / else"
        case "%in%": return "'%in%' is not taken: write x == 1 || x == 2"
        case "|>", "%>%": return "'\(spelling)' is not taken: give the model as it stands, without pipes"
        case "$", "@": return "'\(spelling)' is not taken: a name stands for a single number, not for a list"
        case "%": return "'%' is not taken: the remainder is written a %% b, the whole quotient a %/% b"
        case ":", "::", ":::": return "'\(spelling)' is not taken: there are neither ranges nor packages"
        default: return "'\(spelling)' is an operator of R that is not taken here"
        }
    }

    /// Why a token cannot follow a complete expression or statement.
    func afterExpression(missing: String = "an operator, ';' or a new line") -> SyntaxFailure {
        let message: String
        switch kind {
        case .leftArrow where index > 0 && tokens[index - 1].kind.endsOperand:
            message =
                "'<-' assigns, and cannot stand inside an expression\(carriedOver)"
                + (carriedOver.isEmpty ? "; 'less than minus' is written with a blank, a < -b" : "")
        case .equals:
            message =
                "'=' assigns, and cannot stand inside an expression\(carriedOver)"
                + (carriedOver.isEmpty ? "; equality is written '=='" : "")
        case .tilde: message = "'~' cannot stand inside an expression\(carriedOver)"
        case .rightParen: message = "')' has no '(' in this statement"
        case .rightBracket: message = "']' has no '[' in this statement"
        case .number, .string, .name, .quotedName:
            message =
                index > 0 && tokens[index - 1].kind == .rightBrace
                ? "found \(wording(token)) right after '}'; a new line or ';' is missing before it"
                : "found \(wording(token)) right after an expression; \(missing) is missing before it"
        default: return unexpected("an operator, or the end of the line, is needed here")
        }
        return SyntaxFailure(message: message, place: token.place)
    }

    /// Tells that the current line goes on with the one before, where it does: the usual reason for an arrow too many.
    private var carriedOver: String {
        var first = index
        while first > 0, tokens[first - 1].line == token.line, tokens[first - 1].kind != .semicolon { first -= 1 }
        guard first > 0, tokens[first - 1].kind.continuesLine else { return "" }
        let last = tokens[first - 1]
        return "; this line goes on with line \(fileLine(last.place)), which ends in \(wording(last))"
    }
}
