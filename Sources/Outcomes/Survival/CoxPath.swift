/// The hazard of a fitted model at each event time with the covariates of those it falls on: what residuals and the errors of
/// curves are made of. O(n·p).
struct CoxPath {
    /// Σ c/T for each step, over the terms of its tied events.
    var hazard: [Double]
    /// The part of it that an event of the step itself is exposed to.
    var tiedHazard: [Double]
    /// Σ c/T².
    var variance: [Double]
    /// Σ c/T·x̄, `blocks` for each step.
    var hazardMeans: [SIMD4<Double>]
    /// The same with the exposure of an event of the step.
    var tiedHazardMeans: [SIMD4<Double>]
    /// x̄, averaged over the terms.
    var means: [SIMD4<Double>]

    /// - Parameter work: room; holds predictors and risks at the fit afterwards.
    init(_ fit: CoxFit, _ work: CoxWorkspace) {
        let rows = fit.rows
        let blocks = rows.blocks
        hazard = [Double](repeating: 0, count: rows.steps.count)
        tiedHazard = hazard
        variance = hazard
        hazardMeans = [SIMD4<Double>](repeating: .zero, count: rows.steps.count * blocks)
        tiedHazardMeans = hazardMeans
        means = hazardMeans
        rows.x.withUnsafeBufferPointer { buffer in
            let x = buffer.baseAddress ?? work.noRows
            work.predict(rows, x, fit.beta)
            for stratum in rows.strata {
                rows.sweep(stratum, x, work.risks, work.space) { number, sums in
                    add(number, sums, events: rows.steps[number].tiedEnd - rows.steps[number].first, fit)
                }
            }
        }
    }

    private mutating func add(_ number: Int, _ sums: borrowing CoxRows.Moments, events: Int, _ fit: CoxFit) {
        let blocks = fit.rows.blocks
        let efron = fit.hazardTies == .efron && events > 1
        let terms = efron ? events : 1
        for rank in 0..<terms {
            let part = efron ? Double(rank) / Double(events) : 0
            let total = sums.atRisk - part * sums.died
            let increment = sums.eventWeight / Double(terms) / total
            hazard[number] += increment
            tiedHazard[number] += (1 - part) * increment
            variance[number] += increment / total
            for block in 0..<blocks {
                let mean = (sums.atRiskX[block] - sums.diedX[block] * part) / total
                let cell = number * blocks + block
                hazardMeans[cell] += mean * increment
                tiedHazardMeans[cell] += mean * ((1 - part) * increment)
                means[cell] += mean / Double(terms)
            }
        }
    }

    /// Calls `body` for each position with its expected events per unit of risk, H, and Σ c/T·x̄ over the same times, and the step
    /// of its event.
    private func forEachRow(
        _ rows: CoxRows, _ body: (_ position: Int, _ hazard: Double, _ means: [SIMD4<Double>], _ event: Int?) -> Void
    ) {
        let blocks = rows.blocks
        let from = rows.firstSteps
        var mean = [SIMD4<Double>](repeating: .zero, count: blocks)
        for stratum in rows.strata {
            let sums = cumulated(stratum, blocks)
            let base = stratum.steps.lowerBound
            let firstEvent = stratum.steps.first.map { rows.steps[$0].first } ?? stratum.positions.upperBound
            for block in 0..<blocks { mean[block] = .zero }
            for position in stratum.positions.lowerBound..<firstEvent { body(position, 0, mean, nil) }
            for number in stratum.steps {
                let step = rows.steps[number]
                for position in step.first..<step.end {
                    let isEvent = position < step.tiedEnd
                    let end = (isEvent ? number : number + 1) - base
                    let start = from.isEmpty ? 0 : min(max(from[position] - base, 0), end)
                    var hazard = sums.hazard[end] - sums.hazard[start]
                    if isEvent { hazard += tiedHazard[number] }
                    for block in 0..<blocks {
                        mean[block] = sums.means[end * blocks + block] - sums.means[start * blocks + block]
                        if isEvent { mean[block] += tiedHazardMeans[number * blocks + block] }
                    }
                    body(position, hazard, mean, isEvent ? number : nil)
                }
            }
        }
    }

    /// Sums before each step of a stratum and after the last.
    private func cumulated(_ stratum: CoxRows.Stratum, _ blocks: Int) -> (hazard: [Double], means: [SIMD4<Double>]) {
        var hazards = [0.0]
        var sums = [SIMD4<Double>](repeating: .zero, count: blocks)
        hazards.reserveCapacity(stratum.steps.count + 1)
        sums.reserveCapacity((stratum.steps.count + 1) * blocks)
        for number in stratum.steps {
            hazards.append(hazards[hazards.count - 1] + hazard[number])
            for block in 0..<blocks { sums.append(sums[sums.count - blocks] + hazardMeans[number * blocks + block]) }
        }
        return (hazards, sums)
    }

    /// The score residuals of the positions, not weighted, `blocks` for each.
    func scoreResiduals(_ fit: CoxFit, _ work: CoxWorkspace) -> [SIMD4<Double>] {
        let rows = fit.rows
        let blocks = rows.blocks
        var scores = [SIMD4<Double>](repeating: .zero, count: rows.count * blocks)
        forEachRow(rows) { position, hazard, mean, event in
            let risk = rows.risk(position, work)
            for block in 0..<blocks {
                let x = rows.x[position * blocks + block]
                var score = (mean[block] - x * hazard) * risk
                if let event { score += x - means[event * blocks + block] }
                scores[position * blocks + block] = score
            }
        }
        return scores
    }

    /// The events that the model expects at each position.
    func expectedEvents(_ fit: CoxFit, _ work: CoxWorkspace) -> [Double] {
        var expected = [Double](repeating: 0, count: fit.rows.count)
        forEachRow(fit.rows) { position, hazard, _, _ in expected[position] = fit.rows.risk(position, work) * hazard }
        return expected
    }
}

extension CoxRows {
    /// For each position the first step that comes after its entry; empty without delayed entry.
    var firstSteps: [Int] {
        guard !entryOrder.isEmpty else { return [] }
        var first = [Int](repeating: 0, count: count)
        for number in steps.indices {
            for place in steps[number].entered..<steps[number].enteredEnd { first[entryOrder[place]] = number + 1 }
        }
        return first
    }

    /// exp(β·x) without the case weight, less the stratum's largest predictor.
    func risk(_ position: Int, _ work: CoxWorkspace) -> Double {
        weights.isEmpty ? work.risks[position] : work.risks[position] / weights[position]
    }
}
