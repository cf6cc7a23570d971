import NumericsCore

/// The observed risk of the event by a horizon among some patients, with each one's influence on it, in O(n).
///
/// Without competing events it is one minus the Kaplan–Meier curve, with them the Aalen–Johansen incidence of the cause:
///
/// ```
/// F(t) = Σ_{u ≤ t} S(u−)·d₁(u)/Y(u)
/// ψᵢ = Σ_{u ≤ t ∧ Tᵢ} [ S(u−)·(dN₁ᵢ(u) − d₁/Y)/Y − (F(t) − F(u))·(dNᵢ(u) − d/Y)/(Y − d) ]
/// ```
///
/// ψᵢ is the derivative of F in the mass of patient i (infinitesimal jackknife); ψ sums to 0 and its squares to a variance.
struct HorizonRisk {
    /// F(t), or undefined after the last time of a curve that has not reached 0.
    let value: Estimated<Double>
    /// S(t) of any event, the same rule.
    let eventFree: Double
    /// Events of the cause by the horizon.
    let events: Int
    /// Greenwood's standard error for Kaplan–Meier, √Σψ² for Aalen–Johansen; undefined without an event or where S is 0.
    let standardError: Estimated<Double>
    /// ψ of each patient, in the order of the rows given.
    let influences: [Double]

    /// - Parameters:
    ///   - rows: a part of `data.order`, in that order; nil for all.
    init(_ data: SurvivalData, competing: [Bool]?, rows: [Int]? = nil, horizon: Double) {
        let steps = HorizonSteps(data, competing: competing, rows: rows ?? data.order, horizon: horizon)
        eventFree = steps.eventFree
        events = steps.events
        influences = steps.influences
        let risk = competing == nil ? 1 - steps.eventFree : steps.incidence
        if steps.count == 0 {
            value = .undefined(.init(code: "no-patients", reason: "there is no patient in the group"))
        } else if steps.last < horizon, steps.eventFree > 0 {
            value = .undefined(.beyondFollowUp(horizon, last: steps.last))
        } else {
            value = .value(risk)
        }
        if steps.events == 0 {
            standardError = .undefined(.noEvent(by: horizon))
        } else if competing == nil {
            standardError =
                steps.greenwood.map { .value(steps.eventFree * $0.squareRoot()) } ?? .undefined(.curveAtZero(horizon))
        } else {
            let squares = influences.reduce(0) { $0 + $1 * $1 }
            standardError = squares > 0 ? .value(squares.squareRoot()) : .undefined(.oneInfluence)
        }
    }

    /// F with an interval symmetric for log(−log(1 − F)), which never leaves 0 to 1.
    func estimate(level: ConfidenceLevel) -> Estimated<Estimate> {
        value.map { risk in
            let interval = standardError.flatMap { error -> Estimated<ConfidenceInterval> in
                guard risk > 0, risk < 1 else { return .undefined(.oneInfluence) }
                let hazard = -Elementary.log1p(-risk)
                let factor = Elementary.exp(level.normalQuantile * error / ((1 - risk) * hazard))
                return .value(
                    ConfidenceInterval(
                        lower: -Elementary.expm1(-hazard / factor), upper: -Elementary.expm1(-hazard * factor),
                        level: level))
            }
            return Estimate(value: risk, standardError: standardError, interval: interval)
        }
    }
}

/// One pass up to the horizon for the curve, one back over the steps for the influences.
private struct HorizonSteps {
    private(set) var count = 0
    private(set) var last = -Double.infinity
    private(set) var eventFree = 1.0
    private(set) var incidence = 0.0
    private(set) var events = 0
    /// Σ d/(Y(Y − d)); nil once everyone at risk has had the event.
    private(set) var greenwood: Double? = 0
    private(set) var influences: [Double] = []

    private struct Step {
        let time: Double
        let atRisk: Double
        let events: Double
        let ofCause: Double
        /// S just before, and F with this step.
        let survival: Double
        let incidence: Double
    }

    init(_ data: SurvivalData, competing: [Bool]?, rows: [Int], horizon: Double) {
        count = rows.count
        last = rows.last.map { data.times[$0] } ?? last
        var steps: [Step] = []
        var position = 0
        var counts = ProductLimitRatio()
        while position < rows.count, data.times[rows[position]] <= horizon {
            let time = data.times[rows[position]]
            let atRisk = rows.count - position
            var any = 0
            var own = 0
            while position < rows.count, data.times[rows[position]] == time {
                if data.events[rows[position]] {
                    any += 1
                    if !(competing?[rows[position]] ?? false) { own += 1 }
                }
                position += 1
            }
            guard any > 0 else { continue }
            events += own
            let before = eventFree
            incidence += before * Double(own) / Double(atRisk)
            counts.pass(any, atRisk: atRisk)
            eventFree = counts.value
            greenwood =
                atRisk > any ? greenwood.map { $0 + Double(any) / (Double(atRisk) * Double(atRisk - any)) } : nil
            steps.append(
                Step(
                    time: time, atRisk: Double(atRisk), events: Double(any), ofCause: Double(own), survival: before,
                    incidence: incidence))
        }
        influences = influences(data, competing, rows, steps)
    }

    private func influences(_ data: SurvivalData, _ competing: [Bool]?, _ rows: [Int], _ steps: [Step]) -> [Double] {
        var compensator = 0.0
        var reached = 0
        return rows.map { row in
            while reached < steps.count, steps[reached].time <= data.times[row] {
                let step = steps[reached]
                compensator += step.survival * step.ofCause / (step.atRisk * step.atRisk)
                compensator -= later(step) * step.events / step.atRisk
                reached += 1
            }
            guard reached > 0 else { return 0 }
            let step = steps[reached - 1]
            guard data.events[row], step.time == data.times[row] else { return -compensator }
            let own = competing?[row] ?? false ? 0 : step.survival / step.atRisk
            return own - later(step) - compensator
        }
    }

    /// (F(t) − F(u))/(Y − d): what one event less at u would have added later.
    private func later(_ step: Step) -> Double {
        step.atRisk > step.events ? (incidence - step.incidence) / (step.atRisk - step.events) : 0
    }
}

/// A product-limit curve built step by step, as a ratio of two counts while nobody leaves between the steps.
struct ProductLimitRatio {
    private(set) var value = 1.0
    private var base = 1.0
    private var baseAtRisk = 0
    private var remaining = -1

    mutating func pass(_ events: Int, atRisk: Int) {
        if atRisk != remaining {
            base = value
            baseAtRisk = atRisk
        }
        remaining = atRisk - events
        value = value == 0 ? 0 : base * (Double(remaining) / Double(baseAtRisk))
    }
}

extension Undefined {
    static func noEvent(by time: Double) -> Undefined {
        .init(code: "no-event", reason: "no event by time \(time): the error of the risk has no estimate")
    }
}
