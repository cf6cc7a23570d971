import Cohorts
import NumericsCore
import Outcomes
import Regimes
import Testing

@testable import Trials

/// Backed by the design's definition, by twins as a second route, and by Monte Carlo standard errors of known rates.
@Suite struct RandomisedTrialTests {
    /// A cheap trial: two days, missed doses make the patients differ, a constant hazard makes events.
    static var trial: TinyTrial {
        var trial = TinyTrial()
        trial.columns = [("black", { $0 % 3 == 0 ? 1 : 0 }), ("centre", { $0 % 5 == 4 ? .nan : Double($0 % 5) })]
        trial.days = [0]
        trial.end = 2
        trial.trackInterval = 2
        trial.doseInterval = 0.1
        trial.missed = .probability(0.4)
        trial.hazards = [("bleed", .nothing, "hazard <- 0.4")]
        trial.endpoints = [
            Endpoint(name: "mean_dose", title: "", unit: "mg/d", measure: MeanDose()),
            Endpoint(name: "bleed", title: "", unit: "d", measure: EventTime(event: 0)),
        ]
        trial.tolerance = 1e-3
        return trial
    }

    static func design(_ trial: TinyTrial, _ arms: [Arm], patients: Int, strata: [Int] = [0]) throws -> RandomisedTrial
    {
        RandomisedTrial(
            plan: try trial.plan(), arms: arms, patients: patients,
            randomisation: Randomisation(allocation: [1, 1], repeats: 2), enrolment: Enrolment(perDay: 1),
            strata: strata)
    }

    /// A cohort drawn anew for each replicate.
    static func cohort(_ trial: TinyTrial, _ count: Int, replicate: UInt32) throws -> Cohort {
        try trial.cohort(count).subset(
            (0..<count).map { patient in
                let stream = RandomStream(seed: 1, purpose: .resampling, replicate: replicate, patient: UInt32(patient))
                return Int(stream.uniform(at: 0) * Double(count))
            })
    }

