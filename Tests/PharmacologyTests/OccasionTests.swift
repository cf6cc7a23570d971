import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by invariants of keyed streams and by simulation (moments within a stated number of standard errors).
@Suite("Occasions")
struct OccasionTests {
    static let ini = """
        etacl ~ 0.09
        iovcl + iovv ~ c(0.04, 0.01, 0.0225) | occ
        etav ~ 0.16
        iovka ~ 0.3 | period
        """
    static let streams = RandomEffects.OccasionStreams(seed: 20_110, replicate: 2)

    static func occasions(_ numbers: [UInt32], level: String = "occ") -> [Occasion] {
        numbers.enumerated().map { Occasion(level: level, number: $1, start: 24 * Double($0)) }
    }

    static func effects() throws -> RandomEffects { try RandomEffects(RandomEffectsTests.blocks(ini)) }

    @Test("Effects of a level are 0 between patients, and leave the others their draws")
    func betweenPatients() throws {
        let stream = RandomStream(seed: 1, purpose: .randomEffects, replicate: 0, patient: 4)
        let etas = try Self.effects().draw(stream)
        #expect(etas == [0.3 * stream.normal(at: 0), 0, 0, 0.4 * stream.normal(at: 3), 0])
        #expect(try Self.effects().levels == ["occ", "period"])
        #expect(try RandomEffects(RandomEffectsTests.blocks("a ~ 0.09 | id")).levels.isEmpty)
        #expect(try RandomEffects(RandomEffectsTests.blocks("a ~ 0.09 | id")).draw(stream) == [etas[0]])
    }

    @Test("A point of a design stands in for the stream")
    func design() throws {
        let stream = RandomStream(seed: 1, purpose: .randomEffects, replicate: 0, patient: 4)
        let effects = try Self.effects()
        #expect(effects.etas(at: (0..<5).map { stream.uniform(at: $0) }) == effects.draw(stream))
        #expect(effects.etas(at: [0.5, 0.5, 0.5, 0.5, 0.5]) == [0, 0, 0, 0, 0])
    }

