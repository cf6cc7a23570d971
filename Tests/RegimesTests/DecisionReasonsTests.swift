import NumericsCore
import Testing

@testable import Regimes

/// Backed by scores added up by hand, and by asking the policy again.
@Suite struct DecisionReasonsTests {
    /// Two inputs, an indicator of a missing count, the time, and all products.
    static let linear: LinearQPolicy = {
        let inputs = PolicyInputs(
            names: ["count", "weight"], means: [5, 80], deviations: [2, 20], indicators: [0], time: 10)
        var stream = RandomStream(seed: 7, purpose: .analysis, replicate: 0, patient: 0)
        let weights = (0..<3).map { _ in
            NumberList((0..<QuadraticTerms.quadratic.count(4)).map { _ in 2 * stream.nextUniform() - 1 })
        }
        return LinearQPolicy(
            frame: PolicyFrame(inputs: inputs, levels: ["none", "half", "full"]), terms: .quadratic, weights: [weights])
    }()

    private func visits(_ policy: any Policy) throws -> VisitedStates { try CardRenderingTests.visits(policy, 1000) }

    @Test("What the inputs of a linear policy add is its score", arguments: [(3.0, 70.0), (.nan, 95), (8, 41)])
    func linearContributionsAddUp(_ count: Double, _ weight: Double) throws {
        let visited = try visits(Self.linear)
        let reasons = try DecisionReasons(
            Self.linear, PatientInputs(["count": count, "weight": weight], decision: 4), visited)
        #expect(reasons.isExact && reasons.measures == ["score of \(reasons.action)"])
        let sum = reasons.inputs.reduce(reasons.start[0]) { $0 + $1.contributions[0] }
        #expect(abs(sum - reasons.totals[0]) < 1e-12)
        // The score itself, from the policy at work.
        let probe = try PolicyProbe(Self.linear, variables: ["count", "weight"], actions: PolicyFileTests.doses)
        let answer = try #require(probe.ask([[count, weight]], decision: 4).first)
        #expect(abs(answer.scores[answer.level] - sum) < 1e-12)
        let next = try #require(reasons.next)
        let others = answer.scores.enumerated().filter { $0.offset != answer.level }.map(\.element)
        #expect(abs(next.margin - (answer.scores[answer.level] - (others.max() ?? 0))) < 1e-12)
        #expect(reasons.inputs.map(\.name) == ["count", "weight", "decision"])
    }

    @Test("Points are reasons by themselves")
    func points() throws {
        let visited = try visits(CardRenderingTests.points)
        let patient = PatientInputs(["count": 5, "weight": 95])
        let reasons = try DecisionReasons(CardRenderingTests.points, patient, visited)
        #expect(reasons.action == "half" && reasons.measures == ["points"] && reasons.totals == [3])
        #expect(reasons.inputs.map(\.contributions) == [[1], [2]])
        // One point more reaches full; two fewer would reach none.
        #expect(reasons.next?.action == "full" && reasons.next?.margin == 1)
    }

    @Test("What would change the decision changes it, and nothing nearer does")
    func changes() throws {
        for policy in [Self.linear, CardRenderingTests.points, PolicyFileTests.tree] as [any Policy] {
            let visited = try visits(policy)
            let names = visited.variables
            let probe = try PolicyProbe(policy, variables: names, actions: visited.actions)
            let state = [5.0, 71.0, 50]
            let reasons = try DecisionReasons(
                policy, PatientInputs(Dictionary(uniqueKeysWithValues: zip(names, state))), visited)
            #expect(!reasons.changes.isEmpty)
            for change in reasons.changes {
                let place = try #require(names.firstIndex(of: change.name))
                let range = visited.range(of: place)
                let near = range.sorted.filter { abs($0 - change.from) < abs(change.difference) }
                let asked = (near + [change.to]).map { value in
                    var state = state
                    state[place] = value
                    return state
                }
                let actions = probe.ask(asked, decision: 0).map { visited.actions.text(of: $0.values) }
                #expect(actions.dropLast().allSatisfy { $0 == reasons.action })
                #expect(actions.last == change.action && change.action != reasons.action)
            }
            #expect(!reasons.changes.contains { $0.name == "age" })
        }
    }

    @Test("A tree's inputs count where their median leads elsewhere")
    func treeContributions() throws {
        let visited = try visits(PolicyFileTests.tree)
        let reasons = try DecisionReasons(
            PolicyFileTests.tree, PatientInputs(["count": 0, "weight": 75, "age": 150]), visited)
        #expect(!reasons.isExact && reasons.measures == ["probability of none"] && reasons.probability == 1)
        #expect(reasons.inputs.map(\.contributions) == [[1], [0], [0]])
        #expect(reasons.inputs.map(\.isUnusual) == [false, false, true])
        #expect(reasons.next == nil)
    }

    @Test("A patient is given by name; what is missing, unknown or unreadable is refused")
    func patients() throws {
        let names = ["count", "weight", "age"]
        let patient = try PatientInputs("count=missing, weight = 71.5,decision=3", variables: names)
        #expect(patient.decision == 3 && patient.values["weight"] == 71.5)
        #expect(patient.values["count"]?.isNaN == true && patient.values["age"] == nil)
        func refusal(_ text: String) -> String { message { try PatientInputs(text, variables: names) } }
        let allowed = "allowed: NAME=NUMBER or NAME=missing, with commas between"
        #expect(refusal("count") == "patient: found 'count', \(allowed)")
        #expect(refusal("count=many") == "patient: found 'count=many', \(allowed)")
        #expect(refusal("count=inf") == "patient: found 'count=inf', \(allowed)")
        #expect(refusal("decision=0.5") == "patient: found 'decision=0.5', \(allowed)")
        #expect(refusal("decision=missing") == "patient: found 'decision=missing', \(allowed)")
        #expect(refusal("decision=1e300") == "patient: found 'decision=1e300', \(allowed)")
        #expect(
            refusal("inr=2") == "patient: input 'inr' does not exist here; allowed: count, weight, age, decision")
        #expect(refusal("count=1,count=2") == "patient: input 'count' is given more than once")
        let visited = try visits(PolicyFileTests.tree)
        #expect(
            message { try DecisionReasons(PolicyFileTests.tree, PatientInputs(["age": 50]), visited) }
                == "patient: the policy reads count, weight; give each a number, or NAME=missing")
    }
}
