import NumericsCore
import Testing

@testable import Outcomes

/// A SMART whose truth is known: two first options, each responded to by a share; responders go on, others are drawn
/// between two options. The outcome is normal about a mean for each cell.
private struct Smart {
    var response = [0.4, 0.6]
    /// `means[first][others on 0, others on 1, responders]`
    var means = [[1.0, 2.0, 4.0], [1.5, 0.5, 3.0]]
    var deviation = 1.0

    static let regimes = [0, 1].flatMap { first in
        [0, 1].map { EmbeddedRegime(first: first, responders: 0, others: $0) }
    }

    func value(_ regime: EmbeddedRegime) -> Double {
        let r = response[regime.first]
        return r * means[regime.first][2] + (1 - r) * means[regime.first][regime.others]
    }

    func data(_ count: Int, replicate: UInt32) throws -> SequentialTrialData {
        var stream = RandomStream(seed: 90, purpose: .analysis, replicate: replicate, patient: 0)
        var (first, responded, second, outcome, probability) = ([Int](), [Bool](), [Int](), [Double](), [Double]())
        for _ in 0..<count {
            let a = stream.nextUniform() < 0.5 ? 0 : 1
            let r = stream.nextUniform() < response[a]
            let b = !r && stream.nextUniform() < 0.5 ? 1 : 0
            first.append(a)
            responded.append(r)
            second.append(b)
            outcome.append(means[a][r ? 2 : b] + deviation * stream.nextNormal())
            probability.append(r ? 0.5 : 0.25)
        }
        return try SequentialTrialData(
            first: first, responded: responded, second: second, outcome: outcome, probability: probability)
    }
}

// Backed by closed forms of the design with weights 2 and 4, by the second estimator, and by simulation.
@Suite struct EmbeddedRegimeValuesTests {
    /// Six patients who began with option 0, and two with option 1.
    private func few() throws -> SequentialTrialData {
        try SequentialTrialData(
            first: [0, 0, 0, 0, 0, 0, 1, 1], responded: [true, true, false, false, false, false, true, false],
            second: [0, 0, 0, 0, 1, 1, 0, 0], outcome: [5, 7, 1, 3, 2, 6, 8, 0],
            probability: [0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.5, 0.25])
    }

    @Test func weightsOfTwoAndFourByHand() throws {
        let values = EmbeddedRegimeValues(
            try few(), regimes: Array(Smart.regimes.prefix(2)), method: .inverseProbability)
        // (2·5 + 2·7 + 4·1 + 4·3) / 12 = 40/12, and (2·5 + 2·7 + 4·2 + 4·6) / 12 = 56/12.
        let first = try #require(values.values[0].value)
        let second = try #require(values.values[1].value)
        #expect(abs(first.value - 40.0 / 12) < 1e-14 && abs(second.value - 56.0 / 12) < 1e-14)
        // Σ w² (Y − μ)² / 144, with μ = 10/3: 4·(25/9 + 121/9) + 16·(49/9 + 1/9) = 1384/9.
        #expect(abs(values.covariance[0][0] - 1384.0 / 9 / 144) < 1e-14)
        // The two share their responders: Σ 4 (Y − 10/3)(Y − 14/3) = 4·(5/9 + 77/9).
        #expect(abs(values.covariance[0][1] - 4 * 82.0 / 9 / 144) < 1e-14)
        let difference = try #require(values.difference(1, minus: 0).value)
        let variance = values.covariance[0][0] + values.covariance[1][1] - 2 * values.covariance[0][1]
        #expect(abs(difference.value - 16.0 / 12) < 1e-14)
        #expect(abs((difference.standardError.value ?? 0) - variance.squareRoot()) < 1e-14)
        #expect(values.counts == [4, 4])
        #expect(values.best() == 1 && values.best(highest: false) == 0)
    }

    @Test func theGFormulaByHand() throws {
        let values = EmbeddedRegimeValues(try few(), regimes: Array(Smart.regimes.prefix(2)), method: .gFormula)
        // A third responded: 6/3 + 2·2/3 and 6/3 + 2·4/3.
        #expect(abs((values.values[0].value?.value ?? 0) - (6.0 / 3 + 2.0 * 2 / 3)) < 1e-14)
        #expect(abs((values.values[1].value?.value ?? 0) - (6.0 / 3 + 2.0 * 4 / 3)) < 1e-14)
        // p² s²_R/n_R + (1 − p)² s²_N/n_N + p (1 − p) (6 − 2)²/n with variances over n: s²_R = 1, s²_N = 1.
        let variance = 1.0 / 9 / 2 + 4.0 / 9 / 2 + 2.0 / 9 * 16 / 6
        #expect(abs(values.covariance[0][0] - variance) < 1e-14)
    }

