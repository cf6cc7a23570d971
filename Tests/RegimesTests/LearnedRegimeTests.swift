import ModelLanguage
import NumericsCore
import Testing

@testable import Regimes

/// Backed by invariants (the neutral action, the keys of exploration) and by a second route through the frame's pieces.
@Suite struct LearnedRegimeTests {
    let variables = DecisionVariables.study
    static let actions = [0.7, 0.85, 1, 1.15, 1.3]

    func frame(
        features: String = "inr <- INR\nlog_dose <- log(dose_proposed)",
        apply: String = "dose <- dose_proposed * action"
    ) throws -> LearningFrame {
        let base = try RuleRegime(
            start: [.rule("dose <- 3 * weight\nhold_days <- 0")],
            later: [
                .rule(
                    "hold_days <- 0\nif (INR > 1.5) {\ndose <- 0.9 * dose\nhold_days <- 1\n} else {\ndose <- 1.1 * dose\n}"
                )
            ],
            variables: variables)
        return try LearningFrame(
            base: base, features: .rule(features), apply: .rule(apply), actions: Self.actions, neutral: 1,
            variables: variables)
    }

    /// Takes patients through some visits: new measurements each time, `dose_previous` as the trial keeps it.
    func decisions(
        _ regime: any Regime, patients: [UInt32], visits: Int, replicate: UInt32 = 0, seed: UInt64 = 7
    ) -> [DecisionLanes] {
        let worker = regime.makeWorker()
        var history = DecisionLanes.filled(variables, patients: patients)
        var kept: [DecisionLanes] = []
        for visit in 0..<visits {
            let now = DecisionLanes.filled(variables, patients: patients, seed: UInt64(100 + visit))
            let copy = DecisionLanes(variables)
            for slot in variables.symbols.indices { copy.lanes[slot] = history.lanes[slot] }
            copy["INR"] = now["INR"]
            for action in variables.actions { copy[DecisionVariables.previous(action)] = copy[action] }
            worker.decide(
                .at(visit, patients: patients, replicate: replicate, seed: seed), copy,
                deciding: .lanes(patients.indices))
            kept.append(copy)
            history = copy
        }
        return kept
    }

    @Test("With the neutral action at every visit, a learned regime is its base, bit for bit")
    func neutralIsTheBase() throws {
        let frame = try frame()
        let patients = (0..<16).map { UInt32($0) }
        let base = decisions(frame.base, patients: patients, visits: 6)
        let still = decisions(
            LearnedRegime(frame: frame, choice: .explore(rate: 0, following: nil)), patients: patients, visits: 6)
        for (a, b) in zip(base, still) {
            #expect(a["dose"] == b["dose"])
            #expect(a["hold_days"] == b["hold_days"])
            #expect(b["action"] == Lane(repeating: 1))
            #expect(b["dose_proposed"] == a["dose"])
        }
        // The doses do change from visit to visit, so that equality says something.
        #expect(base[1]["dose"] != base[2]["dose"])
    }

    @Test("Exploration takes each action with its probability: within four standard errors")
    func explorationFrequencies() throws {
        let regime = LearnedRegime(frame: try frame(), choice: .explore(rate: 0.5, following: nil))
        var counts = [Double: Int](uniqueKeysWithValues: Self.actions.map { ($0, 0) })
        var total = 0
        for block in 0..<500 {
            let patients = (0..<16).map { UInt32(16 * block + $0) }
            for visit in decisions(regime, patients: patients, visits: 3) {
                for lane in 0..<16 { counts[visit["action"][lane], default: 0] += 1 }
                total += 16
            }
        }
        #expect(counts.count == 5)
        for action in Self.actions {
            let p = action == 1 ? 0.5 + 0.1 : 0.1
            let error = (p * (1 - p) / Double(total)).squareRoot()
            let share = Double(counts[action, default: 0]) / Double(total)
            #expect(abs(share - p) < 4 * error, "action \(action): \(share)")
        }
    }

    @Test("The same patient explores alike at any place of any block; another replicate or seed explores otherwise")
    func explorationBelongsToThePatient() throws {
        let regime = LearnedRegime(frame: try frame(), choice: .explore(rate: 1, following: nil))
        func path(_ patients: [UInt32], _ lane: Int, replicate: UInt32 = 0, seed: UInt64 = 7) -> [[UInt64]] {
            decisions(regime, patients: patients, visits: 8, replicate: replicate, seed: seed).map {
                $0.bits(lane: lane)
            }
        }
        let alone = path([1234], 0)
        for lane in 0..<16 {
            var crowd = (0..<16).map { UInt32(9 * $0 + lane) }
            crowd[lane] = 1234
            #expect(path(crowd, lane) == alone)
        }
        #expect(path((0..<5).map { UInt32(1230 + $0) }, 4) == alone)
        #expect(path([1234], 0, replicate: 1) != alone)
        #expect(path([1234], 0, seed: 8) != alone)
        // A visit has a draw of its own: eight visits do not share one action (probability 5⁻⁷).
        #expect(Set(alone.map { $0[variables.slot("action") ?? 0] }).count > 1)
    }

