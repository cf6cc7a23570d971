import ModelLanguage
import NumericsCore
import Testing

@testable import Regimes

/// Backed by problems whose exact values are found by backward induction, and by invariants.
@Suite struct FittedQIterationTests {
    private func value(_ policy: QPolicy, _ visit: Int, _ features: [Double], _ action: Double) -> Double {
        var terms = [Double](repeating: 0, count: policy.basis.count)
        return policy.basis.value(policy.weights[visit], &terms, features: features, action: action)
    }

    private func error(_ policy: QPolicy, _ exact: [[[Double]]]) -> Double {
        var worst = 0.0
        for visit in exact.indices {
            for state in 0...1 {
                for action in 0...1 {
                    let found = value(policy, visit, [Double(state)], Double(action))
                    worst = max(worst, abs(found - exact[visit][state][action]))
                }
            }
        }
        return worst
    }

    @Test("Two states and two actions: the exact values and the best actions at every visit")
    func ladder() throws {
        let ladder = Ladder()
        let result = try Ladder.learner().learn(from: ladder.log(patients: 400), frame: Ladder.frame())
        // Without chance the targets lie in the basis: what is left is the ridge of 1e-9.
        #expect(error(result.policy, ladder.exact) < 1e-6)
        #expect(result.residuals.allSatisfy { $0 < 1e-6 })
        #expect(result.decisions == [400, 400, 400])
        var terms = [Double](repeating: 0, count: result.policy.basis.count)
        let plan = (0..<3).map { visit in
            (0...1).map { result.policy.best(visit: visit, features: [Double($0)], &terms).action }
        }
        let best = ladder.exact.map { $0.map { $0[1] > $0[0] ? 1.0 : 0.0 } }
        #expect(plan == best)
        // At the foot it pays to climb until the last visit: a greedy rule would not.
        #expect(best.map { $0[0] } == [1, 1, 0])
    }

    @Test("A linear-quadratic problem: the quadratic basis holds Q*, and finds it")
    func linearQuadratic() throws {
        let problem = LinearQuadratic()
        let learner = try problem.learner(ridge: 0)
        let result = try learner.learn(from: problem.log(patients: 500, noise: 0), frame: problem.frame(step: 0.01))
        // The best action is sought on a grid of step 0.01: its value is at most (0.005)²·|curvature| < 1e-4 too low.
        #expect(problem.worstError { value(result.policy, $0, [$1], $2) } < 1e-4)
    }

    @Test("The same with noise: within five standard errors of the regression")
    func linearQuadraticWithNoise() throws {
        let problem = LinearQuadratic()
        let patients = 20_000
        let learner = try problem.learner(ridge: 0)
        let result = try learner.learn(
            from: problem.log(patients: patients, noise: 0.3), frame: problem.frame(step: 0.05))
        // Noise of variance 0.09 lowers each visit's value by its curvature times the variance.
        let exact = problem.noisy(variance: 0.09)
        let terms = Double(result.policy.basis.count)
        let leverage = (terms / Double(patients)).squareRoot()
        // An error at a visit is passed on to all visits before it.
        let tolerance = 5 * result.residuals.reduce(0, +) * leverage
        #expect(tolerance < 0.2)
        #expect(exact.worstError { value(result.policy, $0, [$1], $2) } < tolerance)
    }

    @Test("Events count as what a decision leads to; dropouts hide it and are left out")
    func eventsAndDropouts() throws {
        let ladder = Ladder(eventRate: 0.3)
        let log = ladder.log(patients: 80_000, dropoutRate: 0.4)
        let result = try Ladder.learner().learn(from: log, frame: Ladder.frame())
        // The smallest cell holds a quarter of the decisions left at the last visit, some 2,000; five standard errors,
        // passed on over three visits.
        let spread = result.residuals.max() ?? 0
        let smallest = Double(result.decisions.min() ?? 0) / 8
        let tolerance = 3 * 5 * spread / smallest.squareRoot() + 1e-6
        #expect(tolerance < 0.3)
        #expect(error(result.policy, ladder.exact) < tolerance)
        // Taken for events, the same dropouts would bias the values far beyond that.
        var merged = log
        for visit in merged.endings.indices {
            merged.endings[visit] = merged.endings[visit].map { $0 == .lost ? .event : $0 }
        }
        let biased = try Ladder.learner().learn(from: merged, frame: Ladder.frame())
        #expect(error(biased.policy, ladder.exact) > 3 * tolerance)
    }

