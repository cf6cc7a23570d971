// Patients per second of the bundled studies. `make bench` runs it with the release build's code generation.
//
// Wall time on a shared machine is noise: compare runs on one machine, back to back, and look at the spread.
import Foundation
import Studies

let repetitions = 5

/// What is measured, in the order of the table.
let workloads: [Workload] = []

print("patients/s      spread  workload")
for workload in workloads {
    let measurement = try workload.measure(repetitions: repetitions)
    print(String(format: "%10.0f  %8.1f %%  ", measurement.patientsPerSecond, 100 * measurement.spread) + workload.name)
}
