import NumericsCore

/// A stretch of a patient's time over which the effects of a level (`| occ`) keep their values.
package struct Occasion: Sendable, Hashable {
    /// The level in the model: the name after the bar.
    package var level: String
    /// What the data calls the occasion: the value of the level's column.
    package var number: UInt32
    /// When it begins.
    package var start: Double

    package init(level: String, number: UInt32, start: Double) {
        self.level = level
        self.number = number
        self.start = start
    }
}

/// A value of an occasion column that numbers no occasion.
package struct InvalidOccasion: Error, Equatable, CustomStringConvertible {
    package let level: String
    package let value: Double
    package let time: Double

    package var description: String {
        "\(level) is \(value) at time \(time), but an occasion is a whole number from 0 to \(UInt32.max)."
    }
}

extension Occasion {
    /// The occasions that an input of a subject tells: one begins where the input takes another value.
    ///
    /// - Parameters:
    ///   - level: the level's name.
    ///   - slot: the input of that name.
    ///   - subject: its inputs hold at the start, its changes later.
    ///   - start: the subject's first time.
    static func all(
        level: String, slot: Int, of subject: Subject, from start: Double
    ) throws(InvalidOccasion) -> [Occasion] {
        var occasions: [Occasion] = []
        func begin(_ value: Double, _ time: Double) throws(InvalidOccasion) {
            guard let number = UInt32(exactly: value) else {
                throw InvalidOccasion(level: level, value: value, time: time)
            }
            guard occasions.last?.number != number else { return }
            // What was to begin at the same time never came about.
            if occasions.last?.start == time { occasions.removeLast() }
            guard occasions.last?.number != number else { return }
            occasions.append(Occasion(level: level, number: number, start: time))
        }
        try begin(subject.inputs[slot], start)
        for change in subject.changes where change.slot == slot { try begin(change.value, max(change.time, start)) }
        return occasions
    }
}

extension RandomEffects {
    /// The streams of one study's occasions.
    package struct OccasionStreams: Sendable {
        private let key: StreamKey
        private let replicate: UInt32

        package init(seed: UInt64, replicate: UInt32) {
            key = StreamKey(seed: seed, purpose: .occasionEffects)
            self.replicate = replicate
        }

        package func stream(patient: UInt32, occasion: UInt32) -> RandomStream {
            RandomStream(key: key, replicate: replicate, patient: patient, substream: occasion)
        }
    }

    /// The etas of a subject's occasions as inputs: what holds from the start and what changes later.
    ///
    /// The first occasion of each level holds from the start, whenever it begins; a level without any has the one
    /// occasion 1, so that its variance is not lost. An occasion that returns brings its etas back.
    ///
    /// - Parameters:
    ///   - occasions: in the order of time within each level; of levels that the model does not have, nothing becomes.
    ///   - firstSlot: the input that is the model's first eta; eta i is `firstSlot + i`.
    ///   - patient: the subject's number, which names its streams.
    /// - Returns: the initial values, a pair of slot and value for each eta of a level, and the changes in the order of
    ///   time.
    package func occasionInputs(
        _ occasions: [Occasion], firstSlot: Int, patient: UInt32, streams: OccasionStreams
    ) -> (initial: [(slot: Int, value: Double)], changes: [InputChange]) {
        var initial: [(slot: Int, value: Double)] = []
        var changes: [InputChange] = []
        for level in levels {
            let own = occasions.filter { $0.level == level }
            for (index, occasion) in (own.isEmpty ? [Occasion(level: level, number: 1, start: 0)] : own).enumerated() {
                let stream = streams.stream(patient: patient, occasion: occasion.number)
                for (eta, value) in draw(level: level, occasion: stream) {
                    if index == 0 {
                        initial.append((firstSlot + eta, value))
                    } else {
                        changes.append(InputChange(time: occasion.start, slot: firstSlot + eta, value: value))
                    }
                }
            }
        }
        return (initial, changes.stablySorted())
    }

    /// Gives a subject the etas of its occasions, which its input of the level's name tells.
    ///
    /// - Parameters:
    ///   - slots: for each of ``levels`` the input of that name, nil where the model has none: the whole course is then
    ///     one occasion.
    ///   - firstSlot: the input that is the model's first eta.
    ///   - start: the subject's first time.
    /// - Throws: ``InvalidOccasion`` where the input is not a whole number.
    package func applyOccasions(
        to subject: inout Subject, slots: [Int?], firstSlot: Int, patient: UInt32, from start: Double,
        streams: OccasionStreams
    ) throws(InvalidOccasion) {
        var occasions: [Occasion] = []
        for (level, slot) in zip(levels, slots) {
            if let slot { occasions += try Occasion.all(level: level, slot: slot, of: subject, from: start) }
        }
        let (initial, changes) = occasionInputs(occasions, firstSlot: firstSlot, patient: patient, streams: streams)
        for (slot, value) in initial { subject.inputs[slot] = value }
        subject.changes = (subject.changes + changes).stablySorted()
    }
}

extension [InputChange] {
    /// In the order of time; changes of one time stay as they were.
    fileprivate func stablySorted() -> [InputChange] {
        enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }
}
