import NumericsCore

extension Expression {
    /// Its value for each complete row; true is 1 and false 0.
    ///
    /// - Throws: ``EvaluationErrors`` with the rows that have no finite value, and for text where a number is needed.
    func numbers(_ rows: CompleteRows) throws -> [Double] {
        switch self {
        case .number(let value, _): return [Double](repeating: value, count: rows.count)
        case .text(let text):
            throw EvaluationErrors("found \"\(text)\" where a number is needed", at: rows.table.file)
        case .column(let name): return try rows.numbers(name)
        case .parenthesis(let inner): return try inner.numbers(rows)
        case .negative(let inner): return try inner.numbers(rows).map { -$0 }
        case .oneOf(let inner, let values):
            var found = [Bool](repeating: false, count: rows.count)
            for value in values {
                for (row, isEqual) in try Self.equal(inner, value, rows).enumerated() where isEqual {
                    found[row] = true
                }
            }
            return found.map { $0 ? 1 : 0 }
        case .operation(let sign, let left, let right): return try combined(sign, left, right, rows)
        case .call(let function, let inner):
            return try checked(inner.numbers(rows), rows, function.allowed) { function.value($0) }
        }
    }

    private func combined(
        _ sign: Operator, _ left: Expression, _ right: Expression, _ rows: CompleteRows
    ) throws -> [Double] {
        switch sign {
        case .equal: return try Self.equal(left, right, rows).map { $0 ? 1 : 0 }
        case .unequal: return try Self.equal(left, right, rows).map { $0 ? 0 : 1 }
        default: break
        }
        let (a, b) = (try left.numbers(rows), try right.numbers(rows))
        let results = a.indices.map { row -> Double in
            switch sign {
            case .plus: a[row] + b[row]
            case .minus: a[row] - b[row]
            case .times: a[row] * b[row]
            case .over: a[row] / b[row]
            case .power: Self.power(a[row], b[row])
            case .less: a[row] < b[row] ? 1 : 0
            case .atMost: a[row] <= b[row] ? 1 : 0
            case .greater: a[row] > b[row] ? 1 : 0
            case .atLeast: a[row] >= b[row] ? 1 : 0
            case .equal, .unequal: 0
            }
        }
        return try checked(results, rows, "a finite number") { $0 }
    }

    /// Products where the exponent is a small whole number, so that squares are exact to the last bit.
    private static func power(_ base: Double, _ exponent: Double) -> Double {
        if exponent == exponent.rounded(), abs(exponent) <= 16 {
            let product = (0..<Int(abs(exponent))).reduce(1.0) { result, _ in result * base }
            return exponent < 0 ? 1 / product : product
        }
        if exponent == 0.5 { return base.squareRoot() }
        guard base > 0 else { return base == 0 && exponent > 0 ? 0 : .nan }
        return Elementary.exp(exponent * Elementary.log(base))
    }

    /// The values where all of them are finite numbers.
    private func checked(
        _ values: [Double], _ rows: CompleteRows, _ allowed: String, _ function: (Double) -> Double
    ) throws -> [Double] {
        let results = values.map(function)
        let wrong = results.indices.filter { !results[$0].isFinite }
        guard wrong.isEmpty else {
            throw EvaluationErrors(
                wrong.prefix(EvaluationErrors.shown).map {
                    .init(
                        "\(name): found \(values[$0]), allowed: \(allowed)",
                        at: "\(rows.table.file), row \(rows.rows[$0] + 1)")
                }, total: wrong.count)
        }
        return results
    }

    /// Numbers by value; text, and a number beside a text, as they are written.
    private static func equal(_ left: Expression, _ right: Expression, _ rows: CompleteRows) throws -> [Bool] {
        if try left.isNumeric(rows), try right.isNumeric(rows) {
            return zip(try left.numbers(rows), try right.numbers(rows)).map { $0 == $1 }
        }
        return zip(try left.texts(rows), try right.texts(rows)).map { $0 == $1 }
    }

    private func isNumeric(_ rows: CompleteRows) throws -> Bool {
        switch self {
        case .text: false
        case .column(let name): try rows.isNumeric(name)
        case .parenthesis(let inner): try inner.isNumeric(rows)
        default: true
        }
    }

    private func texts(_ rows: CompleteRows) throws -> [String] {
        switch self {
        case .text(let text), .number(_, let text): return [String](repeating: text, count: rows.count)
        case .column(let name): return try rows.labels(name)
        case .parenthesis(let inner): return try inner.texts(rows)
        default: throw EvaluationErrors("found '\(name)' compared with text", at: rows.table.file)
        }
    }
}

extension Expression.Function {
    /// The arguments that have a value.
    var allowed: String {
        switch self {
        case .log, .log2, .log10: "a number above 0"
        case .log1p: "a number above -1"
        case .sqrt: "a number ≥ 0"
        case .exp: "a number below 700"
        case .abs, .number, .asIs: "a finite number"
        }
    }

    /// NaN outside its domain.
    func value(_ x: Double) -> Double {
        switch self {
        case .log: x > 0 ? Elementary.log(x) : .nan
        case .log2: x > 0 ? Elementary.log(x) / Elementary.log(2) : .nan
        case .log10: x > 0 ? Elementary.log(x) / Elementary.log(10) : .nan
        case .log1p: x > -1 ? Elementary.log1p(x) : .nan
        case .sqrt: x >= 0 ? x.squareRoot() : .nan
        case .exp: x < 700 ? Elementary.exp(x) : .nan
        case .abs: x.magnitude
        case .number, .asIs: x
        }
    }
}
