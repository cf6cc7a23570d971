import Outcomes
import Testing

@Suite struct WinRatioTests {
    // MARK: Counted by hand

    @Test("Counted by hand: death first, then hospital stay")
    func byHand() throws {
        // Treated: A dies at 5; B alive at 10, in hospital at 3. Control: C dies at 4; D alive at 8, in hospital at 6.
        let death = try SurvivalData(times: [5, 10, 4, 8], events: [true, false, true, false])
        let stay = try SurvivalData(times: [5, 3, 4, 6], events: [false, true, false, true])
        let result = try WinRatio(
            treated: [true, true, false, false], outcomes: [.time("death", death), .time("stay", stay)])
        // A–C: won (C dies first). A–D: lost. B–C: won. B–D: nobody dies; B in hospital first: lost.
        #expect(result.levels.map(\.name) == ["death", "stay"])
        #expect(result.levels.map(\.wins) == [2, 0])
        #expect(result.levels.map(\.losses) == [1, 1])
        #expect(result.ties == 0)
        #expect(try require(result.winRatio).value == 1)
        #expect(result.netBenefit.value == 0)
    }

    @Test("Counted by hand: ties at the same time, unknown order, and a margin")
    func ties() throws {
        let death = try SurvivalData(times: [5, 5, 5, 3], events: [true, false, true, false])
        // 0–2: same time, tie. 0–3: 3 is censored before: tie. 1–2: 1 is alive at 5: won. 1–3: tie.
        let first = try WinRatio(treated: [true, true, false, false], outcomes: [.time("death", death)])
        #expect([first.wins, first.losses, first.ties] == [1, 0, 3])
        #expect(first.winRatio.undefined?.reason == "the treated group loses no pair: nothing to divide by")
        #expect(agree(try require(first.winOdds).value, 2.5 / 1.5, 1e-12))
        let score = try WinRatio(
            treated: [true, true, false, false],
            outcomes: [.value("score", [4, 7, 5, 2], largerIsBetter: false, margin: 1)])
        // Less is better by more than 1: 4–5 tie, 4–2 lost, 7–5 lost, 7–2 lost.
        #expect([score.wins, score.losses, score.ties] == [0, 3, 1])
        let zero = try require(score.winRatio)
        #expect(zero.value == 0)
        #expect(zero.standardError.undefined?.reason == "the treated group wins no pair: log 0 has no error")
    }

    // MARK: Second routes

    private struct Drawn {
        let treated: [Bool]
        let death: SurvivalData
        let stay: SurvivalData
        let score: [Double]
    }

    private func draw(_ n: Int, seed: UInt64) throws -> Drawn {
        var sequence = TestSequence(seed: seed)
        return Drawn(
            treated: (0..<n).map { $0 == 0 || ($0 > 1 && sequence.uniform() < 0.4) },
            death: try .tied(count: n, span: 8, seed: seed + 100), stay: try .tied(count: n, span: 6, seed: seed + 200),
            score: (0..<n).map { _ in Double(sequence.integer(below: 6)) })
    }

    @Test("Second route: sorting gives the same counts and errors as looking at every pair", arguments: 1...12)
    func pairs(_ seed: Int) throws {
        let drawn = try draw(40, seed: UInt64(seed))
        let first: WinOutcome =
            seed % 3 == 0 ? .value("score", drawn.score, margin: 1) : .time("death", drawn.death)
        let second: WinOutcome =
            seed % 3 == 1 ? .value("score", drawn.score, largerIsBetter: false) : .time("stay", drawn.stay)
        // A third outcome on which all are tied decides nothing, and makes the comparison go pair by pair.
        let tied = WinOutcome.value("tied", drawn.score.map { _ in 0 })
        let sorted = try WinRatio(treated: drawn.treated, outcomes: [first, second])
        let paired = try WinRatio(treated: drawn.treated, outcomes: [first, second, tied])
        #expect(sorted.levels == Array(paired.levels.prefix(2)))
        #expect(sorted.winRatio == paired.winRatio)
        #expect(sorted.winOdds == paired.winOdds)
        #expect(sorted.netBenefit == paired.netBenefit)
    }

