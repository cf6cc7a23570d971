// Patients per second of the bundled studies. `make bench` runs it with the release build's code generation.
//
// Wall time on a shared machine is noise: compare runs on one machine, back to back, and look at the spread.
import Foundation
import ResultsStore
import Scenarios
import Studies

let repetitions = 5

/// A bundled study on a number of twins, without the randomised trial: every arm, analysis and file included.
func study(_ name: String, arms: Int, patients: Int, threads: Int) -> Workload {
    let title = "\(name): \(arms) arms of \(patients) twins, \(threads) thread\(threads == 1 ? "" : "s")"
    return Workload(name: title, patients: arms * patients) {
        let overrides = ["cohort.patients=\(patients)", "trial.replicates=0"]
        let process = ProcessInfo.processInfo.processIdentifier
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("trialist-bench-\(process).h5").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let scenario = try Scenario(path: "scenarios/\(name)", overrides: overrides)
        try Study(scenario, threads: threads).run(writingTo: file)
        return try ResultsFile(file).contentHash()
    }
}

/// What is measured, in the order of the table.
let workloads = [1, 2].map { study("warfarin-eu-pact", arms: 2, patients: 2000, threads: $0) }

print("patients/s      spread  workload")
for workload in workloads {
    let measurement = try workload.measure(repetitions: repetitions)
    print(String(format: "%10.0f  %8.1f %%  ", measurement.patientsPerSecond, 100 * measurement.spread) + workload.name)
}
