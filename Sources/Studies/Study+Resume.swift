import Foundation
import Regimes
import ResultsStore
import Scenarios
import Trials

extension Study {
    /// Runs the study in parts that are kept beside the target until all are there, and goes on from those that an earlier
    /// run of the same scenario and seed finished.
    ///
    /// The parts are shards in the folder `PATH.parts`; the file is the same, to the last bit, as that of one run.
    ///
    /// - Parameter parts: how many parts; a run is resumed with the number that it began with.
    /// - Throws: as ``run(writingTo:shard:)``; the finished parts stay, so that the next call goes on from them.
    public func resume(writingTo path: String, parts: Int = 20) throws {
        try ResultsWriter.checkTarget(path)
        let folder = path + ".parts"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw ResultsError.cannotWrite(path: path, reason: "the folder '\(folder)' for its parts cannot be made")
        }
        let hash = plan.inputHash
        var files: [String] = []
        // Learned once for all parts.
        var regimes: (arms: [Arm], learned: [Int: LearnedArm])?
        for index in 1...max(1, parts) {
            guard let shard = Shard(index, of: max(1, parts)) else { continue }
            let file = "\(folder)/\(hash.prefix(16))-\(index)-of-\(parts).h5"
            files.append(file)
            // A part that is there is whole: parts are written as results files are.
            guard (try? ResultsFile(file)) == nil else { continue }
            let started = Date()
            let ready = try regimes ?? arms()
            regimes = ready
            try write(ready.arms, ready.learned, to: file, shard: shard, started: started)
        }
        try ResultsWriter.write(ShardMerge(files).merged(), to: path)
        try? FileManager.default.removeItem(atPath: folder)
    }
}
