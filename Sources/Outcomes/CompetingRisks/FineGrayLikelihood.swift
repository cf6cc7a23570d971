import NumericsCore

/// The weighted log partial likelihood with its gradient and information, by one pass backwards in time.
///
/// Patients at risk enter one sum as they do in Cox's likelihood. Patients with another cause are in a sum of their own
/// for each censoring stratum, over 1/G(T−), whose common factor G(t−) is put before it at each event time.
struct FineGrayLikelihood {
    struct Value {
        var logLikelihood = 0.0
        var score: [Double]
        /// The negative second derivatives.
        var information: [[Double]]
    }

    let design: CenteredColumns
    let weights: SubdistributionWeights
    let ties: CoxModel.Ties

    var eventCount: Int { weights.eventTimes.reduce(0) { $0 + weights.steps[$1].events.count } }

    /// exp(β·x − largest) of each row, and the largest predictor, so that no exponential overflows.
    func risks(_ beta: [Double]) -> (risk: [Double], largest: Double) {
        var eta = (0..<weights.strata.count).map { design.linearPredictor($0, beta) }
        let largest = eta.max() ?? 0
        for row in eta.indices { eta[row] = Elementary.exp(eta[row] - largest) }
        return (eta, largest)
    }

    func value(at beta: [Double]) -> Value {
        let width = design.width
        var value = Value(
            score: [Double](repeating: 0, count: width),
            information: [[Double]](repeating: [Double](repeating: 0, count: width), count: width))
        let (risk, largest) = risks(beta)
        var atRisk = WeightedMoments(width: width)
        var competing = [WeightedMoments](repeating: WeightedMoments(width: width), count: weights.strataCount)
        for step in weights.steps {
            for row in step.competing {
                competing[weights.strata[row]].add(row, design, risk[row] * weights.reciprocal[row])
            }
        }
        var total = WeightedMoments(width: width)
        var died = WeightedMoments(width: width)
        for step in weights.steps.reversed() {
            for row in step.competing {
                competing[weights.strata[row]].add(row, design, -risk[row] * weights.reciprocal[row])
                atRisk.add(row, design, risk[row])
            }
            for row in step.censored { atRisk.add(row, design, risk[row]) }
            if step.events.isEmpty {
                for row in step.entering { atRisk.add(row, design, -risk[row]) }
                continue
            }
            died.clear()
            for row in step.events {
                died.add(row, design, risk[row])
                value.logLikelihood += design.linearPredictor(row, beta) - largest
                for j in 0..<width { value.score[j] += design.rows[row * width + j] }
            }
            atRisk.add(died, factor: 1)
            for row in step.entering { atRisk.add(row, design, -risk[row]) }
            total.clear()
            total.add(atRisk, factor: 1)
            for code in competing.indices { total.add(competing[code], factor: step.free[code]) }
            for tied in 0..<step.events.count {
                let share = ties == .efron ? Double(tied) / Double(step.events.count) : 0
                total.subtractTerm(died, share: share, from: &value)
            }
        }
        for i in 0..<width { for j in 0..<i { value.information[j][i] = value.information[i][j] } }
        return value
    }
}

/// Σ w, Σ w·x and Σ w·x·xᵀ over a set of patients.
struct WeightedMoments {
    private(set) var zeroth = 0.0
    private(set) var first: [Double]
    /// The lower triangle, row by row.
    private var second: [Double]

    init(width: Int) {
        first = [Double](repeating: 0, count: width)
        second = [Double](repeating: 0, count: width * (width + 1) / 2)
    }

    mutating func clear() {
        zeroth = 0
        for i in first.indices { first[i] = 0 }
        for cell in second.indices { second[cell] = 0 }
    }

    mutating func add(_ row: Int, _ design: CenteredColumns, _ weight: Double) {
        let start = row * first.count
        zeroth += weight
        var cell = 0
        for i in first.indices {
            let wx = weight * design.rows[start + i]
            first[i] += wx
            for j in 0...i {
                second[cell] += wx * design.rows[start + j]
                cell += 1
            }
        }
    }

    mutating func add(_ other: WeightedMoments, factor: Double) {
        zeroth += factor * other.zeroth
        for i in first.indices { first[i] += factor * other.first[i] }
        for cell in second.indices { second[cell] += factor * other.second[cell] }
    }

    /// Adds one event's log(1/S0), mean and variance over the risk set less a share of the events at its time.
    func subtractTerm(_ died: WeightedMoments, share: Double, from value: inout FineGrayLikelihood.Value) {
        let total = zeroth - share * died.zeroth
        value.logLikelihood -= Elementary.log(total)
        var cell = 0
        for i in first.indices {
            let mean = (first[i] - share * died.first[i]) / total
            value.score[i] -= mean
            for j in 0...i {
                let other = (first[j] - share * died.first[j]) / total
                value.information[i][j] += (second[cell] - share * died.second[cell]) / total - mean * other
                cell += 1
            }
        }
    }
}