    /// With weights that are estimated, weighting and the G-formula are one estimator; balanced data have such weights.
    @Test func bothAgreeWhereTheDrawsCameOutEven() throws {
        let balanced = try SequentialTrialData(
            first: [0, 0, 0, 0, 1, 1, 1, 1], responded: [true, true, false, false, true, true, false, false],
            second: [0, 0, 0, 1, 0, 0, 0, 1], outcome: [5, 7, 1, 2, 6, 4, 3, 9],
            probability: [0.5, 0.5, 0.25, 0.25, 0.5, 0.5, 0.25, 0.25])
        let a = EmbeddedRegimeValues(balanced, regimes: Smart.regimes, method: .inverseProbability)
        let b = EmbeddedRegimeValues(balanced, regimes: Smart.regimes, method: .gFormula)
        for index in 0..<4 where a.values[index].value != nil {
            #expect(abs((a.values[index].value?.value ?? 0) - (b.values[index].value?.value ?? 1)) < 1e-14)
        }
    }

    @Test(arguments: EmbeddedRegimeValues.Method.allCases)
    func unbiasedWithTheErrorsItReports(method: EmbeddedRegimeValues.Method) throws {
        let smart = Smart()
        let replicates = 1000
        var estimates = [[Double]](repeating: [], count: 4)
        var variances = [Double](repeating: 0, count: 4)
        var covered = [Int](repeating: 0, count: 4)
        var covariance = 0.0
        for replicate in 0..<replicates {
            let values = EmbeddedRegimeValues(
                try smart.data(200, replicate: UInt32(replicate)), regimes: Smart.regimes, method: method)
            covariance += values.covariance[0][1] / Double(replicates)
            for (index, regime) in Smart.regimes.enumerated() {
                let estimate = try #require(values.values[index].value)
                estimates[index].append(estimate.value)
                variances[index] += values.covariance[index][index] / Double(replicates)
                let interval = try #require(estimate.interval.value)
                if (interval.lower...interval.upper).contains(smart.value(regime)) { covered[index] += 1 }
            }
        }
        func moment(_ a: [Double], _ b: [Double]) -> Double {
            let (x, y) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
            return zip(a, b).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) } / Double(a.count - 1)
        }
        for (index, regime) in Smart.regimes.enumerated() {
            let mean = estimates[index].reduce(0, +) / Double(replicates)
            let spread = moment(estimates[index], estimates[index])
            // Within four standard errors of the truth; the variance within 15 %, of which four standard errors are 18.
            #expect(abs(mean - smart.value(regime)) < 4 * (spread / Double(replicates)).squareRoot())
            #expect(abs(variances[index] / spread - 1) < 0.15)
            // 95 % within four standard errors of a share, and half a point for the normal approximation.
            #expect(abs(Double(covered[index]) / Double(replicates) - 0.95) < 4 * 0.0069 + 0.005)
        }
        #expect(abs(covariance - moment(estimates[0], estimates[1])) < 0.2 * moment(estimates[0], estimates[1]))
    }

    @Test func whatIsMissingIsSaid() throws {
        let data = try few()
        let values = EmbeddedRegimeValues(data, regimes: Smart.regimes, method: .inverseProbability)
        #expect(values.values[3].undefined?.code == "too-few-agree")
        let formula = EmbeddedRegimeValues(data, regimes: Smart.regimes, method: .gFormula)
        #expect(formula.values[3].undefined?.code == "empty-cell")
        #expect(
            formula.values[3].undefined?.reason
                == "nobody had the options that the regime needs; its value cannot be estimated")
        #expect(formula.difference(3, minus: 0).undefined?.code == "empty-cell")
    }

    @Test func refusals() {
        let error = #expect(throws: InvalidInput.self) {
            try SequentialTrialData(
                first: [0, 1], responded: [true], second: [0, 0], outcome: [1, .nan], probability: [0.5, 0])
        }
        #expect(
            error?.description == """
                responded: found 1 rows, allowed is 2 rows, one for each patient
                row 2, outcome: found nan, allowed is a finite number
                row 2, probability: found 0.0, allowed is above 0 and at most 1
                """)
    }
}

// Backed by a data set whose best options follow from its construction, and by simulation.
@Suite struct SequentialQLearningTests {
    private let options = [(others: 2, responders: 1), (others: 2, responders: 1)]

    /// Without noise the linear models are exact: option 1 is better above x₂ = 0, first option 1 above x₁ = 0.5.
    @Test func exactWithoutNoise() throws {
        var (first, responded, second, outcome, x1, x2) = (
            [Int](), [Bool](), [Int](), [Double](), [Double](), [Double]()
        )
        for index in 0..<160 {
            let (a, b) = (index % 2, (index / 2) % 2)
            let r = (index / 4) % 4 == 0
            let (u, v) = (Double(index * 37 % 101) / 100, Double(index * 53 % 97) / 48.5 - 1)
            first.append(a)
            responded.append(r)
            second.append(r ? 0 : b)
            x1.append(u)
            x2.append(v)
            // Among others the second option gains v; nothing else depends on it.
            outcome.append((a == 1 ? u : 0.5) * 3 + (r ? 1 : (b == 1 ? v : 0)))
        }
        let data = try SequentialTrialData(
            first: first, responded: responded, second: second, outcome: outcome,
            probability: responded.map { $0 ? 0.5 : 0.25 })
        // At stage two all that matters is in x₁ and x₂.
        let learned = try SequentialQLearning(
            data, baseline: [CovariateColumn("u", x1)],
            interim: [CovariateColumn("u", x1), CovariateColumn("v", x2)], options: options)
        for v in [-0.8, -0.1, 0.1, 0.9] {
            #expect(learned.secondOption(first: 0, responded: false, [0.3, v]) == (v > 0 ? 1 : 0))
            #expect(learned.secondOption(first: 1, responded: true, [0.3, v]) == 0)
        }
        #expect(learned.firstOption([0.9]) == 1 && learned.firstOption([0.1]) == 0)
        #expect(abs(learned.second[1][0][1][1] - 3) < 1e-10 && abs(learned.second[1][0][1][2] - 1) < 1e-10)
    }

