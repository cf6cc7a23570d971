import Foundation
import ResultsStore
import Scenarios
import Testing
import Trials

@testable import Studies

/// The hash of the numbers in the file that a study writes.
private func contentHash(_ path: String, _ overrides: [String], threads: Int) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "trialist-\(UUID().uuidString).h5").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    try Study(Scenario(path: path, overrides: overrides), threads: threads).run(writingTo: file)
    return try ResultsFile(file).contentHash()
}

/// The variables of a group by name, each number as its bits.
private func bits(of group: String, in path: String) throws -> [String: [String]] {
    let variables = try ResultsFile(path).group(group).variables
    return Dictionary(
        uniqueKeysWithValues: variables.map { variable -> (String, [String]) in
            switch variable.values {
            case .double(let values): (variable.name, values.map { String($0.bitPattern) })
            case let other: (variable.name, ["\(other)"])
            }
        })
}

/// Whether two columns have the same bits, for as many patients as the first has.
private func agree(_ a: [Double], _ b: [Double]) -> Bool {
    a.count <= b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
}

/// Whether the patients of one record went through the same, to the last bit, in another.
private func agree(_ a: ArmRecord, _ b: ArmRecord) -> Bool {
    let count = a.patients.count
    return a.arm == b.arm && a.patients[...] == b.patients.prefix(count) && agree(a.lastDay, b.lastDay)
        && zip(a.values, b.values).allSatisfy { agree($0, $1) }
        && zip(a.hasEvent, b.hasEvent).allSatisfy { $0[...] == $1.prefix(count) }
        && zip(a.measured.joined(), b.measured.joined()).allSatisfy { agree($0, $1) }
        && a.dosesMissed[...] == b.dosesMissed.prefix(count) && a.dosesDue[...] == b.dosesDue.prefix(count)
        && a.droppedOut[...] == b.droppedOut.prefix(count)
}

// Invariants: a result depends on the scenario and the seed alone.
@Suite struct SameBitsTests {
    @Test func anyNumberOfThreadsGivesTheSameFile() throws {
        let path = BundledScenario.path("warfarin-coag")
        let one = try contentHash(path, BundledScenario.smallCOAG, threads: 1)
        #expect(try contentHash(path, BundledScenario.smallCOAG, threads: 2) == one)
        #expect(try contentHash(path, BundledScenario.smallCOAG, threads: 3) == one)
        #expect(try contentHash(path, BundledScenario.smallCOAG + ["seed=2014"], threads: 2) != one)
    }

    @Test(arguments: [("warfarin-clinic", BundledScenario.smallClinic), ("smart-warfarin", BundledScenario.smallSmart)])
    func clinicsAndSequentialTrialsToo(name: String, overrides: [String]) throws {
        let path = BundledScenario.path(name)
        let one = try contentHash(path, overrides, threads: 1)
        #expect(try contentHash(path, overrides, threads: 3) == one)
        #expect(try contentHash(path, overrides + ["seed=1"], threads: 2) != one)
    }

    @Test func smallStudiesToo() throws {
        let study = try SmallStudy()
        let one = try contentHash(study.scenario, [], threads: 1)
        for threads in [1, 2, 5, 64] { #expect(try contentHash(study.scenario, [], threads: threads) == one) }
        #expect(try contentHash(study.scenario, ["seed=8"], threads: 1) != one)
        #expect(try contentHash(study.scenario, ["seed=7"], threads: 1) == one)
        #expect(try contentHash(study.scenario, ["title=Another name"], threads: 1) == one)
    }

    // What is said of equity is there, and is said by the whole file's rule: also where threads and shards divide the work.
    @Test func harmsGapsAndAccessDoNotDependOnTheDivisionOfWork() throws {
        let small = try SmallStudy()
        let (folder, needed) = (small.folder.path, "report.dose_needed=weight_kg")
        try small.study(needed, threads: 1).run(writingTo: "\(folder)/one.h5")
        try small.study(needed, threads: 3).run(writingTo: "\(folder)/three.h5")
        for index in [2, 1] {
            try small.study(needed, threads: 2).run(
                writingTo: "\(folder)/shard-\(index).h5", shard: try #require(Shard(index, of: 2)))
        }
        let shards = ["\(folder)/shard-2.h5", "\(folder)/shard-1.h5"]
        try ResultsWriter.write(ShardMerge(shards).merged(), to: "\(folder)/merged.h5")
        for group in ["/harms", "/benefit_gaps", "/access", "/access/screening", "/access/dosing"] {
            let expected = try bits(of: group, in: "\(folder)/one.h5")
            #expect(expected.count > 5)
            #expect(try bits(of: group, in: "\(folder)/three.h5") == expected)
            #expect(try bits(of: group, in: "\(folder)/merged.h5") == expected)
        }
    }

    @Test func anArmAtTheEndChangesNoOther() throws {
        let study = try SmallStudy()
        let without = try study.study()
        try study.replace("trial:\n  arms", with: "  - { name: none, start: dose <- 0 }\ntrial:\n  arms")
        let with = try study.study()
        let few = try without.twins(without.arms().arms).records
        let more = try with.twins(with.arms().arms).records
        #expect(few.count == 3 && more.count == 4)
        for (record, same) in zip(few, more) { #expect(agree(record, same)) }
        #expect(more[3].values[2].allSatisfy { $0 == 0 })
    }

    @Test func morePatientsChangeNoneOfThoseBefore() throws {
        let study = try SmallStudy()
        let few = try study.study("cohort.patients=37")
        let more = try study.study("cohort.patients=90")
        let (some, all) = (try few.twins(few.arms().arms), try more.twins(more.arms().arms))
        for (record, same) in zip(some.records, all.records) {
            #expect(record.patients.count == 37 && same.patients.count == 90)
            #expect(agree(record, same))
        }
    }

    @Test func moreReplicatesChangeNoneOfThoseBefore() throws {
        let study = try SmallStudy()
        let (few, more) = (try study.study().run().trial, try study.study("trial.replicates=5").run().trial)
        let (some, all) = (try #require(few), try #require(more))
        for (a, b) in zip(some.estimates + some.nullEstimates, all.estimates.prefix(3) + all.nullEstimates.prefix(3)) {
            #expect(agree(a.pValues, b.pValues))
            #expect(agree(a.cells.map { $0.value ?? .nan }, b.cells.map { $0.value ?? .nan }))
        }
        #expect(all.estimates.count == 5)
    }

    // The twins meet the same chance in every arm: two arms with one regime are one arm.
    @Test func armsWithTheSameRegimeHaveTheSameTwins() throws {
        let study = try SmallStudy()
        try study.replace("{ name: high, start: dose <- 200 }", with: "{ name: high, start: dose <- 100, then: halve }")
        let planned = try study.study()
        let records = try planned.twins(planned.arms().arms).records
        for (one, other) in zip(records[0].values, records[1].values) { #expect(agree(one, other)) }
        #expect(records[0].hasEvent == records[1].hasEvent)
        #expect(records[0].dosesMissed == records[1].dosesMissed)
    }
}
