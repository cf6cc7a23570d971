import NumericsCore
import Pharmacology

/// Every output of every subject at every sample, in memory.
///
/// The subjects stand in blocks of sixteen, as the engine leaves them: an element is found by (subject, sample, output) at
/// the cost of an index, and a block is kept by one copy.
final class KeptTable {
    let subjects: Int
    let samples: Int
    let outputs: Int
    private let lanes: UnsafeMutablePointer<Lane>
    private let lanesPerBlock: Int

    init(subjects: Int, samples: Int, outputs: Int) {
        self.subjects = subjects
        self.samples = samples
        self.outputs = outputs
        lanesPerBlock = samples * outputs
        let count = (subjects + laneCount - 1) / laneCount * lanesPerBlock
        lanes = .allocate(capacity: max(1, count))
    }

    deinit { lanes.deallocate() }

    func keep(_ block: borrowing SimulatedBlock) {
        (lanes + block.first / laneCount * lanesPerBlock).update(from: block.values, count: lanesPerBlock)
    }

    subscript(subject: Int, sample: Int, output: Int) -> Double {
        lanes[subject / laneCount * lanesPerBlock + sample * outputs + output][subject % laneCount]
    }
}