    @Test("Who is absent contributes nothing, whatever stands in the log")
    func absentPatientsContributeNothing() throws {
        let log = Ladder(eventRate: 0.5).log(patients: 300)
        var spoilt = log
        for visit in 0..<log.visits {
            for patient in 0..<log.patients where !log.isPresent[visit][patient] {
                for slot in log.variables.symbols.indices {
                    spoilt.snapshots[visit][slot][patient] = patient % 2 == 0 ? .nan : 1e30
                }
                for index in 0..<4 { spoilt.outcomes[visit][index][patient] = -1e30 }
                spoilt.endings[visit][patient] = .lost
            }
        }
        #expect(spoilt.isPresent[2].contains(false))
        let plain = try Ladder.learner().learn(from: log, frame: Ladder.frame())
        let other = try Ladder.learner().learn(from: spoilt, frame: Ladder.frame())
        #expect(plain.policy.weights == other.policy.weights)
        #expect(plain.policy.basis == other.policy.basis)
        #expect(plain.decisions == other.decisions)
    }

    @Test("A reward that is not known leaves the decision out; one patient's does not touch the count of others")
    func unknownRewardsAreLeftOut() throws {
        var log = Ladder().log(patients: 300)
        for patient in 0..<50 { log.outcomes[1][1][patient] = .nan }
        let result = try Ladder.learner().learn(from: log, frame: Ladder.frame())
        #expect(result.decisions == [300, 250, 300])
        #expect(error(result.policy, Ladder().exact) < 1e-6)
    }

    @Test("A missing feature is learned from, and acted on, as an average one")
    func missingFeaturesCountAsAverage() throws {
        var log = Ladder().log(patients: 300)
        let slot = try #require(Ladder.variables.slot("noise"))
        for visit in 0..<3 {
            for patient in 0..<300 {
                log.snapshots[visit][slot][patient] = patient % 3 == 0 ? .nan : patient % 3 == 1 ? 2 : 4
            }
        }
        let frame = try Ladder.frame(features: "state_now <- state\nother <- noise")
        let result = try Ladder.learner().learn(from: log, frame: frame)
        for visit in 0..<3 {
            log.snapshots[visit][slot] = log.snapshots[visit][slot].map { $0.isNaN ? 3 : $0 }
        }
        let filled = try Ladder.learner().learn(from: log, frame: frame)
        #expect(result.policy.basis.means == filled.policy.basis.means)
        // Filled with the mean, fewer patients lie off it: the deviation differs and with it the scale of a weight.
        for (state, action) in [(0.0, 0.0), (0, 1), (1, 0), (1, 1)] {
            let a = value(result.policy, 0, [state, .nan], action)
            let b = value(filled.policy, 0, [state, 3], action)
            #expect(abs(a - b) < 1e-6)
        }
    }

    @Test("The same log, the same bits; and a log that keeps only what is read gives them too")
    func determinism() throws {
        let log = Ladder(eventRate: 0.2).log(patients: 500, dropoutRate: 0.1)
        let learner = try Ladder.learner()
        let frame = try Ladder.frame()
        let first = try learner.learn(from: log, frame: frame)
        #expect(learner.variablesRead(frame) == ["state", "action"])
        var thin = log
        for (slot, symbol) in log.variables.symbols.enumerated()
        where !learner.variablesRead(frame).contains(symbol.name) {
            for visit in 0..<log.visits { thin.snapshots[visit][slot] = [] }
        }
        for again in [try learner.learn(from: log, frame: frame), try learner.learn(from: thin, frame: frame)] {
            #expect(again.policy.weights == first.policy.weights)
            #expect(again.residuals == first.residuals)
        }
    }

