import NumericsCore

/// The log partial likelihood with its gradient and information, by one pass backwards in time over each stratum.
struct CoxLikelihood {
    struct Value {
        var logLikelihood = 0.0
        var score: [Double]
        /// The negative second derivatives.
        var information: [[Double]]
    }

    let design: CenteredColumns
    let sweeps: [StratumSweep]
    let ties: CoxModel.Ties

    var eventCount: Int { sweeps.reduce(0) { $0 + $1.steps.reduce(0) { $0 + $1.events.count } } }

    func value(at beta: [Double]) -> Value {
        let width = design.width
        var value = Value(
            score: [Double](repeating: 0, count: width),
            information: [[Double]](repeating: [Double](repeating: 0, count: width), count: width))
        for sweep in sweeps { add(sweep, beta, to: &value) }
        for i in 0..<width { for j in 0..<i { value.information[j][i] = value.information[i][j] } }
        return value
    }

    private func add(_ sweep: StratumSweep, _ beta: [Double], to value: inout Value) {
        // Only ratios within a stratum matter: with the largest predictor at 0, no exponential overflows.
        var largest = -Double.infinity
        for step in sweep.steps {
            for row in step.events { largest = max(largest, design.linearPredictor(row, beta)) }
            for row in step.censored { largest = max(largest, design.linearPredictor(row, beta)) }
        }
        var risk = Moments(width: design.width)
        for step in sweep.steps.reversed() {
            for row in step.censored { risk.add(row, design, design.linearPredictor(row, beta) - largest, sign: 1) }
            var died = Moments(width: design.width)
            for row in step.events {
                let eta = design.linearPredictor(row, beta) - largest
                died.add(row, design, eta, sign: 1)
                value.logLikelihood += eta
                for j in beta.indices { value.score[j] += design.rows[row * beta.count + j] }
            }
            risk.add(died)
            let count = step.events.count
            for tied in 0..<count {
                let share = ties == .efron ? Double(tied) / Double(count) : 0
                risk.subtractTerm(died, share: share, from: &value)
            }
            // Before this time those who enter now are not yet at risk; before the first, nobody is.
            guard step.time != sweep.steps.first?.time else { break }
            for row in step.entered { risk.add(row, design, design.linearPredictor(row, beta) - largest, sign: -1) }
        }
    }
}

/// Σ r, Σ r·x and Σ r·x·xᵀ over a set of patients, with r = exp(β·x).
private struct Moments {
    var zeroth = 0.0
    var first: [Double]
    /// The lower triangle, row by row.
    var second: [Double]

    init(width: Int) {
        first = [Double](repeating: 0, count: width)
        second = [Double](repeating: 0, count: width * (width + 1) / 2)
    }

    mutating func add(_ row: Int, _ design: CenteredColumns, _ eta: Double, sign: Double) {
        let r = sign * Elementary.exp(eta)
        let start = row * first.count
        zeroth += r
        var cell = 0
        for i in first.indices {
            let rx = r * design.rows[start + i]
            first[i] += rx
            for j in 0...i {
                second[cell] += rx * design.rows[start + j]
                cell += 1
            }
        }
    }

    mutating func add(_ other: Moments) {
        zeroth += other.zeroth
        for i in first.indices { first[i] += other.first[i] }
        for cell in second.indices { second[cell] += other.second[cell] }
    }

    /// Adds one event's log(1/S0), mean and variance over the risk set less a share of the events at its time.
    func subtractTerm(_ died: Moments, share: Double, from value: inout CoxLikelihood.Value) {
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
