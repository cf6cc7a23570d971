extension Statement: CustomStringConvertible {
    /// The statement as text of the language; blocks are indented by four blanks.
    public var description: String { text(indentation: "") }

    private func text(indentation: String) -> String {
        switch kind {
        case .assign(let target, let value): return "\(indentation)\(target) \(isHidden ? "~" : "<-") \(value)"
        case .endpoint(let endpoint): return "\(indentation)\(endpoint)"
        case .compartment(let name): return "\(indentation)cmt(\(Expression.text(ofName: name)))"
        case .expression(let expression):
            let text = expression.description
            let startsWithSign = text.first == "-" || text.first == "+"
            return indentation + (startsWithSign ? "(\(text))" : text)
        case .conditional(let branches, let otherwise):
            var text = indentation
            for (i, branch) in branches.enumerated() {
                text += "\(i == 0 ? "" : " else ")if (\(branch.condition)) "
                text += Self.block(branch.body, indentation)
            }
            return otherwise.isEmpty ? text : text + " else " + Self.block(otherwise, indentation)
        }
    }

    private static func block(_ statements: [Statement], _ indentation: String) -> String {
        let lines = statements.map { $0.text(indentation: indentation + "    ") + "\n" }
        return "{\n\(lines.joined())\(indentation)}"
    }
}

extension Statement.Target: CustomStringConvertible {
    /// The left side of the arrow, as text of the language.
    public var description: String {
        switch self {
        case .variable(let name): Expression.text(ofName: name)
        case .derivative(let name): "d/dt(\(Expression.text(ofName: name)))"
        case .initialValue(let name): "\(Expression.text(ofName: name))(0)"
        case .property(let property, let name): "\(property.rawValue)(\(Expression.text(ofName: name)))"
        case .modelTime(let name): "mtime(\(Expression.text(ofName: name)))"
        }
    }
}

extension Endpoint: CustomStringConvertible {
    /// `y ~ add(a) + prop(b) | cond`, as text of the language.
    public var description: String {
        let sum = terms.map(\.description).joined(separator: " + ")
        let level = condition.map { " | \(Expression.text(ofName: $0))" } ?? ""
        return "\(observed) ~ \(sum)\(level)"
    }
}
