import NumericsCore
import Regimes
import Testing

@testable import OffPolicy

/// Backed by numpy (References/ope_reference.info.json) and by closed forms.
@Suite struct FittedQEvaluationTests {
    private struct Reference: Decodable {
        var discount: Double
        var x: [[[Double]]]
        var d: [[Double]]
        var a: [[Int32]]
        var r: [[Double]]
        var pi: [[[Double]]]
        var final: [[Double]]
        var finals: [Double]
        var finalChances: [[Double]]
        var estimates: [String: Double]

        var log: LoggedEpisodes {
            var log = LoggedEpisodes(
                variables: ["x", "y", "d"], actions: ActionSpace(names: ["a", "b", "c"]), discount: discount)
            for episode in x.indices {
                for step in x[episode].indices {
                    log.observations[0].append(x[episode][step][0])
                    log.observations[1].append(x[episode][step][1])
                    log.observations[2].append(d[episode][step])
                    log.chosen.append(a[episode][step])
                    log.rewards.append(r[episode][step])
                    log.propensity.append(0.5)
                    log.allowed.append(0b111)
                }
                log.starts.append(log.decisions)
                log.final[0].append(final[episode][0])
                log.final[1].append(final[episode][1])
                log.final[2].append(finals[episode])
                log.finalAllowed.append(0b111)
                log.endedByEvent.append(false)
            }
            return log
        }

        var target: TargetProbabilities {
            TargetProbabilities(at: pi.flatMap { $0.flatMap(\.self) }, final: finalChances.flatMap(\.self), levels: 3)
        }
    }

    private func directValue(_ values: ModelValues, _ log: LoggedEpisodes) -> Double {
        (0..<log.episodes).reduce(0) { $0 + values.v[log.starts[$1]] } / Double(log.episodes)
    }

    @Test func pooledQuadraticAgreesWithNumpy() throws {
        let reference = try reference("fqe_reference.json", as: Reference.self)
        let plan = FittedQEvaluation(basis: .quadratic, time: .pooled, folds: 1, horizon: 3)
        let values = try plan.values(reference.log, target: reference.target, cells: nil, variables: [0, 1], seed: 1)
        let expected = try #require(reference.estimates["pooled_quadratic"])
        #expect(abs(directValue(values, reference.log) - expected) < 1e-10)
    }

    @Test func stagedTableAgreesWithNumpy() throws {
        let reference = try reference("fqe_reference.json", as: Reference.self)
        let cells = try #require(StateCells(reference.log, variables: [2]))
        let plan = FittedQEvaluation(basis: .table, time: .stages, folds: 1, horizon: 3)
        let values = try plan.values(reference.log, target: reference.target, cells: cells, variables: [2], seed: 1)
        let expected = try #require(reference.estimates["staged_table"])
        #expect(abs(directValue(values, reference.log) - expected) < 1e-10)
    }

    /// One state that pays 1 and goes on for ever: V = 1 / (1 − γ), to the 10⁻¹⁰ at which the iteration stops.
    @Test func withoutHorizonItIteratesToTheFixedPoint() throws {
        var log = OffPolicyTests.log([[(0, 0, 1, 0.5), (0, 1, 1, 0.5)]], discount: 0.9)
        log.endedByEvent[0] = false
        log.final[0][0] = 0
        let target = try TargetProbabilities(CoinPolicy(atZero: 0.5, elsewhere: 0.5), on: log)
        let cells = StateCells(of: [0, 0], final: [0], count: 1)
        let plan = FittedQEvaluation(basis: .table, time: .pooled, folds: 1, horizon: nil)
        let values = try plan.values(log, target: target, cells: cells, variables: [0], seed: 1)
        #expect(values.v.allSatisfy { abs($0 - 10) < 1e-7 })
        #expect(abs(values.final[0] - 10) < 1e-7)
    }

    @Test func valuesThatNeverSettleAreRefused() throws {
        var log = OffPolicyTests.log([[(0, 0, 1, 0.5), (0, 1, 1, 0.5)]])
        log.endedByEvent[0] = false
        log.final[0][0] = 0
        let target = try TargetProbabilities(CoinPolicy(atZero: 0.5, elsewhere: 0.5), on: log)
        let cells = StateCells(of: [0, 0], final: [0], count: 1)
        let plan = FittedQEvaluation(basis: .table, time: .pooled, folds: 1, horizon: nil)
        #expect {
            try plan.values(log, target: target, cells: cells, variables: [0], seed: 1)
        } throws: {
            "\($0)" == "model: the values have not settled in 5000 iterations; give the horizon or a discount below 1"
        }
    }

    /// Cross-fitted values of an episode do not change with its own rewards; those of others do.
    @Test func aModelIsNeverJudgedOnItsOwnRows() throws {
        let reference = try reference("fqe_reference.json", as: Reference.self)
        let plan = FittedQEvaluation(basis: .quadratic, time: .pooled, folds: 2, horizon: 3)
        let before = try plan.values(reference.log, target: reference.target, cells: nil, variables: [0, 1], seed: 1)
        var changed = reference.log
        changed.rewards[0] += 0.1
        let after = try plan.values(changed, target: reference.target, cells: nil, variables: [0, 1], seed: 1)
        #expect(before.v[0..<3] == after.v[0..<3])
        let fold = FittedQEvaluation.parting(changed.episodes, folds: 2, seed: 1)
        let other = try #require((0..<changed.episodes).first { fold[$0] != fold[0] })
        #expect(before.v[changed.starts[other]] != after.v[changed.starts[other]])
    }
}
