import NumericsCore

/// Draws the record of every virtual patient from the real ones, with replacement.
///
/// Patient p of replicate r draws from its own stream (seed, resampling, r, p): the record depends neither on how many
/// patients there are nor on the order in which they are asked for, so a cohort can be made block by block.
public struct RecordSampler: Sendable {
    private let count: Int
    /// Sums of the weights up to and with each record; empty when all weigh the same.
    private let cumulativeWeights: [Double]
    private let key: StreamKey
    private let replicate: UInt32

    /// A sampler for one replicate.
    ///
    /// - Parameters:
    ///   - count: how many records there are to draw from.
    ///   - weights: how likely each record is beside the others, at least 0; all the same when nil.
    /// - Throws: ``CohortError/badNumber(what:found:allowed:)`` when there is no record, or a weight is negative, not
    ///   finite, or none is positive; ``CohortError/length(column:found:expected:)``.
    public init(
        count: Int, weights: [Double]? = nil, seed: UInt64, replicate: UInt32 = 0
    ) throws(CohortError) {
        guard count > 0 else {
            throw .badNumber(what: "resampling", found: "no records to draw from", allowed: "at least one")
        }
        self.count = count
        self.replicate = replicate
        key = StreamKey(seed: seed, purpose: .resampling)
        cumulativeWeights =
            try weights.map { weights throws(CohortError) in
                try checkWeights(weights, count: count)
                var sum = 0.0
                return weights.map { weight in
                    sum += weight
                    return sum
                }
            } ?? []
    }

    /// The index of the record that becomes patient `patient`.
    public func record(ofPatient patient: UInt32) -> Int {
        var stream = RandomStream(key: key, replicate: replicate, patient: patient)
        guard let total = cumulativeWeights.last else { return stream.nextInteger(below: count) }
        let target = stream.nextUniform() * total
        // The first record whose sum exceeds the target: never one of weight 0, since its sum equals the one before.
        var low = 0
        var high = count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulativeWeights[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// A cohort made from the records of another.
public struct ResampledCohort: Sendable, Hashable {
    /// The patients; each keeps the ``Cohort/sourceRow`` of the record it was made from.
    public let cohort: Cohort
    /// For each patient the index of its record in the cohort that was drawn from.
    public let sourceIndex: [Int]

    fileprivate init(_ source: Cohort, _ sourceIndex: [Int]) {
        self.sourceIndex = sourceIndex
        cohort = source.subset(sourceIndex)
    }
}

extension Cohort {
    /// A cohort of any size, each patient a copy of a record drawn with replacement; see ``RecordSampler``.
    ///
    /// - Parameters:
    ///   - size: how many patients, from 0 to 2³² - 1.
    ///   - weights: a weight for each record.
    /// - Throws: ``CohortError`` when there is no record to draw from or a weight or the size is not allowed.
    public func resampled(
        to size: Int, weights: [Double]? = nil, seed: UInt64, replicate: UInt32 = 0
    ) throws(CohortError) -> ResampledCohort {
        guard size >= 0, size <= Int(UInt32.max) else {
            throw .badNumber(what: "cohort size", found: "\(size)", allowed: "from 0 to \(UInt32.max)")
        }
        guard size > 0 else { return ResampledCohort(self, []) }
        let sampler = try RecordSampler(count: count, weights: weights, seed: seed, replicate: replicate)
        return ResampledCohort(self, (0..<UInt32(size)).map(sampler.record))
    }

    /// Different records in random order: a shuffle when `size` is the number of records, else a sample.
    ///
    /// Every record draws a number from a stream keyed on its ``sourceRow``, and the smallest come first. A record that
    /// is added to the file takes its place between the others and does not change their order. With weights w the
    /// number is -ln(u) / w, which takes records one after the other with chances in proportion to their weights
    /// (Efraimidis and Spirakis 2006, Inf Process Lett 97:181).
    ///
    /// - Throws: ``CohortError/badNumber(what:found:allowed:)`` for a size beyond the number of records, or of those with
    ///   a positive weight.
    public func sampledWithoutReplacement(
        size: Int, weights: [Double]? = nil, seed: UInt64, replicate: UInt32 = 0
    ) throws(CohortError) -> ResampledCohort {
        if let weights { try checkWeights(weights, count: count) }
        let candidates = (0..<count).filter { weights?[$0] != 0 }
        guard size >= 0, size <= candidates.count else {
            let records = weights == nil ? "records" : "records with a positive weight"
            throw .badNumber(
                what: "sample size without replacement", found: "\(size)",
                allowed: "from 0 to the \(candidates.count) \(records)")
        }
        let key = StreamKey(seed: seed, purpose: .resampling)
        let ranked = candidates.map { record in
            let stream = RandomStream(
                key: key, replicate: replicate, patient: UInt32(truncatingIfNeeded: sourceRow[record]),
                substream: withoutReplacementSubstream)
            let uniform = stream.uniform(at: 0)
            return (rank: weights.map { -Elementary.log(uniform) / $0[record] } ?? uniform, record: record)
        }.sorted { ($0.rank, $0.record) < ($1.rank, $1.record) }
        return ResampledCohort(self, ranked.prefix(size).map(\.record))
    }
}

/// Keeps these draws apart from those with replacement, which are counted by patient on substream 0.
private let withoutReplacementSubstream: UInt32 = 1

private func checkWeights(_ weights: [Double], count: Int) throws(CohortError) {
    guard weights.count == count else { throw .length(column: "weights", found: weights.count, expected: count) }
    for (index, weight) in weights.enumerated() where !(weight >= 0 && weight < .infinity) {
        throw .badNumber(
            what: "weight of record \(index + 1)", found: "\(weight)", allowed: "a finite number of at least 0")
    }
    let sum = weights.reduce(0, +)
    guard sum > 0, sum < .infinity else {
        throw .badNumber(what: "sum of the weights", found: "\(sum)", allowed: "a positive finite number")
    }
}
