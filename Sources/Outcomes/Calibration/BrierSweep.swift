/// The sums behind the Brier score: G looked up once for each patient, one pass over the rows of risks for all times.
struct BrierSweep: Sendable {
    let data: SurvivalData
    let risks: PredictedRisks
    private let competing: [Bool]?
    private let own: CensoringProbabilities?
    private let weights: BrierWeights
    private let sums: BrierSums
    /// Nil when no error is asked for, and for weights that come with the patients.
    private let weightInfluence: WeightInfluence?
    /// The model of weights that differ between patients, where its error is asked for.
    private let model: CensoringWeights?
    private let kind: TimeDependentAUC.CaseWeight

    init(
        _ data: SurvivalData, _ risks: PredictedRisks, competing: [Bool]?, weights kind: TimeDependentAUC.CaseWeight,
        censoring own: CensoringProbabilities?, errors: BrierScore.ErrorKind
    ) {
        self.data = data
        self.risks = risks
        self.competing = competing
        self.own = own
        self.kind = kind
        model = errors == .estimatedWeights ? own?.model : nil
        let weights = BrierWeights(data, times: risks.times, kind, own: own)
        self.weights = weights
        sums = BrierSums(data, risks, competing, weights, own)
        weightInfluence =
            errors == .estimatedWeights && own == nil
            ? WeightInfluence(data, CensoringDistribution(data), kind) : nil
    }

    func value(_ index: Int) -> Estimated<Double> {
        if sums.controls[index] == 0, weights.eventFree[index] > 0 {
            return .undefined(.noControls(after: risks.times[index]))
        }
        guard sums.errors[index].isFinite else { return .undefined(.vanishingCensoring) }
        return .value(sums.errors[index] / Double(data.count))
    }

    func point(_ index: Int, errors: BrierScore.ErrorKind, level: ConfidenceLevel) -> BrierScore.Point {
        let time = risks.times[index]
        let value = value(index)
        let null = value.flatMap { _ in nullScore(index) }
        let accuracy = value.flatMap { value in
            null.flatMap { null -> Estimated<Double> in
                null > 0 ? .value(1 - value / null) : .undefined(.noCases(.atOrBefore, time))
            }
        }
        let score = value.map { value in
            let error: Estimated<Double> =
                errors == .none ? .undefined(.errorNotAsked) : Self.error(influences([(index, 1)]))
            return Estimate(probability: value, standardError: error, level: level)
        }
        return BrierScore.Point(
            time: time, cases: sums.cases[index], controls: sums.controls[index], score: score, null: null,
            accuracy: accuracy)
    }

    /// The score of the same risk for everybody, from the masses alone.
    private func nullScore(_ index: Int) -> Estimated<Double> {
        let risk: Estimated<Double> =
            competing == nil
            ? .value(1 - weights.eventFree[index])
            : HorizonRisk(data, competing: competing, horizon: risks.times[index]).value
        return risk.map { risk in
            let miss = 1 - risk
            return (miss * miss * sums.caseMass[index] + risk * risk * sums.otherMass[index]) / Double(data.count)
        }
    }

    /// SD of the influences over √n; undefined where all are 0.
    static func error(_ influences: [Double]) -> Estimated<Double> {
        let n = Double(influences.count)
        var squares = 0.0
        for influence in influences { squares += influence * influence }
        return squares > 0 && n > 1 ? .value((squares / (n * (n - 1))).squareRoot()) : .undefined(.oneInfluence)
    }

    /// Each patient's influence on Σ w·B(t): its weighted squared errors less the score, and what the estimation of G adds.
    func influences(_ terms: [(index: Int, weight: Double)]) -> [Double] {
        let m = risks.times.count
        var eventParts = [Double](repeating: 0, count: data.count)
        var influences = eventParts
        var later = [Double](repeating: 0, count: terms.count)
        let score = terms.reduce(0) { $0 + $1.weight * sums.errors[$1.index] } / Double(data.count)
        let (times, events, eventWeights) = (data.times, data.events, weights.ofEvents)
        let ownAtTimes = own?.atTimes ?? []
        let isOther = competing ?? []
        let columns = terms.map { (time: risks.times[$0.index], index: $0.index, weight: $0.weight) }
        let controlWeights = columns.map { weights.atTimes[$0.index] }
        risks.values.withUnsafeBufferPointer { values in
            for row in 0..<times.count {
                let time = times[row]
                let eventWeight = eventWeights[row]
                let outcome = !isOther.isEmpty && isOther[row] ? 0.0 : 1.0
                var eventPart = 0.0
                var laterPart = 0.0
                for place in 0..<columns.count {
                    let column = columns[place]
                    let risk = values[row * m + column.index]
                    if time > column.time {
                        let g = ownAtTimes.isEmpty ? controlWeights[place] : 1 / ownAtTimes[row * m + column.index]
                        let part = column.weight * g * risk * risk
                        later[place] += part
                        laterPart += part
                    } else if events[row] {
                        eventPart += column.weight * eventWeight * (outcome - risk) * (outcome - risk)
                    }
                }
                eventParts[row] = eventPart
                influences[row] = eventPart + laterPart - score
            }
        }
        weightInfluence?.add(
            eventParts, laterParts: zip(terms, later).map { (risks.times[$0.index], $1) }, to: &influences)
        if let model { for term in terms { add(model, term, to: &influences) } }
        return influences
    }

