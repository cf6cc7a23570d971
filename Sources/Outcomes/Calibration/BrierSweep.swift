/// The sums behind the Brier score: G looked up once for each patient, one pass over the rows of risks for all times.
struct BrierSweep: Sendable {
    let data: SurvivalData
    let risks: PredictedRisks
    private let competing: [Bool]?
    private let own: CensoringWeights?
    private let weights: BrierWeights
    private let sums: BrierSums
    /// Nil when no error is asked for, and for weights that come with the patients.
    private let censoringInfluence: CensoringInfluence?

    init(
        _ data: SurvivalData, _ risks: PredictedRisks, competing: [Bool]?, weights kind: TimeDependentAUC.CaseWeight,
        censoring own: CensoringWeights?, errors: BrierScore.ErrorKind
    ) {
        self.data = data
        self.risks = risks
        self.competing = competing
        self.own = own
        let weights = BrierWeights(data, times: risks.times, kind, own: own)
        self.weights = weights
        sums = BrierSums(data, risks, competing, weights, own)
        censoringInfluence =
            errors == .estimatedWeights && own == nil
            ? CensoringInfluence(data, CensoringDistribution(data), kind) : nil
    }

    func value(_ index: Int) -> Estimated<Double> {
        if sums.controls[index] == 0, weights.eventFree[index] > 0 {
            return .undefined(.noControls(after: risks.times[index]))
        }
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
                errors == .none ? .undefined(.errorNotAsked) : Self.error(sortedInfluences([(index, 1)]))
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

    /// Each patient's influence on Σ w·B(t), in the order of the data.
    func influences(_ terms: [(index: Int, weight: Double)]) -> [Double] {
        var influences = [Double](repeating: 0, count: data.count)
        for (position, influence) in sortedInfluences(terms).enumerated() { influences[data.order[position]] = influence }
        return influences
    }

    /// Each patient's weighted squared error less the score, and what the estimation of G adds; in sorted order.
    func sortedInfluences(_ terms: [(index: Int, weight: Double)]) -> [Double] {
        let m = risks.times.count
        var eventParts = [Double](repeating: 0, count: data.count)
        var influences = eventParts
        var later = [Double](repeating: 0, count: terms.count)
        let score = terms.reduce(0) { $0 + $1.weight * sums.errors[$1.index] } / Double(data.count)
        risks.values.withUnsafeBufferPointer { values in
            for (position, row) in data.order.enumerated() {
                let time = data.times[row]
                let isEvent = data.events[row]
                let outcome = competing?[row] ?? false ? 0.0 : 1.0
                var eventPart = 0.0
                var laterPart = 0.0
                for (place, term) in terms.enumerated() {
                    let risk = values[row * m + term.index]
                    if time > risks.times[term.index] {
                        let g = own.map { 1 / $0.atTimes[row * m + term.index] } ?? weights.atTimes[term.index]
                        let part = term.weight * g * risk * risk
                        later[place] += part
                        laterPart += part
                    } else if isEvent {
                        eventPart += term.weight * weights.ofEvents[row] * (outcome - risk) * (outcome - risk)
                    }
                }
                eventParts[position] = eventPart
                influences[position] = eventPart + laterPart - score
            }
        }
        censoringInfluence?.add(
            eventParts, laterParts: zip(terms, later).map { (risks.times[$0.index], $1) }, to: &influences)
        return influences
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

    init(_ data: SurvivalData, times: [Double], _ kind: TimeDependentAUC.CaseWeight, own: CensoringWeights?) {
        ofEvents = [Double](repeating: 0, count: data.count)
        var survival = ProductLimitRatio()
        var uncensored = ProductLimitRatio()
        func weight() -> Double { uncensored.value > 0 ? 1 / uncensored.value : 0 }
        var position = 0
        while position < data.count {
            let first = position
            let time = data.times[data.order[position]]
            while atTimes.count < times.count, times[atTimes.count] < time {
                atTimes.append(weight())
                eventFree.append(survival.value)
            }
            let before = weight()
            while position < data.count, data.times[data.order[position]] == time, data.events[data.order[position]] {
                position += 1
            }
            let events = first..<position
            while position < data.count, data.times[data.order[position]] == time { position += 1 }
            if !events.isEmpty { survival.pass(events.count, atRisk: data.count - first) }
            if position > events.upperBound {
                uncensored.pass(position - events.upperBound, atRisk: data.count - events.upperBound)
            }
            let weight = kind == .beforeEvent ? before : weight()
            for event in events { ofEvents[data.order[event]] = weight }
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
        _ own: CensoringWeights?
    ) {
        let m = risks.times.count
        errors = [Double](repeating: 0, count: m)
        caseMass = errors
        otherMass = errors
        cases = [Int](repeating: 0, count: m)
        controls = cases
        var firstCase = [Int](repeating: 0, count: m + 1)
        var lastControl = firstCase
        // The weight and the squared errors of those followed longer, at each time; without weights of their own all
        // weigh the same, multiplied once after the sum.
        var later = (mass: errors, errors: errors)
        let splits = Self.splits(data, risks.times)
        risks.values.withUnsafeBufferPointer { values in
            for row in 0..<data.count {
                let start = row * m
                let before = splits[row]
                lastControl[before] += 1
                if let own {
                    for k in 0..<before {
                        let weight = 1 / own.atTimes[start + k]
                        later.errors[k] += weight * values[start + k] * values[start + k]
                        later.mass[k] += weight
                    }
                } else {
                    for k in 0..<before { later.errors[k] += values[start + k] * values[start + k] }
                }
                guard data.events[row] else { continue }
                let weight = weights.ofEvents[row]
                if competing?[row] ?? false {
                    for k in before..<m {
                        errors[k] += weight * values[start + k] * values[start + k]
                        otherMass[k] += weight
                    }
                } else {
                    firstCase[before] += 1
                    for k in before..<m {
                        let miss = 1 - values[start + k]
                        errors[k] += weight * miss * miss
                        caseMass[k] += weight
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
            errors[k] += common * later.errors[k]
            otherMass[k] += own == nil ? common * Double(counts.controls) : later.mass[k]
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
