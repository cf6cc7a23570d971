/// The Aalen–Johansen estimate of the probability of being in each state at each time.
///
/// ```
/// p(t) = p(start)·∏_{tᵢ ≤ t} (I + dA(tᵢ))        dA_sr = N_sr/Y_s,  dA_ss = −Σ_r dA_sr
/// ```
///
/// It needs no Markov property for the probabilities of being in a state (Datta and Satten 2001, Stat Probab Lett 55:403);
/// transition probabilities do. The standard errors are √Σᵢ Uᵢ² over subjects, with Uᵢ the change of p(t) with the weight of
/// subject i: they hold for subjects with any number of rows and without the Markov property. The distribution at the start
/// is taken as known. Sources: Aalen and Johansen 1978; the errors are those of R's `survfit` with an identifier.
public struct StateOccupancy: Sendable {
    /// The names of the states.
    public let states: [String]
    /// The time from which the probabilities run.
    public let start: Double
    /// The distribution over states at ``start``.
    public let initial: [Double]
    /// Distinct times with a transition after the start, ascending.
    public let times: [Double]
    /// The probability of each state just after each time: `probabilities[state][i]`.
    public let probabilities: [[Double]]

    private let data: MultiStateData
    private let table: TransitionTable
    private let absorbing: [Bool]

    /// The probabilities without errors, O(n log n + n·S) for n rows and S states.
    ///
    /// - Parameters:
    ///   - start: only transitions after it count (a landmark); nil for the earliest entry.
    ///   - initial: one probability for each state, with sum 1; nil for the shares of those at risk at the first transition
    ///     after the start.
    /// - Throws: ``InvalidInput`` for probabilities that are none, and where nobody is under observation after the start.
    public init(
        _ data: MultiStateData, from start: Double? = nil, initial: [Double]? = nil
    ) throws(InvalidInput) {
        let start = start ?? data.firstTime
        guard start.isFinite, start < data.lastTime else {
            throw InvalidInput(
                .init(column: "start", found: "\(start)", allowed: "a time before the last exit \(data.lastTime)"))
        }
        table = TransitionTable(data, after: start)
        if let initial {
            try Self.check(initial, states: data.states.count)
            self.initial = initial
        } else {
            self.initial = try Self.shares(data, table, start: start)
        }
        self.data = data
        self.start = start
        states = data.states
        times = table.times
        var absorbing = [Bool](repeating: true, count: data.states.count)
        for state in data.from { absorbing[state] = false }
        self.absorbing = absorbing
        var p = self.initial
        var probabilities = [[Double]](repeating: [], count: p.count)
        for index in table.times.indices {
            table.advance(&p, over: index)
            for state in p.indices { probabilities[state].append(p[state]) }
        }
        self.probabilities = probabilities
    }

    private static func check(_ initial: [Double], states: Int) throws(InvalidInput) {
        let sum = initial.reduce(0, +)
        guard initial.count == states, initial.allSatisfy({ $0 >= 0 }), abs(sum - 1) < 1e-9 else {
            throw InvalidInput(
                .init(
                    column: "initial", found: "\(initial.count) values with sum \(sum)",
                    allowed: "\(states) probabilities with sum 1"))
        }
    }

    private static func shares(
        _ data: MultiStateData, _ table: TransitionTable, start: Double
    ) throws(InvalidInput) -> [Double] {
        var counts = table.atRiskFirst
        if counts.isEmpty {
            counts = [Int](repeating: 0, count: data.states.count)
            for row in data.from.indices where data.entries[row] <= start && start < data.exits[row] {
                counts[data.from[row]] += 1
            }
        }
        let all = counts.reduce(0, +)
        guard all > 0 else {
            throw InvalidInput(
                .init(column: "start", found: "\(start)", allowed: "a time at which somebody is under observation"))
        }
        return counts.map { Double($0) / Double(all) }
    }

    /// The probability of each state at a time.
    ///
    /// - Returns: ``initial`` before the first transition; undefined before the start, and after the last exit unless
    ///   everybody is in a state that nobody leaves.
    public func probabilities(at time: Double) -> Estimated<[Double]> {
        passed(by: time).map { passed in
            passed == 0 ? initial : probabilities.map { $0[passed - 1] }
        }
    }

