import ModelLanguage
import NumericsCore
import Testing

@testable import Regimes

/// Backed by hand computation lane by lane, and by invariants: whom a rule may change, and in what.
@Suite struct RuleRegimeTests {
    let variables = DecisionVariables.study
    let patients = (0..<16).map { UInt32($0) }

    @Test("The first block decides at the first visit, the later one at every other")
    func startAndLater() throws {
        let regime = try RuleRegime(
            start: [.rule("dose <- 10")], later: [.rule("dose <- 2 * dose")], variables: variables)
        let worker = regime.makeWorker()
        let history = DecisionLanes(variables)
        var doses: [Double] = []
        for visit in 0..<4 {
            worker.decide(.at(visit, patients: patients), history, deciding: .everyone)
            doses.append(history["dose"][5])
        }
        #expect(doses == [10, 20, 40, 80])
    }

    @Test("Blocks run in order in one scope, and read each patient's own values")
    func blocksInOneScope() throws {
        let regime = try RuleRegime(
            start: [
                .rule("base <- age + weight"), .rule("if (sex == \"female\") { base <- base / 2 }"),
                .rule("dose <- base"),
            ], later: [], variables: variables)
        let history = DecisionLanes.filled(variables, patients: patients)
        for lane in patients.indices { history.lanes[0][lane] = lane % 3 == 0 ? 1 : 0 }
        regime.makeWorker().decide(.at(0, patients: patients), history, deciding: .everyone)
        for lane in patients.indices {
            let sum = history["age"][lane] + history["weight"][lane]
            #expect(history["dose"][lane] == (lane % 3 == 0 ? sum / 2 : sum))
        }
    }

    @Test("An assignment to an action or to memory lasts; any other lasts for the decision only")
    func onlyActionsAndMemoryLast() throws {
        let variables = DecisionVariables(
            columns: [InputSymbol("age")], measurements: ["INR"], actions: ["dose"], memory: ["steps"])
        let regime = try RuleRegime(
            start: [.rule("steps <- 0\ndose <- 1")],
            later: [.rule("age <- 99\nINR <- 50\nscratch <- age + INR\nsteps <- steps + 1\ndose <- scratch + steps")],
            variables: variables)
        let history = DecisionLanes.filled(variables, patients: patients)
        let before = (age: history["age"], inr: history["INR"])
        let worker = regime.makeWorker()
        for visit in 0..<3 { worker.decide(.at(visit, patients: patients), history, deciding: .everyone) }
        #expect(history["age"] == before.age)
        #expect(history["INR"] == before.inr)
        #expect(history["steps"] == Lane(repeating: 2))
        #expect(history["dose"] == Lane(repeating: 151))
    }

    @Test("A patient who does not decide keeps every bit, whatever the rule assigns")
    func lanesNotDecidingKeepTheirs() throws {
        let regime = try RuleRegime(
            start: [.rule("dose <- 0\nhold_days <- 0\naction <- 0\ndose_proposed <- 0")], later: [],
            variables: variables)
        let history = DecisionLanes.filled(variables, patients: patients)
        let before = patients.indices.map { history.bits(lane: $0) }
        regime.makeWorker().decide(.at(0, patients: patients), history, deciding: .lanes([2, 3, 11]))
        for lane in patients.indices {
            let changed = history.bits(lane: lane) != before[lane]
            #expect(changed == [2, 3, 11].contains(lane), "lane \(lane)")
        }
        #expect(history["dose"][11] == 0)
    }

    @Test("A patient's decision does not depend on the lane or on the neighbours")
    func noLaneSeesAnother() throws {
        let regime = try RuleRegime(
            start: [.rule("if (INR > 1.5) { dose <- exp(age) * weight } else { dose <- log(INR) }")], later: [],
            variables: variables)
        let worker = regime.makeWorker()
        let alone = DecisionLanes.filled(variables, patients: [40])
        worker.decide(.at(0, patients: [40]), alone, deciding: .lanes([0]))
        for lane in 0..<16 {
            let crowd = (0..<16).map { UInt32($0 == lane ? 40 : 100 + $0) }
            let history = DecisionLanes.filled(variables, patients: crowd)
            worker.decide(.at(0, patients: crowd), history, deciding: .everyone)
            #expect(history.bits(lane: lane) == alone.bits(lane: 0))
        }
    }

    @Test("A rule that does not assign the dose leaves it unknown, not zero")
    func unassignedDoseIsUnknown() throws {
        let regime = try RuleRegime(start: [.rule("hold_days <- 1")], later: [], variables: variables)
        let history = DecisionLanes(variables)
        regime.makeWorker().decide(.at(0, patients: patients), history, deciding: .everyone)
        #expect(history["dose"][0].isNaN)
        #expect(history["hold_days"][0] == 1)
    }

    @Test("A name that no regime can see is refused with its place")
    func unknownNameIsRefused() {
        do {
            _ = try RuleRegime(start: [.rule("dose <- 5")], later: [.rule("dose <- 2 * INRR")], variables: variables)
            Issue.record("accepted")
        } catch {
            #expect(error.diagnostics.count == 1)
            #expect(error.diagnostics[0].place.line == 1)
            #expect(error.diagnostics[0].place.column == 13)
            #expect(error.description.contains("INRR"))
        }
    }

    @Test("A bound program takes inputs that are no decision variables, and shows all its outputs")
    func boundProgramInputs() throws {
        let program = try RowProgram(
            .rule("total <- dose + bonus\ndose <- total"), inputs: variables.symbols + [InputSymbol("bonus")])
        let bound = BoundProgram(program, variables)
        let history = DecisionLanes(variables)
        history["dose"] = Lane(repeating: 3)
        bound.setInput("bonus", to: Lane(repeating: 4))
        bound.run(history, deciding: .lanes([1]))
        #expect(bound.value(ofOutput: 0) == Lane(repeating: 7))
        #expect(history["dose"][1] == 7)
        #expect(history["dose"][0] == 3)
    }
}
