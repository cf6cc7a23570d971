import NumericsCore
import Outcomes
import Testing

@testable import Trials

// A watched score: closed forms of the binormal model, a second simulation by other code and other random numbers, and
// invariants of the streams.
@Suite struct MonitoringTests {
    private static let score = BinormalScore(auc: 0.9, eventRate: 0.15)

    private static func plan(
        _ change: ScoredPopulation? = ScoredPopulation(score: score, truth: BinormalScore(auc: 0.8, eventRate: 0.15)),
        replicates: Int = 300, measures: [DriftMeasure] = [.auc], runLength: Double = 30
    ) throws -> MonitoringPlan {
        MonitoringPlan(
            seed: 11, patients: 100, baseline: 40, population: ScoredPopulation(score: score, truth: score),
            change: change.map { MonitoringPlan.Change(from: 5, population: $0) },
            monitors: try measures.map {
                MonitoringPlan.Monitor(
                    name: $0.rawValue, measure: $0,
                    chart: try ControlChart(
                        .cusum(slack: 0.5), side: $0 == .auc ? .lower : .upper, runLength: runLength),
                    designedRunLength: runLength)
            }, longest: 300, replicates: replicates, within: [1, 3])
    }

    private static func patients(_ population: ScoredPopulation, _ count: Int) -> [ScoredOutcome] {
        var stream = RandomStream(seed: 3, purpose: .monitoring, replicate: 1, patient: 0)
        return population.window(of: count, &stream)
    }

    // MARK: The score

    @Test("AUC = Φ(δ/√2) and the event rate, in 200,000 patients (4 SE), whatever the calibration")
    func binormal() throws {
        for (auc, rate) in [(0.9, 0.15), (0.85, 0.15), (0.6, 0.4)] {
            let truth = BinormalScore(auc: auc, eventRate: rate)
            let population = ScoredPopulation(
                score: Self.score, truth: truth,
                miscalibration: ScoredPopulation.Calibration(intercept: 0.4, slope: 0.7))
            #expect(abs(population.auc - auc) < 1e-12 && abs(population.eventRate - rate) < 1e-12)
            let result = BinaryAUC(sorted: Self.patients(population, 200_000))
            let estimate = try #require(result.auc.value)
            let error = try #require(estimate.standardError.value)
            #expect(abs(estimate.value - auc) < 4 * error)
            let n = 200_000.0
            #expect(abs(Double(result.events) / n - rate) < 4 * (rate * (1 - rate) / n).squareRoot())
        }
    }

    @Test("Calibration in closed form against a logistic regression on 200,000 patients (4 SE)")
    func calibration() throws {
        let changed = BinormalScore(auc: 0.85, eventRate: 0.2)
        let off = ScoredPopulation.Calibration(intercept: 0.4, slope: 0.7)
        for population in [
            ScoredPopulation(score: Self.score, truth: Self.score),
            ScoredPopulation(score: Self.score, truth: Self.score, miscalibration: off),
            ScoredPopulation(score: Self.score, truth: changed),
            ScoredPopulation(score: Self.score, truth: changed, miscalibration: off),
            // Other patients with the same risk at the same predictor leave the calibration as it was.
            ScoredPopulation(
                score: Self.score, truth: Self.score,
                caseMix: ScoredPopulation.CaseMix(shift: 0.5, spread: 1.2)),
        ] {
            let patients = Self.patients(population, 200_000)
            let fit = try LogisticCalibration(
                outcomes: patients.map(\.isEvent), risks: patients.map { 1 / (1 + Elementary.exp(-$0.score)) })
            let (slope, intercept) = (try fit.slope.get(), try fit.intercept.get())
            let expected = population.calibration
            #expect(abs(slope.value - expected.slope) < 4 * (try slope.standardError.get()))
            #expect(abs(intercept.value - expected.intercept) < 4 * (try intercept.standardError.get()))
        }
        // A predictor that tells less makes high risks too high: slope Φ⁻¹(0.85)/Φ⁻¹(0.9).
        let fallen = ScoredPopulation(score: Self.score, truth: BinormalScore(auc: 0.85, eventRate: 0.15))
        #expect(abs(fallen.calibration.slope - Normal.quantile(0.85) / Normal.quantile(0.9)) < 1e-12)
        #expect(ScoredPopulation(score: Self.score, truth: Self.score).calibration.slope == 1)
    }

