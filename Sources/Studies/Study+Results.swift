import Cohorts
import Foundation
import NumericsCore
import Outcomes
import Regimes
import ResultsStore
import Scenarios
import Trials

extension Study {
    /// Runs the study: learn, twins, trials, analysis.
    ///
    /// - Throws: ``Interrupted`` when the stop signal was raised; errors of learning.
    package func run() throws -> TrialResults {
        let (arms, learned) = try self.arms()
        var results = try twinResults(arms, learned)
        results.trial = try plan.scenario.twoArmTrial.map { try randomised($0, arms: arms, shard: .whole) }
        results.sequential = try plan.scenario.smartTrial.map { try sequential($0, arms: arms, shard: .whole) }
        try judgeGaps(&results)
        return results
    }

    /// Runs the study, or a shard of it, and writes its results file, whole or not at all.
    ///
    /// - Parameter path: the HDF5 file, replaced if it exists.
    /// - Throws: ``ResultsError`` before anything is simulated where no file can be written at `path`; ``Interrupted``
    ///   when the stop signal was raised; ``ScenarioErrors`` where too few patients are there to learn from.
    public func run(writingTo path: String, shard: Shard = .whole) throws {
        try ResultsWriter.checkTarget(path)
        let started = Date()
        // What is not followed need not be learned: later shards hold the arms of the trial alone.
        let (arms, learned) = try self.arms { shard.isFirst || trialArms.contains($0) }
        try write(arms, learned, to: path, shard: shard, started: started)
    }

    /// The arms that the randomised trial compares, with equal arms too.
    var trialArms: [String] {
        plan.scenario.trial.map { $0.arms + ($0.nullArm.map { [$0] } ?? []) } ?? []
    }

    /// Runs a shard with its regimes learned, and writes its file.
    func write(
        _ arms: [Arm], _ learned: [Int: LearnedArm], to path: String, shard: Shard, started: Date
    ) throws {
        let twins = shard.isFirst ? try twinResults(arms, learned) : nil
        let trial = try plan.scenario.twoArmTrial.map { try randomised($0, arms: arms, shard: shard) }
        let smart = try plan.scenario.smartTrial.map { try sequential($0, arms: arms, shard: shard) }
        let provenance = Provenance(
            scenario: plan.scenario.text, scenarioFile: plan.scenario.file, overrides: plan.scenario.overrides,
            inputHash: plan.inputHash, seed: plan.scenario.seed, version: trialistVersion,
            threads: threads, shard: shard.description, started: started, finished: Date())
        var root = ResultGroup(attributes: [ResultAttribute("title", plan.scenario.title)], groups: [provenance.group])
        if var results = twins {
            results.trial = trial
            results.sequential = smart
            try judgeGaps(&results)
            root.groups += ResultsLayout(results).groups
        } else if let trial {
            root.groups.append(TrialLayout(trial, strata: plan.strata.labels).trial)
        } else if let smart {
            root.groups.append(SequentialLayout(smart).replicates)
        }
        try ResultsWriter.write(root, to: path)
    }

    /// Everything that is done once: the twins, their analysis, and the learned regimes.
    private func twinResults(_ arms: [Arm], _ learned: [Int: LearnedArm]) throws -> TrialResults {
        let (cohort, records) = try twins(arms)
        var results = TrialResults(
            strata: try plan.strata.groups(of: cohort), cohort: cohort.withoutSetters, flow: plan.population.flow,
            missing: plan.population.missing)
        results.title = plan.scenario.title
        results.about = plan.scenario.about
        results.arms = armNames()
        results.endpoints = plan.trial.endpoints
        results.records = records
        results.reference = plan.scenario.report?.against.flatMap { name in arms.firstIndex { $0.name == name } } ?? 0
        try summarise(&results)
        try judgeScore(&results)
        if let section = plan.scenario.twoArmTrial {
            let control = arms.firstIndex { $0.name == section.arms[0] } ?? 0
            let treated = arms.firstIndex { $0.name == section.arms[1] } ?? 0
            let endpoint = results.endpoints.firstIndex { $0.name == section.endpoint } ?? 0
            results.trueEffect = try effect(results, treated, control, endpoint).cells.cells
        }
        results.learned = try learned.keys.sorted().compactMap { arm in
            guard let learning = plan.learning[arm], let result = learned[arm] else { return nil }
            return TrialResults.LearnedResults(
                arm: arm, features: learning.frame.featureNames, found: try result.found(learning.section),
                trainingPatients: learning.section.patients, sharedRecords: plan.population.recordsInBothHalves)
        }
        results.published = try published(results)
        results.regret = try plan.scenario.report?.regret.map { try regret($0, results) }
        if let name = plan.scenario.report?.doseNeeded {
            let needed = try cohort.column(name).values
            results.doseNeeded = name
            results.dosing = try records.map { record in
                try DosingErrors(record, needed: record.rows.map { needed[$0] }, strata: results.strata)
            }
        }
        results.screening = try plan.population.screening()
        return results
    }

