import Outcomes

/// The right side of a model alone, as R writes a formula without a response: `~ age + factor(stage)`, `~ 1`.
///
/// Terms are those of ``Formula``; `strata()`, `cluster()` and `.` have no meaning here and are refused.
package struct CovariateFormula: Sendable, Hashable {
    package let text: String
    private let formula: Formula

    /// - Throws: ``EvaluationErrors`` with what was found and what is allowed there.
    package init(_ text: String) throws {
        var parser = FormulaParser(text)
        formula = try parser.rightSide()
        self.text = text
        if !formula.strata.isEmpty || formula.cluster != nil || formula.terms.contains([.others]) {
            throw EvaluationErrors(
                "found strata(), cluster() or '.', allowed: columns, factor(), functions and products of them",
                at: "formula '\(text)'")
        }
    }

    private init(text: String, formula: Formula) {
        self.text = text
        self.formula = formula
    }

    /// `~ 1`: nothing but an intercept.
    package static let constant = CovariateFormula(
        text: "~ 1",
        formula: Formula(text: "~ 1", response: .column(nobody), terms: [], strata: [], cluster: nil))

    /// Products of factors, those of fewer factors first.
    package var terms: [[Formula.Factor]] { formula.terms }

    /// Every column that it names, each once.
    package var columns: [String] { formula.columns.filter { $0 != Self.nobody } }

    /// The same formula with the terms that fulfil a condition alone.
    package func keeping(_ isKept: ([Formula.Factor]) -> Bool) -> CovariateFormula {
        replacingTerms(formula.terms.filter(isKept))
    }

    /// The same formula with other terms.
    package func replacingTerms(_ terms: [[Formula.Factor]]) -> CovariateFormula {
        CovariateFormula(
            text: text,
            formula: Formula(text: text, response: formula.response, terms: terms, strata: [], cluster: nil))
    }

    /// The columns of the design without the intercept, named as R names them.
    package func columns(of rows: CompleteRows) throws -> [CovariateColumn] { try ModelColumns(formula, rows).columns }

    /// Stands where a formula has its response; no column has an empty name.
    static let nobody = ""
}

/// Something of columns that is true or false, or a number, for each row: `reached`, `age > 65`, `y1 + y2`.
package struct RowExpression: Sendable, Hashable {
    package let text: String
    package let expression: Expression

    /// - Throws: ``EvaluationErrors`` with what was found and what is allowed there.
    package init(_ text: String) throws {
        var parser = FormulaParser(text)
        expression = try parser.whole()
        self.text = text
    }

    /// Every column that it names, each once.
    package var columns: [String] {
        var seen: Set<String> = []
        return expression.columns.filter { seen.insert($0).inserted }
    }

    /// Its value for each row, true being 1 and false 0.
    ///
    /// - Throws: ``EvaluationErrors`` with the rows that have no finite value.
    package func values(_ rows: CompleteRows) throws -> [Double] { try expression.numbers(rows) }

    /// Whether it is true for each row; a number is true when it is not 0.
    package func truths(_ rows: CompleteRows) throws -> [Bool] {
        if case .column(let name) = expression, try !rows.isNumeric(name) {
            let cells = try rows.labels(name)
            let (yes, no) = (Set(["true", "TRUE", "T", "yes"]), Set(["false", "FALSE", "F", "no"]))
            if let wrong = cells.first(where: { !yes.contains($0) && !no.contains($0) }) {
                throw EvaluationErrors(
                    "\(name): found '\(wrong)', allowed: 1 or 0, true or false, yes or no", at: rows.table.file)
            }
            return cells.map { yes.contains($0) }
        }
        return try values(rows).map { $0 != 0 }
    }
}

extension FormulaParser {
    /// An expression and nothing after it.
    fileprivate mutating func whole() throws -> Expression {
        let expression = try condition()
        if let rest = peek { throw refused("'\(rest)'", "the end of the expression") }
        return expression
    }
}
