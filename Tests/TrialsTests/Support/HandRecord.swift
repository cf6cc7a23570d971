import Cohorts
import NumericsCore
import Pharmacology

@testable import Trials

/// Records and cohorts whose every value a test knows, without a simulation.
enum HandRecord {
    /// A record with one endpoint; a NaN is a patient without a value.
    static func record(_ values: [Double], events: [Bool]? = nil) throws -> ArmRecord {
        var record = ArmRecord(arm: "hand", patients: TinyTrial.patients(values.count), plan: try TinyTrial().plan())
        record.values = [values]
        record.hasEvent = [events ?? values.map { _ in false }]
        return record
    }

    /// Patients with a category, a flag with missing values, and a category of which one level is rare and one empty.
    static func cohort(_ count: Int) throws -> Cohort {
        try Cohort(
            count: count,
            columns: [
                CohortColumn(
                    "sex", levels: ["male", "female"], texts: (0..<count).map { $0 % 3 == 0 ? "female" : "male" }),
                CohortColumn("smoker", kind: .flag, values: (0..<count).map { $0 % 4 == 3 ? .nan : Double($0 % 2) }),
                CohortColumn(
                    "group", levels: ["common", "rare", "none"],
                    texts: (0..<count).map { $0 % 20 == 7 ? "rare" : "common" }),
                CohortColumn("age", unit: "year", values: (0..<count).map { 40 + Double($0 % 30) }),
            ])
    }

    /// Numbers of a stream of its own, standard normal.
    static func normals(_ count: Int, seed: UInt64) -> [Double] {
        let stream = RandomStream(seed: seed, purpose: .analysis, replicate: 0, patient: 0)
        return (0..<count).map { stream.normal(at: UInt64($0)) }
    }

    /// Exponential times, censored at 10, in days.
    static func times(_ count: Int, rate: Double, seed: UInt64) -> (times: [Double], events: [Bool]) {
        let stream = RandomStream(seed: seed, purpose: .analysis, replicate: 1, patient: 0)
        let times = (0..<count).map { -Elementary.log(stream.uniform(at: UInt64($0))) / rate }
        return (times.map { min(10, $0) }, times.map { $0 <= 10 })
    }
}