    /// The probability of each state at a time with its standard error and pointwise interval, O(n·S).
    ///
    /// - Returns: undefined as ``probabilities(at:)``; the log-log interval is undefined where a probability is 0 or 1.
    public func estimates(
        at time: Double, _ kind: CumulativeIncidence.IntervalKind = .logLog,
        level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<[Estimate]> {
        passed(by: time).map { passed in
            let p = passed == 0 ? initial : probabilities.map { $0[passed - 1] }
            let errors = standardErrors(passed: passed, horizon: nil)
            return zip(p, errors).map { value, error in
                Estimate(
                    value: value, standardError: .value(error),
                    interval: CumulativeIncidence.interval(value, error, at: time, kind, level: level))
            }
        }
    }

    /// The mean time in each state between the start and a horizon, ∫ p_s(u) du, with normal intervals, O(n·S).
    ///
    /// - Returns: undefined as ``probabilities(at:)`` of the horizon, and for a horizon that is not after the start.
    public func expectedTimes(
        to horizon: Double, level: ConfidenceLevel = .ninetyFivePercent
    ) -> Estimated<[Estimate]> {
        guard horizon > start, horizon.isFinite else {
            return .undefined(
                .init(code: "horizon", reason: "horizon \(horizon) is not a finite time after the start \(start)"))
        }
        return passed(by: horizon).map { passed in
            let errors = standardErrors(passed: passed, horizon: horizon)
            return states.indices.map { state in
                var left = start
                var value = initial[state]
                var sum = 0.0
                for index in 0..<passed {
                    sum += value * (times[index] - left)
                    left = times[index]
                    value = probabilities[state][index]
                }
                sum += value * (horizon - left)
                return Estimate(normal: sum, standardError: errors[state], level: level)
            }
        }
    }

    /// How many transition times lie at or before `time`.
    private func passed(by time: Double) -> Estimated<Int> {
        guard time >= start else {
            return .undefined(.init(code: "before-start", reason: "time \(time) is before the start \(start)"))
        }
        let passed = times.partitioningIndex { $0 > time }
        if time > data.lastTime {
            let moving = states.indices.contains { state in
                !absorbing[state] && (passed == 0 ? initial[state] : probabilities[state][passed - 1]) > 0
            }
            guard !moving else {
                return .undefined(
                    .init(
                        code: "beyond-follow-up",
                        reason: "time \(time) is after the last observed time \(data.lastTime), with a part not in a "
                            + "final state"))
            }
        }
        return .value(passed)
    }

    /// √Σᵢ Uᵢ² of p(t) after the first `passed` times, or of its integral up to a horizon.
    private func standardErrors(passed: Int, horizon: Double?) -> [Double] {
        var influence = StateInfluence(data, table, horizon: horizon)
        for index in (0..<passed).reversed() {
            let next = index + 1 < passed ? times[index + 1] : horizon
            influence.step(back: index, next: next) { state in
                index == 0 ? initial[state] : probabilities[state][index - 1]
            }
        }
        return influence.finish()
    }
}

extension MultiStateData {
    /// P(s, t): for each state at s (rows) the probabilities of each state at t, by transitions in (s, t], O(n·S²).
    ///
    /// They hold under the Markov property: all in a state at a time have the same hazards, whatever way they came.
    ///
    /// - Parameters:
    ///   - start: s.
    ///   - end: t, not before s.
    /// - Returns: each row undefined as ``StateOccupancy/probabilities(at:)``.
    /// - Throws: ``InvalidInput`` where nobody is under observation after s.
    public func transitionProbabilities(
        from start: Double, to end: Double, _ kind: CumulativeIncidence.IntervalKind = .logLog,
        level: ConfidenceLevel = .ninetyFivePercent
    ) throws(InvalidInput) -> [Estimated<[Estimate]>] {
        var rows: [Estimated<[Estimate]>] = []
        for state in states.indices {
            var initial = [Double](repeating: 0, count: states.count)
            initial[state] = 1
            rows.append(try StateOccupancy(self, from: start, initial: initial).estimates(at: end, kind, level: level))
        }
        return rows
    }
}
