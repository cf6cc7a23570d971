/// Jackknife pseudo-values of the observed risk at a horizon: n·F − (n − 1)·F₍₋ᵢ₎, with every left-out curve in O(n) together.
///
/// Leaving out patient i lowers the number at risk by one up to Tᵢ and changes nothing after it, so that each left-out
/// curve is a beginning with one patient less, its own step, and the common end.
/// Source: Andersen, Klein and Rosthøj 2003, Biometrika 90:15.
enum PseudoRisk {
    private struct Step {
        let time: Double
        let atRisk: Int
        let events: Int
        let ofCause: Int
    }

    /// - Returns: in the order of the patients; undefined for a horizon after the last follow-up time, and for one patient.
    static func values(_ data: SurvivalData, competing: [Bool]?, horizon: Double) -> Estimated<[Double]> {
        guard data.count > 1 else {
            return .undefined(.init(code: "one-patient", reason: "a jackknife needs two patients or more"))
        }
        let steps = steps(data, competing, horizon)
        let tails = tails(steps)
        let n = Double(data.count)
        switch HorizonRisk(data, competing: competing, horizon: horizon).value {
        case .undefined(let reason): return .undefined(reason)
        case .value: break
        }
        let all = tails.first.map { $0.incidence } ?? 0
        var result = [Double](repeating: 0, count: data.count)
        // The curve of all steps so far, with one patient less at risk.
        var survival = 1.0
        var incidence = 0.0
        var reached = 0
        for row in data.order {
            while reached < steps.count, steps[reached].time < data.times[row] {
                let left = steps[reached]
                add(&survival, &incidence, atRisk: left.atRisk - 1, events: left.events, ofCause: left.ofCause)
                reached += 1
            }
            var (own, ownIncidence) = (survival, incidence)
            var next = reached
            if reached < steps.count, steps[reached].time == data.times[row] {
                let step = steps[reached]
                let event = data.events[row] ? 1 : 0
                let ofCause = data.events[row] && !(competing?[row] ?? false) ? 1 : 0
                add(
                    &own, &ownIncidence, atRisk: step.atRisk - 1, events: step.events - event,
                    ofCause: step.ofCause - ofCause)
                next += 1
            }
            let end = next < steps.count ? tails[next].incidence : 0
            result[row] = n * all - (n - 1) * (ownIncidence + own * end)
        }
        return .value(result)
    }

    private static func add(
        _ survival: inout Double, _ incidence: inout Double, atRisk: Int, events: Int, ofCause: Int
    ) {
        guard atRisk > 0 else { return }
        incidence += survival * Double(ofCause) / Double(atRisk)
        survival *= Double(atRisk - events) / Double(atRisk)
    }

    /// For each step the incidence from it on to the horizon among those free of the event just before it.
    private static func tails(_ steps: [Step]) -> [(survival: Double, incidence: Double)] {
        var tails = [(survival: Double, incidence: Double)](repeating: (1, 0), count: steps.count)
        var later = (survival: 1.0, incidence: 0.0)
        for index in steps.indices.reversed() {
            let step = steps[index]
            let stay = Double(step.atRisk - step.events) / Double(step.atRisk)
            later = (stay * later.survival, Double(step.ofCause) / Double(step.atRisk) + stay * later.incidence)
            tails[index] = later
        }
        return tails
    }

    private static func steps(_ data: SurvivalData, _ competing: [Bool]?, _ horizon: Double) -> [Step] {
        var steps: [Step] = []
        var position = 0
        while position < data.count, data.times[data.order[position]] <= horizon {
            let time = data.times[data.order[position]]
            let atRisk = data.count - position
            var events = 0
            var ofCause = 0
            while position < data.count, data.times[data.order[position]] == time {
                let row = data.order[position]
                if data.events[row] {
                    events += 1
                    if !(competing?[row] ?? false) { ofCause += 1 }
                }
                position += 1
            }
            if events > 0 { steps.append(Step(time: time, atRisk: atRisk, events: events, ofCause: ofCause)) }
        }
        return steps
    }
}
