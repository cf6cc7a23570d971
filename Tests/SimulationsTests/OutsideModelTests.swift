import Foundation
import ModelLanguage
import Pharmacology
import Simulations
import Testing

/// One set-up of `References/outside_cases.json`, which the script beside it solves too.
struct OutsideCase: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var model: String
    /// The lines of the event table.
    var events: [String]
    /// The variable that the promise of 1e-7 is about.
    var main: String
    var interpolation: String?
    var settings: [String: Double]?
    /// The lines of a table of etas.
    var etas: [String]?
    var observe: String?

    var testDescription: String { name }

    static let references = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "References")

    static let all: [OutsideCase] = {
        guard let data = try? Data(contentsOf: references.appending(path: "outside_cases.json")) else { return [] }
        return (try? JSONDecoder().decode([OutsideCase].self, from: data)) ?? []
    }()

    /// The reference values of this case.
    func expected() throws -> [(place: OutsidePlace, value: Double)] {
        let text = try String(contentsOf: Self.references.appending(path: "outside.csv"), encoding: .utf8)
        let label = name.replacingOccurrences(of: ",", with: ";")
        return try text.split(separator: "\n").dropFirst().compactMap { line in
            let cells = line.split(separator: ",").map(String.init)
            guard cells[0] == label else { return nil }
            let time = try #require(Double(cells[2]))
            return (OutsidePlace(subject: cells[1], time: time, variable: cells[3]), try #require(Double(cells[4])))
        }
    }

    /// What the command's table holds for this case.
    func found() throws -> [OutsidePlace: Double] {
        let folder = try TemporaryFolder()
        let model = Self.references.appending(path: "Outside/\(model).R").path
        var request = SimulationRequest(model: model)
        request.events = try folder.write(events.joined(separator: "\n") + "\n", to: "e.csv")
        if let etas { request.etas = try folder.write(etas.joined(separator: "\n") + "\n", to: "eta.csv") }
        request.settings = (settings ?? [:]).map { "\($0.key)=\($0.value)" }.sorted()
        if let interpolation { request.interpolation = try #require(CovariateInterpolation(rawValue: interpolation)) }
        if let observe { request.options.observation = try #require(SolverOptions.Observation(rawValue: observe)) }
        request.threads = 1
        let outcome = try SimulationPlan(request).write(to: .table(folder.path("o.csv")), version: "1").outcome
        #expect(outcome.failures == [])
        let lines = try folder.text("o.csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        var found: [OutsidePlace: Double] = [:]
        for cells in lines.dropFirst() {
            let time = try #require(Double(cells[1]))
            for (variable, cell) in zip(lines[0], cells).dropFirst(2) {
                found[OutsidePlace(subject: cells[0], time: time, variable: variable)] = Double(cell)
            }
        }
        return found
    }
}

/// Where a value of the table stands.
struct OutsidePlace: Hashable {
    var subject: String
    var time: Double
    var variable: String
}

/// Models in the manner of those that users bring, with event tables that use every column.
///
/// Backed by reference software: SciPy's solutions of the same equations, written a second time in Python.
@Suite("Models from outside the library")
struct OutsideModelTests {
    @Test("Every case has its references")
    func complete() throws {
        #expect(OutsideCase.all.count == 28)
        for item in OutsideCase.all { #expect(try !item.expected().isEmpty, "\(item.name)") }
    }

    /// The promise at default settings: 1e-7 of the main variable's value, where it is above a millionth of its largest;
    /// 1e-5 of the largest value of every other variable.
    @Test("Every case agrees", arguments: OutsideCase.all)
    func agrees(_ item: OutsideCase) throws {
        let found = try item.found()
        let expected = try item.expected()
        var largest: [String: Double] = [:]
        for (place, value) in expected { largest[place.variable] = max(largest[place.variable] ?? 0, abs(value)) }
        for (place, value) in expected {
            let mine = try #require(found[place], "\(place)")
            let size = largest[place.variable] ?? 0
            let bound = place.variable == item.main ? 1e-7 * max(abs(value), 1e-6 * size) : 1e-5 * size
            // What vanishes is compared with the largest value, beside which it counts for nothing.
            let isNothing = place.variable == item.main && abs(value) <= 1e-6 * size
            #expect(abs(mine - value) <= (isNothing ? 1e-7 * size : bound), "\(place): \(mine), not \(value)")
        }
    }
}
