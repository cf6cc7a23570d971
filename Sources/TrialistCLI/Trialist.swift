import ArgumentParser
import Scenarios
import Studies
import Foundation

@main
struct Trialist: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "trialist", subcommands: [RunCommand.self])
}
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run")
    @Argument var scenario: String
    @Option(name: .customLong("set")) var overrides: [String] = []
    @Option var threads: Int?
    func run() throws {
        do {
            let clock = ContinuousClock()
            var t = clock.now
            let study = try Study(try Scenario(path: scenario, overrides: overrides), threads: threads)
            print("plan", clock.now - t); t = clock.now
            let (arms, learned) = try study.arms()
            print("learn", clock.now - t); t = clock.now
            for r in learned.values { print(r.residuals, r.decisions) }
            let (cohort, records) = try study.twins(arms)
            print("twins", clock.now - t)
            let race = try cohort.column("race_group")
            for record in records {
                print(record.arm, "failures", record.failures.compactMap { $0 }.count)
                for e in record.values.indices {
                    func mean(_ keep: (Int) -> Bool) -> Double {
                        let v = record.values[e].indices.filter { keep($0) && record.values[e][$0].isFinite }.map { record.values[e][$0] }
                        return (v.reduce(0, +) / Double(v.count) * 100).rounded() / 100
                    }
                    print("  ", study.endpointNames[e], mean { _ in true }, race.levels!.indices.map { l in (race.levels![l], mean { race.values[$0] == Double(l) }) }, "events", record.hasEvent[e].filter { $0 }.count)
                }
            }
        } catch { print(error); throw ExitCode(65) }
    }
}
