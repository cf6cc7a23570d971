import NumericsCore

/// The log partial likelihood with its gradient and information, by one pass backwards and one forwards in time.
///
/// With r = w·exp(β·x), h_k the hazard at event time k and H_i the hazard summed over the times at which row i is at risk,
///
/// ```
/// score = Σᵢ (wᵢδᵢ − rᵢHᵢ)·xᵢ        information = Σᵢ rᵢHᵢ·xᵢxᵢᵀ − Σ_k c_k·x̄_k·x̄_kᵀ
/// ```
///
/// so that second moments are summed once for each row and never for each risk set.
struct CoxLikelihood {
    struct Value {
        var logLikelihood = 0.0
        var score: [Double]
        /// The negative second derivatives.
        var information: [[Double]]

        /// False where exponentials have left the range of numbers.
        var isFinite: Bool {
            logLikelihood.isFinite && score.allSatisfy(\.isFinite)
                && information.allSatisfy { $0.allSatisfy(\.isFinite) }
        }
    }

    let rows: CoxRows
    let ties: CoxModel.Ties

    /// Likelihood, score and information at β of the scaled covariates.
    ///
    /// - Parameter factors: a weight for each step, nil for 1: for tests against time-varying effects.
    func value(at beta: [Double], _ work: CoxWorkspace, factors: [Double]? = nil) -> Value {
        let likelihood = rows.x.withUnsafeBufferPointer { x in
            work.predict(rows, x.baseAddress ?? work.noRows, beta)
            return rows.strata.reduce(0) { $0 + add($1, x.baseAddress ?? work.noRows, work, factors) }
        }
        var information = work.total
        information.subtract(work.explained)
        var value = Value(
            logLikelihood: likelihood, score: rows.flat(work.score), information: information.matrix(width: rows.width))
        if ties == .exact { ExactTies(rows).add(work, to: &value) }
        return value
    }

    /// The part of each stratum in the log likelihood.
    func logLikelihoods(at beta: [Double], _ work: CoxWorkspace) -> [Double] {
        rows.x.withUnsafeBufferPointer { x in
            work.predict(rows, x.baseAddress ?? work.noRows, beta)
            return rows.strata.map { add($0, x.baseAddress ?? work.noRows, work, nil) }
        }
    }

    /// log L at given predictors of the positions.
    func logLikelihood(_ predictors: [Double], _ work: CoxWorkspace) -> Double {
        rows.x.withUnsafeBufferPointer { x in
            for position in predictors.indices { work.predictors[position] = predictors[position] }
            work.scale(rows)
            return rows.strata.reduce(0) { $0 + add($1, x.baseAddress ?? work.noRows, work, nil) }
        }
    }

    /// Times at which the sums over subsets differ from Breslow's.
    private func isExact(_ step: CoxRows.Step) -> Bool { ties == .exact && step.tiedEnd - step.first > 1 }

    private func add(
        _ stratum: CoxRows.Stratum, _ x: UnsafePointer<SIMD4<Double>>, _ work: CoxWorkspace, _ factors: [Double]?
    ) -> Double {
        let blocks = rows.blocks
        let (hazards, means) = (work.hazards, work.means)
        var logs = 0.0
        rows.sweep(stratum, x, work.risks, work.space) { number, sums in
            let step = rows.steps[number]
            hazards[number] = .zero
            if isExact(step) { return }
            let events = step.tiedEnd - step.first
            let share = sums.eventWeight / Double(events) * (factors.map { $0[number] } ?? 1)
            let efron = ties == .efron && events > 1
            var hazard = 0.0
            var tied = 0.0
            for rank in 0..<(efron ? events : 1) {
                if work.pending == CoxWorkspace.batch { logs += work.flush() }
                let part = efron ? Double(rank) / Double(events) : 0
                let total = sums.atRisk - part * sums.died
                let weight = efron ? share : share * Double(events)
                let mean = means + work.pending * blocks
                for block in 0..<blocks {
                    mean[block] = (sums.atRiskX[block] - sums.diedX[block] * part) / total
                }
                hazard += weight / total
                tied += (1 - part) * (weight / total)
                work.totals[work.pending] = total
                work.shares[work.pending] = weight
                work.pending += 1
            }
            hazards[number] = SIMD2(hazard, tied)
        }
        logs += work.flush()
        return accumulate(stratum, x, work, factors) - logs
    }

    /// Hazards forwards in time: the rows' part of score and information; the answer is Σ w·η over the events.
    private func accumulate(
        _ stratum: CoxRows.Stratum, _ x: UnsafePointer<SIMD4<Double>>, _ work: CoxWorkspace, _ factors: [Double]?
    ) -> Double {
        let expected = work.expected
        var sum = 0.0
        var predictors = 0.0
        for position in stratum.positions { expected[position] = 0 }
        for number in stratum.steps {
            let step = rows.steps[number]
            for position in step.first..<step.tiedEnd {
                expected[position] = work.risks[position] * (sum + work.hazards[number].y)
            }
            sum += work.hazards[number].x
            for position in step.tiedEnd..<step.end { expected[position] = work.risks[position] * sum }
        }
        sum = 0
        for number in stratum.steps {
            let step = rows.steps[number]
            sum += work.hazards[number].x
            for place in step.entered..<step.enteredEnd {
                let position = rows.entryOrder[place]
                // Who comes and goes between two event times is never compared.
                let left = expected[position] - work.risks[position] * sum
                expected[position] = position < step.end ? 0 : left
            }
        }
        work.total.add(
            x + stratum.positions.lowerBound * rows.blocks, expected + stratum.positions.lowerBound,
            count: stratum.positions.count)
        for position in stratum.positions { expected[position] = -expected[position] }
        for number in stratum.steps {
            let step = rows.steps[number]
            if isExact(step) { continue }
            let factor = factors.map { $0[number] } ?? 1
            for position in step.first..<step.tiedEnd {
                let weight = factor * (rows.weights.isEmpty ? 1 : rows.weights[position])
                expected[position] += weight
                predictors += weight * work.predictors[position]
            }
        }
        addScores(stratum.positions, x, work)
        return predictors
    }