    /// Adds what the estimation of a model of censoring changes in one term.
    private func add(_ model: CensoringWeights, _ term: (index: Int, weight: Double), to influences: inout [Double]) {
        let time = risks.times[term.index]
        let m = risks.times.count
        var parts = [Double](repeating: 0, count: data.count)
        for row in parts.indices {
            let risk = risks.values[row * m + term.index]
            if data.times[row] > time {
                let g = own?.atTimes[row * m + term.index] ?? 1
                parts[row] = term.weight * risk * risk / g
            } else if data.events[row] {
                let miss = (competing?[row] ?? false ? 0.0 : 1.0) - risk
                parts[row] = term.weight * weights.ofEvents[row] * miss * miss
            }
        }
        let changed = model.withEstimation(of: parts, through: time, atOwnTime: kind == .atEvent)
        for row in parts.indices { influences[row] += changed[row] - parts[row] }
    }
}

/// 1/G for each event and each time, and the Kaplan–Meier curve of any event at the times, from one pass over the sorted
/// patients.
struct BrierWeights: Sendable {
    /// By patient: 1/G for events, 0 for the censored.
    private(set) var ofEvents: [Double]
    /// 1/G(t) at each time.
    private(set) var atTimes: [Double] = []
    /// S(t) at each time; after the last follow-up time the last value.
    private(set) var eventFree: [Double] = []

    init(_ data: SurvivalData, times: [Double], _ kind: TimeDependentAUC.CaseWeight, own: CensoringProbabilities?) {
        ofEvents = [Double](repeating: 0, count: data.count)
        var survival = ProductLimitRatio()
        var uncensored = ProductLimitRatio()
        func weight() -> Double { uncensored.value > 0 ? 1 / uncensored.value : 0 }
        let (order, ownTimes, isEvent) = (data.order, data.times, data.events)
        var position = 0
        var next = order.isEmpty ? 0 : ownTimes[order[0]]
        while position < order.count {
            let first = position
            let time = next
            while atTimes.count < times.count, times[atTimes.count] < time {
                atTimes.append(weight())
                eventFree.append(survival.value)
            }
            let before = weight()
            var firstCensored = position
            while next == time {
                // Events come first among those of one time.
                if isEvent[order[position]] { firstCensored = position + 1 }
                position += 1
                guard position < order.count else { break }
                next = ownTimes[order[position]]
            }
            if firstCensored > first { survival.pass(firstCensored - first, atRisk: order.count - first) }
            if position > firstCensored {
                uncensored.pass(position - firstCensored, atRisk: order.count - firstCensored)
            }
            let weight = kind == .beforeEvent ? before : weight()
            for event in first..<firstCensored { ofEvents[order[event]] = weight }
        }
        while atTimes.count < times.count {
            atTimes.append(weight())
            eventFree.append(survival.value)
        }
        if let own {
            for row in data.events.indices where data.events[row] { ofEvents[row] = 1 / own.beforeOwnTime[row] }
        }
    }
}

/// What one pass over the risks adds up at each time.
struct BrierSums: Sendable {
    /// Squared errors, weighted.
    private(set) var errors: [Double]
    /// The weight of the events of the cause.
    private(set) var caseMass: [Double]
    /// The weight of all others.
    private(set) var otherMass: [Double]
    private(set) var cases: [Int]
    private(set) var controls: [Int]

    init(
        _ data: SurvivalData, _ risks: PredictedRisks, _ competing: [Bool]?, _ weights: BrierWeights,
        _ own: CensoringProbabilities?
    ) {
        let m = risks.times.count
        errors = [Double](repeating: 0, count: m)
        caseMass = errors
        otherMass = errors
        cases = [Int](repeating: 0, count: m)
        controls = cases
        var firstCase = [Int](repeating: 0, count: m + 1)
        var lastControl = firstCase
        // Five sums side by side: errors of events, of those followed longer, and the mass of the three kinds of patients.
        // Without weights of their own all who are followed longer weigh the same, multiplied once after the sum.
        var sums = [Double](repeating: 0, count: 5 * m)
        let splits = Self.splits(data, risks.times)
        let (events, eventWeights) = (data.events, weights.ofEvents)
        let ownAtTimes = own?.atTimes ?? []
        let isOther = competing ?? []
        risks.values.withUnsafeBufferPointer { values in
            sums.withUnsafeMutableBufferPointer { sums in
                for row in 0..<splits.count {
                    let start = row * m
                    let before = splits[row]
                    lastControl[before] += 1
                    if ownAtTimes.isEmpty {
                        for k in 0..<before { sums[m + k] += values[start + k] * values[start + k] }
                    } else {
                        for k in 0..<before {
                            let weight = 1 / ownAtTimes[start + k]
                            sums[m + k] += weight * values[start + k] * values[start + k]
                            sums[4 * m + k] += weight
                        }
                    }
                    guard events[row] else { continue }
                    let weight = eventWeights[row]
                    let other = !isOther.isEmpty && isOther[row]
                    let outcome = other ? 0.0 : 1.0
                    let mass = other ? 3 * m : 2 * m
                    if !other { firstCase[before] += 1 }
                    for k in before..<m {
                        let miss = outcome - values[start + k]
                        sums[k] += weight * miss * miss
                        sums[mass + k] += weight
                    }
                }
            }
        }
        var counts = (cases: 0, controls: data.count)
        for k in 0..<m {
            counts.cases += firstCase[k]
            counts.controls -= lastControl[k]
            cases[k] = counts.cases
            controls[k] = counts.controls
            let common = own == nil ? weights.atTimes[k] : 1
            errors[k] = sums[k] + common * sums[m + k]
            caseMass[k] = sums[2 * m + k]
            otherMass[k] = sums[3 * m + k] + (own == nil ? common * Double(counts.controls) : sums[4 * m + k])
        }
    }

    /// How many of the times lie before each patient's own.
    private static func splits(_ data: SurvivalData, _ times: [Double]) -> [Int] {
        var splits = [Int](repeating: 0, count: data.count)
        var before = 0
        for row in data.order {
            while before < times.count, times[before] < data.times[row] { before += 1 }
            splits[row] = before
        }
        return splits
    }
}
