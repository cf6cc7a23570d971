import Cohorts
import NumericsCore

/// One run of the randomised trial: who went where, and what came of it.
package struct Replicate: Sendable {
    package var number: UInt32
    /// The calendar day of each patient's entry, the arm (0 the control), and the stratum, numbered from 0 as they appear.
    package var enrolmentDay: [Double]
    package var arm: [Int]
    package var stratum: [Int]
    /// One record for each arm, patients in the order of enrolment.
    package var records: [ArmRecord]
    package var cohort: Cohort
}

/// The randomised trial as it would be run: two arms, permuted blocks within strata.
package struct RandomisedTrial: Sendable {
    package let plan: TrialPlan
    package let arms: [Arm]
    package let patients: Int
    package let randomisation: Randomisation
    package let enrolment: Enrolment
    /// Columns of the cohort whose combinations are the strata.
    package let strata: [Int]

    package init(
        plan: TrialPlan, arms: [Arm], patients: Int, randomisation: Randomisation, enrolment: Enrolment, strata: [Int]
    ) {
        self.plan = plan
        self.arms = arms
        self.patients = patients
        self.randomisation = randomisation
        self.enrolment = enrolment
        self.strata = strata
    }

    /// The workers of one thread: a visit cycle for each arm.
    package final class Worker {
        let cycles: [VisitCycle]

        package init(_ trial: RandomisedTrial) throws {
            cycles = try trial.arms.map { try VisitCycle(trial.plan, arm: $0) }
        }
    }

    /// Enrols, randomises and follows the patients of one replicate.
    package func run(_ number: UInt32, cohort: Cohort, worker: Worker) -> Replicate {
        let days = enrolment.days(count: patients, seed: plan.seed, replicate: number)
        let keys = StrataKeys(cohort, columns: strata, patients: patients).values
        let assigned = randomisation.assign(strata: keys, seed: plan.seed, replicate: number)
        let records = arms.indices.map { arm in
            let members = (0..<patients).filter { assigned[$0] == arm }
            let patients = members.map { TrialPatient(number: UInt32($0), row: $0) }
            var record = ArmRecord(arm: arms[arm].name, patients: patients, plan: plan)
            for first in stride(from: 0, to: patients.count, by: laneCount) {
                let block = patients[first..<min(first + laneCount, patients.count)]
                let paths = worker.cycles[arm].run(block, of: cohort, replicate: number)
                let part = ArmRecord(arm: record.arm, patients: Array(block), paths: paths, plan: plan)
                record.replace(from: first, with: part)
            }
            return record
        }
        return Replicate(
            number: number, enrolmentDay: days, arm: assigned, stratum: numbered(keys), records: records, cohort: cohort
        )
    }

    /// The strata as 0, 1, … in the order of first appearance.
    private func numbered(_ keys: [Int]) -> [Int] {
        var numbers: [Int: Int] = [:]
        return keys.map { key in
            let number = numbers[key] ?? numbers.count
            numbers[key] = number
            return number
        }
    }
}
