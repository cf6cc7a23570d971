import Environments
import Foundation
import NumericsCore

/// What was measured of one workload.
struct EnvironmentMeasurement: Codable {
    let environment: String
    let policy: String
    /// Decisions of one run.
    let steps: Int
    /// On one thread, of the fastest run: on a shared machine the others measure the neighbours.
    let stepsPerProcessorSecond: Double
    let aim: Double
    /// Uniform numbers per CPU-second of a plain loop in the same process, the runs of which take turns with these.
    let plainDrawsPerProcessorSecond: Double
    /// From the fastest to the slowest run, relative to the fastest.
    let spread: Double
    /// The mean return, which no change of speed may move.
    let value: Double

    /// What a decision costs, in numbers of the plain loop: it says the same on a slow machine and on a fast one.
    var drawsPerStep: Double { plainDrawsPerProcessorSecond / stepsPerProcessorSecond }

    /// The totals came out differently on two threads or in another run.
    struct Unstable: Error, CustomStringConvertible {
        let environment: String
        var description: String { "\(environment): two runs differ in their numbers; the times are of no use" }
    }
}

extension PreparedWorkload {
    /// Measures speed against the plain loop.
    ///
    /// - Throws: what the environment throws, and `EnvironmentMeasurement.Unstable`.
    func measure(repetitions: Int) throws -> EnvironmentMeasurement {
        let expected = try run(threads: 2)
        var (times, plain) = ([Double](), [Double]())
        for _ in 0..<repetitions {
            plain.append(1 / PlainLoop.drawsPerProcessorSecond())
            let start = processorSeconds()
            let totals = try run(threads: 1)
            times.append(processorSeconds() - start)
            guard totals == expected else {
                throw EnvironmentMeasurement.Unstable(environment: workload.environment)
            }
        }
        let (best, worst) = (times.min() ?? .nan, times.max() ?? .nan)
        return EnvironmentMeasurement(
            environment: workload.environment, policy: workload.policy, steps: expected.steps,
            stepsPerProcessorSecond: Double(expected.steps) / best, aim: workload.aim,
            plainDrawsPerProcessorSecond: 1 / (plain.min() ?? .nan), spread: worst / best - 1,
            value: expected.value ?? .nan)
    }
}

/// The measure of all environments: one uniform number after the other from a stream, and their sum.
enum PlainLoop {
    private static let draws = 2_000_000

    static func drawsPerProcessorSecond() -> Double {
        let start = processorSeconds()
        var stream = RandomStream(seed: 1, purpose: .environment, replicate: 0, patient: 0)
        var sum = 0.0
        for _ in 0..<draws { sum += stream.nextUniform() }
        let seconds = processorSeconds() - start
        // A sum that is looked at cannot be left out; a mean of so many is within 1 % of a half.
        precondition(abs(sum / Double(draws) - 0.5) < 0.01, "The plain loop's numbers are not uniform.")
        return Double(draws) / seconds
    }
}

/// Seconds of the processor since the process began.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}
