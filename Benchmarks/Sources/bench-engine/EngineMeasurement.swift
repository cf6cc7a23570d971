import Foundation
import Pharmacology

/// What was measured of one workload.
struct EngineMeasurement: Codable {
    let workload: String
    let solver: String
    let subjects: Int
    /// Milliseconds from the model's text to the first subject's numbers: the first time in this process, and the median.
    let firstResultMilliseconds: Double
    let laterResultMilliseconds: Double
    let mainOutput: String
    /// The largest relative error of the main output over the reference subjects.
    let error: Double
    /// One thread, every output of every subject kept in a table that has been allocated: median of the runs.
    let subjectsPerProcessorSecond: Double
    /// The same without keeping anything.
    let subjectsPerProcessorSecondUnkept: Double
    /// The same with a table that is allocated anew in each run.
    let subjectsPerProcessorSecondFresh: Double
    /// From the slowest to the fastest run, relative to the median.
    let spread: Double
    /// Seconds by the clock on one and on two threads: medians.
    let wallOneThread: Double
    let wallTwoThreads: Double
    /// Subjects per CPU-second of other programs on this machine, by their names; empty where they are not installed.
    var peers: [String: Double] = [:]

    /// How much faster two threads are.
    var gain: Double { wallOneThread / wallTwoThreads }

    /// The table came out differently on two threads.
    struct Unstable: Error, CustomStringConvertible {
        let workload: String
        var description: String { "\(workload): two runs differ in their numbers; the times are of no use" }
    }
}

extension PreparedWorkload {
    /// Measures speed and error.
    ///
    /// - Throws: what the model throws, and `EngineMeasurement.Unstable`.
    func measure(subjects count: Int, repetitions: Int) throws -> EngineMeasurement {
        var firstResults: [Double] = []
        for _ in 0..<max(5, repetitions) {
            let clock = Clock()
            _ = try firstResult()
            firstResults.append(1000 * clock.elapsed.wall)
        }
        let people = timedPopulation(count)
        func table() -> KeptTable {
            KeptTable(subjects: count, samples: workload.times.count, outputs: outputs.count)
        }
        let (kept, other) = (table(), table())
        let population = population
        func run(_ threads: Int, into table: KeptTable?) -> (wall: Double, processor: Double) {
            let clock = Clock()
            population.run(people, threads: threads) { table?.keep($0) }
            return clock.elapsed
        }
        // The first touch of the tables' memory is not what the runs measure.
        _ = (run(1, into: kept), run(2, into: other))
        guard kept.isEqual(other) else { throw EngineMeasurement.Unstable(workload: workload.name) }
        // The kinds take turns, so that a neighbour's load falls on all of them.
        var (one, two, unkept, fresh) = ([(wall: Double, processor: Double)](), [Double](), [Double](), [Double]())
        for _ in 0..<repetitions {
            one.append(run(1, into: kept))
            two.append(run(2, into: other).wall)
            unkept.append(run(1, into: nil).processor)
            let clock = Clock()
            population.run(people, threads: 1) { [new = table()] in new.keep($0) }
            fresh.append(clock.elapsed.processor)
        }
        let speeds = one.map { Double(count) / $0.processor }.sorted()
        return EngineMeasurement(
            workload: workload.name, solver: workload.method.rawValue, subjects: count,
            firstResultMilliseconds: firstResults[0], laterResultMilliseconds: median(firstResults),
            mainOutput: workload.main, error: achievedError(of: workload.main),
            subjectsPerProcessorSecond: median(speeds),
            subjectsPerProcessorSecondUnkept: Double(count) / median(unkept),
            subjectsPerProcessorSecondFresh: Double(count) / median(fresh),
            spread: ((speeds.last ?? 0) - (speeds.first ?? 0)) / median(speeds),
            wallOneThread: median(one.map(\.wall)), wallTwoThreads: median(two))
    }
}

extension KeptTable {
    /// Whether two tables hold the same bits.
    func isEqual(_ other: KeptTable) -> Bool {
        for subject in 0..<subjects {
            for sample in 0..<samples {
                for output in 0..<outputs
                where self[subject, sample, output].bitPattern != other[subject, sample, output].bitPattern {
                    return false
                }
            }
        }
        return true
    }
}

/// The middle of the values; NaN of none.
func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return 0.5 * (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2])
}

/// Seconds by the clock and of the processor since it was made.
struct Clock {
    private let start = (wall: seconds(CLOCK_MONOTONIC), processor: seconds(CLOCK_PROCESS_CPUTIME_ID))

    var elapsed: (wall: Double, processor: Double) {
        (Self.seconds(CLOCK_MONOTONIC) - start.wall, Self.seconds(CLOCK_PROCESS_CPUTIME_ID) - start.processor)
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
