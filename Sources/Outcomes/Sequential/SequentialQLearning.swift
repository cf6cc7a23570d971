import NumericsCore

/// Q-learning on the data of a two-stage SMART, with linear models.
///
/// Stage two: in every cell of first option and response with more than one option, `Q₂ = β₀ + β·x₂` for each option among
/// the patients who had it. Its best value is the pseudo-outcome of the patients of the cell; where nothing is chosen
/// it is the outcome itself. Stage one: `Q₁ = α₀ + α·x₁` for each first option, fitted to the pseudo-outcomes. The
/// regime takes the best option at each stage; the first of equals.
///
/// Source: Murphy, J Mach Learn Res 2005;6:1073; Nahum-Shani et al., Psychol Methods 2012;17:478.
public struct SequentialQLearning: Sendable {
    /// `first[option]`: intercept and coefficients of the stage-one model.
    public let first: [[Double]]
    /// `second[first option][0 for others, 1 for responders][option]`: intercept and coefficients; empty where the cell
    /// has one option only.
    public let second: [[[[Double]]]]
    /// Whether a higher outcome is better.
    public let isHigherBetter: Bool

    /// Learns.
    ///
    /// - Parameters:
    ///   - baseline: columns of one number for each patient, known before the first stage.
    ///   - interim: columns known when the second stage begins.
    ///   - options: `options[first option]`: how many second-stage options others and responders have.
    /// - Throws: ``InvalidInput`` for columns that do not fit, ``FitError`` where a cell has too few patients for its
    ///   columns, or they follow from each other.
    public init(
        _ data: SequentialTrialData, baseline: [CovariateColumn], interim: [CovariateColumn],
        options: [(others: Int, responders: Int)], isHigherBetter: Bool = true
    ) throws {
        self.isHigherBetter = isHigherBetter
        var pseudo = data.outcome
        var second: [[[[Double]]]] = []
        for (first, count) in options.enumerated() {
            var cells: [[[Double]]] = []
            for (responded, options) in [(false, count.others), (true, count.responders)] {
                let cell = (0..<data.count).filter { data.first[$0] == first && data.responded[$0] == responded }
                guard options > 1 else {
                    cells.append([])
                    continue
                }
                let models = try (0..<options).map { option in
                    try Self.fit(data.outcome, interim, cell.filter { data.second[$0] == option })
                }
                for patient in cell {
                    let values = models.map { Self.value($0, interim.map { $0.values[patient] }) }
                    pseudo[patient] = (isHigherBetter ? values.max() : values.min()) ?? pseudo[patient]
                }
                cells.append(models)
            }
            second.append(cells)
        }
        self.second = second
        let outcomes = pseudo
        first = try options.indices.map { first in
            try Self.fit(outcomes, baseline, (0..<data.count).filter { data.first[$0] == first })
        }
    }

    /// The best first option of a patient.
    public func firstOption(_ baseline: [Double]) -> Int { best(first.map { Self.value($0, baseline) }) }

    /// The best second option of a patient; 0 where there is one only.
    public func secondOption(first: Int, responded: Bool, _ interim: [Double]) -> Int {
        best(second[first][responded ? 1 : 0].map { Self.value($0, interim) })
    }

    private func best(_ values: [Double]) -> Int {
        var best = 0
        for index in values.indices.dropFirst()
        where isHigherBetter ? values[index] > values[best] : values[index] < values[best] { best = index }
        return best
    }

    private static func fit(_ outcome: [Double], _ columns: [CovariateColumn], _ rows: [Int]) throws -> [Double] {
        try LinearRegression(
            rows.map { outcome[$0] },
            covariates: columns.map { column in CovariateColumn(column.name, rows.map { column.values[$0] }) }
        ).coefficients.map(\.estimate)
    }

    private static func value(_ model: [Double], _ row: [Double]) -> Double {
        zip(model.dropFirst(), row).reduce(model[0]) { $0 + $1.0 * $1.1 }
    }
}
