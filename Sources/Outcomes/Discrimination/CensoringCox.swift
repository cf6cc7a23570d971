import NumericsCore

/// A Cox model of being censored, with what the influence of its estimation needs.
struct CensoringCox: Sendable {
    /// All patients, with Λ of one with average covariates.
    let group: CensoringGroup
    /// exp(γ·(x − x̄)) by position.
    let relativeRisks: [Double]

    /// x − x̄ by position, row-major.
    private let covariates: [Double]
    /// The inverse information.
    private let covariance: [[Double]]
    /// By censoring time: S⁰, the sum of relative risks under observation, and E, their mean covariates (row-major).
    private let totals: [Double]
    private let means: [Double]

    init(_ data: SurvivalData, _ columns: [CovariateColumn]) throws {
        let leaving = try SurvivalData(times: data.times, events: data.events.map { !$0 })
        let model = try CoxModel(leaving, covariates: columns)
        let centres = columns.map { column in
            column.values.reduce(0) { $0 + $1 / Double(data.count) }
        }
        var covariates: [Double] = []
        covariates.reserveCapacity(data.count * columns.count)
        var risks: [Double] = []
        for row in data.order {
            var predictor = 0.0
            for (index, column) in columns.enumerated() {
                covariates.append(column.values[row] - centres[index])
                predictor += model.coefficients[index].estimate * (column.values[row] - centres[index])
            }
            risks.append(Elementary.exp(predictor))
        }
        group = CensoringGroup(TimeOrder(data), hazard: model.baselines.first?.hazardAtMeans)
        relativeRisks = risks
        self.covariates = covariates
        covariance = model.covariance
        (totals, means) = Self.riskSets(group, risks, covariates, width: columns.count)
    }

    private var width: Int { covariance.count }

    private static func riskSets(
        _ group: CensoringGroup, _ risks: [Double], _ covariates: [Double], width: Int
    ) -> (totals: [Double], means: [Double]) {
        var totals = [Double](repeating: 0, count: group.times.count)
        var means = [Double](repeating: 0, count: group.times.count * width)
        var total = 0.0
        var first = [Double](repeating: 0, count: width)
        var next = risks.count
        for index in group.times.indices.reversed() {
            while next > Int(group.firstAt[index]) {
                next -= 1
                total += risks[next]
                for j in 0..<width { first[j] += risks[next] * covariates[next * width + j] }
            }
            totals[index] = total
            for j in 0..<width { means[index * width + j] = first[j] / total }
        }
        return (totals, means)
    }

    /// As ``CensoringWeights/addInfluence(to:through:atOwnTime:_:)``, with the affected parts summed by censoring time.
    func addInfluence(
        to influences: inout [Double], _ reached: Int, atOwnTime: Bool, _ workspace: CensoringWorkspace
    ) {
        let drift = cumulativeMeans()
        let direction = gradient(influences, drift, reached, atOwnTime)
        var compensators = [0.0]
        for index in group.times.indices {
            let affected = index < reached ? workspace.jumps[index] : 0
            compensators.append(compensators[index] + affected * increment(index) / totals[index])
        }
        for position in influences.indices {
            let passed = Int(group.passed[position])
            let risk = relativeRisks[position]
            var change = -risk * compensators[passed]
            if group.isCensored[position], passed <= reached {
                change += workspace.jumps[passed - 1] / totals[passed - 1]
            }
            let hazard = passed == 0 ? 0 : group.curve[passed - 1]
            for j in 0..<width {
                let own = covariates[position * width + j]
                var score = -risk * (own * hazard - drift[passed * width + j])
                if group.isCensored[position] { score += own - means[(passed - 1) * width + j] }
                change += direction[j] * score
            }
            influences[position] += change
        }
    }

    private func increment(_ index: Int) -> Double { group.curve[index] - (index == 0 ? 0 : group.curve[index - 1]) }

    /// ∫ E(u)dΛ₀(u) up to each censoring time, after an element for none.
    private func cumulativeMeans() -> [Double] {
        var sums = [Double](repeating: 0, count: (group.times.count + 1) * width)
        for index in group.times.indices {
            for j in 0..<width {
                sums[(index + 1) * width + j] = sums[index * width + j] + means[index * width + j] * increment(index)
            }
        }
        return sums
    }

    /// Σ aᵢ·rᵢ·(xᵢ·Λ₀(τᵢ) − ∫₀^τᵢ E dΛ₀), times the inverse information.
    private func gradient(_ parts: [Double], _ drift: [Double], _ reached: Int, _ atOwnTime: Bool) -> [Double] {
        var sum = [Double](repeating: 0, count: width)
        for position in parts.indices where parts[position] != 0 {
            var passed = Int(group.passed[position])
            if passed <= reached, passed > 0, group.isOwnTime[position], !atOwnTime { passed -= 1 }
            passed = min(passed, reached)
            let hazard = passed == 0 ? 0 : group.curve[passed - 1]
            let weight = parts[position] * relativeRisks[position]
            for j in 0..<width {
                sum[j] += weight * (covariates[position * width + j] * hazard - drift[passed * width + j])
            }
        }
        return covariance.map { row in zip(row, sum).reduce(0) { $0 + $1.0 * $1.1 } }
    }
}
