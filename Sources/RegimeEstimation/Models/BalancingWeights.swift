import Evaluation
import NumericsCore
import Outcomes

/// Weights that make the treated and the untreated alike in what the treatment model holds.
///
/// Source: Wallace and Moodie 2015, Biometrics 71:636 (binary); Schulz and Moodie 2021, J Am Stat Assoc 116:256 (doses);
/// Li and Li 2019, Ann Appl Stat 13:2389 (overlap weights of several actions).
enum BalancingWeights {
    static func weights(
        _ kind: RegimeRequest.Weight, _ stage: StageData, _ fit: TreatmentFit, frequency: [Double]
    ) throws -> [Double] {
        switch kind {
        case .none: return [Double](repeating: 1, count: stage.count)
        case .ipw: return inverse(stage, fit)
        case .cipw:
            let weights = inverse(stage, fit)
            let cap = quantile(weights, frequency, 0.99)
            return weights.map { min($0, cap) }
        case .overlap:
            if stage.levels.count == 2 {
                return (0..<stage.count).map { row in
                    stage.isOpen(row) ? fit.probabilities[row * 2 + 1 - stage.actions[row]] : 0
                }
            }
            let ordinal = try OrdinalChoice(stage, frequency: frequency)
            return (0..<stage.count).map { ordinal.inverse($0) / ordinal.inverseSum($0) }
        case .qpom:
            guard stage.levels.count != 2 else {
                throw EvaluationErrors(
                    "found 'qpom' with two actions, allowed: overlap, ipw, cipw, none", at: "weight")
            }
            let ordinal = try OrdinalChoice(stage, frequency: frequency)
            return (0..<stage.count).map { ordinal.inverse($0) / Double(ordinal.levels) }
        }
    }

    private static func inverse(_ stage: StageData, _ fit: TreatmentFit) -> [Double] {
        let levels = stage.levels.count
        return (0..<stage.count).map { row in
            guard stage.isDose else {
                // Who was given what is not allowed says nothing about what is.
                let p = fit.probabilities[row * levels + stage.actions[row]]
                return p > 0 ? 1 / p : 0
            }
            let (dose, mean) = (stage.doses[row], fit.means[row])
            if stage.hasGammaDoses {
                let shape = 1 / fit.dispersion
                let scale = mean * fit.dispersion
                let log =
                    (shape - 1) * Elementary.log(dose) - dose / scale - shape * Elementary.log(scale)
                    - Elementary.lgamma(shape)
                return Elementary.exp(-log)
            }
            let z = (dose - mean) * (dose - mean) / (2 * fit.dispersion)
            return Elementary.exp(z) * (2 * Double.pi * fit.dispersion).squareRoot()
        }
    }

    /// R's quantile of type 7 of values that count several times.
    static func quantile(_ values: [Double], _ frequency: [Double], _ p: Double) -> Double {
        let order = values.indices.filter { frequency[$0] > 0 }.sorted { (values[$0], $0) < (values[$1], $1) }
        let total = frequency.reduce(0, +)
        let place = (total - 1) * p
        func at(_ rank: Double) -> Double {
            var passed = 0.0
            for index in order {
                passed += frequency[index]
                if rank < passed { return values[index] }
            }
            return order.last.map { values[$0] } ?? 0
        }
        let low = place.rounded(.down)
        return at(low) + (place - low) * (at(low + 1) - at(low))
    }
}

/// A proportional odds model of the action, or of the bin of the dose.
private struct OrdinalChoice {
    let levels: Int
    private let codes: [Int]
    /// Row-major by level.
    private let probabilities: [Double]

    init(_ stage: StageData, frequency: [Double]) throws {
        let rows = frequency.indices.flatMap { row in [Int](repeating: row, count: Int(frequency[row].rounded())) }
        let levels = stage.isDose ? stage.bins : stage.levels.count
        let codes = stage.isDose ? Self.bins(stage.doses, rows, levels) : stage.actions
        let design = stage.propensity
        let columns = (1..<max(1, design.width)).map { j in
            CovariateColumn(design.names[j], rows.map { design.values[$0 * design.width + j] })
        }
        let model = try ProportionalOdds(
            Grouping(codes: rows.map { codes[$0] }, labels: (0..<levels).map(String.init)), covariates: columns)
        let beta = [0] + model.coefficients.map(\.estimate)
        let zeta = model.thresholds.map(\.estimate)
        var p = [Double](repeating: 0, count: stage.count * levels)
        for row in 0..<stage.count {
            let eta = design.predictor(row, beta[...])
            var below = 0.0
            for level in 0..<levels {
                let upTo = level < zeta.count ? LogisticFit.expit(zeta[level] - eta) : 1
                p[row * levels + level] = upTo - below
                below = upTo
            }
        }
        self.levels = levels
        self.codes = codes
        probabilities = p
    }

    func inverse(_ row: Int) -> Double { 1 / probabilities[row * levels + codes[row]] }

    func inverseSum(_ row: Int) -> Double {
        (0..<levels).reduce(0) { $0 + 1 / probabilities[row * levels + $1] }
    }

    /// Bins of as equal numbers as there can be, the larger ones first; ties by their order, as dplyr's `ntile`.
    private static func bins(_ doses: [Double], _ rows: [Int], _ count: Int) -> [Int] {
        var codes = [Int](repeating: 0, count: doses.count)
        let sorted = rows.sorted { (doses[$0], $0) < (doses[$1], $1) }
        let (size, larger) = (sorted.count / count, sorted.count % count)
        for (rank, row) in sorted.enumerated() {
            let inLarger = larger * (size + 1)
            codes[row] = rank < inLarger ? rank / (size + 1) : larger + (rank - inLarger) / max(1, size)
        }
        return codes
    }
}
