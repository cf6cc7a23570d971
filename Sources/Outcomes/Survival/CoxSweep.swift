extension CoxRows {
    /// Sums over the rows at risk and over the events of one time, with r = weight·exp(β·x).
    struct Moments {
        /// Σ r and Σ r·x over the rows at risk.
        var atRisk = 0.0
        let atRiskX: UnsafeMutablePointer<SIMD4<Double>>
        /// Σ r and Σ r·x over the events.
        var died = 0.0
        let diedX: UnsafeMutablePointer<SIMD4<Double>>
        /// Σ weight over the events.
        var eventWeight = 0.0

        /// Both sums of covariates lie in `space`, which holds twice the blocks of a row.
        init(_ space: UnsafeMutablePointer<SIMD4<Double>>, blocks: Int) {
            atRiskX = space
            diedX = space + blocks
            for block in 0..<2 * blocks { space[block] = .zero }
        }
    }

    /// Visits the event times of a stratum from the last to the first.
    ///
    /// - Parameters:
    ///   - risks: r of each position.
    ///   - visit: takes the step's number and the sums.
    @inline(__always)
    func sweep(
        _ stratum: Stratum, _ x: UnsafePointer<SIMD4<Double>>, _ risks: UnsafePointer<Double>,
        _ space: UnsafeMutablePointer<SIMD4<Double>>, visit: (Int, borrowing Moments) -> Void
    ) {
        var sums = Moments(space, blocks: blocks)
        var atRisk = 0
        for number in stratum.steps.reversed() {
            let step = steps[number]
            if atRisk == 0 {
                // Nobody is left at risk: what subtraction has left is rounding.
                sums.atRisk = 0
                for block in 0..<blocks { sums.atRiskX[block] = .zero }
            }
            for position in step.tiedEnd..<step.end { add(position, 1, x, risks, &sums.atRisk, sums.atRiskX) }
            for place in step.entered..<step.enteredEnd {
                add(entryOrder[place], -1, x, risks, &sums.atRisk, sums.atRiskX)
            }
            sums.died = 0
            for block in 0..<blocks { sums.diedX[block] = .zero }
            for position in step.first..<step.tiedEnd { add(position, 1, x, risks, &sums.died, sums.diedX) }
            sums.atRisk += sums.died
            for block in 0..<blocks { sums.atRiskX[block] += sums.diedX[block] }
            if weights.isEmpty {
                sums.eventWeight = Double(step.tiedEnd - step.first)
            } else {
                sums.eventWeight = 0
                for position in step.first..<step.tiedEnd { sums.eventWeight += weights[position] }
            }
            atRisk += step.end - step.first - (step.enteredEnd - step.entered)
            visit(number, sums)
        }
    }

    @inline(__always)
    private func add(
        _ position: Int, _ sign: Double, _ x: UnsafePointer<SIMD4<Double>>, _ risks: UnsafePointer<Double>,
        _ sum: inout Double, _ sums: UnsafeMutablePointer<SIMD4<Double>>
    ) {
        let r = sign * risks[position]
        sum += r
        let row = x + position * blocks
        for block in 0..<blocks { sums[block] += row[block] * r }
    }
}