    // MARK: Pieces

    private func armNames() -> [TrialResults.ArmName] {
        plan.scenario.arms.map { arm in
            let clinic: ClinicSection? =
                switch arm.clinic {
                case .none: nil
                case .own(let section): section
                case .asTreatment: plan.scenario.treatment.clinic
                }
            let isInClinic = plan.regimes.contains { $0.name == arm.name && $0.clinic != nil }
            let lines = isInClinic ? clinic?.lines ?? [] : []
            return TrialResults.ArmName(
                name: arm.name, title: arm.title, regime: ([text(of: arm)] + lines).joined(separator: "\n"))
        }
    }

    private func text(of arm: ArmSection) -> String {
        switch arm.treatment {
        case .follows(let other): "# the regime of arm '\(other)'"
        case .sequence(let sequence): text(of: sequence)
        case .rules(let start, let then):
            (arm.regimen.map { "# doses\n# \($0.text)\n" } ?? "")
                + "# first visit\n" + start.map(\.text).joined(separator: "\n") + "\n# later visits\n"
                + then.map { $0.text(action: plan.scenario.treatment.action) }.joined(separator: "\n")
        case .policy(let section):
            "# adjustment of arm '\(section.base)' by the policy \(section.text.name)\n# features\n\(section.features.text)"
                + "\n# apply\n\(section.apply.text)\n# policy\n\(section.text.text)"
        case .learned(let section):
            "# learned adjustment of arm '\(section.base)' by \(section.method)\n# features\n\(section.features.text)"
                + "\n# action\n\(section.apply.text)\n# reward\n\(section.reward.text)"
        }
    }

    private func text(of sequence: ArmSection.Sequence) -> String {
        let action = plan.scenario.treatment.action
        func text(_ blocks: [RuleBlock]?) -> String {
            blocks.map { $0.map { $0.text(action: action) }.joined(separator: "\n") } ?? "# as before"
        }
        let response = plan.scenario.visits.response
        let day = response.map { "\(days: $0.day)" } ?? ""
        return "# begins as arm '\(sequence.first)'\n# responders, from day \(day): \(response?.when.text ?? "")\n"
            + text(sequence.responders) + "\n# others\n" + text(sequence.others)
    }

    private func summarise(_ results: inout TrialResults) throws {
        for record in results.records {
            var levels: [StratifiedCells] = []
            for (index, endpoint) in results.endpoints.enumerated() {
                levels.append(try record.summary(of: index, scale: endpoint.measure.scale, strata: results.strata))
            }
            results.levels.append(levels)
        }
        for arm in results.records.indices {
            var effects: [StratifiedCells] = []
            for endpoint in results.endpoints.indices {
                effects.append(try effect(results, arm, results.reference, endpoint).cells)
            }
            results.effects.append(effects)
        }
        for (arm, record) in results.records.enumerated() {
            let control = arm == results.reference ? nil : results.records[results.reference]
            results.harms.append(
                try results.endpoints.indices.filter { results.endpoints[$0].isHarm }.map {
                    try HarmCell(record, against: control, endpoint: $0)
                })
            results.access.append(try AccessLosses(record, strata: results.strata))
            results.clinic.append(try ClinicAccount(record, strata: results.strata))
        }
        for (index, endpoint) in results.endpoints.enumerated() where endpoint.measure.scale == .timeToEvent {
            results.survival.append(try survival(results, index))
        }
    }

    private func effect(_ results: TrialResults, _ treated: Int, _ control: Int, _ endpoint: Int) throws -> TwinEffect {
        try TwinEffect(
            treated: results.records[treated], control: results.records[control], endpoint: endpoint,
            scale: results.endpoints[endpoint].measure.scale, strata: results.strata)
    }

