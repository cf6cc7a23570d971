import Evaluation
import Outcomes

/// A time to an event in all, and what is made of it.
struct SurvivalOutcome: Sendable {
    let times: [Double]
    let events: [Bool]
    let tau: Double
    let outcome: RegimeRequest.Survival.Outcome
    let model: RegimeRequest.Survival.Censoring
    /// The covariates of a Cox model of being censored, without an intercept.
    let covariates: [CovariateColumn]

    init(_ request: RegimeRequest.Survival, _ rows: CompleteRows) throws {
        let times = try request.time.values(rows)
        self.times = times
        events = try request.status.truths(rows)
        outcome = request.outcome
        model = request.model
        covariates = try request.censoring?.columns(of: rows) ?? []
        if let wrong = times.indices.first(where: { !(times[$0] > 0) }) {
            throw EvaluationErrors(
                "\(request.time.text): found \(times[wrong]), allowed: a time above 0",
                at: "\(rows.table.file), row \(rows.rows[wrong] + 1)")
        }
        let longest = times.max() ?? 0
        tau = request.tau ?? longest
        if let asked = request.tau, asked > longest {
            throw EvaluationErrors(
                "found \(asked), allowed: at most the longest follow-up, \(longest)", at: "survival.tau")
        }
    }

    /// Whether the outcome of a person is known: the event was seen, or the time came to the horizon.
    func isKnown(_ person: Int) -> Bool {
        events[person] || outcome != .log && times[person] >= tau
    }

    /// min(T, τ), or its pseudo-value; nil on the log scale, where the times of the stages are taken.
    func restrictedTimes() throws -> [Double]? {
        switch outcome {
        case .log: return nil
        case .rmst: return times.map { min($0, tau) }
        case .pseudo: return PseudoMeans(times: times, events: events, tau: tau).values
        }
    }
}

/// Jackknife pseudo-values of the restricted mean: n·θ − (n − 1)·θ₋ᵢ, θ being the area under Kaplan and Meier's curve.
///
/// Source: Andersen, Hansen and Klein 2004, Lifetime Data Anal 10:335. O(n·m) for m distinct times.
struct PseudoMeans {
    let values: [Double]

    init(times: [Double], events: [Bool], tau: Double) {
        let distinct = Set(times).sorted()
        var deaths = [Int](repeating: 0, count: distinct.count)
        var leaving = [Int](repeating: 0, count: distinct.count)
        var place: [Double: Int] = [:]
        for (index, time) in distinct.enumerated() { place[time] = index }
        for (time, event) in zip(times, events) {
            guard let index = place[time] else { continue }
            leaving[index] += 1
            if event { deaths[index] += 1 }
        }
        var atRisk = [Int](repeating: 0, count: distinct.count)
        var left = times.count
        for index in distinct.indices {
            atRisk[index] = left
            left -= leaving[index]
        }
        /// The area without one patient; −1 leaves nobody out.
        func area(without out: Int, event: Bool) -> Double {
            var (survival, before, sum) = (1.0, 0.0, 0.0)
            for index in distinct.indices where distinct[index] < tau {
                sum += survival * (distinct[index] - before)
                before = distinct[index]
                let n = atRisk[index] - (out >= index ? 1 : 0)
                let d = deaths[index] - (out == index && event ? 1 : 0)
                if n > 0, d > 0 { survival *= Double(n - d) / Double(n) }
            }
            return sum + survival * (tau - before)
        }
        let n = Double(times.count)
        let all = area(without: -1, event: false)
        values = times.indices.map { row in
            n * all - (n - 1) * area(without: place[times[row]] ?? -1, event: events[row])
        }
    }
}
