import Foundation
import NumericsCore
import Testing

@testable import Regimes

/// Backed by invariants of writing and reading, and by decisions worked out by hand.
@Suite struct PolicyFileTests {
    static let doses = ActionSpace(
        components: [ActionSpace.Component(name: "dose", low: 0, high: 10)],
        levels: [("none", 0.0), ("half", 5), ("full", 10)].map { ActionSpace.Level(name: $0.0, values: [$0.1]) })

    /// Low counts get nothing, others by weight.
    static let tree = TreePolicy(
        root: .question(
            variable: "count", threshold: 1, missingGoesLeft: true, yes: .leaf("none"),
            no: .question(
                variable: "weight", threshold: 70, missingGoesLeft: false, yes: .leaf("half"), no: .leaf("full"))))

    static let file = PolicyFile(
        environment: "test", variant: "a",
        inputs: [PolicyFile.Input(name: "count", low: 0.1, high: 9.5, missing: 0.25)], actions: doses,
        training: ["method": "by hand"], policy: tree)

    private func temporary(_ text: String? = nil) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "policy-\(UUID().uuidString).json").path
        if let text { try text.write(toFile: path, atomically: true, encoding: .utf8) }
        return path
    }

    @Test("A policy that was written reads the same")
    func roundTrip() throws {
        let path = try temporary()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Self.file.write(path)
        let read = try PolicyFile.read(path)
        #expect(read.policy as? TreePolicy == Self.tree)
        #expect(read.inputs == Self.file.inputs)
        #expect(read.actions == Self.doses)
        #expect(read.training == ["method": "by hand"])
        #expect((read.environment, read.variant) == ("test", "a"))
    }

    @Test("A tree decides as its text says, missing values and forbidden levels included")
    func treeDecides() throws {
        let worker = try Self.tree.makeWorker(observing: ["weight", "count"], choosing: Self.doses)
        let lanes = LanePointer.allocate(capacity: 9)
        defer { lanes.deallocate() }
        lanes.initialize(repeating: Lane(repeating: 1), count: 9)
        let (observation, allowed, weights, action) = (lanes, lanes + 2, lanes + 5, lanes + 8)
        let cases: [(weight: Double, count: Double, fullIsAllowed: Bool, dose: Double)] = [
            (60, 0.5, true, 0), (60, 2, true, 5), (80, 2, true, 10), (80, 1, true, 0), (.nan, 2, true, 10),
            (80, .nan, true, 0), (80, 2, false, 5),
        ]
        for (lane, row) in cases.enumerated() {
            observation[0][lane] = row.weight
            observation[1][lane] = row.count
            allowed[2][lane] = row.fullIsAllowed ? 1 : 0
        }
        worker.decide(
            PolicyPoint(
                decision: Lane(repeating: 0), observation: observation, allowed: allowed, uniform: Lane(repeating: 0.9)),
            into: action, scratch: weights)
        for (lane, row) in cases.enumerated() { #expect(action[0][lane] == row.dose, "case \(lane)") }
    }

    @Test("What cannot be read is refused with the place and what is allowed")
    func refusals() throws {
        func message(_ change: (String) -> String) throws -> String {
            let path = try temporary()
            defer { try? FileManager.default.removeItem(atPath: path) }
            try Self.file.write(path)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try change(text).write(toFile: path, atomically: true, encoding: .utf8)
            do {
                _ = try PolicyFile.read(path)
                return "none"
            } catch { return "\(error)".replacing(path, with: "P") }
        }
        #expect(try message { $0 } == "none")
        #expect(
            try message { $0.replacing("\"trialist_policy\" : 1", with: "\"trialist_policy\" : 2") }
                == "policy P: trialist_policy: found 2, allowed: 1")
        #expect(try message { $0.replacing("\"variant\"", with: "\"varian\"") } == "policy P: 'variant' is missing")
        #expect(try message { _ in "not json" }.hasPrefix("policy P: "))
        #expect(
            try message { $0.replacing("\"values\" : [", with: "\"values\" : [1,") }
                == "policy P: actions: 1 to 64 levels are needed, each with a value for every component")
    }

    @Test("An action is named by its level, its values or its number, in that order")
    func actionNames() {
        #expect(Self.doses.values(named: "half") == [5])
        #expect(Self.doses.values(named: "10") == [10])
        #expect(Self.doses.values(named: "1") == [5])
        #expect(Self.doses.values(named: "7.5") == nil)
        var continuous = Self.doses
        continuous.isContinuous = true
        #expect(continuous.values(named: "7.5") == [7.5])
        #expect(continuous.values(named: "11") == nil)
        #expect(continuous.values(named: "1,2") == nil)
        // Where names are numbers, another way to write one is no place.
        let shares = ActionSpace(names: ["0.7", "0.85", "1.0"])
        #expect(shares.values(named: "1") == [2])
        #expect(shares.values(named: "0.70") == [0])
        #expect(shares.values(named: "3") == nil)
    }
}
