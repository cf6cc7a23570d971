@testable import NumericsCore
import Testing

/// Backed by invariants: what a draw may depend on, and what it may not.
struct RandomStreamTests {
    static let seed: UInt64 = 20_260_731

    func stream(
        _ purpose: StreamPurpose = .randomEffects, replicate: UInt32 = 0, patient: UInt32 = 0, substream: UInt32 = 0
    ) -> RandomStream {
        RandomStream(
            seed: Self.seed, purpose: purpose, replicate: replicate, patient: patient, substream: substream)
    }

    @Test func randomAccessEqualsTheSequence() {
        var sequence = stream()
        let direct = stream()
        for draw in 0..<1001 as Range<UInt64> {
            #expect(sequence.position == draw)
            #expect(sequence.nextBits() == direct.bits(at: draw))
        }
        for draw in [7, 8, 0, 1, 500, 1 << 32, RandomStream.capacity - 1] as [UInt64] {
            sequence.seek(to: draw)
            #expect(sequence.nextUniform() == direct.uniform(at: draw))
            sequence.seek(to: draw)
            #expect(sequence.nextNormal() == direct.normal(at: draw))
        }
    }

    @Test func aKeyMadeBeforehandOpensTheSameStream() {
        let key = StreamKey(seed: Self.seed, purpose: .dropout)
        var keyed = RandomStream(key: key, replicate: 2, patient: 7, substream: 1)
        var named = stream(.dropout, replicate: 2, patient: 7, substream: 1)
        for _ in 0..<9 {
            let (first, second) = (keyed.nextBits(), named.nextBits())
            #expect(first == second)
        }
    }

    @Test func purposesHaveDistinctCodesAndNames() {
        let builtIn = StreamPurpose.allBuiltIn
        #expect(builtIn.map(\.code) == (1...UInt64(builtIn.count)).map { $0 })
        #expect(Set(builtIn.map(\.name)).count == builtIn.count)
        #expect(StreamPurpose(name: "mine", userCode: 1) != StreamPurpose.covariates)
    }

    /// The numbers themselves are part of every published result, so a few are pinned. They were computed by the
    /// documented layout with an independent Philox in Python (References/stream_layout.py).
    @Test func theLayoutIsPinned() throws {
        for row in try ReferenceTable("stream_layout").rows {
            let purpose = try #require(StreamPurpose.allBuiltIn.first { $0.name == row.function })
            let words = row.arguments.map { UInt32($0) }
            let stream = RandomStream(
                seed: Self.seed, purpose: purpose, replicate: words[0], patient: words[1], substream: words[2])
            #expect(stream.uniform(at: UInt64(words[3])) == row.value)
        }
    }

    /// Every part of a stream's name changes its numbers: no two of the streams below share a draw.
    @Test func everyPartOfTheNameSeparatesStreams() {
        var streams: [RandomStream] = []
        for purpose in StreamPurpose.allBuiltIn {
            for index in 0..<6 as Range<UInt32> {
                streams.append(stream(purpose, patient: index))
                streams.append(stream(purpose, replicate: index + 1))
                streams.append(stream(purpose, substream: index + 1))
            }
        }
        let seeds = (1...40 as ClosedRange<UInt64>).map {
            RandomStream(seed: Self.seed + $0, purpose: .covariates, replicate: 0, patient: 0)
        }
        streams += seeds
        var seen: Set<UInt64> = []
        for stream in streams {
            for draw in 0..<20 as Range<UInt64> { seen.insert(stream.bits(at: draw)) }
        }
        #expect(seen.count == streams.count * 20)
    }

    /// A cohort of 5 beside one of 500, with and without a further purpose in use: the first five do not change.
    @Test func addingAPatientOrAPurposeChangesNobodyElsesNumbers() {
        func numbers(patients: UInt32, purposes: [StreamPurpose]) -> [StreamPurpose: [[Double]]] {
            var result: [StreamPurpose: [[Double]]] = [:]
            for purpose in purposes {
                result[purpose] = (0..<patients).map { patient in
                    var stream = stream(purpose, patient: patient)
                    return (0..<10).map { _ in stream.nextNormal() }
                }
            }
            return result
        }
        let few = numbers(patients: 5, purposes: [.randomEffects, .dropout])
        let added = StreamPurpose(name: "added later", userCode: 3)
        let many = numbers(patients: 500, purposes: [added, .dropout, .covariates, .randomEffects])
        for purpose in [StreamPurpose.randomEffects, .dropout] {
            #expect(few[purpose] == many[purpose].map { Array($0.prefix(5)) })
        }
    }

    /// Drawing more for one purpose, by rejection for instance, moves no draw of another.
    @Test func drawingMoreForOnePurposeShiftsNoOther() {
        var residual = stream(.residualError)
        let before = (0..<5).map { stream(.adherence).uniform(at: UInt64($0)) }
        for _ in 0..<1000 { _ = residual.nextUniform() }
        var adherence = stream(.adherence)
        #expect((0..<5).map { _ in adherence.nextUniform() } == before)
    }

    /// Streams of neighbouring patients, replicates, substreams, purposes and seeds: the correlation of n = 20 000 pairs
    /// of uniform numbers is within 4 standard errors (1/√n) of zero.
    @Test func neighbouringStreamsAreUncorrelated() {
        let base = stream(patient: 100)
        let neighbours = [
            stream(patient: 101), stream(patient: 99), stream(replicate: 1, patient: 100),
            stream(patient: 100, substream: 1), stream(.residualError, patient: 100),
            stream(.missingData, patient: 100),
            RandomStream(seed: Self.seed + 1, purpose: .randomEffects, replicate: 0, patient: 100),
            RandomStream(seed: Self.seed + 1, purpose: .missingData, replicate: 0, patient: 100),
        ]
        let n = 20_000
        for (index, neighbour) in neighbours.enumerated() {
            for lag in 0...2 {
                var sum = 0.0
                for draw in 0..<n {
                    sum += (base.uniform(at: UInt64(draw)) - 0.5) * (neighbour.uniform(at: UInt64(draw + lag)) - 0.5)
                }
                let correlation = 12 * sum / Double(n)
                #expect(abs(correlation) < 4 / Double(n).squareRoot(), "neighbour \(index), lag \(lag)")
            }
        }
    }

    /// The same draw over 20 000 patients is as uniform and independent as one patient's sequence: mean, variance and
    /// lag-one correlation within 4 standard errors.
    @Test func theFirstDrawsOfManyPatientsAreUniform() {
        let n = 20_000
        let values = (0..<n).map { stream(patient: UInt32($0)).uniform(at: 0) - 0.5 }
        let root = Double(n).squareRoot()
        let mean = values.reduce(0, +) / Double(n)
        #expect(abs(mean) < 4 * (1.0 / 12).squareRoot() / root)
        let variance = values.reduce(0) { $0 + $1 * $1 } / Double(n)
        #expect(abs(variance - 1.0 / 12) < 4 * (1.0 / 180).squareRoot() / root)
        let lagged = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(n)
        #expect(abs(12 * lagged) < 4 / root)
    }

    @Test func uniformNumbersStayInsideTheOpenInterval() {
        let smallest = RandomStream.uniform(fromBits: 0)
        let largest = RandomStream.uniform(fromBits: .max)
        #expect(smallest == 0x1p-53)
        #expect(largest == 1 - 0x1p-53)
        #expect(RandomStream.uniform(fromBits: 1 << 63) - 0.5 == 0.5 - RandomStream.uniform(fromBits: (1 << 63) - 1))
        #expect(Normal.quantile(smallest) == -Normal.quantile(largest))
    }
}
