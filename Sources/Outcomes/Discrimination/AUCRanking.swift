/// Patients ranked once by score, from which AUC at each time and each patient's influence on it are found in O(n).
struct AUCRanking: Sendable {
    /// Cases, controls and AUC at one time.
    struct Pairs {
        let cases: Int
        let controls: Int
        let auc: Estimated<Double>
    }

    /// Arrays used anew at each time.
    struct Workspace {
        /// The weight of each patient as a case and as a control, by ascending score.
        fileprivate(set) var caseWeights: [Double]
        fileprivate(set) var controlWeights: [Double]
        /// Each patient's influence on AUC, by position of the time order; they sum to 0.
        fileprivate(set) var influences: [Double]
        var censoring = CensoringWorkspace()

        init(count: Int) {
            caseWeights = [Double](repeating: 0, count: count)
            controlWeights = caseWeights
            influences = caseWeights
        }
    }

    let data: SurvivalData
    let order: TimeOrder
    let ranking: ScoreRanking
    let censoring: CensoringWeights
    let cases: TimeDependentAUC.CaseSet
    let weights: TimeDependentAUC.CaseWeight
    /// By ascending score: 1/G of the patients who are cases from their event on, 0 of others.
    private let eventWeights: [Double]
    /// The same of those who are controls from an event of another cause on; empty when nobody is.
    private let otherWeights: [Double]
    /// How many cases, and how many controls by another cause, are before each position.
    private let casesBefore: [Int32]
    private let othersBefore: [Int32]

    var count: Int { data.count }

    /// - Parameters:
    ///   - isCase: who has the event that is predicted, by row; nil for everyone with an event.
    ///   - othersAreControls: whether patients with an event that is not predicted are controls after it.
    init(
        _ data: SurvivalData, risk: [Double], cases: TimeDependentAUC.CaseSet, weights: TimeDependentAUC.CaseWeight,
        censoring: CensoringWeights?, isCase: [Bool]? = nil, othersAreControls: Bool = false
    ) {
        let order = TimeOrder(data)
        let censoring = censoring ?? CensoringWeights(marginal: data, order)
        let ranking = ScoreRanking(data, risk: risk)
        let g = weights == .beforeEvent ? censoring.beforeInTime : censoring.atInTime
        var own = [Double](repeating: 0, count: data.count)
        var others = othersAreControls ? own : []
        var casesBefore = [Int32](repeating: 0, count: data.count + 1)
        var othersBefore = othersAreControls ? casesBefore : []
        for (position, row) in data.order.enumerated() {
            let isOwn = order.isEvent[position] && isCase?[row] ?? true
            own[position] = isOwn ? 1 / g[position] : 0
            casesBefore[position + 1] = casesBefore[position] + (isOwn ? 1 : 0)
            guard othersAreControls else { continue }
            let isOther = order.isEvent[position] && !isOwn
            others[position] = isOther ? 1 / g[position] : 0
            othersBefore[position + 1] = othersBefore[position] + (isOther ? 1 : 0)
        }
        eventWeights = ranking.positions.map { own[Int($0)] }
        otherWeights = othersAreControls ? ranking.positions.map { others[Int($0)] } : []
        (self.data, self.order, self.ranking, self.censoring) = (data, order, ranking, censoring)
        (self.cases, self.weights) = (cases, weights)
        (self.casesBefore, self.othersBefore) = (casesBefore, othersBefore)
    }

    /// Counts the pairs at one time; the influences are left in the workspace when asked for.
    func pairs(at time: Double, influences: Bool, _ workspace: inout Workspace) -> Pairs {
        let after = order.times.partitioningIndex { $0 > time }
        let caseEnd = cases == .before ? order.times.partitioningIndex { $0 >= time } : after
        let caseCount = Int(casesBefore[caseEnd])
        let controlCount = count - after + (otherWeights.isEmpty ? 0 : Int(othersBefore[caseEnd]))
        func answer(_ auc: Estimated<Double>) -> Pairs { Pairs(cases: caseCount, controls: controlCount, auc: auc) }
        guard caseCount > 0 else { return answer(.undefined(.noCases(cases, time))) }
        guard controlCount > 0 else { return answer(.undefined(.noControls(after: time))) }
        weigh(at: time, caseEnd: caseEnd, after: after, &workspace)
        let area = PairArea(ranking.starts, workspace)
        guard area.total > 0, area.total.isFinite else { return answer(.undefined(.vanishingCensoring)) }
        if influences {
            addParts(area, &workspace)
            censoring.addInfluence(
                to: &workspace.influences, through: time, atOwnTime: weights == .atEvent, &workspace.censoring)
        }
        return answer(.value(area.auc))
    }

    /// Sets the weights of cases and controls at a time.
    func weigh(at time: Double, _ workspace: inout Workspace) {
        let after = order.times.partitioningIndex { $0 > time }
        let caseEnd = cases == .before ? order.times.partitioningIndex { $0 >= time } : after
        weigh(at: time, caseEnd: caseEnd, after: after, &workspace)
    }