    @Test("Another case mix moves the score by what it says (4 SE) and has no AUC in closed form")
    func caseMix() {
        let population = ScoredPopulation(
            score: Self.score, truth: Self.score, caseMix: ScoredPopulation.CaseMix(shift: 0.5, spread: 1.2))
        #expect(population.auc.isNaN && population.eventRate.isNaN)
        let scores = Self.patients(population, 100_000).map(\.score)
        let n = Double(scores.count)
        // The mean of x is rate·δ; its variance 1 + rate(1 − rate)δ².
        let (delta, rate) = (Self.score.separation, 0.15)
        let expected = Self.score.logit(of: 0.5 + 1.2 * rate * delta)
        let deviation = delta * 1.2 * (1 + rate * (1 - rate) * delta * delta).squareRoot()
        #expect(abs(scores.reduce(0, +) / n - expected) < 4 * deviation / n.squareRoot())
    }

    // MARK: Series

    /// Alarms of the same design by other code: Box–Muller's normals from another generator, the library's monitor, no
    /// reuse of baselines, delays by hand.
    private func secondRoute(_ series: Int) throws -> (delays: [Double], lengths: [Double], early: Int) {
        var state: UInt64 = 99
        func uniform() -> Double {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return (Double((value ^ (value >> 31)) >> 11) + 0.5) * 0x1p-53
        }
        func normal() -> Double {
            (-2 * Elementary.log(uniform())).squareRoot() * Elementary.cos(2 * .pi * uniform())
        }
        func window(_ count: Int, _ auc: Double) throws -> Estimated<Estimate> {
            let delta = 2.0.squareRoot() * Normal.quantile(auc)
            let events = (0..<count).map { _ in uniform() < 0.15 }
            return try BinaryAUC(scores: events.map { normal() + ($0 ? delta : 0) }, events: events).auc
        }
        let chart = try ControlChart(.cusum(slack: 0.5), side: .lower, runLength: 30)
        var (delays, lengths, early): ([Double], [Double], Int) = ([], [], 0)
        for _ in 0..<series {
            let target = try window(4_000, 0.9).get().value
            func firstAlarm(changeFrom: Int?) throws -> Int {
                var chartState = ControlChart.State()
                for number in 1...2_000 {
                    let auc = changeFrom.map { number >= $0 } ?? false ? 0.8 : 0.9
                    let one = try DriftMonitor(windows: [[0]], target: target, chart: chart, scale: .logit) { _ in
                        try window(100, auc)
                    }
                    if let z = one.windows[0].z.value { chartState = chart.advanced(chartState, by: z) }
                    if chartState.isAlarm { return number }
                }
                return 2_000
            }
            lengths.append(Double(try firstAlarm(changeFrom: nil)))
            let alarm = try firstAlarm(changeFrom: 5)
            if alarm < 5 { early += 1 } else { delays.append(Double(alarm - 4)) }
        }
        return (delays, lengths, early)
    }