    /// Σ expected·x, in chunks that stay near the processor.
    private func addScores(_ positions: Range<Int>, _ x: UnsafePointer<SIMD4<Double>>, _ work: CoxWorkspace) {
        let blocks = rows.blocks
        var start = positions.lowerBound
        while start < positions.upperBound {
            let end = min(start + CoxWorkspace.batch, positions.upperBound)
            for block in 0..<blocks {
                var sum = work.score[block]
                for position in start..<end { sum += x[position * blocks + block] * work.expected[position] }
                work.score[block] = sum
            }
            start = end
        }
    }
}

/// Room for the sums of one evaluation, taken once for a whole search.
final class CoxWorkspace {
    /// Means of event times that are multiplied together.
    static let batch = 128

    /// β·x less the largest of the stratum: only ratios within a stratum matter, and no exponential overflows.
    let predictors: UnsafeMutablePointer<Double>
    /// weight·exp(predictor) of each position.
    let risks: UnsafeMutablePointer<Double>
    /// After an evaluation: weight·event − expected events, at each position.
    let expected: UnsafeMutablePointer<Double>
    /// For each step the hazard, and the part of it that tied events share.
    let hazards: UnsafeMutablePointer<SIMD2<Double>>
    let score: UnsafeMutablePointer<SIMD4<Double>>
    /// The predictor that was taken off in each stratum.
    private(set) var largest: [Double] = []
    fileprivate let means: UnsafeMutablePointer<SIMD4<Double>>
    let space: UnsafeMutablePointer<SIMD4<Double>>
    fileprivate let totals: UnsafeMutablePointer<Double>
    fileprivate let shares: UnsafeMutablePointer<Double>
    fileprivate var pending = 0
    fileprivate var total: SymmetricSum
    fileprivate var explained: SymmetricSum
    private let blocks: Int

    init(_ rows: CoxRows) {
        blocks = rows.blocks
        func room<Element>(_ count: Int, _ zero: Element) -> UnsafeMutablePointer<Element> {
            let start = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
            start.initialize(repeating: zero, count: max(count, 1))
            return start
        }
        predictors = room(rows.count, 0)
        risks = room(rows.count, 0)
        expected = room(rows.count, 0)
        hazards = room(rows.steps.count, .zero)
        score = room(blocks, .zero)
        means = room(Self.batch * blocks, .zero)
        space = room(2 * blocks, .zero)
        totals = room(Self.batch, 0)
        shares = room(Self.batch, 0)
        total = SymmetricSum(blocks: blocks)
        explained = SymmetricSum(blocks: blocks)
    }

    deinit {
        for pointer in [predictors, risks, expected, totals, shares] { pointer.deallocate() }
        for pointer in [score, means, space] { pointer.deallocate() }
        hazards.deallocate()
    }

    /// A place to point at where there is no row.
    var noRows: UnsafePointer<SIMD4<Double>> { UnsafePointer(space) }

    /// Predictors and risks at β, and all sums at 0.
    func predict(_ rows: CoxRows, _ x: UnsafePointer<SIMD4<Double>>, _ beta: [Double]) {
        CoxRows.blocked(beta).withUnsafeBufferPointer { beta in
            for position in 0..<rows.count {
                var sum = SIMD4<Double>.zero
                for block in 0..<blocks { sum += x[position * blocks + block] * beta[block] }
                predictors[position] = sum.inOrder
            }
        }
        scale(rows)
    }

    /// Risks of the predictors that are set, and all sums at 0.
    func scale(_ rows: CoxRows) {
        for block in 0..<blocks { score[block] = .zero }
        total = SymmetricSum(blocks: blocks)
        explained = SymmetricSum(blocks: blocks)
        largest = rows.strata.map { stratum in
            var largest = -Double.infinity
            for position in stratum.positions { largest = max(largest, predictors[position]) }
            for position in stratum.positions { predictors[position] -= largest }
            return largest
        }
        VectorMath.exp(predictors, into: risks, count: rows.count)
        if !rows.weights.isEmpty { for position in 0..<rows.count { risks[position] *= rows.weights[position] } }
    }

    /// Adds the pending means to their products; the answer is Σ share·log(total) over them.
    fileprivate func flush() -> Double {
        explained.add(UnsafePointer(means), UnsafePointer(shares), count: pending)
        VectorMath.log(totals, into: totals, count: pending)
        var sum = 0.0
        for index in 0..<pending { sum += shares[index] * totals[index] }
        pending = 0
        return sum
    }
}
