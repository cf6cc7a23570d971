/// Who was at risk, had an event of each cause and was censored at each distinct time, with the curves and the errors that
/// one pass over it gives.
struct CauseTable {
    private(set) var times: [Double] = []
    private(set) var atRisk: [Int] = []
    /// By cause, then by time.
    private(set) var events: [[Int]]
    private(set) var censored: [Int] = []
    let survival: [Double]
    private let steps: [StratumSweep.Step]

    init(_ data: CompetingRisksData) {
        steps = StratumSweep(data.anyCause, rows: data.anyCause.order).steps
        events = [[Int]](repeating: [Int](repeating: 0, count: steps.count), count: data.causeCount)
        var atRisk = 0
        var all: [Int] = []
        for (index, step) in steps.enumerated() {
            atRisk += step.entered.count
            times.append(step.time)
            self.atRisk.append(atRisk)
            all.append(step.events.count)
            censored.append(step.censored.count)
            for row in step.events { events[data.causes[row] - 1][index] += 1 }
            atRisk -= step.events.count + step.censored.count
        }
        survival = ProductLimit.curve(atRisk: self.atRisk, events: all)
    }

    func incidence(of cause: Int) -> [Double] {
        var sum = 0.0
        return times.indices.map { index in
            let before = index == 0 ? 1 : survival[index - 1]
            sum += before * Double(events[cause][index]) / Double(atRisk[index])
            return min(1, sum)
        }
    }

    /// Aalen's variance by sums that do not depend on t: F(t) comes out of each square.
    func aalenErrors(cause: Int, incidence: [Double]) -> [Double] {
        var free = 0.0
        var linear = 0.0
        var square = 0.0
        return times.indices.map { index in
            let n = Double(atRisk[index])
            let d = Double(steps[index].events.count)
            let own = Double(events[cause][index])
            let f = incidence[index]
            if d > 0 {
                let before = index == 0 ? 1 : survival[index - 1]
                // Where S falls to 0, F stays where it is and the factor of F(t) − F does not matter.
                let ratio = survival[index] > 0 ? before / survival[index] : 0
                let ownSpread = Self.spread(own, atRisk: n)
                let otherSpread = Self.spread(d - own, atRisk: n)
                let shift = before + f * ratio
                free += shift * shift * ownSpread + f * ratio * f * ratio * otherSpread
                linear += ratio * (shift * ownSpread + f * ratio * otherSpread)
                square += ratio * ratio * (ownSpread + otherSpread)
            }
            return max(0, free - 2 * f * linear + f * f * square).squareRoot()
        }
    }

    /// The variance of d/n: d/n², less for ties.
    private static func spread(_ d: Double, atRisk n: Double) -> Double {
        d / (n * n) * (d > 1 ? (n - d) / (n - 1) : 1)
    }

    /// √Σᵢ (Dᵢ − F·Bᵢ)² with Dᵢ = Σ (S⁻·e_kᵢ + F·eᵢ/(1 − h)) and Bᵢ = Σ eᵢ/(1 − h), e = (dNᵢ − Yᵢ·d/n)/n.
    ///
    /// All patients at risk gain the same at each time, so sums over the risk set follow from two running numbers; a
    /// patient's own D and B are needed only when follow-up ends.
    func jackknifeErrors(_ data: CompetingRisksData, cause: Int, incidence: [Double]) -> [Double] {
        let delayed = data.entries != nil
        var entryD = [Double](repeating: 0, count: delayed ? data.count : 0)
        var entryB = entryD
        var risk = InfluenceSums()
        var gone = InfluenceSums()
        var common = (d: 0.0, b: 0.0)
        return steps.indices.map { index in
            let step = steps[index]
            for row in step.entered {
                if delayed { (entryD[row], entryB[row]) = common }
                risk.add(common.d, common.b, sign: 1)
            }
            let n = Double(atRisk[index])
            let hazard = Double(step.events.count) / n
            let before = index == 0 ? 1 : survival[index - 1]
            let f = incidence[index]
            let factor = hazard < 1 ? 1 / (n * (1 - hazard)) : 0
            common.d -= before * Double(events[cause][index]) / (n * n) + f * hazard * factor
            common.b -= hazard * factor
            func leave(_ row: Int, gainD: Double, gainB: Double) {
                let (d, b) = delayed ? (entryD[row], entryB[row]) : (0, 0)
                risk.add(d, b, sign: -1)
                gone.add(common.d - d + gainD, common.b - b + gainB, sign: 1)
            }
            for row in step.events {
                let own = data.causes[row] == cause + 1 ? before / n : 0
                leave(row, gainD: own + f * factor, gainB: factor)
            }
            for row in step.censored { leave(row, gainD: 0, gainB: 0) }
            let here = risk.shifted(by: common.d, common.b)
            let dd = gone.dd + here.dd
            let db = gone.db + here.db
            let bb = gone.bb + here.bb
            return max(0, dd - 2 * f * db + f * f * bb).squareRoot()
        }
    }
}

/// Sums over patients of two numbers and their products.
private struct InfluenceSums {
    var count = 0.0
    var d = 0.0
    var b = 0.0
    var dd = 0.0
    var db = 0.0
    var bb = 0.0

    mutating func add(_ d: Double, _ b: Double, sign: Double) {
        count += sign
        self.d += sign * d
        self.b += sign * b
        dd += sign * d * d
        db += sign * d * b
        bb += sign * b * b
    }

    /// The sums of the products of `x − d` and `y − b`.
    func shifted(by x: Double, _ y: Double) -> InfluenceSums {
        InfluenceSums(
            count: count, d: count * x - d, b: count * y - b, dd: count * x * x - 2 * x * d + dd,
            db: count * x * y - x * b - y * d + db, bb: count * y * y - 2 * y * b + bb)
    }
}