    private func survival(_ results: TrialResults, _ endpoint: Int) throws -> TrialResults.SurvivalResults {
        let days = Array(stride(from: 0.0, through: plan.trial.visits.end, by: 1))
        var curves: [[Double]] = []
        var errors: [[Double]] = []
        var atRisk: [[Int]] = []
        for record in results.records {
            guard let data = try record.survivalData(endpoint, results.strata.rows[0]) else { continue }
            let curve = KaplanMeier(data)
            let points = days.map { curve.estimate(at: $0).value }
            curves.append(days.map { curve.survival(at: $0).value ?? .nan })
            errors.append(points.map { $0?.standardError.value ?? .nan })
            atRisk.append(days.map { curve.numberAtRisk(at: $0) })
        }
        let reference = results.records[results.reference]
        let comparisons = try results.records.indices.map { arm in
            arm == results.reference
                ? nil
                : try SurvivalComparison(
                    treated: results.records[arm], control: reference, endpoint: endpoint, strata: results.strata)
        }
        return TrialResults.SurvivalResults(
            endpoint: endpoint, days: days, survival: curves, standardError: errors, atRisk: atRisk,
            comparisons: comparisons)
    }

    private func judgeScore(_ results: inout TrialResults) throws {
        guard let report = plan.scenario.report, let name = report.survivalEndpoint, let score = report.score,
            let endpoint = results.endpoints.firstIndex(where: { $0.name == name })
        else { return }
        let values = try results.cohort.column(score).values
        var arms: [Discrimination] = []
        for record in results.records {
            arms.append(
                try Discrimination(record, endpoint: endpoint, score: values, days: report.days, strata: results.strata)
            )
        }
        results.discrimination = .init(endpoint: endpoint, score: score, days: report.days, arms: arms)
    }

    /// The gaps between groups in the first trial, beside those of the twins.
    private func judgeGaps(_ results: inout TrialResults) throws {
        guard let trial = results.trial, let example = trial.example,
            let treated = results.records.first(where: { $0.arm == trial.treated }),
            let control = results.records.first(where: { $0.arm == trial.control }),
            let endpoint = results.endpoints.firstIndex(where: { $0.name == trial.endpoint })
        else { return }
        results.benefitGaps = try BenefitGaps(
            example, plan.strata.groups(of: example.cohort), twins: (treated, control), results.strata,
            endpoint: endpoint, scale: results.endpoints[endpoint].measure.scale)
    }

    private func regret(_ section: ReportSection.Regret, _ results: TrialResults) throws -> Regret {
        let name = section.endpoint ?? plan.scenario.trial?.endpoint
        let endpoint = results.endpoints.firstIndex { $0.name == name } ?? 0
        let scale = results.endpoints[endpoint].measure.scale
        let arms = results.arms.indices.filter {
            section.among.isEmpty || section.among.contains(results.arms[$0].name)
        }
        return try Regret(
            results.records, among: arms, endpoint: endpoint, scale: scale,
            isHigherBetter: section.isHigherBetter ?? (scale == .continuous), strata: results.strata)
    }

    private func published(_ results: TrialResults) throws -> [TrialResults.PublishedComparison] {
        var rows: [TrialResults.PublishedComparison] = []
        for entry in plan.scenario.published {
            guard let treated = results.arms.firstIndex(where: { $0.name == entry.treatment }),
                let control = results.arms.firstIndex(where: { $0.name == entry.control }),
                let endpoint = results.endpoints.firstIndex(where: { $0.name == entry.endpoint })
            else { continue }
            let label = entry.stratum.map { "\($0.column)=\($0.level)" } ?? "all"
            guard let group = results.strata.labels.firstIndex(of: label) else { continue }
            let cells = try effect(results, treated, control, endpoint).cells.cells
            rows.append(
                .init(
                    treated: treated, control: control, endpoint: endpoint, stratum: label, published: entry.value,
                    interval: entry.interval, source: entry.source, simulated: cells[group]))
        }
        return rows
    }
}

extension Cohort {
    /// Without the columns that only carry values into the model.
    fileprivate var withoutSetters: Cohort {
        let kept = columns.filter { !$0.name.hasPrefix(Population.setterPrefix) }
        return (try? Cohort(count: count, columns: kept, sourceRow: sourceRow)) ?? self
    }
}

/// The version that results files and the command line name.
public let trialistVersion = "0.1.0"
