import Testing

@testable import NumericsCore

/// Backed by the numbers of single streams and the single quantile: the same bits.
@Suite struct LaneStreamsTests {
    @Test("Sixteen streams side by side have the numbers of each alone, at blocks of their own")
    func sixteen() {
        let key = StreamKey(seed: 77, purpose: .environment)
        let storage = UnsafeMutablePointer<SIMD16<UInt64>>.allocate(capacity: 2)
        let uniforms = LanePointer.allocate(capacity: 2)
        defer {
            storage.deallocate()
            uniforms.deallocate()
        }
        uniforms.initialize(repeating: Lane(repeating: 0), count: 2)
        let streams = LaneStreams(key: key, storage: storage)
        var block = SIMD16<UInt64>(repeating: 0)
        for lane in 0..<laneCount {
            streams.open(lane, replicate: UInt32(lane / 5), patient: .max - UInt32(lane * 1_000))
            block[lane] = lane == 15 ? 0xFFFF_FFFF : UInt64(lane * 3)
        }
        streams.uniforms(&block, into: uniforms)
        for lane in 0..<laneCount {
            let stream = RandomStream(
                key: key, replicate: UInt32(lane / 5), patient: .max - UInt32(lane * 1_000))
            #expect(uniforms[0][lane] == stream.uniform(at: 2 * block[lane]))
            #expect(uniforms[1][lane] == stream.uniform(at: 2 * block[lane] + 1))
        }
    }

    @Test("Sixteen draws at once are the stream's own")
    func batches() {
        let uniforms = UnsafeMutablePointer<SIMD8<Double>>.allocate(capacity: 2)
        defer { uniforms.deallocate() }
        uniforms.initialize(repeating: SIMD8(repeating: 0), count: 2)
        for patient in 0..<20 as Range<UInt32> {
            let stream = RandomStream(
                seed: 5, purpose: .environment, replicate: patient / 3, patient: patient, substream: patient % 2)
            for batch in [0, 1, 1_000] as [UInt32] {
                stream.uniforms(batch: batch, into: uniforms)
                for draw in 0..<16 {
                    #expect(uniforms[draw & 1][draw / 2] == stream.uniform(at: UInt64(batch) * 16 + UInt64(draw)))
                }
            }
        }
    }

    @Test("The normal quantile of sixteen lanes has the bits of the single one, far tails and the seams among them")
    func quantiles() {
        let memory = LanePointer.allocate(capacity: 3)
        defer { memory.deallocate() }
        memory.initialize(repeating: Lane(repeating: 0), count: 3)
        var stream = RandomStream(seed: 1, purpose: .analysis, replicate: 0, patient: 0)
        let fixed = [0x1p-53, 1 - 0x1p-53, 1e-12, 1e-300, 0.075, 0.925, 0.0749999, 0.9250001, 0.5, 1.4e-11, 1.3e-11]
        for round in 0..<400 {
            for lane in 0..<laneCount {
                memory[0][lane] = round == 0 && lane < fixed.count ? fixed[lane] : stream.nextUniform()
            }
            Normal.quantile(memory, into: memory + 1, scratch: memory + 2)
            for lane in 0..<laneCount {
                let p = memory[0][lane]
                #expect(memory[1][lane] == Normal.quantile(p), "\(p)")
            }
        }
    }
}
