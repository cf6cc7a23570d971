import Foundation
import NumericsCore
import Outcomes

/// The columns of a regression that a formula's terms stand for.
///
/// Text and `factor()` become an indicator for each level but the first (treatment contrasts), named as R names them:
/// `sexmale`, `factor(stage)2`. A product has the product of each pair of its factors' columns.
package struct ModelColumns: Sendable {
    package let columns: [CovariateColumn]

    package init(_ formula: Formula, _ rows: CompleteRows) throws {
        columns = try formula.terms.flatMap { term in
            try term.dropFirst().reduce(Self.columns(term[0], rows)) { products, factor in
                let own = try Self.columns(factor, rows)
                return own.flatMap { other in
                    products.map { one in
                        CovariateColumn("\(one.name):\(other.name)", zip(one.values, other.values).map(*))
                    }
                }
            }
        }
    }

    private static func columns(_ factor: Formula.Factor, _ rows: CompleteRows) throws -> [CovariateColumn] {
        let isNumeric: Bool
        if case .numbers = try rows.table.column(factor.column) { isNumeric = true } else { isNumeric = false }
        switch factor.transform {
        case nil where isNumeric: return [CovariateColumn(factor.name, try rows.numbers(factor.column))]
        case nil, .factor: return try indicators(factor, rows)
        case .log: return [try mapped(factor, rows, "a number above 0") { $0 > 0 ? Elementary.log($0) : nil }]
        case .sqrt: return [try mapped(factor, rows, "a number ≥ 0") { $0 >= 0 ? $0.squareRoot() : nil }]
        case .exp: return [try mapped(factor, rows, "a number below 700") { $0 < 700 ? Elementary.exp($0) : nil }]
        }
    }

    private static func indicators(_ factor: Formula.Factor, _ rows: CompleteRows) throws -> [CovariateColumn] {
        let groups = try rows.grouping(factor.column)
        guard groups.labels.count > 1 else {
            throw EvaluationErrors(
                "\(factor.column): found the one level '\(groups.labels.first ?? "")', allowed: two or more in a "
                    + "regression", at: rows.table.file)
        }
        return groups.labels.indices.dropFirst().map { level in
            CovariateColumn(factor.name + groups.labels[level], groups.codes.map { $0 == level ? 1 : 0 })
        }
    }

    private static func mapped(
        _ factor: Formula.Factor, _ rows: CompleteRows, _ allowed: String, _ function: (Double) -> Double?
    ) throws -> CovariateColumn {
        let values = try rows.numbers(factor.column)
        let results = values.map(function)
        let wrong = results.indices.filter { results[$0] == nil }
        guard wrong.isEmpty else {
            throw EvaluationErrors(
                wrong.prefix(EvaluationErrors.shown).map {
                    .init(
                        "\(factor.name): found \(values[$0]), allowed: \(allowed)",
                        at: "\(rows.table.file), row \(rows.rows[$0] + 1)")
                }, total: wrong.count)
        }
        return CovariateColumn(factor.name, results.compactMap { $0 })
    }
}
