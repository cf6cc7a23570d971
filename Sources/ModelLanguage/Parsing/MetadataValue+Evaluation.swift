extension MetadataValue {
    /// The value of R data: text, numbers, flags, `NA`, `NULL`, `c(...)`, `list(...)`, `paste(...)` and `paste0(...)`.
    init(evaluating expression: Expression) throws(SyntaxFailure) {
        switch expression.kind {
        case .string(let text): self = .text(text)
        case .number(let value): self = .number(value)
        case .symbol(let name): self = try Self.constant(name, at: expression.place)
        case .call("c", let arguments), .call("list", let arguments):
            var entries: [MetadataEntry] = []
            for argument in arguments {
                entries.append(MetadataEntry(name: argument.name, value: try MetadataValue(evaluating: argument.value)))
            }
            self = .list(entries)
        case .call("paste", let arguments): self = try Self.paste(arguments, separator: " ")
        case .call("paste0", let arguments): self = try Self.paste(arguments, separator: "")
        case .call("character", []), .call("numeric", []), .call("integer", []), .call("logical", []):
            self = .list([])
        case .unary, .binary, .call:
            let value: InitialValue
            do throws(SyntaxFailure) {
                value = try InitialValue(evaluating: expression)
            } catch {
                throw SyntaxFailure(message: Self.refusal(of: expression), place: expression.place)
            }
            self =
                value.values.count == 1
                ? .number(value.values[0])
                : .list(value.values.map { MetadataEntry(name: nil, value: .number($0)) })
        }
    }

    private static func refusal(of expression: Expression) -> String {
        let allowed = "text, numbers, TRUE, FALSE, NA, NULL, c(), list(), paste() and paste0()"
        guard case .call(let name, _) = expression.kind else { return "metadata takes \(allowed)" }
        return "'\(name)()' has no meaning in metadata, which takes \(allowed)"
    }

    private static func constant(_ name: String, at place: SourcePlace) throws(SyntaxFailure) -> MetadataValue {
        switch name {
        case "TRUE", "T": return .flag(true)
        case "FALSE", "F": return .flag(false)
        case "NULL", "NA", "NaN", "NA_character_", "NA_real_", "NA_integer_": return .missing
        case "pi": return .number(.pi)
        case "Inf": return .number(.infinity)
        default:
            throw SyntaxFailure(
                message:
                    "'\(name)' has no value here; metadata takes text in quotes, numbers, TRUE, FALSE, NA, NULL, c(), "
                    + "list(), paste() and paste0()", place: place)
        }
    }

    // MARK: - paste

    /// Joins texts as R does: vectors go along element by element, the short ones over again.
    private static func paste(_ arguments: [Expression.Argument], separator: String) throws(SyntaxFailure)
        -> MetadataValue
    {
        var separator = separator
        var collapse: String?
        var columns: [[String]] = []
        for argument in arguments {
            let texts = try texts(argument.value)
            switch argument.name {
            case "sep": separator = texts.first ?? ""
            case "collapse": collapse = texts.first
            default: columns.append(texts)
            }
        }
        columns.removeAll(where: \.isEmpty)
        let count = columns.map(\.count).max() ?? 0
        let size = columns.reduce(0) { total, column in
            total + (column.map(\.utf8.count).max() ?? 0) + separator.utf8.count
        }
        guard count == 0 || size <= ModelParser.largestSource / count else {
            throw SyntaxFailure(
                message: "paste() would make a text of more than \(ModelParser.largestSource) bytes",
                place: arguments[0].value.place)
        }
        let rows = (0..<count).map { row in columns.map { $0[row % $0.count] }.joined(separator: separator) }
        if let collapse { return .text(rows.joined(separator: collapse)) }
        return rows.count == 1 ? .text(rows[0]) : .list(rows.map { MetadataEntry(name: nil, value: .text($0)) })
    }

    private static func texts(_ expression: Expression) throws(SyntaxFailure) -> [String] {
        switch try MetadataValue(evaluating: expression) {
        case .text(let text): return [text]
        case .number(let value): return [Expression.text(of: value)]
        case .flag(let flag): return [flag ? "TRUE" : "FALSE"]
        case .missing:
            if case .symbol("NULL") = expression.kind { return [] }
            return ["NA"]
        case .list(let entries):
            var texts: [String] = []
            for entry in entries {
                switch entry.value {
                case .text(let text): texts.append(text)
                case .number(let value): texts.append(Expression.text(of: value))
                case .flag(let flag): texts.append(flag ? "TRUE" : "FALSE")
                case .missing: texts.append("NA")
                case .list:
                    throw SyntaxFailure(message: "paste() joins texts, not lists of lists", place: expression.place)
                }
            }
            return texts
        }
    }
}
