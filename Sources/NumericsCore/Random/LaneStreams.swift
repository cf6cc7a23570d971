/// The random streams of sixteen patients side by side: the numbers of ``RandomStream``, sixteen at a time.
///
/// A block of a stream makes its draws 2b and 2b + 1. Lanes may be at different blocks.
package struct LaneStreams {
    private let key: SIMD2<UInt32>
    private let patient: UnsafeMutablePointer<SIMD16<UInt64>>

    /// Streams of one purpose; `storage` holds the patients and replicates of the lanes and outlives this value.
    ///
    /// - Parameter storage: two vectors.
    package init(key: StreamKey, storage: UnsafeMutablePointer<SIMD16<UInt64>>) {
        self.key = key.words
        patient = storage
        storage.initialize(repeating: SIMD16(repeating: 0), count: 2)
    }

    /// Puts a lane at the stream of a patient.
    package func open(_ lane: Int, replicate: UInt32, patient index: UInt32) {
        patient[0][lane] = UInt64(index)
        patient[1][lane] = UInt64(replicate)
    }

    /// The two uniform numbers of a block, in each lane.
    ///
    /// - Parameters:
    ///   - block: the index of each lane's block, below 2³².
    ///   - uniforms: takes draw 2b, and behind it draw 2b + 1.
    @inline(never)
    package func uniforms(_ block: UnsafePointer<SIMD16<UInt64>>, into uniforms: LanePointer) {
        let words = UnsafeRawPointer(block).assumingMemoryBound(to: SIMD8<UInt64>.self)
        let patients = UnsafeRawPointer(patient).assumingMemoryBound(to: SIMD8<UInt64>.self)
        let results = UnsafeMutableRawPointer(uniforms).assumingMemoryBound(to: SIMD8<Double>.self)
        for half in 0..<2 {
            let (first, second) = Philox4x32.eight(
                words[half], SIMD8(repeating: 0), patients[half], patients[2 + half], key: key)
            results[half] = RandomStream.uniforms(fromBits: first)
            results[2 + half] = RandomStream.uniforms(fromBits: second)
        }
    }
}
