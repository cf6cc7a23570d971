import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by the published data: O'Reilly's 32 volunteers.
@Suite("Library: warfarin and prothrombin complex activity")
struct WarfarinActivityTests {
    /// A volunteer's dose and observations.
    struct Volunteer {
        var weight: Double
        var amount: Double
        var observed: [(time: Double, output: String, value: Double)]
    }

    static func volunteers() throws -> [Volunteer] {
        var volunteers: [Volunteer] = []
        var last = ""
        for row in try LibraryFile.table(LibraryFile.references.appendingPathComponent("warfarin_pkpd.csv")) {
            let (id, kind) = (try #require(row["id"]), try #require(row["dvid"]))
            if id != last {
                last = id
                let weight = try #require(row["wt_kg"].flatMap(Double.init))
                let amount = try #require(row["amt_mg"].flatMap(Double.init))
                volunteers.append(Volunteer(weight: weight, amount: amount, observed: []))
            }
            guard kind != "dose", let value = row["dv"].flatMap(Double.init) else { continue }
            let time = try #require(row["time_h"].flatMap(Double.init))
            volunteers[volunteers.count - 1].observed.append((time, kind, value))
        }
        return volunteers
    }

    /// The share of observations between the 5 % and 95 % quantiles of simulated patients like the observed one. With the
    /// right model 90 % are expected, and 251 and 232 independent observations scatter by 1.9 and 2.0 points (one
    /// standard error); the tolerance is two. SciPy finds 90.0 %, 91.4 % and 90.7 % together.
    @Test("The 5 to 95 % band covers nine tenths of the observed concentrations and activities")
    func coverage() throws {
        let outputs = ["cp", "pca"]
        let library = try LibraryModel("warfarin_nguyen_2017", outputs: outputs)
        let proportional = try library.parameter("cp_prop_sd")
        let additive = [try library.parameter("cp_add_sd"), try library.parameter("pca_add_sd")]
        let (replicates, volunteers) = (1024, try Self.volunteers())
        #expect(volunteers.count == 32)
        var inside = [0, 0]
        var count = [0, 0]
        for (id, volunteer) in volunteers.enumerated() {
            let dose = LibraryModel.Administration(compartment: "gut", amount: volunteer.amount, times: [0])
            let times = Array(Set(volunteer.observed.map(\.time))).sorted()
            var simulated = [[[Double]]](repeating: [[Double]](repeating: [], count: times.count), count: 2)
            for first in stride(from: 0, to: replicates, by: 16) {
                let patients = try (first..<first + 16).map { index in
                    var inputs = library.independentEffects(of: 1000 * id + index, seed: 2017)
                    inputs["WT"] = volunteer.weight
                    return try library.patient(inputs, [dose])
                }
                let courses = try Simulate.courses(library.simulation, patients, at: times, SolverOptions())
                for (lane, course) in courses.enumerated() {
                    let stream = RandomStream(
                        seed: 2017, purpose: .residualError, replicate: 0, patient: UInt32(1000 * id + first + lane))
                    for time in times.indices {
                        for output in 0..<2 {
                            let f = course.values[time][output]
                            let spread = output == 0 ? proportional * f : 0
                            let noise = stream.normal(at: UInt64(4 * time + 2 * output))
                            let more = stream.normal(at: UInt64(4 * time + 2 * output + 1))
                            simulated[output][time].append(f + spread * noise + additive[output] * more)
                        }
                    }
                }
            }
            for output in 0..<2 { for time in times.indices { simulated[output][time].sort() } }
            for observation in volunteer.observed {
                let output = try #require(outputs.firstIndex(of: observation.output))
                let values = simulated[output][try #require(times.firstIndex(of: observation.time))]
                count[output] += 1
                if observation.value >= quantile(values, 0.05) && observation.value <= quantile(values, 0.95) {
                    inside[output] += 1
                }
            }
        }
        #expect(count == [251, 232])
        #expect(abs(Double(inside[0]) / 251 - 0.90) < 2 * 0.019)
        #expect(abs(Double(inside[1]) / 232 - 0.90) < 2 * 0.020)
        #expect(abs(Double(inside[0] + inside[1]) / 483 - 0.90) < 2 * 0.0137)
    }

    /// Closed form: before the lag nothing has happened, afterwards a difference of exponentials.
    @Test("Nothing happens before the lag, and the concentration follows its closed form")
    func lag() throws {
        let library = try LibraryModel("warfarin_nguyen_2017", outputs: ["cp", "pca"])
        let dose = LibraryModel.Administration(compartment: "gut", amount: 105, times: [0])
        let times = [1.0, 2, 10, 120]
        let course = try library.course(["WT": 70], [dose], at: times)
        #expect(course[0][0] == 0)
        #expect(relativeError(course[1][0], 96.7) < 1e-14)
        let (ka, ke) = (Elementary.log(2) / 0.944, 0.131 / 8.06)
        for (index, time) in times.enumerated().dropFirst() {
            let s = time - 1.03
            let expected = 105 * ka / (8.06 * (ka - ke)) * (Elementary.exp(-ke * s) - Elementary.exp(-ka * s))
            #expect(relativeError(course[0][index], expected) < 1e-8)
        }
    }
}
