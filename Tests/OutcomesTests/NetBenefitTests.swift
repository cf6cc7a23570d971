import NumericsCore
import Testing

@testable import Outcomes

@Suite struct NetBenefitTests {
    /// Survival data with censoring, a risk by time 1 of a true model, and one of a noisy one.
    private static func sample(_ count: Int, seed: UInt64, censoring: Double = 1.2) throws -> (
        data: SurvivalData, risks: [Double], noisy: [Double], truth: [Double]
    ) {
        var sequence = TestSequence(seed: seed)
        let scores = (0..<count).map { _ in 3 * sequence.uniform() - 2 }
        let deaths = scores.map { -Elementary.log(sequence.uniform()) / Elementary.exp($0) }
        let ends = scores.map { _ in -Elementary.log(sequence.uniform()) * censoring }
        let data = try SurvivalData(times: zip(deaths, ends).map(min), events: zip(deaths, ends).map { $0 <= $1 })
        let noisy = scores.map { 1 - Elementary.exp(-Elementary.exp(0.5 * $0 + 2 * sequence.uniform() - 1)) }
        return (data, scores.map { 1 - Elementary.exp(-Elementary.exp($0)) }, noisy, deaths)
    }

    // MARK: Reference software

    @Test("survfit in the patients above each threshold", arguments: CalibrationReference.all)
    func agreesWithSurvfit(_ reference: CalibrationReference) throws {
        let curve = try NetBenefit(
            reference.set.survival(), risks: reference.horizonRisks(), horizon: reference.r.horizon,
            thresholds: [0.2, 0.4, 0.6])
        for (point, expected) in zip(curve.points, reference.r.netBenefit) {
            #expect(agree(try require(point.model).value, expected, 1e-10))
        }
    }

    // MARK: Closed forms and simulation

    @Test("Without censoring: true and false positives counted; the error is that of their multinomial")
    func uncensored() throws {
        var sequence = TestSequence(seed: 8)
        let risks = (0..<80).map { _ in sequence.uniform() }
        let outcomes = risks.map { sequence.uniform() < $0 }
        let point = try NetBenefit(outcomes: outcomes, risks: risks, thresholds: [0.25]).points[0]
        let gains = zip(outcomes, risks).map { outcome, risk in risk < 0.25 ? 0 : outcome ? 1 : -1.0 / 3 }
        let mean = gains.reduce(0, +) / 80
        let variance = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 80 / 80
        #expect(agree(try require(point.model).value, mean, 1e-12))
        #expect(agree(try require(require(point.model).standardError), variance.squareRoot(), 1e-12))
        let all = outcomes.map { $0 ? 1 : -1.0 / 3 }.reduce(0, +) / 80
        #expect(agree(try require(point.treatAll).value, all, 1e-12))
        #expect(agree(try require(point.gainOverAll).value, mean - all, 1e-12))
        // Those below the threshold without the event are spared; each event missed costs three of them.
        let spared = zip(outcomes, risks).map { outcome, risk in risk >= 0.25 ? 0 : outcome ? -3 : 1.0 }
        let average = spared.reduce(0, +) / 80
        #expect(agree(try require(point.interventionsAvoided).value, average, 1e-12))
        let spread = spared.reduce(0) { $0 + ($1 - average) * ($1 - average) } / 80 / 80
        #expect(agree(try require(require(point.interventionsAvoided).standardError), spread.squareRoot(), 1e-12))
    }