    @Test(
        "Identity: one measured outcome without ties is the Mann–Whitney statistic with DeLong's variance over n, not n − 1"
    )
    func mannWhitney() throws {
        var sequence = TestSequence(seed: 9)
        let values = (0..<60).map { _ in sequence.uniform() }
        let treated = (0..<60).map { $0 % 3 == 0 }
        let result = try WinRatio(treated: treated, outcomes: [.value("x", values)])
        let a = values.indices.filter { treated[$0] }
        let b = values.indices.filter { !treated[$0] }
        let placed = a.map { i in Double(b.filter { values[$0] < values[i] }.count) / Double(b.count) }
        let other = b.map { j in Double(a.filter { values[$0] > values[j] }.count) / Double(a.count) }
        let auc = placed.reduce(0, +) / Double(a.count)
        let variance =
            placed.reduce(0) { $0 + ($1 - auc) * ($1 - auc) } / Double(a.count * a.count)
            + other.reduce(0) { $0 + ($1 - auc) * ($1 - auc) } / Double(b.count * b.count)
        #expect(agree(result.netBenefit.value, 2 * auc - 1, 1e-12))
        #expect(agree(try require(result.netBenefit.standardError), 2 * variance.squareRoot(), 1e-12))
        let ratio = try require(result.winRatio)
        #expect(agree(ratio.value, auc / (1 - auc), 1e-12))
        #expect(agree(try require(ratio.standardError), variance.squareRoot() / (auc * (1 - auc)), 1e-12))
        #expect(try require(result.winOdds) == ratio)
    }

    @Test(
        "Simulation: proportional hazards make the win ratio the inverse hazard ratio, and intervals hold it as they claim"
    )
    func coverage() throws {
        // Censoring at one time for all: π_w/π_l = h₀/h₁ whatever that time is.
        var covered = 0
        let replicates = 400
        for replicate in 0..<replicates {
            var sequence = TestSequence(seed: UInt64(700 + replicate))
            let treated = (0..<160).map { $0 % 2 == 0 }
            let times = treated.map { -logarithm(sequence.uniform()) / ($0 ? 0.6 : 1) }
            let data = try SurvivalData(times: times.map { min($0, 1.2) }, events: times.map { $0 <= 1.2 })
            let ratio = try require(WinRatio(treated: treated, outcomes: [.time("death", data)]).winRatio)
            let interval = try require(ratio.interval)
            if interval.lower <= 1 / 0.6, 1 / 0.6 <= interval.upper { covered += 1 }
        }
        // 95 % within four binomial standard errors of 1.1 %.
        #expect(abs(Double(covered) / Double(replicates) - 0.95) < 4 * (0.95 * 0.05 / Double(replicates)).squareRoot())
    }

    @Test("Cost: two outcomes of a hundred thousand patients by sorting")
    func noQuadraticRoute() throws {
        let drawn = try draw(100_000, seed: 4)
        let start = ContinuousClock.now
        let result = try WinRatio(
            treated: drawn.treated, outcomes: [.time("death", drawn.death), .time("stay", drawn.stay)])
        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(result.wins + result.losses + result.ties == result.treatedCount * result.controlCount)
        // Groups are drawn without regard to outcomes.
        #expect(try require(result.test).pValue > 1e-4)
    }

    @Test("Failure: an empty group, no outcome, lengths, margin and delayed entry at once")
    func failures() throws {
        let late = try SurvivalData(times: [1, 2], events: [true, true], entries: [0, 1])
        let error = #expect(throws: InvalidInput.self) {
            try WinRatio(
                treated: [true, true], outcomes: [.time("death", late), .value("score", [1], margin: -1)])
        }
        #expect(
            error?.description == """
                treated: found 2 treated and 0 control patients, allowed is at least one of each
                death: found delayed entry, allowed is no entry times for a win ratio
                score: found 1 rows, allowed is 2 rows, one for each patient
                score, margin: found -1.0, allowed is a finite number ≥ 0
                """)
        let empty = #expect(throws: InvalidInput.self) { try WinRatio(treated: [true, false], outcomes: []) }
        #expect(empty?.description == "outcomes: found none, allowed is at least one")
    }
}
