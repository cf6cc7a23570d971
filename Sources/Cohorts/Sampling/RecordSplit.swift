import NumericsCore

/// Divides real records into those a regime may be learned on and those it is judged on.
///
/// Each record draws its side from its own stream (seed, split, record). Every virtual patient made from a record
/// follows it, so a real person is never on both sides, however the cohort is resampled, and records added later move
/// nobody. The sides are therefore equal in expectation and not exactly.
public struct RecordSplit: Sendable {
    private let key: StreamKey
    /// The chance of a record to be on the training side.
    public let trainingShare: Double

    /// A split that the seed decides for every record, drawn or not.
    ///
    /// - Parameter trainingShare: from 0 to 1.
    /// - Throws: ``CohortError/badNumber(what:found:allowed:)``
    public init(seed: UInt64, trainingShare: Double = 0.5) throws(CohortError) {
        guard trainingShare >= 0, trainingShare <= 1 else {
            throw .badNumber(what: "training share", found: "\(trainingShare)", allowed: "from 0 to 1")
        }
        self.trainingShare = trainingShare
        key = StreamKey(seed: seed, purpose: .split)
    }

    /// Whether the record of this number is on the training side.
    public func isTraining(sourceRow: Int) -> Bool {
        let stream = RandomStream(key: key, replicate: 0, patient: UInt32(truncatingIfNeeded: sourceRow))
        return stream.uniform(at: 0) < trainingShare
    }
}

extension Cohort {
    /// The indices of the patients on each side, in the order of the cohort.
    public func sides(of split: RecordSplit) -> (training: [Int], judging: [Int]) {
        var sides: (training: [Int], judging: [Int]) = ([], [])
        for patient in 0..<count {
            if split.isTraining(sourceRow: sourceRow[patient]) {
                sides.training.append(patient)
            } else {
                sides.judging.append(patient)
            }
        }
        return sides
    }
}