    @Test("Simulation: errors of net benefit, NRI and IDI within 12 % of the spread of 300 samples (3 SE)")
    func errorsAreTheSpread() throws {
        var found: [[(Double, Double)]] = []
        for seed in 0..<300 {
            let sample = try Self.sample(800, seed: UInt64(9_000 + seed), censoring: 2.5)
            let point = try NetBenefit(sample.data, risks: sample.risks, horizon: 1, thresholds: [0.3]).points[0]
            let nri = try Reclassification(
                sample.data, old: sample.noisy, new: sample.risks, horizon: 1, categories: .cuts([0.35]))
            let free = try Reclassification(sample.data, old: sample.noisy, new: sample.risks, horizon: 1)
            let idi = try DiscriminationImprovement(sample.data, old: sample.noisy, new: sample.risks, horizon: 1)
            let estimates = [
                point.model, point.gainOverAll, nri.events, nri.nonEvents, nri.sum, free.sum, idi.events, idi.sum,
            ]
            found.append(try estimates.map { (try require($0).value, try require(require($0).standardError)) })
        }
        for index in 0..<8 {
            let values = found.map { $0[index].0 }
            let mean = values.reduce(0, +) / 300
            let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 299).squareRoot()
            let error = found.reduce(0) { $0 + $1[index].1 } / 300
            #expect(abs(error / spread - 1) < 0.12, "estimate \(index): \(error) against \(spread)")
        }
    }

    @Test("Light and heavy censoring of the same patients agree with the complete follow-up (4 SE)")
    func censoringDoesNotBias() throws {
        let complete = try Self.sample(20_000, seed: 3)
        let outcomes = complete.truth.map { $0 <= 1 }
        let whole = try Reclassification(outcomes: outcomes, old: complete.noisy, new: complete.risks)
        let seen = try Reclassification(complete.data, old: complete.noisy, new: complete.risks, horizon: 1)
        func near(_ a: Estimated<Estimate>, _ b: Estimated<Estimate>) throws {
            let (a, b) = (try require(a), try require(b))
            #expect(abs(a.value - b.value) < 4 * (try require(a.standardError)))
        }
        try near(seen.events, whole.events)
        try near(seen.nonEvents, whole.nonEvents)
        try near(
            DiscriminationImprovement(complete.data, old: complete.noisy, new: complete.risks, horizon: 1).sum,
            DiscriminationImprovement(outcomes: outcomes, old: complete.noisy, new: complete.risks).sum)
        try near(
            NetBenefit(complete.data, risks: complete.risks, horizon: 1, thresholds: [0.4]).points[0].model,
            NetBenefit(outcomes: outcomes, risks: complete.risks, thresholds: [0.4]).points[0].model)
    }

    @Test("Binary NRI and IDI: counts and the closed errors of Pencina et al. 2008")
    func binary() throws {
        var sequence = TestSequence(seed: 21)
        let old = (0..<90).map { _ in sequence.uniform() }
        let new = old.map { min(1, max(0, $0 + 0.6 * sequence.uniform() - 0.3)) }
        let outcomes = new.map { sequence.uniform() < $0 }
        let cuts = [0.3, 0.6]
        let result = try Reclassification(outcomes: outcomes, old: old, new: new, categories: .cuts(cuts))
        func category(_ risk: Double) -> Int { cuts.filter { risk >= $0 }.count }
        var variance = 0.0
        for (group, estimate) in [(true, result.events), (false, result.nonEvents)] {
            let rows = outcomes.indices.filter { outcomes[$0] == group }
            let m = Double(rows.count)
            let up = Double(rows.filter { category(new[$0]) > category(old[$0]) }.count) / m
            let down = Double(rows.filter { category(new[$0]) < category(old[$0]) }.count) / m
            #expect(agree(try require(estimate).value, group ? up - down : down - up, 1e-12))
            let own = (up + down - (up - down) * (up - down)) / m
            #expect(agree(try require(require(estimate).standardError), own.squareRoot(), 1e-11))
            variance += own
        }
        #expect(agree(try require(require(result.sum).standardError), variance.squareRoot(), 1e-11))
        let idi = try DiscriminationImprovement(outcomes: outcomes, old: old, new: new)
        variance = 0
        var value = 0.0
        for group in [true, false] {
            let gains = outcomes.indices.filter { outcomes[$0] == group }.map { new[$0] - old[$0] }
            let mean = gains.reduce(0, +) / Double(gains.count)
            value += group ? mean : -mean
            variance += gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gains.count * gains.count)
        }
        #expect(agree(try require(idi.sum).value, value, 1e-11))
        #expect(agree(try require(require(idi.sum).standardError), variance.squareRoot(), 1e-11))
    }

    @Test(
        "Competing events: a patient whose other event comes first is no true positive; without any they change nothing"
    )
    func competingEvents() throws {
        let sample = try Self.sample(200, seed: 31)
        let none = [Bool](repeating: false, count: 200)
        let a = try NetBenefit(sample.data, risks: sample.risks, horizon: 1, thresholds: [0.3]).points[0]
        let b = try NetBenefit(sample.data, risks: sample.risks, horizon: 1, thresholds: [0.3], competing: none).points[
            0]
        #expect(agree(try require(a.model).value, try require(b.model).value, 1e-12))
        let other = sample.data.events.indices.map { sample.data.events[$0] && $0 % 2 == 0 }
        let c = try NetBenefit(sample.data, risks: sample.risks, horizon: 1, thresholds: [0.3], competing: other)
            .points[0]
        #expect(try require(c.model).value < require(a.model).value)
        let rows = sample.risks.indices.filter { sample.risks[$0] >= 0.3 }
        let risk = try require(
            ObservedRisk(sample.data.subset(rows), horizon: 1, competing: rows.map { other[$0] }).estimate
        ).value
        #expect(agree(try require(c.model).value, Double(rows.count) / 200 * (risk - (1 - risk) * 0.3 / 0.7), 1e-12))
    }

    @Test("Limits: nobody above, everybody above, no event, no one free; a model against itself")
    func limits() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4], events: [true, false, true, false])
        let points = try NetBenefit(data, risks: [0.5, 0.5, 0.5, 0.5], horizon: 3, thresholds: [0.4, 0.6]).points
        #expect(points[0].above == 4 && points[1].above == 0)
        #expect(try require(points[0].model) == require(points[0].treatAll))
        #expect(try require(points[0].gainOverAll).value == 0)
        #expect(try require(points[1].model).value == 0)
        #expect(
            try require(points[1].model).standardError.undefined?.reason
                == "all patients count alike in the estimate: its error has no estimate")
        let early = try Reclassification(data, old: [0, 0, 0, 0], new: [0.1, 0, 0, 0], horizon: 0.5)
        #expect(early.events.undefined?.reason == "no event by time 0.5")
        #expect(try require(early.nonEvents).value == -0.25)
        let dead = try SurvivalData(times: [1, 2], events: [true, true])
        let late = try Reclassification(dead, old: [0, 0], new: [0.1, 0], horizon: 2)
        #expect(late.nonEvents.undefined?.reason == "nobody is under observation after time 2.0")
        #expect(late.sum.undefined?.code == "no-controls")
        let idi = try DiscriminationImprovement(
            data, old: [0.2, 0.3, 0.1, 0.9], new: [0.2, 0.3, 0.1, 0.9], horizon: 2)
        #expect(try require(idi.sum).value == 0)
    }

    @Test("Failure: thresholds and cuts")
    func inputIsChecked() throws {
        let data = try SurvivalData(times: [1, 2], events: [true, false])
        func message(_ body: () throws -> Void) -> String? {
            #expect(throws: InvalidInput.self, performing: body)?.description
        }
        #expect(
            message { _ = try NetBenefit(data, risks: [0.1, 2], horizon: 1, thresholds: [0, 0.5]) } == """
                row 2, risk: found 2.0, allowed is a probability from 0 to 1
                row 1, threshold: found 0.0, allowed is a probability strictly between 0 and 1
                """)
        #expect(
            message {
                _ = try Reclassification(
                    data, old: [0.1, 0.2], new: [0.1, 0.2], horizon: 1, categories: .cuts([0.5, 0.2]))
            }
                == "row 2, category cut: found 0.2, allowed is a probability strictly between 0 and 1, over the cut before it"
        )
    }
}
