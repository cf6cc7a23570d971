/// Statements that compute nothing: `linear(WT)`, `locf(AGE, SEX)`, `param(ka, kel)`.
extension Parser {
    /// Reads a declaration, and answers whether one stands here.
    mutating func declaration() throws(SyntaxFailure) -> Bool {
        guard takesDeclarations, kind == .name, kind(ahead: 1) == .leftParen else { return false }
        let word = spelling(token)
        let course = CovariateCourse.Kind(rawValue: word)
        // The names of `param()` are inputs with or without it; it only puts them into an order.
        guard course != nil || word == "param" || word == "params" else { return false }
        advance()
        let open = token
        advance()
        while true {
            guard kind == .name || kind == .quotedName else { throw unexpected("\(word)() takes names") }
            let name = name(token)
            advance()
            if let course { courses.append(CovariateCourse(name: name, kind: course)) }
            if accept(.rightParen) { return true }
            guard accept(.comma) else { throw unclosed(open, "',' or ')'") }
        }
    }
}
