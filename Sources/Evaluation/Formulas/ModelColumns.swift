import Outcomes

/// The columns of a regression that a formula's terms stand for.
///
/// Text, `factor()` and comparisons become an indicator for each level but the first (treatment contrasts), named as R names
/// them: `sexmale`, `factor(stage)2`, `I(age > 65)TRUE`. A product has the product of each pair of its factors' columns.
/// As in R, the first level has an indicator too in a product whose rest is no term by itself: `g + g:x` has a slope for each
/// level of g.
package struct ModelColumns: Sendable {
    package let columns: [CovariateColumn]

    package init(_ formula: Formula, _ rows: CompleteRows) throws {
        let terms = Set(formula.terms.map(Set.init))
        columns = try formula.terms.flatMap { term in
            let parts = try term.map { factor in
                let rest = Set(term).subtracting([factor])
                return try Self.columns(factor, rows, isContrast: rest.isEmpty || terms.contains(rest))
            }
            return parts.dropFirst().reduce(parts.first ?? []) { products, own in
                own.flatMap { other in
                    products.map { one in
                        CovariateColumn("\(one.name):\(other.name)", zip(one.values, other.values).map(*))
                    }
                }
            }
        }
    }

    private static func columns(
        _ factor: Formula.Factor, _ rows: CompleteRows, isContrast: Bool
    ) throws -> [CovariateColumn] {
        guard let groups = try rows.levels(factor) else {
            return [CovariateColumn(factor.name, try factor.expression.numbers(rows))]
        }
        guard groups.labels.count > 1 else {
            throw EvaluationErrors(
                "\(factor.expression.name): found the one level '\(groups.labels.first ?? "")', allowed: two or more in a "
                    + "regression", at: rows.table.file)
        }
        return groups.labels.indices.dropFirst(isContrast ? 1 : 0).map { level in
            CovariateColumn(factor.name + groups.labels[level], groups.codes.map { $0 == level ? 1 : 0 })
        }
    }
}

extension CompleteRows {
    /// The levels of a factor, in R's order and named as R names them; nil for a number.
    func levels(_ factor: Formula.Factor) throws -> Grouping? {
        if factor.expression.isLogical {
            return try truths(factor.expression)
        }
        guard let column = factor.column else { return nil }
        // A column of numbers with an infinity among them is refused with its row, and is no text with levels.
        guard try isNumeric(column) || table.isSpoiltByNonFinite(column) else { return try grouping(column) }
        guard factor.levels != nil else { return nil }
        let groups = Grouping(try numbers(column))
        // 2 where the file has 2.0.
        let names = groups.labels.map { $0.hasSuffix(".0") ? String($0.dropLast(2)) : $0 }
        return try Grouping(codes: groups.codes, labels: names)
    }

    /// The groups of a term of `km` or `logrank`: any column has levels there.
    func groups(_ factor: Formula.Factor) throws -> Grouping {
        if let column = factor.column { return try grouping(column) }
        guard factor.expression.isLogical else { return Grouping(try factor.expression.numbers(self)) }
        return try truths(factor.expression)
    }

    private func truths(_ expression: Expression) throws -> Grouping {
        let truths = try expression.numbers(self).map { $0 == 1 ? 1 : 0 }
        return try Grouping(codes: truths, labels: ["FALSE", "TRUE"]).withoutEmpty
    }
}
