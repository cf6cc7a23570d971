import Outcomes
import Testing

@Suite struct TimeDependentROCTests {
    @Test("Identity: the area under the points is AUC(t), for every convention", arguments: ReferenceSet.all)
    func area(_ set: ReferenceSet) throws {
        let data = try set.survival()
        for convention in TimeDependentAUC.Convention.allCases {
            let roc = try TimeDependentROC(data, scores: set.r.lp, time: set.r.times[2], convention: convention)
            let points = try require(roc.points)
            var area = 0.0
            for (a, b) in zip(points, points.dropFirst()) {
                #expect(b.falsePositiveRate >= a.falsePositiveRate && b.truePositiveRate >= a.truePositiveRate)
                area += (b.falsePositiveRate - a.falsePositiveRate) * (a.truePositiveRate + b.truePositiveRate) / 2
            }
            let auc = try TimeDependentAUC(data, scores: set.r.lp, times: [set.r.times[2]], convention: convention)
            #expect(agree(area, try require(auc.points[0].auc).value, 1e-12))
            #expect(try require(roc.area) == require(auc.points[0].auc).value)
            #expect(points.first?.truePositiveRate == 0 && points.first?.falsePositiveRate == 0)
            #expect(points.last?.truePositiveRate == 1 && points.last?.falsePositiveRate == 1)
        }
    }

    @Test("Closed form: a curve counted by hand, and a survival time as score")
    func byHand() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4], events: [true, true, true, true])
        let roc = try TimeDependentROC(data, scores: [5, 1, 3, 1], time: 2.5)
        let points = try require(roc.points)
        #expect(points.map(\.threshold) == [5, 3, 1, -.infinity])
        #expect(points.map(\.truePositiveRate) == [0, 0.5, 0.5, 1])
        #expect(points.map(\.falsePositiveRate) == [0, 0, 0.5, 1])
        let later = try TimeDependentROC(data, scores: [-5, -1, -3, -1], time: 2.5, direction: .higherIsLater)
        #expect(try require(later.points).map(\.threshold) == [-5, -3, -1, .infinity])
        #expect(try require(later.points).map(\.truePositiveRate) == [0, 0.5, 0.5, 1])
        #expect(
            try TimeDependentROC(data, scores: [5, 1, 3, 1], time: 0).points.undefined?.reason == "no event by time 0.0"
        )
    }

    @Test(
        "Second route: accuracy at a threshold from its definition; each rate is a point of the curve",
        arguments: ReferenceSet.all)
    func accuracy(_ set: ReferenceSet) throws {
        let data = try set.survival()
        let time = set.r.times[3]
        let threshold = set.r.lp[7]
        let g = CensoringDistribution(data)
        var (tp, fn, fp, tn) = (0.0, 0.0, 0.0, 0.0)
        for row in data.times.indices {
            if data.events[row], data.times[row] <= time {
                let weight = 1 / g.before(data.times[row])
                if set.r.lp[row] > threshold { tp += weight } else { fn += weight }
            } else if data.times[row] > time {
                if set.r.lp[row] > threshold { fp += 1 / g.at(time) } else { tn += 1 / g.at(time) }
            }
        }
        let found = try ThresholdAccuracy(data, scores: set.r.lp, threshold: threshold, time: time)
        #expect(agree(try require(found.sensitivity).value, tp / (tp + fn), 1e-12))
        #expect(agree(try require(found.specificity).value, tn / (tn + fp), 1e-12))
        #expect(agree(try require(found.positivePredictiveValue).value, tp / (tp + fp), 1e-12))
        #expect(agree(try require(found.negativePredictiveValue).value, tn / (tn + fn), 1e-12))
        // Bayes' formula at the Kaplan–Meier risk.
        let risk = 1 - (try require(KaplanMeier(data).survival(at: time)))
        let sensitivity = tp / (tp + fn)
        let specificity = tn / (tn + fp)
        let bayes = sensitivity * risk / (sensitivity * risk + (1 - specificity) * (1 - risk))
        #expect(agree(tp / (tp + fp), bayes, 1e-10))
        let roc = try require(TimeDependentROC(data, scores: set.r.lp, time: time).points)
        let point = try #require(roc.first { $0.threshold == threshold })
        #expect(agree(point.truePositiveRate, sensitivity, 1e-12))
        #expect(agree(point.falsePositiveRate, 1 - specificity, 1e-12))
    }

    /// The jackknife differs from the influence function by terms of order 1/n: 686 patients, 3 %.
    @Test("Second route: the four standard errors are those of the jackknife, to 3 %")
    func errors() throws {
        let set = try ReferenceSet.named("gbsg2")
        let data = try set.survival()
        let middle = set.r.lp.sorted()[343]
        func measures(_ rows: [Int]) throws -> [Estimate] {
            let a = try ThresholdAccuracy(
                data.subset(rows), scores: rows.map { set.r.lp[$0] }, threshold: middle, time: 1000)
            return try [a.sensitivity, a.specificity, a.positivePredictiveValue, a.negativePredictiveValue].map {
                try require($0)
            }
        }
        let n = data.count
        let whole = try measures(Array(0..<n))
        let left = try (0..<n).map { out in try measures((0..<n).filter { $0 != out }).map(\.value) }
        for index in 0..<4 {
            let mean = left.reduce(0) { $0 + $1[index] } / Double(n)
            let squares = left.reduce(0) { $0 + ($1[index] - mean) * ($1[index] - mean) }
            let error = (squares * Double(n - 1) / Double(n)).squareRoot()
            let se = try require(whole[index].standardError)
            #expect(agree(se, error, 0.03), "\(index): \(se) \(error)")
        }
    }

    @Test("Undefined and failure: nobody above the threshold; no case; a threshold that is not finite")
    func limits() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4], events: [true, true, false, true])
        let high = try ThresholdAccuracy(data, scores: [4, 3, 2, 1], threshold: 9, time: 2)
        #expect(try require(high.sensitivity).value == 0)
        #expect(
            try require(high.sensitivity).standardError.undefined?.reason
                == "all patients counted are called alike: the share has no error estimate")
        #expect(
            high.positivePredictiveValue.undefined?.reason == "no case or control has a score above the threshold")
        #expect(try require(high.negativePredictiveValue).value == 0.5)
        let low = try ThresholdAccuracy(data, scores: [4, 3, 2, 1], threshold: 0, time: 2)
        #expect(
            low.negativePredictiveValue.undefined?.reason
                == "no case or control has a score that is not above the threshold")
        let none = try ThresholdAccuracy(data, scores: [4, 3, 2, 1], threshold: 2, time: 0.5)
        #expect(none.specificity.undefined?.reason == "no event by time 0.5")
        let problem = #expect(throws: InvalidInput.self) {
            try ThresholdAccuracy(data, scores: [4, 3, 2, 1], threshold: .nan, time: 2)
        }
        #expect(problem?.description == "threshold: found nan, allowed is a finite number")
    }
}