    private func weigh(at time: Double, caseEnd: Int, after: Int, _ workspace: inout Workspace) {
        let caseEnd = Int32(caseEnd)
        let after = Int32(after)
        guard censoring.isMarginal, otherWeights.isEmpty else {
            let g = censoring.inTime(at: time)
            for (place, position) in ranking.positions.enumerated() {
                let isPast = position < caseEnd
                workspace.caseWeights[place] = isPast ? eventWeights[place] : 0
                workspace.controlWeights[place] =
                    position >= after
                    ? 1 / g[Int(position)] : isPast && !otherWeights.isEmpty ? otherWeights[place] : 0
            }
            return
        }
        // The common factor 1/G(t) of the controls cancels: whole numbers make a perfect order exactly 0 or 1.
        workspace.caseWeights.withUnsafeMutableBufferPointer { caseWeights in
            workspace.controlWeights.withUnsafeMutableBufferPointer { controlWeights in
                eventWeights.withUnsafeBufferPointer { eventWeights in
                    for (place, position) in ranking.positions.enumerated() {
                        let weight = eventWeights[place]
                        caseWeights[place] = position < caseEnd ? weight : 0
                        controlWeights[place] = position >= after ? 1 : 0
                    }
                }
            }
        }
    }

    /// The influence at known weights, by position.
    private func addParts(_ area: PairArea, _ workspace: inout Workspace) {
        let perCase = area.auc * area.controls
        let perControl = area.cases - area.auc * area.cases
        let inverse = 1 / area.total
        var casesBelow = 0.0
        var controlsBelow = 0.0
        let (caseWeights, controlWeights) = (workspace.caseWeights, workspace.controlWeights)
        workspace.influences.withUnsafeMutableBufferPointer { parts in
            var place = 0
            for end in ranking.starts.dropFirst() {
                let first = place
                var casesHere = caseWeights[place]
                var controlsHere = controlWeights[place]
                place += 1
                while place < Int(end) {
                    casesHere += caseWeights[place]
                    controlsHere += controlWeights[place]
                    place += 1
                }
                let caseExcess = (controlsBelow + controlsHere / 2 - perCase) * inverse
                let controlExcess = (perControl - casesBelow - casesHere / 2) * inverse
                for place in first..<place {
                    parts[Int(ranking.positions[place])] =
                        caseWeights[place] * caseExcess + controlWeights[place] * controlExcess
                }
                casesBelow += casesHere
                controlsBelow += controlsHere
            }
        }
    }

    /// By row of the data, what stands in the workspace by position.
    func inRows(_ inTime: [Double]) -> [Double] {
        var result = inTime
        for (position, row) in data.order.enumerated() { result[row] = inTime[position] }
        return result
    }

    func estimate(_ auc: Double, influences: [Double], level: ConfidenceLevel) -> Estimate {
        let error = influences.standardError
        return Estimate(
            probability: auc,
            standardError: auc == 0 || auc == 1 || error == 0 ? .undefined(.noVariation) : .value(error),
            level: level)
    }
}

extension [Double] {
    /// The error of an estimate from the influences of its patients: they sum to 0, and n/(n − 1) makes their mean square
    /// the sample variance.
    var standardError: Double {
        // Four sums side by side, of which none waits for another.
        var sums = SIMD4<Double>.zero
        let whole = count & ~3
        withUnsafeBufferPointer { influences in
            for index in stride(from: 0, to: whole, by: 4) {
                let part = SIMD4(
                    influences[index], influences[index + 1], influences[index + 2], influences[index + 3])
                sums += part * part
            }
        }
        var squares = sums[0] + sums[1] + sums[2] + sums[3]
        for influence in self[whole...] { squares += influence * influence }
        return (squares * Double(count) / Double(Swift.max(count - 1, 1))).squareRoot()
    }
}

/// The weight of the pairs won, lost and tied by the cases, in one pass by ascending score.
private struct PairArea {
    /// Summed weights.
    let cases: Double
    let controls: Double
    let total: Double
    let auc: Double

    init(_ starts: [Int32], _ workspace: AUCRanking.Workspace) {
        var sums = Sums()
        workspace.caseWeights.withUnsafeBufferPointer { caseWeights in
            workspace.controlWeights.withUnsafeBufferPointer { controlWeights in
                if starts.count - 1 == caseWeights.count {
                    for place in caseWeights.indices { sums.add(caseWeights[place], controlWeights[place]) }
                } else {
                    sums.add(starts, caseWeights, controlWeights)
                }
            }
        }
        (cases, controls) = (sums.cases, sums.controls)
        total = sums.won + sums.lost + sums.tied
        // From the two sides, so that a perfect order is exactly 0 or 1 and equal scores are exactly 1/2.
        auc = 0.5 + (sums.won - sums.lost) / (2 * total)
    }

    private struct Sums {
        var cases = 0.0
        var controls = 0.0
        var won = 0.0
        var lost = 0.0
        var tied = 0.0

        /// Cases and controls of one score, in ascending order. Both are there only where patients share it.
        @inline(__always)
        mutating func add(_ casesHere: Double, _ controlsHere: Double) {
            won += casesHere * controls
            lost += controlsHere * cases
            cases += casesHere
            controls += controlsHere
        }

        mutating func add(
            _ starts: [Int32], _ caseWeights: UnsafeBufferPointer<Double>, _ controlWeights: UnsafeBufferPointer<Double>
        ) {
            var place = 0
            for end in starts.dropFirst() {
                var casesHere = 0.0
                var controlsHere = 0.0
                while place < Int(end) {
                    casesHere += caseWeights[place]
                    controlsHere += controlWeights[place]
                    place += 1
                }
                tied += casesHere * controlsHere
                add(casesHere, controlsHere)
            }
        }
    }
}
