// Accuracy and speed of the engine on the workloads of Models, beside other programs where R has them.
//
//   bench-engine [--json] [--subjects N] [--repetitions N] [--only W1,W4] [--no-peers] [--folder Benchmarks]
import Foundation

let options = BenchOptions(CommandLine.arguments.dropFirst())
do {
    let workloads = EngineWorkload.all.filter { options.only?.contains($0.name) ?? true }
    var measurements: [EngineMeasurement] = []
    if !options.isJSON { print(EngineMeasurement.header) }
    for workload in workloads {
        let prepared = try PreparedWorkload(workload, folder: options.folder)
        measurements.append(try prepared.measure(subjects: options.subjects, repetitions: options.repetitions))
        if !options.isJSON { print(measurements[measurements.count - 1].line) }
    }
    if options.runsPeers {
        let found = Peers(script: "\(options.folder)/peers.R").measure(
            subjects: options.subjects, repetitions: options.repetitions)
        for index in measurements.indices { measurements[index].peers = found[measurements[index].workload] ?? [:] }
    }
    print(options.isJSON ? try EngineMeasurement.json(measurements) : EngineMeasurement.ratios(measurements))
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
