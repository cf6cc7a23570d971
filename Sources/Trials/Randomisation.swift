import NumericsCore

/// Permuted-block randomisation within strata.
///
/// Patients are taken in the order in which they enrol. Each stratum fills blocks of its own; a block holds each arm as
/// often as the allocation says, in an order drawn from the block's own stream, so no other stratum and no later patient
/// can change it.
package struct Randomisation: Sendable, Hashable {
    /// For each arm, how often it stands in a block: `[1, 1]` is one to one.
    package let allocation: [Int]
    /// How many times the allocation is repeated in a block: 2 makes blocks of four for one to one.
    package let repeats: Int

    package init(allocation: [Int], repeats: Int) {
        self.allocation = allocation
        self.repeats = repeats
    }

    package var blockSize: Int { allocation.reduce(0, +) * repeats }

    /// The arm of each patient.
    ///
    /// - Parameter strata: the stratum of each patient, in the order of enrolment: any number that is the stratum's own,
    ///   whoever else takes part. Its low 32 bits key the stratum's stream.
    package func assign(strata: [Int], seed: UInt64, replicate: UInt32) -> [Int] {
        var positions: [Int: Int] = [:]
        return strata.map { stratum in
            let position = positions[stratum, default: 0]
            positions[stratum] = position + 1
            let block = self.block(position / blockSize, stratum: stratum, seed: seed, replicate: replicate)
            return block[position % blockSize]
        }
    }

    /// The arms of one block in their drawn order (Fisher–Yates).
    private func block(_ number: Int, stratum: Int, seed: UInt64, replicate: UInt32) -> [Int] {
        var arms: [Int] = []
        for _ in 0..<repeats {
            for (arm, times) in allocation.enumerated() { arms += Array(repeating: arm, count: times) }
        }
        var stream = RandomStream(
            seed: seed, purpose: .randomisation, replicate: replicate, patient: UInt32(truncatingIfNeeded: number),
            substream: UInt32(truncatingIfNeeded: stratum))
        for last in stride(from: arms.count - 1, to: 0, by: -1) {
            let chosen = min(last, Int(stream.nextUniform() * Double(last + 1)))
            arms.swapAt(chosen, last)
        }
        return arms
    }
}
