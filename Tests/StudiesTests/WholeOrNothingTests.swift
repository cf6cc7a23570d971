import Foundation
import NumericsCore
import ResultsStore
import Scenarios
import Synchronization
import Testing
import Trials

@testable import Studies

/// Raises a signal once a study has come to some kind of progress.
private final class Interruption: Sendable {
    let stop = StopSignal()
    private let isDue: @Sendable (StudyProgress) -> Bool
    private let seen = Mutex(0)

    init(_ isDue: @escaping @Sendable (StudyProgress) -> Bool) { self.isDue = isDue }

    func note(_ progress: StudyProgress) {
        seen.withLock { $0 += 1 }
        if isDue(progress) { stop.raise() }
    }

    var count: Int { seen.withLock { $0 } }
}

// Invariant: a results file is written whole or not at all.
@Suite struct WholeOrNothingTests {
    @Test(
        arguments: [
            { if case .learning = $0 { true } else { false } }, { if case .twins = $0 { true } else { false } },
            { if case .replicates = $0 { true } else { false } },
        ] as [@Sendable (StudyProgress) -> Bool], [1, 2])
    func anInterruptedStudyLeavesNothing(_ isDue: @escaping @Sendable (StudyProgress) -> Bool, _ threads: Int) throws {
        let small = try SmallStudy()
        let results = small.folder.appending(path: "results")
        try FileManager.default.createDirectory(at: results, withIntermediateDirectories: true)
        let interruption = Interruption(isDue)
        let study = try small.study(threads: threads, stop: interruption.stop) { interruption.note($0) }
        #expect(throws: Interrupted.self) { try study.run(writingTo: results.appending(path: "r.h5").path) }
        #expect(interruption.count > 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: results.path) == [])
    }

    @Test func anInterruptedStudyLeavesTheFileThatWasThere() throws {
        let small = try SmallStudy()
        let path = small.folder.appending(path: "r.h5").path
        try small.study().run(writingTo: path)
        let before = try Data(contentsOf: URL(filePath: path))
        let interruption = Interruption { if case .replicates = $0 { true } else { false } }
        let study = try small.study("seed=9", stop: interruption.stop) { interruption.note($0) }
        #expect(throws: Interrupted.self) { try study.run(writingTo: path) }
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }

    @Test(
        arguments: [
            ("nowhere/r.h5", "cannot write 'F/nowhere/r.h5': there is no folder 'F/nowhere'; create it first"),
            ("", "cannot write 'F/': it is a folder; name a file, such as 'F/study.h5'"),
            ("model.R/r.h5", "cannot write 'F/model.R/r.h5': 'F/model.R' is not a folder"),
            (
                "r.partial",
                "cannot write 'F/r.partial': names ending in '.partial' are kept for unfinished files; choose another"
            ),
        ])
    func whereNoFileCanBeWrittenNothingIsSimulated(_ name: String, _ expected: String) throws {
        let small = try SmallStudy()
        let simulated = Interruption { _ in false }
        let study = try small.study { simulated.note($0) }
        let path = small.folder.path + "/" + name
        do {
            try study.run(writingTo: path)
            Issue.record("written")
        } catch { #expect("\(error)".replacing(small.folder.path, with: "F") == expected) }
        #expect(simulated.count == 0)
    }

    @Test func theProgressAddsUpToTheWorkload() throws {
        let small = try SmallStudy()
        let done = Mutex(0.0)
        let workload = try small.study().workload
        let study = try small.study { progress in done.withLock { $0 += workload.weight(of: progress) } }
        _ = try study.run()
        #expect(abs(done.withLock { $0 } - workload.total) < 1e-6 * workload.total)
        // 160 patients to learn on, 48 twins in three arms, three trials of 40 and as many with equal arms; 14 days each.
        let patients = 160 + 48 * 3 + 40 * 6
        #expect(workload.total == Double(patients * 14))
    }

    @Test func theProgressOfShardsAddsUpToo() throws {
        let small = try SmallStudy()
        for index in 1...3 {
            let shard = try #require(Shard(index, of: 3))
            let done = Mutex(0.0)
            let workload = try small.study().workload(of: shard)
            let study = try small.study { progress in done.withLock { $0 += workload.weight(of: progress) } }
            try study.run(writingTo: small.folder.appending(path: "\(index).h5").path, shard: shard)
            #expect(abs(done.withLock { $0 } - workload.total) < 1e-6 * workload.total)
            // Learning and twins are the first shard's: the trial compares arms with rules.
            let once = index == 1 ? 160 + 48 * 3 : 0
            #expect(workload.total == Double((once + 40 * 2) * 14))
        }
    }

    @Test func aResumedStudyLearnsOnce() throws {
        let small = try SmallStudy()
        let learned = Mutex(0)
        let study = try small.study { if case .learning(let patients) = $0 { learned.withLock { $0 += patients } } }
        try study.resume(writingTo: small.folder.appending(path: "r.h5").path, parts: 3)
        #expect(learned.withLock { $0 } == 160)
    }
}