    @Test("An occasion's effects come from the stream of patient and occasion, at the effect's own draw")
    func stream() throws {
        let inputs = try Self.effects().occasionInputs(
            Self.occasions([3]), firstSlot: 10, patient: 7, streams: Self.streams)
        let stream = RandomStream(seed: 20_110, purpose: .occasionEffects, replicate: 2, patient: 7, substream: 3)
        let first = RandomStream(seed: 20_110, purpose: .occasionEffects, replicate: 2, patient: 7, substream: 1)
        let rest = (0.0225 - 0.05 * 0.05).squareRoot()
        #expect(inputs.initial.map(\.slot) == [11, 12, 14])
        #expect(
            inputs.initial.map(\.value) == [
                0.2 * stream.normal(at: 1), 0.01 / 0.2 * stream.normal(at: 1) + rest * stream.normal(at: 2),
                0.3.squareRoot() * first.normal(at: 4),
            ])
        #expect(inputs.changes.isEmpty)
    }

    @Test("Adding an occasion, or another order, changes no other's numbers; a returning one brings its own back")
    func independence() throws {
        let effects = try Self.effects()
        func values(_ numbers: [UInt32], patient: UInt32 = 7) -> [UInt32: [Double]] {
            let inputs = effects.occasionInputs(
                Self.occasions(numbers), firstSlot: 0, patient: patient, streams: Self.streams)
            var found: [UInt32: [Double]] = [:]
            for (index, number) in numbers.enumerated() {
                let start = 24 * Double(index)
                let changed = inputs.changes.filter { $0.time == start }.map(\.value)
                found[number] = index == 0 ? inputs.initial.prefix(2).map(\.value) : changed
            }
            return found
        }
        let two = values([1, 2])
        let three = values([1, 2, 3])
        #expect(three[1] == two[1] && three[2] == two[2])
        #expect(values([2, 3, 1]) == three)
        #expect(values([1, 2, 3, 1]) == three)
        #expect(values([1, 2], patient: 8)[1] != two[1])
        #expect(Set(three.values).count == 3)
    }

    @Test("Changes stand in the order of time over all levels, each at its occasion's start")
    func order() throws {
        let periods = [0.0, 10, 30].enumerated().map {
            Occasion(level: "period", number: UInt32($0.offset), start: $0.element)
        }
        let inputs = try Self.effects().occasionInputs(
            Self.occasions([1, 2, 3]) + periods, firstSlot: 0, patient: 0, streams: Self.streams)
        #expect(inputs.changes.map(\.time) == [10, 24, 24, 30, 48, 48])
        #expect(inputs.changes.map(\.slot) == [4, 1, 2, 4, 1, 2])
        #expect(inputs.initial.map(\.slot) == [1, 2, 4])
    }

    @Test("A subject's own column tells its occasions; other changes stay where they were")
    func subject() throws {
        let effects = try RandomEffects(RandomEffectsTests.blocks("a ~ 0.09\nb ~ 0.04 | occ"))
        // Inputs: a, b, occ, WT.
        var subject = Subject(
            inputs: [0.1, 0, 1, 70],
            changes: [
                InputChange(time: 5, slot: 3, value: 71), InputChange(time: 24, slot: 2, value: 1),
                InputChange(time: 48, slot: 2, value: 2), InputChange(time: 48, slot: 3, value: 72),
                InputChange(time: 72, slot: 2, value: 1),
            ])
        let before = subject
        try effects.applyOccasions(
            to: &subject, slots: [2], firstSlot: 0, patient: 3, from: 0, streams: Self.streams)
        let first = 0.2 * Self.streams.stream(patient: 3, occasion: 1).normal(at: 1)
        let second = 0.2 * Self.streams.stream(patient: 3, occasion: 2).normal(at: 1)
        #expect(subject.inputs == [0.1, first, 1, 70])
        #expect(subject.changes.filter { $0.slot != 1 } == before.changes)
        #expect(
            subject.changes.filter { $0.slot == 1 }
                == [InputChange(time: 48, slot: 1, value: second), InputChange(time: 72, slot: 1, value: first)])
        #expect(subject.changes.map(\.time) == [5, 24, 48, 48, 48, 72, 72])
    }

    @Test("A column that changes before anything happens has never been otherwise")
    func changeAtTheStart() throws {
        let subject = Subject(inputs: [4], changes: [InputChange(time: -1, slot: 0, value: 2)])
        #expect(
            try Occasion.all(level: "occ", slot: 0, of: subject, from: 0)
                == [Occasion(level: "occ", number: 2, start: 0)])
    }

    @Test("An occasion that is no whole number is refused", arguments: [1.5, -1, .nan, 5e9])
    func refused(value: Double) {
        var subject = Subject(inputs: [0, 1], changes: [InputChange(time: 24, slot: 1, value: value)])
        let error = #expect(throws: InvalidOccasion.self) {
            try RandomEffects(RandomEffectsTests.blocks("b ~ 0.04 | occ")).applyOccasions(
                to: &subject, slots: [1], firstSlot: 0, patient: 3, from: 0, streams: Self.streams)
        }
        #expect(
            error?.description
                == "occ is \(value) at time 24.0, but an occasion is a whole number from 0 to 4294967295.")
    }

    @Test("Occasions have the block's covariance and none with each other, within 4 standard errors of 20,000 patients")
    func covariance() throws {
        let effects = try RandomEffects(RandomEffectsTests.blocks("a + b ~ c(0.04, 0.01, 0.0225) | occ"))
        let count = 20_000
        let draws = (0..<UInt32(count)).map { patient in
            let inputs = effects.occasionInputs(
                Self.occasions([1, 2]), firstSlot: 0, patient: patient, streams: Self.streams)
            return inputs.initial.map(\.value) + inputs.changes.map(\.value)
        }
        let expected = [[0.04, 0.01, 0, 0], [0.01, 0.0225, 0, 0], [0, 0, 0.04, 0.01], [0, 0, 0.01, 0.0225]]
        for i in 0..<4 {
            for j in 0...i {
                let product = draws.reduce(0) { $0 + $1[i] * $1[j] } / Double(count)
                let square = expected[i][i] * expected[j][j] + expected[i][j] * expected[i][j]
                #expect(abs(product - expected[i][j]) <= 4 * (square / Double(count)).squareRoot(), "\(i) \(j)")
            }
        }
    }
}