    /// Without columns the models are means: the rule is the best embedded regime by the means of the cells.
    @Test func withoutColumnsItIsTheBestCell() throws {
        let data = try Smart().data(4000, replicate: 1)
        let learned = try SequentialQLearning(data, baseline: [], interim: [], options: options)
        #expect(learned.secondOption(first: 0, responded: false, []) == 1)
        #expect(learned.secondOption(first: 1, responded: false, []) == 0)
        // 0.4·4 + 0.6·2 = 2.8 against 0.6·3 + 0.4·1.5 = 2.4.
        #expect(learned.firstOption([]) == 0)
        let lowest = try SequentialQLearning(
            data, baseline: [], interim: [], options: options, isHigherBetter: false)
        #expect(lowest.secondOption(first: 0, responded: false, []) == 0)
        #expect(lowest.firstOption([]) == 1)
    }

    @Test func tooFewInACell() throws {
        let data = try SequentialTrialData(
            first: [0, 1], responded: [false, false], second: [0, 0], outcome: [1, 2], probability: [0.25, 0.25])
        #expect(throws: FitError.self) {
            try SequentialQLearning(data, baseline: [], interim: [], options: options)
        }
    }
}

// Backed by the published formulas, and by the power of simulated trials of the size found.
@Suite struct SequentialTrialSizeTests {
    private let quantiles: Double = {
        let sum = Normal.quantile(0.975) + Normal.quantile(0.8)
        return sum * sum
    }()

    @Test(arguments: [0, 0.25, 0.5, 0.9])
    func theDesignEffectsOfTheLiterature(response: Double) throws {
        let base = 4 * quantiles / (0.3 * 0.3)
        typealias Draw = SequentialTrialSize.Draw
        let others = Draw(response: response)
        let both = Draw(response: response, responders: 0.5)
        let never = Draw(response: response, others: 1)
        func exact(_ a: Draw, _ b: Draw) throws -> Double {
            try SequentialTrialSize(beginningDifferently: a, b, effect: 0.3).exact
        }
        #expect(abs(try exact(both, both) / (base * 2) - 1) < 1e-14)
        #expect(abs(try exact(others, others) / (base * (2 - response)) - 1) < 1e-14)
        #expect(abs(try exact(others, never) / (base * (3 - response) / 2) - 1) < 1e-14)
        let sharing = try SequentialTrialSize(sharingTheirBeginning: others, effect: 0.3).exact
        #expect(abs(sharing - 2 * base * (1 - response)) < 1e-9)
    }

    /// 8 (1.959964 + 0.841621)² / 0.5² = 251.16.
    @Test func aNumberByHand() throws {
        let draw = SequentialTrialSize.Draw(response: 0.3, responders: 0.5)
        #expect(try SequentialTrialSize(beginningDifferently: draw, draw, effect: 0.5).patients == 252)
    }

    @Test func theTrialOfThatSizeHasThePower() throws {
        // The same mean for responders and others within a regime, as the formula takes the variance to be the same.
        let smart = Smart(response: [0.4, 0.4], means: [[0, 0, 0], [0.4, 0.4, 0.4]])
        let draw = SequentialTrialSize.Draw(response: 0.4)
        let size = try SequentialTrialSize(beginningDifferently: draw, draw, effect: 0.4).patients
        #expect(size == 314)
        let trials = 1000
        var rejected = 0
        for replicate in 0..<trials {
            let values = EmbeddedRegimeValues(
                try smart.data(size, replicate: UInt32(replicate)), regimes: Smart.regimes,
                method: .inverseProbability)
            let test = try #require(values.difference(2, minus: 0).value?.nullTest.value)
            if test.pValue < 0.05 { rejected += 1 }
        }
        // 80 % within four standard errors.
        #expect(abs(Double(rejected) / Double(trials) - 0.8) < 4 * (0.8 * 0.2 / Double(trials)).squareRoot())
    }

    @Test func refusals() {
        let error = #expect(throws: InvalidInput.self) {
            try SequentialTrialSize(
                beginningDifferently: .init(response: 1.2), .init(response: 0.2, others: 0), effect: 0, power: 1)
        }
        #expect(
            error?.description == """
                effect: found 0.0, allowed is a finite number other than 0
                power: found 1.0, allowed is between 0 and 1
                first regime, response: found 1.2, allowed is from 0 to 1
                second regime, others: found 0.0, allowed is above 0 and at most 1
                """)
    }
}
