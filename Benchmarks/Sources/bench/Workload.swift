/// A piece of work whose speed is measured: set up before the clock starts, checked after it stops.
struct Workload {
    /// What is measured, as the table names it.
    let name: String
    /// Patients that one call of `run` simulates, over all arms and replicates.
    let patients: Int
    /// The work; returns a text that depends on all of it, so that none of it can be left out.
    let run: () throws -> String
}

/// Times of the repetitions of one workload.
struct Measurement {
    let workload: Workload
    let times: [Duration]

    /// Patients per second of the fastest repetition: on a shared machine the others measure the neighbours.
    var patientsPerSecond: Double {
        guard let best = times.min() else { return 0 }
        return Double(workload.patients) / (best / .seconds(1))
    }

    /// Seconds from the fastest to the slowest repetition, relative to the fastest.
    var spread: Double {
        guard let best = times.min(), let worst = times.max() else { return 0 }
        return worst / best - 1
    }
}

/// The result of a workload changes from repetition to repetition.
struct UnstableResult: Error, CustomStringConvertible {
    let name: String

    var description: String { "\(name): two repetitions differ in their results; the times are of no use" }
}

extension Workload {
    /// Times `repetitions` calls of `run`, after one that warms the caches and is not counted.
    ///
    /// - Throws: `UnstableResult`, and what `run` throws.
    func measure(repetitions: Int) throws -> Measurement {
        let clock = ContinuousClock()
        var times: [Duration] = []
        let expected = try run()
        for _ in 0..<repetitions {
            var found = ""
            times.append(try clock.measure { found = try run() })
            guard found == expected else { throw UnstableResult(name: name) }
        }
        return Measurement(workload: self, times: times)
    }
}
