import ModelLanguage
import NumericsCore
import Testing

@testable import Regimes

/// Backed by the stated layout and by invariants of the store.
@Suite struct DecisionVariablesTests {
    let variables = DecisionVariables.study

    @Test func everyNameHasItsOwnSlotInTheStatedOrder() {
        let names = [
            "sex", "age", "weight", "day", "visit", "days_since_visit", "INR", "INR_previous", "INR_day", "dose",
            "hold_days",
            "action", "dose_proposed", "hold_days_proposed", "dose_previous", "hold_days_previous",
        ]
        #expect(variables.symbols.map(\.name) == names)
        #expect(names.map(variables.slot) == names.indices.map { $0 })
        #expect(variables.slot("height") == nil)
        #expect(variables.symbols[0].levels == ["male", "female"])
        #expect(variables.collisions.isEmpty)
    }

    @Test func onlyActionsAndMemoryLast() {
        let lasting = variables.symbols.map(\.name).filter(variables.isWritable)
        #expect(lasting == ["dose", "hold_days", "action", "dose_proposed", "hold_days_proposed"])
        let decided = variables.symbols.indices.filter(variables.isDecided).map { variables.symbols[$0].name }
        #expect(decided == lasting + ["dose_previous", "hold_days_previous"])
    }

    @Test func aColumnThatHidesAnotherVariableIsNamed() {
        let clashing = DecisionVariables(
            columns: [InputSymbol("dose"), InputSymbol("INR_day"), InputSymbol("visit")], measurements: ["INR"],
            actions: ["dose"])
        #expect(clashing.collisions == ["visit", "INR_day", "dose"])
    }

    @Test func lanesStartUnknownKeepWhatTheyGetAndForget() {
        let lanes = DecisionLanes(variables)
        #expect((0..<laneCount).allSatisfy { lanes["INR"][$0].isNaN })
        lanes["dose"] = Lane(repeating: 5)
        lanes["unknown"] = Lane(repeating: 1)
        #expect(lanes["dose"] == Lane(repeating: 5))
        #expect(lanes["unknown"][0].isNaN)
        #expect(variables.symbols.indices.filter { !lanes.lanes[$0][3].isNaN } == [variables.slot("dose")])
        lanes.clear()
        #expect(lanes["dose"][15].isNaN)
    }
}
