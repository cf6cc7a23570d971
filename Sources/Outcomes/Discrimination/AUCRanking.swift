/// Patients sorted once by score and once by time, from which each time's pairs of cases and controls are counted in O(n).
struct AUCRanking: Sendable {
    struct Pairs {
        let cases: Int
        let controls: Int
        /// AUC and each patient's influence on it, which sum to 0.
        let value: Estimated<(auc: Double, influences: [Double])>
    }

    private let data: SurvivalData
    private let risk: [Double]
    private let byRisk: [Int]
    /// 1/G for events, 0 for the censored.
    private let caseWeights: [Double]
    private let cases: TimeDependentAUC.CaseSet
    private let weights: TimeDependentAUC.CaseWeight
    private let censoring: CensoringDistribution
    private let curve: KaplanMeier

    var count: Int { data.count }

    init(
        _ data: SurvivalData, risk: [Double], cases: TimeDependentAUC.CaseSet, weights: TimeDependentAUC.CaseWeight
    ) {
        let censoring = CensoringDistribution(data)
        self.data = data
        self.risk = risk
        self.cases = cases
        self.weights = weights
        self.censoring = censoring
        curve = KaplanMeier(data)
        byRisk = risk.indices.sorted { risk[$0] != risk[$1] ? risk[$0] < risk[$1] : $0 < $1 }
        caseWeights = data.times.indices.map { row in
            guard data.events[row] else { return 0 }
            let g = weights == .beforeEvent ? censoring.before(data.times[row]) : censoring.at(data.times[row])
            return g > 0 ? 1 / g : 0
        }
    }

    /// The Kaplan–Meier curve; after the last time its last value.
    func survival(at time: Double) -> Double {
        curve.survival(at: time).value ?? curve.survival.last ?? 1
    }

    func pairs(at time: Double) -> Pairs {
        var credit = PairCredit(count: count)
        let isCase = data.times.indices.map { row in
            data.events[row] && (cases == .before ? data.times[row] < time : data.times[row] <= time)
        }
        let isControl = data.times.map { $0 > time }
        credit.add(byRisk, risk, isCase, isControl, caseWeights)
        let caseCount = isCase.reduce(0) { $0 + ($1 ? 1 : 0) }
        func answer(_ value: Estimated<(auc: Double, influences: [Double])>) -> Pairs {
            Pairs(cases: caseCount, controls: Int(credit.controls), value: value)
        }
        guard caseCount > 0 else { return answer(.undefined(.noCases(cases, time))) }
        guard credit.controls > 0 else { return answer(.undefined(.noControls(after: time))) }
        // From the two sides, so that a perfect order is exactly 0 or 1 and equal scores are exactly 1/2.
        let area = credit.won + credit.lost
        let auc = 0.5 + (credit.won - credit.lost) / (2 * area)
        var influences = [Double](repeating: 0, count: count)
        var caseParts = influences
        for row in influences.indices {
            if isCase[row] {
                caseParts[row] = caseWeights[row] * (credit.ofPatient[row] - auc * credit.controls) / area
                influences[row] = caseParts[row]
            } else if isControl[row] {
                influences[row] = (credit.ofPatient[row] - auc * credit.caseWeight) / area
            }
        }
        addCensoringPart(caseParts, to: &influences)
        return answer(.value((auc, influences)))
    }

    /// What the estimation of G adds: ∫ a(u)·dMₖ(u)/Y(u), with a(u) the sum of the case parts whose weight a censoring at
    /// u changes, Y the number under observation and Mₖ the censoring martingale of patient k (Blanche et al. 2013; as
    /// riskRegression, patients with the event at u count in Y).
    private func addCensoringPart(_ caseParts: [Double], to influences: inout [Double]) {
        let affected = partsAfterCensoring(caseParts)
        var compensators: [Double] = []
        var sum = 0.0
        for index in censoring.times.indices {
            let y = Double(censoring.underObservation[index])
            sum += affected[index] * Double(censoring.censored[index]) / (y * y)
            compensators.append(sum)
        }
        var reached = 0
        for row in data.order {
            while reached < censoring.times.count, censoring.times[reached] <= data.times[row] { reached += 1 }
            guard reached > 0 else { continue }
            influences[row] -= compensators[reached - 1]
            if !data.events[row] {
                influences[row] += affected[reached - 1] / Double(censoring.underObservation[reached - 1])
            }
        }
    }

    /// For each censoring time, the sum of the case parts at later events (or at the same time, for weights 1/G(T)).
    private func partsAfterCensoring(_ caseParts: [Double]) -> [Double] {
        var affected = [Double](repeating: 0, count: censoring.times.count)
        var sum = 0.0
        var position = data.count - 1
        for index in censoring.times.indices.reversed() {
            let censoringTime = censoring.times[index]
            while position >= 0 {
                let time = data.times[data.order[position]]
                guard time > censoringTime || (weights == .atEvent && time == censoringTime) else { break }
                sum += caseParts[data.order[position]]
                position -= 1
            }
            affected[index] = sum
        }
        return affected
    }

    func estimate(_ auc: Double, influences: [Double], level: ConfidenceLevel) -> Estimate {
        // The influences sum to 0; n/(n − 1) makes their mean square the sample variance.
        let n = Double(influences.count)
        let error = (influences.reduce(0) { $0 + $1 * $1 } * n / max(n - 1, 1)).squareRoot()
        return Estimate(
            probability: auc,
            standardError: auc == 0 || auc == 1 || error == 0 ? .undefined(.noVariation) : .value(error),
            level: level)
    }
}

/// The pairs won, tied and lost by each patient, in one pass over the patients by ascending score.
private struct PairCredit {
    /// For a case the controls, for a control the weight of cases, that it makes a right pair with; ties count half.
    var ofPatient: [Double]
    var caseWeight = 0.0
    var controls = 0.0
    var won = 0.0
    var lost = 0.0

    init(count: Int) { ofPatient = [Double](repeating: 0, count: count) }

    mutating func add(_ byRisk: [Int], _ risk: [Double], _ isCase: [Bool], _ isControl: [Bool], _ weights: [Double]) {
        for row in byRisk where isCase[row] { caseWeight += weights[row] }
        for row in byRisk where isControl[row] { controls += 1 }
        var controlsBelow = 0.0
        var weightBelow = 0.0
        var start = 0
        while start < byRisk.count {
            var end = start
            var controlsHere = 0.0
            var weightHere = 0.0
            while end < byRisk.count, risk[byRisk[end]] == risk[byRisk[start]] {
                if isCase[byRisk[end]] { weightHere += weights[byRisk[end]] }
                if isControl[byRisk[end]] { controlsHere += 1 }
                end += 1
            }
            for row in byRisk[start..<end] {
                if isCase[row] {
                    ofPatient[row] = controlsBelow + controlsHere / 2
                    won += weights[row] * ofPatient[row]
                    lost += weights[row] * (controls - ofPatient[row])
                } else if isControl[row] {
                    ofPatient[row] = caseWeight - weightBelow - weightHere / 2
                }
            }
            controlsBelow += controlsHere
            weightBelow += weightHere
            start = end
        }
    }
}