    @Test("What a feature reads of an action is kept as its proposal")
    func variablesReadIncludesProposals() throws {
        let frame = try Ladder.frame(features: "a <- dose + state")
        let learner = try FittedQIteration(reward: .rule("days - noise"), variables: Ladder.variables)
        #expect(learner.variablesRead(frame) == ["dose", "dose_proposed", "state", "action", "noise"])
    }

    @Test("A reward sees the actions of its interval and the measurements at its end")
    func whatARewardSees() throws {
        let variables = DecisionVariables(
            columns: [], measurements: ["X"], actions: ["dose"], memory: LearningFrame.memory(for: ["dose"]))
        let frame = try LearningFrame(
            base: RuleRegime(start: [], later: [], variables: variables), features: .rule("x <- X"),
            apply: .rule("dose <- action"), actions: [0, 1], neutral: 0, variables: variables)
        var log = DecisionLog(variables: variables, visits: 2, patients: 60)
        func set(_ name: String, _ visit: Int, _ value: (Int) -> Double) throws {
            let slot = try #require(variables.slot(name))
            log.snapshots[visit][slot] = (0..<60).map(value)
        }
        for visit in 0..<2 {
            log.isPresent[visit] = [Bool](repeating: true, count: 60)
            try set("X", visit) { Double(($0 * 7 + 3 * visit) % 5) }
            try set("action", visit) { Double(($0 + visit) % 2) }
            try set("dose", visit) { Double($0 % 7 + 10 * visit) }
            try set("dose_previous", visit) { Double($0 % 3) }
            try set("visit", visit) { _ in Double(visit) }
        }
        // Constant rewards show in the constant weight: visit 0 sees the visit at its end, 1; visit 1 itself.
        let learner = try FittedQIteration(
            reward: .rule("10 * visit"), variables: variables, shape: .linear, discount: 0, ridge: 1e-9)
        let result = try learner.learn(from: log, frame: frame)
        #expect(abs(value(result.policy, 0, [2], 1) - 10) < 1e-6)
        #expect(abs(value(result.policy, 1, [2], 1) - 10) < 1e-6)
        // The same action as the interval's own, whatever was chosen at its end.
        let own = try FittedQIteration(
            reward: .rule("action"), variables: variables, shape: .linear, discount: 0, ridge: 1e-9)
        let chosen = try own.learn(from: log, frame: frame)
        #expect(chosen.residuals.allSatisfy { $0 < 1e-6 })
        #expect(abs(value(chosen.policy, 0, [2], 1) - 1) < 1e-6)
    }

    @Test func tooFewDecisionsAreRefused() throws {
        var log = Ladder().log(patients: 40)
        for patient in 6..<40 { log.isPresent[1][patient] = false }
        do {
            _ = try Ladder.learner().learn(from: log, frame: Ladder.frame())
            Issue.record("accepted")
        } catch {
            #expect(
                "\(error)"
                    == "visit 1: 6 decisions to learn from, at least 7 are needed; train on more patients or use fewer features"
            )
        }
    }

    @Test func aBasisThatDependsOnItselfIsRefusedWithoutARidge() throws {
        do {
            // Actions of 0 and 1: their squares are themselves.
            _ = try Ladder.learner(ridge: 0).learn(from: Ladder().log(patients: 64), frame: Ladder.frame())
            Issue.record("accepted")
        } catch {
            #expect(
                "\(error)"
                    == "visit 2: terms of the basis follow from each other; drop features that are constant or follow from others, or set a ridge above 0"
            )
        }
    }
}
