/// Covariates that a model compares with texts: `if (SEX == "F") …`. Their columns in a table hold texts.
///
/// Each is a category whose levels are the texts that the model names, in the order in which it names them, and one more
/// for every other text, which equals none of them.
enum TextCovariates {
    /// The level of the texts that the model does not name. No text of a table is compared with it by name: a model that
    /// names it makes it one of its own.
    static let otherTexts = "any other text"

    /// The covariates with their levels, in the order of the text.
    ///
    /// - Parameter known: names that something else gives a value.
    static func find(in statements: [Statement], except known: Set<String>) -> [InputSymbol] {
        var search = Search(known: known.union(Lowering.targets(of: statements).compactMap(\.variable)))
        search.visit(statements)
        return search.found.map { InputSymbol($0.name, levels: ($0.levels ?? []) + [otherTexts]) }
    }

    private struct Search {
        let known: Set<String>
        var found: [InputSymbol] = []

        mutating func visit(_ statements: [Statement]) {
            for statement in statements {
                switch statement.kind {
                case .assign(_, let expression), .expression(let expression): visit(expression)
                case .conditional(let branches, let otherwise):
                    for branch in branches {
                        visit(branch.condition)
                        visit(branch.body)
                    }
                    visit(otherwise)
                case .endpoint, .compartment: break
                }
            }
        }

        private mutating func visit(_ expression: Expression) {
            switch expression.kind {
            case .number, .string, .symbol: break
            case .unary(_, let operand): visit(operand)
            case .call(_, let arguments): for argument in arguments { visit(argument.value) }
            case .binary(let operation, let left, let right):
                if operation == .equal || operation == .notEqual {
                    note(left, right)
                    note(right, left)
                }
                visit(left)
                visit(right)
            }
        }

        private mutating func note(_ name: Expression, _ text: Expression) {
            guard case .symbol(let name) = name.kind, case .string(let text) = text.kind, !known.contains(name) else {
                return
            }
            guard let index = found.firstIndex(where: { $0.name == name }) else {
                found.append(InputSymbol(name, levels: [text]))
                return
            }
            if found[index].levels?.contains(text) == false { found[index].levels?.append(text) }
        }
    }
}

extension Model {
    /// The code of a text in the column of a covariate that the model compares with texts; nil for any other input.
    package func code(ofText text: String, for input: String) -> Double? {
        textLevels[input].map { levels in Double(levels.firstIndex(of: text) ?? levels.count - 1) }
    }
}
