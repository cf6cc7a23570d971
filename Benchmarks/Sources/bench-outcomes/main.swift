// Seconds of the survival estimators on one thread over a sweep of sizes, with the exponent of the growth, beside the
// fastest of scikit-survival, lifelines and R's survival on the same table where they are installed.
//
//   bench-outcomes [--sizes 1000,10000,100000] [--repetitions N] [--no-peers] [--folder Benchmarks]
import Foundation
import NumericsCore

LinearAlgebra.useOneThread()
let arguments = Array(CommandLine.arguments.dropFirst())
func option(_ name: String) -> String? {
    arguments.firstIndex(of: "--" + name).flatMap { arguments.indices.contains($0 + 1) ? arguments[$0 + 1] : nil }
}
let sizes = (option("sizes") ?? "1000,10000,100000,1000000").split(separator: ",").compactMap { Int($0) }
let repetitions = option("repetitions").flatMap { Int($0) } ?? 5
let folder = option("folder") ?? "Benchmarks"

do {
    var seconds: [String: [Double]] = [:]
    var values: [String: Double] = [:]
    for size in sizes {
        let work = SurvivalWorkload(size)
        for task in TimedTask.all {
            var runs: [Double] = []
            var value = try task.run(work)
            for _ in 0..<(size > 200_000 ? max(1, repetitions / 2) : repetitions) {
                let start = processorSeconds()
                value = try task.run(work)
                runs.append(processorSeconds() - start)
            }
            seconds[task.name, default: []].append(runs.sorted()[runs.count / 2])
            if size == 100_000 { values[task.name] = value }
        }
    }
    let peers = arguments.contains("--no-peers") ? [:] : try Peers(folder: folder).measure()
    print(Report(sizes: sizes, seconds: seconds, values: values, peers: peers).text)
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}

func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}
