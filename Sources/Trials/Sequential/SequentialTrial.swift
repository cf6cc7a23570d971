import Cohorts
import NumericsCore
import Outcomes
import Regimes

/// A sequential multiple assignment randomised trial (SMART) of two stages.
///
/// Each patient is randomised to a first option in permuted blocks within strata; when the response is judged, to one of
/// the second options of the cell, each as likely. The draws of the second stage come from a stream of the patient's own,
/// and both, for response and for none, are made whatever comes: so the same patient meets the same draw in every trial
/// arm. Who leaves before the response is judged counts as without one.
package struct SequentialTrial: Sendable {
    package let plan: TrialPlan
    /// The embedded regimes, every combination of options once.
    package let arms: [Arm]
    package let regimes: [EmbeddedRegime]
    /// `options[first]`: how many second options others and responders have.
    package let options: [(others: Int, responders: Int)]
    /// The visit at which the response is judged.
    package let visit: Int
    package let endpoint: Int
    package let patients: Int
    package let randomisation: Randomisation
    /// Columns of the cohort whose combinations are the strata.
    package let strata: [Int]
    /// Memory in which the regimes note what Q-learning sees at either stage.
    package let baseline: [String]
    package let interim: [String]

    package init(
        plan: TrialPlan, arms: [Arm], regimes: [EmbeddedRegime], options: [(others: Int, responders: Int)], visit: Int,
        endpoint: Int, patients: Int, blocks: Int, strata: [Int], baseline: [String], interim: [String]
    ) {
        self.plan = plan
        self.arms = arms
        self.regimes = regimes
        self.options = options
        self.visit = visit
        self.endpoint = endpoint
        self.patients = patients
        randomisation = Randomisation(
            allocation: options.map { _ in 1 }, repeats: max(1, blocks / max(1, options.count)))
        self.strata = strata
        self.baseline = baseline
        self.interim = interim
    }

    /// What the log of a regime must keep.
    package var kept: Set<String> { Set([SequenceRegime.responded] + baseline + interim) }

    /// The workers of one thread: a visit cycle for each embedded regime.
    package final class Worker {
        let cycles: [VisitCycle]

        package init(_ trial: SequentialTrial) throws {
            cycles = try trial.arms.map { try VisitCycle(trial.plan, arm: $0) }
        }
    }

    /// What one trial observed.
    package struct Observed: Sendable {
        /// Patients with an outcome.
        package var data: SequentialTrialData
        /// For each of them what Q-learning sees: `[feature][patient]`; NaN where it is not known.
        package var baseline: [[Double]]
        package var interim: [[Double]]
        /// Patients without an outcome, left out.
        package var lost: Int
    }

    /// Randomises and follows the patients of one replicate.
    package func run(_ number: UInt32, cohort: Cohort, worker: Worker) throws -> Observed {
        let keys = StrataKeys(cohort, columns: strata, patients: patients).values
        let first = randomisation.assign(strata: keys, seed: plan.seed, replicate: number)
        let drawn = (0..<patients).map { secondOptions(of: $0, first: first[$0], replicate: number) }
        let given = (0..<patients).map { patient in
            arm(
                EmbeddedRegime(
                    first: first[patient], responders: drawn[patient].responders, others: drawn[patient].others))
        }
        var outcome = [Double](repeating: .nan, count: patients)
        var responded = [Bool](repeating: false, count: patients)
        var seen = (
            baseline: baseline.map { _ in outcome }, interim: interim.map { _ in outcome }
        )
        for index in arms.indices {
            let members = (0..<patients).filter { given[$0] == index }
            let (record, log) = follow(members, index, number, cohort, worker)
            for (place, patient) in members.enumerated() {
                outcome[patient] = record.values[endpoint][place]
                responded[patient] = responses(log)[place] == 1
                for (feature, name) in baseline.enumerated() {
                    seen.baseline[feature][patient] = log.column(name, visit: 0)[place]
                }
                for (feature, name) in interim.enumerated() {
                    seen.interim[feature][patient] = log.column(name, visit: visit)[place]
                }
            }
        }
        let known = (0..<patients).filter { outcome[$0].isFinite }
        let second = (0..<patients).map { responded[$0] ? drawn[$0].responders : drawn[$0].others }
        let data = try SequentialTrialData(
            first: known.map { first[$0] }, responded: known.map { responded[$0] }, second: known.map { second[$0] },
            outcome: known.map { outcome[$0] },
            probability: known.map { probability(first: first[$0], responded: responded[$0]) })
        return Observed(
            data: data, baseline: seen.baseline.map { column in known.map { column[$0] } },
            interim: seen.interim.map { column in known.map { column[$0] } }, lost: patients - known.count)
    }

    // MARK: Pieces

    /// The place of a regime among the arms.
    package func arm(_ regime: EmbeddedRegime) -> Int { regimes.firstIndex(of: regime) ?? 0 }

    /// The known probability of a patient's own options.
    private func probability(first: Int, responded: Bool) -> Double {
        let cell = responded ? options[first].responders : options[first].others
        return 1 / Double(options.count) / Double(cell)
    }

    private func secondOptions(of patient: Int, first: Int, replicate: UInt32) -> (responders: Int, others: Int) {
        let stream = RandomStream(
            seed: plan.seed, purpose: .secondRandomisation, replicate: replicate, patient: UInt32(patient))
        func option(_ draw: UInt64, of count: Int) -> Int {
            min(count - 1, Int(stream.uniform(at: draw) * Double(count)))
        }
        return (option(0, of: options[first].responders), option(1, of: options[first].others))
    }

    private func follow(
        _ members: [Int], _ index: Int, _ number: UInt32, _ cohort: Cohort, _ worker: Worker
    ) -> (ArmRecord, DecisionLog) {
        let patients = members.map { TrialPatient(number: UInt32($0), row: $0) }
        var record = ArmRecord(arm: arms[index].name, patients: patients, plan: plan)
        let log = DecisionLogWriter(
            plan.variables, keeping: kept, visits: plan.visits.days.count, patients: patients.count)
        for first in stride(from: 0, to: patients.count, by: laneCount) {
            let block = patients[first..<min(first + laneCount, patients.count)]
            let paths = worker.cycles[index].run(block, of: cohort, replicate: number, log: log, firstInLog: first)
            let part = ArmRecord(arm: record.arm, patients: Array(block), paths: paths, plan: plan)
            record.replace(from: first, with: part)
        }
        return (record, log.log())
    }

    private func responses(_ log: DecisionLog) -> [Double] { log.column(SequenceRegime.responded, visit: visit) }
}

extension DecisionLog {
    /// A kept variable at a visit; of patients who did not decide then, what they had is not known.
    package func column(_ name: String, visit: Int) -> [Double] {
        guard let slot = variables.slot(name), visit < visits else {
            return Array(repeating: .nan, count: patients)
        }
        return zip(snapshots[visit][slot], isPresent[visit]).map { $1 ? $0 : .nan }
    }
}
