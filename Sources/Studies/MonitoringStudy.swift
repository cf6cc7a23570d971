import Foundation
import NumericsCore
import Outcomes
import ResultsStore
import Scenarios
import Trials

/// A scenario that watches a score, run end to end.
///
/// ```swift
/// if case .monitoring(let scenario) = try ScenarioDocument(path: "scenarios/score-drift") {
///     try MonitoringStudy(scenario).run(writingTo: "score-drift.h5")
/// }
/// ```
public struct MonitoringStudy: Sendable {
    private let scenario: MonitoringScenario
    package let plan: MonitoringPlan
    /// How many threads simulate, at least 1. The numbers do not depend on it.
    public let threads: Int
    private let stop: StopSignal
    private let progress: @Sendable (StudyProgress) -> Void

    /// Plans the study: chooses the limits of the charts.
    ///
    /// - Parameters:
    ///   - threads: 1 or more; as many as the machine has processors when nil.
    ///   - stop: raised from anywhere, it ends a run with `Interrupted`.
    ///   - progress: called after each series, from the threads that simulate and several at once.
    /// - Throws: `ScenarioErrors` with every chart that has no such limit.
    public init(
        _ scenario: MonitoringScenario, threads: Int? = nil, stop: StopSignal = StopSignal(),
        progress: @escaping @Sendable (StudyProgress) -> Void = { _ in }
    ) throws {
        self.scenario = scenario
        plan = try MonitoringPlan(scenario)
        self.threads = max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount)
        self.stop = stop
        self.progress = progress
    }

    /// Watches all series.
    ///
    /// - Throws: ``Interrupted`` when the stop signal was raised.
    package func run() throws -> MonitoringResults {
        try MonitoringResults(plan, threads: threads, stop: stop) { progress(.replicates(1)) }
    }

    /// Runs the study and writes its results file, whole or not at all.
    ///
    /// - Parameter path: the HDF5 file, replaced if it exists.
    /// - Throws: ``ResultsError`` before anything is simulated where no file can be written at `path`; ``Interrupted``
    ///   when the stop signal was raised.
    public func run(writingTo path: String) throws {
        try ResultsWriter.checkTarget(path)
        let started = Date()
        let results = try run()
        let provenance = Provenance(
            scenario: scenario.text, scenarioFile: scenario.file, overrides: scenario.overrides, inputHash: inputHash,
            seed: scenario.seed, version: trialistVersion, threads: threads, shard: Shard.whole.description,
            started: started, finished: Date())
        let drift = DriftLayout(results, windowDays: scenario.monitoring.windowDays, window: scenario.monitoring.window)
        try ResultsWriter.write(
            ResultGroup(
                attributes: [ResultAttribute("title", scenario.title)], groups: [provenance.group, drift.group]),
            to: path)
    }

    /// SHA-256 over everything that decides the numbers: text, overrides, seed.
    private var inputHash: String {
        let overrides = scenario.overrides.map { "\n\($0)" }.joined()
        var hash = SHA256()
        hash.update([UInt8]("\(scenario.text)\(overrides)\nseed=\(scenario.seed)\n".utf8))
        return hash.hexadecimalDigest()
    }

    /// How much there is to simulate: series.
    public var workload: StudyWorkload {
        var work = StudyWorkload()
        work.trialDays = 1
        work.replicates = Double(plan.replicates)
        return work
    }

    /// What the scenario describes, for `trialist validate`.
    public var outline: String {
        let charts = plan.monitors.map { "\($0.name) (limit \($0.chart.rule.statedLimit))" }.joined(separator: ", ")
        let change = plan.change.map { "from window \($0.from)" } ?? "none"
        return """
            \(scenario.file): valid
            \(scenario.title)
            windows    \(plan.baseline) of baseline, then up to \(plan.longest) of \(scenario.monitoring.window) with \(plan.patients) patients each
            change     \(change)
            monitors   \(charts)
            replicates \(plan.replicates)
            """
    }
}

extension MonitoringPlan {
    /// The plan of a scenario.
    init(_ scenario: MonitoringScenario) throws(ScenarioErrors) {
        let section = scenario.monitoring
        let score = BinormalScore(auc: section.auc, eventRate: section.eventRate)
        let miscalibration = ScoredPopulation.Calibration(section.calibration)
        let change = section.change.map { change in
            Change(
                from: change.from,
                population: ScoredPopulation(
                    score: score,
                    truth: BinormalScore(
                        auc: change.auc ?? section.auc, eventRate: change.eventRate ?? section.eventRate),
                    miscalibration: change.calibration.map(ScoredPopulation.Calibration.init) ?? miscalibration,
                    caseMix: change.caseMix.map { ScoredPopulation.CaseMix(shift: $0.shift, spread: $0.spread) }))
        }
        var problems: [ScenarioProblem] = []
        var monitors: [Monitor] = []
        for monitor in section.monitors {
            do throws(InvalidInput) {
                monitors.append(try Monitor(monitor))
            } catch {
                problems.append(scenario.problem("\(error)", at: monitor.path))
            }
        }
        if !problems.isEmpty { throw ScenarioErrors(problems) }
        self.init(
            seed: scenario.seed, patients: section.patients, baseline: section.baseline,
            population: ScoredPopulation(score: score, truth: score, miscalibration: miscalibration), change: change,
            monitors: monitors, longest: section.longest, replicates: section.replicates, within: section.within)
    }
}

extension MonitoringPlan.Monitor {
    fileprivate init(_ section: MonitorSection) throws(InvalidInput) {
        let kind: ControlChart.Kind =
            switch section.chart {
            case "cusum": .cusum(slack: section.slack)
            case "ewma": .ewma(weight: section.weight)
            default: .shewhart
            }
        let side = ControlChart.Side(rawValue: section.side) ?? .both
        let measure = DriftMeasure(rawValue: section.measure) ?? .auc
        switch section.limit {
        case .given(let limit):
            self.init(
                name: section.name, measure: measure, chart: try ControlChart(kind.rule(limit: limit), side: side),
                designedRunLength: nil)
        case .runLength(let length):
            self.init(
                name: section.name, measure: measure, chart: try ControlChart(kind, side: side, runLength: length),
                designedRunLength: length)
        }
    }
}

extension ScoredPopulation.Calibration {
    fileprivate init(_ section: (intercept: Double, slope: Double)) {
        self.init(intercept: section.intercept, slope: section.slope)
    }
}