    static func policy(_ actions: [Double], weights: [[Double]]) -> QPolicy {
        QPolicy(
            basis: PolicyBasis(shape: .quadratic, means: [1.5, 1.5], deviations: [0.3, 0.4]), actions: actions,
            weights: weights)
    }

    @Test("Following takes the best action of the visit's own weights, each patient by its own features")
    func followingTakesTheBest() throws {
        let weights: [[Double]] = (0..<3).map { visit in
            (0..<12).map { term -> Double in
                let step = (visit * 7 + term * term * 5) % 13
                return 0.1 * Double(step) - 0.6
            }
        }
        let policy = Self.policy(Self.actions, weights: weights)
        let regime = LearnedRegime(frame: try frame(), choice: .follow(policy))
        let patients = (0..<16).map { UInt32($0) }
        var taken: Set<Double> = []
        for (visit, history) in decisions(regime, patients: patients, visits: 5).enumerated() {
            for lane in patients.indices {
                let features = [history["INR"][lane], Elementary.log(history["dose_proposed"][lane])]
                // Beyond the last visit that was learned, its weights stay in force.
                let stage = weights[min(visit, 2)]
                let values = Self.actions.map { PolicyBasisTests.naive(policy.basis, stage, features, $0) }
                let best = Self.actions[values.firstIndex(of: values.max() ?? 0) ?? 0]
                #expect(history["action"][lane] == best)
                #expect(history["dose"][lane] == history["dose_proposed"][lane] * best)
                taken.insert(best)
            }
        }
        #expect(taken.count > 1)
    }

    @Test func theFirstOfEqualActionsIsTaken() {
        let policy = Self.policy([2, 1, 3], weights: [[Double](repeating: 0, count: 12)])
        var terms = [Double](repeating: 0, count: 12)
        let best = policy.best(visit: 0, features: [1, 1], &terms)
        #expect(best.action == 2)
        #expect(best.value == 0)
    }

    @Test("A patient who does not decide keeps the action, the proposal and the dose")
    func lanesNotDecidingKeepTheirs() throws {
        let worker = LearnedRegime(frame: try frame(), choice: .explore(rate: 1, following: nil)).makeWorker()
        let patients = (0..<16).map { UInt32($0) }
        let history = DecisionLanes.filled(variables, patients: patients)
        let before = patients.indices.map { history.bits(lane: $0) }
        worker.decide(.at(1, patients: patients), history, deciding: .lanes([0, 9]))
        for lane in patients.indices { #expect((history.bits(lane: lane) != before[lane]) == [0, 9].contains(lane)) }
    }

    @Test("Features in a log are those that the policy saw when it chose, not what its choice left behind")
    func featuresAsSeen() throws {
        let frame = try frame(features: "a <- dose\nb <- action\nc <- dose_previous\nd <- hold_days\ne <- INR")
        let regime = LearnedRegime(frame: frame, choice: .explore(rate: 1, following: nil))
        let patients = (0..<16).map { UInt32($0) }
        let visits = decisions(regime, patients: patients, visits: 4)
        var log = DecisionLog(variables: variables, visits: 4, patients: 16)
        for (visit, history) in visits.enumerated() {
            log.isPresent[visit] = [Bool](repeating: true, count: 16)
            for slot in variables.symbols.indices {
                log.snapshots[visit][slot] = (0..<16).map { history.lanes[slot][$0] }
            }
        }
        for visit in 1..<4 {
            let seen = frame.featuresSeen(log, visit: visit)
            for lane in 0..<16 {
                #expect(seen[0][lane] == visits[visit]["dose_proposed"][lane])
                #expect(seen[1][lane] == visits[visit - 1]["action"][lane])
                #expect(seen[2][lane] == visits[visit - 1]["dose"][lane])
                #expect(seen[3][lane] == visits[visit]["hold_days_proposed"][lane])
                #expect(seen[4][lane] == visits[visit]["INR"][lane])
            }
        }
        #expect(frame.featuresSeen(log, visit: 0)[1].allSatisfy { $0.isNaN })
        // The choice did change dose and action, so the two are told apart.
        #expect(visits[2]["dose"] != visits[2]["dose_proposed"])
        #expect(visits[2]["action"] != visits[1]["action"])
    }
}
