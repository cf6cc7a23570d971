import Foundation
import ResultsStore

/// How far two variables are apart in combined standard errors.
struct ErrorDistance<First: ResultContent, Second: ResultContent> {
    let file: First
    let baseline: Second
    /// The path of the group, the name of the variable in it, its extents, and the name of its error.
    let path: String
    let name: String
    let shape: [Int]
    let error: String

    /// What is worst over all cells.
    struct Worst {
        /// In errors, infinite where two numbers differ that both have none; and where it is.
        var distance = 0.0
        var position: [Int] = []
        /// The largest |a − b|.
        var absolute = 0.0
        /// Cells with a number in one file only.
        var inOneOnly = 0
    }

    var worst: Worst {
        get throws {
            let (a, b) = (try cells(name, in: file), try cells(name, in: baseline))
            let (errorA, errorB) = (try cells(error, in: file), try cells(error, in: baseline))
            let logarithmic = try [
                isLogarithmic(a, cells("\(name)_lower", in: file), cells("\(name)_upper", in: file)),
                isLogarithmic(b, cells("\(name)_lower", in: baseline), cells("\(name)_upper", in: baseline)),
            ].contains(true)
            var worst = Worst()
            var worstCell = 0
            for cell in a.indices where b.indices.contains(cell) {
                var (x, y) = (a[cell], b[cell])
                if x.isNaN != y.isNaN { worst.inOneOnly += 1 }
                if x.isNaN || y.isNaN || x == y { continue }
                worst.absolute = max(worst.absolute, abs(x - y))
                if logarithmic { (x, y) = (log(x), log(y)) }
                let distance = Self.distance(x, y, at(errorA, cell), at(errorB, cell))
                if distance > worst.distance { (worst.distance, worstCell) = (distance, cell) }
            }
            worst.position = position(of: worstCell)
            return worst
        }
    }

    private static func distance(_ a: Double, _ b: Double, _ errorA: Double, _ errorB: Double) -> Double {
        // An error that is unknown on one side is taken from the other.
        let known = [errorA, errorB].filter { !$0.isNaN }
        let variance = known.count == 1 ? 2 * known[0] * known[0] : known.reduce(0) { $0 + $1 * $1 }
        return variance > 0 ? abs(a - b) / variance.squareRoot() : .infinity
    }

    private func at(_ cells: [Double], _ index: Int) -> Double { cells.indices.contains(index) ? cells[index] : .nan }

    /// Whether the intervals reach as far to both sides of the logarithm, and not of the number.
    private func isLogarithmic(_ value: [Double], _ lower: [Double], _ upper: [Double]) -> Bool {
        guard lower.count == value.count, upper.count == value.count else { return false }
        return value.indices.contains { cell in
            let (low, middle, high) = (lower[cell], value[cell], upper[cell])
            guard low > 0, middle > low, high > middle, high.isFinite else { return false }
            let ratio = abs(middle / low - high / middle) / (high / middle)
            let reach = abs((middle - low) - (high - middle)) / (high - low)
            return ratio < 1e-9 && reach > 1e-6
        }
    }

    /// The cells of a variable of the group as numbers; none if the content has no such variable of this shape.
    private func cells(_ name: String, in content: some ResultContent) throws -> [Double] {
        let outline = try content.outline(path)
        guard let variable = outline.variables.first(where: { $0.name == name }), outline.shape(of: variable) == shape
        else { return [] }
        let values = try content.values(
            of: ResultPath.path(of: name, in: path), offset: shape.map { _ in 0 }, count: shape)
        return switch values {
        case .double(let numbers): numbers
        case .float(let numbers): numbers.map(Double.init)
        case .int32(let integers): integers.map { $0 == variable.missingCode ? .nan : Double($0) }
        case .int8(let integers): integers.map { Int32($0) == variable.missingCode ? .nan : Double($0) }
        case .string: []
        }
    }

    private func position(of cell: Int) -> [Int] {
        var rest = cell
        var position = shape
        for axis in shape.indices.reversed() where shape[axis] > 0 {
            position[axis] = rest % shape[axis]
            rest /= shape[axis]
        }
        return position
    }
}