    @Test("A replicate enrols, randomises within strata, and follows each patient in the arm drawn")
    func oneReplicate() throws {
        let trial = Self.trial
        let arms = [try trial.arm("dose <- 1", name: "low"), try trial.arm("dose <- 2", name: "high")]
        let design = try Self.design(trial, arms, patients: 90, strata: [0, 1])
        let cohort = try trial.cohort(90)
        let replicate = design.run(6, cohort: cohort, worker: try RandomisedTrial.Worker(design))
        #expect(replicate.number == 6)
        #expect(replicate.enrolmentDay == design.enrolment.days(count: 90, seed: trial.seed, replicate: 6))
        // Two groups by five centres, one of them unknown.
        #expect(Set(replicate.stratum).count == 10)
        for stratum in Set(replicate.stratum) {
            let members = (0..<90).filter { replicate.stratum[$0] == stratum }
            let keys = Set(
                members.map { [cohort.columns[0].values[$0].bitPattern, cohort.columns[1].values[$0].bitPattern] })
            #expect(keys.count == 1)
            let treated = members.map { replicate.arm[$0] }
            for start in stride(from: 0, through: members.count - 4, by: 4) {
                #expect(treated[start..<start + 4].reduce(0, +) == 2)
            }
        }
        // Each patient is the twin of the same number in a run of everyone.
        for (index, arm) in arms.enumerated() {
            let runner = TrialRunner(try trial.plan(), cohort: cohort, threads: 1, stop: StopSignal())
            let everyone = try runner.run(arm, patients: TinyTrial.patients(90), replicate: 6).record
            let record = replicate.records[index]
            #expect(record.arm == arm.name)
            #expect(record.patients.map { Int($0) } == (0..<90).filter { replicate.arm[$0] == index })
            #expect(record.rows == record.patients.map { Int($0) })
            for (place, patient) in record.rows.enumerated() { #expect(record.bits(place) == everyone.bits(patient)) }
        }
    }

    @Test("Who else enrols changes nobody's arm: not a patient of a new stratum before them")
    func strataAreKeyedByTheirValues() throws {
        let trial = Self.trial
        let arms = [try trial.arm("dose <- 1"), try trial.arm("dose <- 2")]
        let small = try Self.design(trial, arms, patients: 60)
        let cohort = try trial.cohort(60)
        let plain = small.run(1, cohort: cohort, worker: try RandomisedTrial.Worker(small))
        // The same patients behind five of a stratum that comes first now.
        var columns = cohort.columns.map { CohortColumn($0.name, values: [Double](repeating: 7, count: 5) + $0.values) }
        columns[1].values[0] = .nan
        let larger = try Self.design(trial, arms, patients: 65)
        let behind = larger.run(
            1, cohort: try Cohort(count: 65, columns: columns), worker: try RandomisedTrial.Worker(larger))
        #expect(Array(behind.arm.dropFirst(5)) == plain.arm)
        #expect(behind.stratum.prefix(6) == [0, 0, 0, 0, 0, 1])
    }

    private func estimates(
        _ arms: [Arm], replicates: Int, patients: Int
    ) throws -> [(continuous: TrialEstimate, event: TrialEstimate)] {
        let trial = Self.trial
        let design = try Self.design(trial, arms, patients: patients)
        let worker = try RandomisedTrial.Worker(design)
        return try (0..<replicates).map { number in
            let cohort = try Self.cohort(trial, patients, replicate: UInt32(number))
            let replicate = design.run(UInt32(number), cohort: cohort, worker: worker)
            let strata = try Strata([], of: cohort)
            return (
                try TrialEstimate(replicate, endpoint: 0, scale: .continuous, strata: strata),
                try TrialEstimate(replicate, endpoint: 1, scale: .timeToEvent, strata: strata)
            )
        }
    }

    @Test("With equal arms both tests reject with probability alpha: within three Monte Carlo standard errors")
    func typeOneError() throws {
        let arm = try Self.trial.arm("dose <- 1")
        let runs = try estimates([arm, arm], replicates: 1000, patients: 60)
        let error = (0.05 * 0.95 / 1000).squareRoot()
        for (name, found) in [("means", runs.map(\.continuous)), ("log-rank", runs.map(\.event))] {
            let row = OperatingCharacteristics(found, truth: [0], alpha: 0.05).rows[0]
            #expect(row.replicates == 1000)
            #expect(abs(row.rejected - 0.05) < 3 * error, "\(name): \(row.rejected)")
            #expect(abs(row.coverage - 0.95) < 3 * error, "\(name): \(row.coverage)")
            // No bias, and reported errors that match the spread: within four standard errors of each.
            #expect(abs(row.bias) < 4 * row.meanError, "\(name)")
            #expect(abs(row.meanReportedError / row.deviation - 1) < 4 / 2000.0.squareRoot() + 0.02, "\(name)")
        }
    }

    @Test("A true difference is estimated without bias, and found more often than not: against the power of a z test")
    func powerAndBias() throws {
        let trial = Self.trial
        let arms = [try trial.arm("dose <- 1"), try trial.arm("dose <- 1.1")]
        let row = OperatingCharacteristics(
            try estimates(arms, replicates: 400, patients: 60).map(\.continuous), truth: [0.6], alpha: 0.05
        ).rows[0]
        // 20 doses in two days, 60 % of them taken: 6 mg/d against 6.6, each with variance 20·0.24/4 mg²/d².
        #expect(abs(row.bias) < 4 * row.meanError)
        let error = ((1.2 + 1.2 * 1.21) / 30).squareRoot()
        #expect(abs(row.deviation / error - 1) < 4 / 800.0.squareRoot())
        // Power of the two-sided z test; the t test's is a little lower (by less than 0.02 with 58 degrees of freedom).
        let power = Normal.survival(1.959964 - 0.6 / error) + Normal.cdf(-1.959964 - 0.6 / error)
        #expect(abs(row.rejected - power) < 4 * row.rejectedError + 0.02)
    }
}
