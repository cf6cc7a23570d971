import NumericsCore

/// The part of events tied in time in the discrete conditional likelihood (Cox 1972, eq. 12): the chance that of all subsets of d
/// rows at risk it is the d with the event.
///
/// The sum over subsets runs by recursion over the rows (Gail, Lubin and Rubinstein 1981, Biometrika 68:703). Each r is first
/// multiplied by the c with Σ cr/(1 + cr) = d: then the sums are the probabilities of a number of successes, and none can
/// overflow, however many rows there are.
struct ExactTies {
    /// More products than this in one pass, d·m·p² summed over tied times, are refused.
    static let productLimit = 2e10

    private let rows: CoxRows
    /// For each position, the steps before its entry; empty without delayed entry.
    private let firstStep: [Int]

    init(_ rows: CoxRows) {
        self.rows = rows
        firstStep = rows.firstSteps
    }

    /// The tied time with the most products, when a pass takes more than the limit.
    var refusal: CoxError? {
        let squares = Double((rows.width + 1) * (rows.width + 2) / 2)
        var (sum, largest) = (0.0, 0.0)
        var error: CoxError?
        for stratum in rows.strata {
            for number in stratum.steps {
                let events = rows.steps[number].tiedEnd - rows.steps[number].first
                guard events > 1 else { continue }
                let atRisk = self.atRisk(number, stratum).count
                let products = Double(events) * Double(atRisk) * squares
                sum += products
                guard products > largest else { continue }
                largest = products
                error = .tooManyTies(time: rows.steps[number].time, events: events, atRisk: atRisk)
            }
        }
        return sum > Self.productLimit ? error : nil
    }

    func add(_ work: CoxWorkspace, to value: inout CoxLikelihood.Value) {
        for stratum in rows.strata {
            for number in stratum.steps {
                let step = rows.steps[number]
                guard step.tiedEnd - step.first > 1 else { continue }
                let positions = atRisk(number, stratum)
                // Where everybody has the event there is one subset, and nothing is learnt.
                guard positions.count > step.tiedEnd - step.first else { continue }
                add(step, positions, work, to: &value)
            }
        }
    }

    private func atRisk(_ number: Int, _ stratum: CoxRows.Stratum) -> [Int] {
        let positions = rows.steps[number].first..<stratum.positions.upperBound
        return firstStep.isEmpty ? Array(positions) : positions.filter { firstStep[$0] <= number }
    }

    private func add(
        _ step: CoxRows.Step, _ positions: [Int], _ work: CoxWorkspace, to value: inout CoxLikelihood.Value
    ) {
        let width = rows.width
        let events = step.tiedEnd - step.first
        let risks = positions.map { work.risks[$0] }
        let logTilt = Self.logTilt(risks, events: events)
        let tilt = Elementary.exp(logTilt)
        // Row k holds the probability of k events and, times it, the mean of Σx and the lower triangle of that of Σx·Σxᵀ.
        let stride = 1 + width + width * (width + 1) / 2
        var sums = [Double](repeating: 0, count: (events + 1) * stride)
        sums[0] = 1
        var logOdds = 0.0
        for (place, position) in positions.enumerated() {
            let odds = tilt * risks[place]
            let chance = odds / (1 + odds)
            logOdds += Elementary.log1p(odds)
            let x = (0..<width).map { rows.x[position * rows.blocks + $0 / 4][$0 % 4] }
            let least = max(0, events - (positions.count - 1 - place))
            for k in (least...min(events, place + 1)).reversed() {
                Self.mix(&sums, row: k * stride, stride: stride, chance: chance, x)
            }
        }
        let last = events * stride
        let probability = sums[last]
        value.logLikelihood -= Elementary.log(probability) + logOdds - Double(events) * logTilt
        for position in step.first..<step.tiedEnd { value.logLikelihood += work.predictors[position] }
        var cell = last + 1 + width
        for i in 0..<width {
            let mean = sums[last + 1 + i] / probability
            value.score[i] -= mean
            for position in step.first..<step.tiedEnd {
                value.score[i] += rows.x[position * rows.blocks + i / 4][i % 4]
            }
            for j in 0...i {
                let variance = sums[cell] / probability - mean * (sums[last + 1 + j] / probability)
                value.information[i][j] += variance
                if j < i { value.information[j][i] += variance }
                cell += 1
            }
        }
    }

    /// One row more: it has the event with the given chance, which turns k − 1 events into k.
    @inline(__always)
    private static func mix(_ sums: inout [Double], row: Int, stride: Int, chance: Double, _ x: [Double]) {
        let stay = 1 - chance
        guard row > 0 else {
            for cell in 0..<stride { sums[cell] *= stay }
            return
        }
        let width = x.count
        let before = row - stride
        let zeroth = sums[before]
        var cell = 1 + width
        for i in 0..<width {
            let first = sums[before + 1 + i]
            for j in 0...i {
                let product = sums[before + cell] + x[i] * sums[before + 1 + j] + x[j] * first + x[i] * x[j] * zeroth
                sums[row + cell] = stay * sums[row + cell] + chance * product
                cell += 1
            }
        }
        for i in 0..<width {
            sums[row + 1 + i] = stay * sums[row + 1 + i] + chance * (sums[before + 1 + i] + x[i] * zeroth)
        }
        sums[row] = stay * sums[row] + chance * zeroth
    }

    /// log c with Σ cr/(1 + cr) = d, to the few digits that keep the sums within range, by halving.
    private static func logTilt(_ risks: [Double], events: Int) -> Double {
        func expected(_ logTilt: Double) -> Double {
            let tilt = Elementary.exp(logTilt)
            return risks.reduce(0) { $0 + (tilt * $1 < .infinity ? tilt * $1 / (1 + tilt * $1) : 1) }
        }
        var (low, high) = (-700.0, 700.0)
        for _ in 0..<24 {
            let middle = (low + high) / 2
            if expected(middle) < Double(events) { low = middle } else { high = middle }
        }
        return high
    }
}
