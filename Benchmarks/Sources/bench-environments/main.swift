// Decisions per CPU-second of environments on one thread, beside what is aimed at and beside a plain loop of uniform numbers.
//
//   bench-environments [--json] [--repetitions N] [--only oberst-sepsis,epicare]
import Foundation

let options = BenchOptions(CommandLine.arguments.dropFirst())
do {
    let workloads = EnvironmentWorkload.all.filter { options.only?.contains($0.environment) ?? true }
    var measurements: [EnvironmentMeasurement] = []
    if !options.isJSON { print(EnvironmentMeasurement.header) }
    for workload in workloads {
        let measurement = try workload.prepare().measure(repetitions: options.repetitions)
        if !options.isJSON { print(measurement.line) }
        measurements.append(measurement)
    }
    if options.isJSON { print(try EnvironmentMeasurement.json(measurements)) }
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
