/// A model formula as R's survival users write it: `Surv(time, status) ~ age + factor(stage) + strata(site)`.
///
/// The response is `Surv(time, event)`, `Surv(start, stop, event)`, or a column alone. Terms are columns, `factor(x)`,
/// functions and arithmetic of columns (`log(x + 1)`, `I(x^2)`, `I(age > 65)`), products `a:b` and `a*b`, `a/b`,
/// `(a + b)^2`, `- a` for one less, `.` for all other columns, `strata(x)`, `cluster(x)`, and `1` for none.
package struct Formula: Sendable, Hashable {
    /// What is explained.
    package enum Response: Sendable, Hashable {
        case survival(start: Expression?, time: Expression, event: Event)
        case column(String)
    }

    /// Which rows have the event: those with a code that is not 0, with one code, or for which something is true.
    package struct Event: Sendable, Hashable {
        /// The column of the codes, as messages name it.
        package var column: String
        /// The code that counts as the event, where it was written as `status == 2`; nil for 1 (0 being censored).
        package var code: String?
        /// What is true or 1 where the event is, where more was written than that.
        package var condition: Expression?

        var columns: [String] { condition?.columns ?? [column] }
    }

    /// A factor of a product: something of columns, with levels or a number.
    package struct Factor: Sendable, Hashable {
        package var expression: Expression
        /// The function that makes levels of it, as it was written.
        package var levels: String?

        /// As R names it.
        package var name: String { levels.map { "\($0)(\(expression.name))" } ?? expression.name }

        /// The column of a factor that is one, also by `factor()`.
        var column: String? { if case .column(let name) = expression { name } else { nil } }

        /// All other columns of the table.
        static let others = Factor(expression: .column("."))
    }

    package let text: String
    package let response: Response
    /// What it is explained by: products of factors, of which most have one; those of fewer factors first.
    package let terms: [[Factor]]
    /// Terms after a minus sign, which are not among those that `.` stands for either.
    let without: [[Factor]]
    package let strata: [String]
    package let cluster: String?

    /// Every column that it names, each once; also those that are taken away, which R's model frame holds too, so that a row
    /// without them is left out.
    package var columns: [String] {
        var names: [String]
        switch response {
        case .survival(let start, let time, let event): names = (start?.columns ?? []) + time.columns + event.columns
        case .column(let name): names = [name]
        }
        names += (terms + without).flatMap { $0.flatMap(\.expression.columns) } + strata + [cluster].compactMap { $0 }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// - Throws: ``EvaluationErrors`` with what was found and what is allowed there.
    package init(_ text: String) throws {
        var parser = FormulaParser(text)
        self = try parser.formula()
    }

    init(
        text: String, response: Response, terms: [[Factor]], without: [[Factor]] = [], strata: [String],
        cluster: String?
    ) {
        self.text = text
        self.response = response
        self.without = without
        // A stable order: R puts what has fewer factors first.
        self.terms = terms.enumerated().sorted { ($0.1.count, $0.0) < ($1.1.count, $1.0) }.map(\.1)
        self.strata = strata
        self.cluster = cluster
    }

    /// The same formula with `.` replaced by the columns that it does not name otherwise on its left.
    func expanded(over names: [String]) -> Formula {
        guard terms.contains([.others]) else { return self }
        let taken = Set(Formula(text: text, response: response, terms: [], strata: strata, cluster: cluster).columns)
        let others = names.filter { !$0.isEmpty && !taken.contains($0) }.map { [Factor(expression: .column($0))] }
            .filter { !without.contains($0) }
        var all: [[Factor]] = []
        for term in terms.flatMap({ $0 == [.others] ? others : [$0] }) where !all.contains(term) { all.append(term) }
        return Formula(
            text: text, response: response, terms: all, without: without, strata: strata, cluster: cluster)
    }
}
