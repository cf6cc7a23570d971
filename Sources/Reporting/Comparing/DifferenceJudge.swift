import Foundation
import ResultsStore

/// Finds the error of each number that differs and says what becomes of the difference.
struct DifferenceJudge<First: ResultContent, Second: ResultContent> {
    private let file: First
    private let baseline: Second
    private let within: Double?
    private let outline: ResultGroupOutline
    private let otherOutline: ResultGroupOutline

    init(file: First, baseline: Second, within: Double?) throws {
        self.file = file
        self.baseline = baseline
        self.within = within
        outline = try file.outline("/")
        otherOutline = try baseline.outline("/")
    }

    /// Dimensions along which single patients or runs stand.
    private static var chanceDimensions: Set<String> { ["patient", "enrolled", "replicate"] }

    /// Whether the dimension or variable at a path is over patients or replicates, in the file that has it.
    func isChance(_ path: String) -> Bool {
        let (parent, name) = ResultPath.split(path)
        if Self.chanceDimensions.contains(name) { return true }
        return [outline, otherOutline].contains { root in
            group(parent, in: root)?.variables.first { $0.name == name }.map(isChance) ?? false
        }
    }

    func difference(_ found: VariableDifference) throws -> Comparison.Difference {
        let (parent, name) = ResultPath.split(found.path)
        let group = group(parent, in: outline)
        let variable = group?.variables.first { $0.name == name }
        var difference = Comparison.Difference(
            path: found.path, verdict: .drift, mismatch: found.mismatch, cells: found.cellCount,
            differing: found.differingCount, largestAbsolute: found.largestAbsolute,
            largestRelative: found.largestRelative, place: [])
        var position = found.firstDifference ?? []
        if found.mismatch == nil, let group, let variable, !isChance(variable),
            let error = errorName(of: variable, in: group)
        {
            let worst = try ErrorDistance(
                file: file, baseline: baseline, group: group, path: parent, name: name, error: error
            ).worst
            difference.largestInErrors = worst.distance
            difference.inOneOnly = worst.inOneOnly
            difference.largestAbsolute = worst.absolute
            if worst.distance > 0 { position = worst.position }
        }
        let isDimension = group?.dimensions.contains { $0.name == name } ?? false
        let axes = isDimension ? [name] : variable?.dimensions ?? []
        difference.place = zip(axes, position).map { axis, index in
            label(of: group?.dimensions.first { $0.name == axis }, at: index)
        }
        difference.verdict = verdict(on: difference, variable, group, isDimension: isDimension)
        return difference
    }

    private func verdict(
        on difference: Comparison.Difference, _ variable: ResultVariableOutline?, _ group: ResultGroupOutline?,
        isDimension: Bool
    ) -> Comparison.Verdict {
        guard let within else { return .drift }
        if isChance(difference.path) { return .ignored }
        if difference.mismatch != nil || isDimension { return .drift }
        if let errors = difference.largestInErrors {
            return errors <= within && difference.inOneOnly == 0 ? .within : .drift
        }
        guard let variable, let group else { return .drift }
        if follows(variable, in: group) { return .follows }
        return variable.elementType == .string ? .drift : .unjudged
    }

    private func isChance(_ variable: ResultVariableOutline) -> Bool {
        !Self.chanceDimensions.isDisjoint(with: variable.dimensions)
    }

    /// The variable that holds the error of a number, over the same dimensions.
    private func errorName(of variable: ResultVariableOutline, in group: ResultGroupOutline) -> String? {
        guard variable.elementType != .string else { return nil }
        return ["\(variable.name)_standard_error", "\(variable.name)_mc_error"].first { name in
            group.variables.contains { $0.name == name && $0.dimensions == variable.dimensions }
        }
    }

    /// Whether a variable is named after a number of its group that has an error.
    private func follows(_ variable: ResultVariableOutline, in group: ResultGroupOutline) -> Bool {
        group.variables.contains { number in
            variable.name.hasPrefix(number.name + "_") && errorName(of: number, in: group) != nil
        }
    }

    private func group(_ path: String, in root: ResultGroupOutline) -> ResultGroupOutline? {
        ResultPath.components(path).reduce(Optional(root)) { group, name in
            group?.groups.first { $0.name == name }
        }
    }

    /// The label or number at a position of a dimension, or the position.
    private func label(of dimension: ResultDimension?, at index: Int) -> String {
        switch dimension?.coordinates?.values.slice(index..<index + 1) {
        case .string(let texts): texts.first ?? "\(index)"
        case .double(let numbers): numbers.first.map(Rounding.plain) ?? "\(index)"
        case .int32(let integers): integers.first.map { "\($0)" } ?? "\(index)"
        default: "\(index)"
        }
    }
}

/// How far two variables are apart in combined standard errors.
struct ErrorDistance<First: ResultContent, Second: ResultContent> {
    let file: First
    let baseline: Second
    let group: ResultGroupOutline
    let path: String
    let name: String
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

    /// The cells of a variable of the group as numbers; none if it has no such variable.
    private func cells(_ name: String, in content: some ResultContent) throws -> [Double] {
        guard let variable = group.variables.first(where: { $0.name == name }) else { return [] }
        let shape = group.shape(of: variable)
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
        let shape = group.variables.first { $0.name == name }.map { group.shape(of: $0) } ?? []
        var rest = cell
        var position = shape
        for axis in shape.indices.reversed() where shape[axis] > 0 {
            position[axis] = rest % shape[axis]
            rest /= shape[axis]
        }
        return position
    }
}
