/// A model formula as R's survival users write it: `Surv(time, status) ~ age + factor(stage) + strata(site)`.
///
/// The response is `Surv(time, event)`, `Surv(start, stop, event)`, or a column alone. Terms are columns, `factor(x)`,
/// `log(x)`, `sqrt(x)`, `exp(x)`, products `a:b` and `a*b`, `strata(x)`, `cluster(x)`, and `1` for none.
package struct Formula: Sendable, Hashable {
    /// What is explained.
    package enum Response: Sendable, Hashable {
        case survival(start: String?, time: String, event: Event)
        case column(String)
    }

    /// Which rows have the event: those with a code that is not 0, or with one code.
    package struct Event: Sendable, Hashable {
        package var column: String
        /// The code that counts as the event, where it was written as `status == 2`; nil for 1 (0 being censored).
        package var code: String?
    }

    /// A factor of a product: a column, taken as it is or by a function.
    package struct Factor: Sendable, Hashable {
        package enum Transform: String, Sendable, Hashable, CaseIterable { case factor, log, sqrt, exp }
        package var column: String
        package var transform: Transform?

        /// As R names it.
        package var name: String { transform.map { "\($0.rawValue)(\(column))" } ?? column }
    }

    package let text: String
    package let response: Response
    /// What it is explained by: products of factors, of which most have one.
    package let terms: [[Factor]]
    package let strata: [String]
    package let cluster: String?

    /// Every column that it names, each once.
    package var columns: [String] {
        var names: [String]
        switch response {
        case .survival(let start, let time, let event): names = [start, time, event.column].compactMap { $0 }
        case .column(let name): names = [name]
        }
        names += terms.flatMap { $0.map(\.column) } + strata + [cluster].compactMap { $0 }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// - Throws: ``EvaluationErrors`` with what was found and what is allowed there.
    package init(_ text: String) throws {
        var parser = FormulaParser(text)
        self = try parser.formula()
    }

    init(text: String, response: Response, terms: [[Factor]], strata: [String], cluster: String?) {
        self.text = text
        self.response = response
        self.terms = terms
        self.strata = strata
        self.cluster = cluster
    }
}