    @Test("Delay, run length and early alarms against a simulation by other code and numbers (4 combined SE)")
    func againstASecondRoute() throws {
        let results = try MonitoringResults(Self.plan(), threads: 2, stop: StopSignal())
        let other = try secondRoute(300)
        let delay = results.meanDelay(0)
        let otherDelay = meanAndError(other.delays)
        func together(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
        #expect(abs(delay.value - otherDelay.mean) < 4 * together(delay.error, otherDelay.error))
        let length = results.runLength(0)
        let otherLength = meanAndError(other.lengths)
        #expect(abs(length.value - otherLength.mean) < 4 * together(length.error, otherLength.error))
        let early = results.falseAlarmBeforeChange(0)
        let share = Double(other.early) / 300
        let error = (share * (1 - share) / 300).squareRoot()
        #expect(abs(early.value - share) < 4 * together(early.error, error))
        // The limit was chosen for 30 windows; a baseline of 600 events leaves the measured length near it.
        #expect(abs(length.value - 30) < 4 * length.error + 6)
    }

    @Test("The numbers follow from the alarms of the series by hand")
    func summaries() throws {
        let results = try MonitoringResults(Self.plan(replicates: 40), threads: 1, stop: StopSignal())
        let alarms = results.series.map { $0.unchanged[0] }
        let watched = alarms.map { Double($0 ?? 300) }.reduce(0, +)
        let count = Double(alarms.count { $0 != nil })
        #expect(results.runLength(0).value == watched / count)
        #expect(abs(results.falseAlarmRate(0).value - count / watched) < 1e-15)
        let changed = results.series.map { $0.changed[0] }
        let early = changed.count { ($0 ?? .max) < 5 }
        #expect(results.falseAlarmBeforeChange(0).value == Double(early) / 40)
        let delays = changed.compactMap { $0 }.filter { $0 >= 5 }.map { $0 - 4 }
        #expect(results.delays(0).compactMap { $0 } == delays)
        #expect(
            results.detected(0).map(\.value)
                == [1, 3].map { most in
                    Double(delays.count { $0 <= most }) / Double(40 - early)
                })
        #expect(abs(results.delayShares(0).map(\.value).reduce(0, +) - 1) < 1e-12)
        #expect(results.delayQuantile(0, 0.5) == Double(delays.sorted()[(delays.count + 1) / 2 - 1]))
    }

    @Test("The same alarms on any number of threads; series with the change and without are one until it")
    func sameBits() throws {
        let plan = try Self.plan(replicates: 30, measures: [.auc, .calibration, .psi, .ks])
        let one = try MonitoringResults(plan, threads: 1, stop: StopSignal())
        for threads in [2, 7] {
            let other = try MonitoringResults(plan, threads: threads, stop: StopSignal())
            #expect(one.series.map(\.unchanged) == other.series.map(\.unchanged))
            #expect(one.series.map(\.changed) == other.series.map(\.changed))
        }
        for series in one.series {
            for (a, b) in zip(series.unchanged, series.changed) where min(a ?? .max, b ?? .max) < 5 { #expect(a == b) }
        }
        let alone = try MonitoringResults(Self.plan(replicates: 30), threads: 1, stop: StopSignal())
        #expect(alone.series.map { $0.unchanged[0] } == one.series.map { $0.unchanged[0] })
        let unchanging = try MonitoringResults(Self.plan(nil, replicates: 30), threads: 1, stop: StopSignal())
        #expect(unchanging.series.map(\.unchanged) == alone.series.map(\.unchanged))
        #expect(unchanging.series.allSatisfy { $0.changed.isEmpty })
    }

    @Test("The example is the first series, going on after its alarm")
    func example() throws {
        let results = try MonitoringResults(Self.plan(replicates: 3), threads: 1, stop: StopSignal())
        let points = results.example.points[0]
        #expect(points.count == 4 + 24)
        let first = try #require(points.firstIndex { $0.isAlarm })
        #expect(results.series[0].changed[0] == first + 1)
        #expect(points.allSatisfy { $0.reading.z != nil && $0.reading.standardError != nil })
    }

    @Test("A raised signal ends the run")
    func interrupted() throws {
        let stop = StopSignal()
        stop.raise()
        let plan = try Self.plan(replicates: 5)
        #expect(throws: Interrupted.self) { try MonitoringResults(plan, threads: 2, stop: stop) }
    }
}
