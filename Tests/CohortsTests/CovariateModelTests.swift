import ModelLanguage
import NumericsCore
import Testing

@testable import Cohorts

private let draws = [
    CovariateDraw("race", .categorical(levels: ["White", "Black"], weights: [3, 1])),
    CovariateDraw("weight_kg", unit: "kg", .normal(mean: 75, standardDeviation: 10, lower: 60, upper: 90)),
    CovariateDraw("carrier", .bernoulli(probability: .byLevel("race", ["Black": 0.2], otherwise: 0))),
    CovariateDraw("creatinine", unit: "umol/L", .logNormal(median: 80, logStandardDeviation: 0.3)),
    CovariateDraw(
        "age", unit: "year", .uniform(lower: 20, upper: .expression(SourceText(name: "age", text: "weight_kg + 10")))),
    CovariateDraw("missed", .described(.beta(alpha: 0.5, beta: 6))),
]

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

@Suite struct CovariateModelTests {
    // Closed forms: means and shares within four standard errors of 20,000 patients, fixed seed.
    @Test func distributionsAreWhatWasAskedFor() throws {
        let n = 20_000
        let cohort = try Cohort(count: n, drawing: draws, seed: 17)
        let root = Double(n).squareRoot()
        let black = try cohort.column("race").values
        #expect(abs(mean(black) - 0.25) < 4 * (0.25 * 0.75).squareRoot() / root)
        let weight = try cohort.column("weight_kg").values
        #expect(weight.allSatisfy { $0 >= 60 && $0 <= 90 })
        #expect(abs(mean(weight) - 75) < 4 * 10 / root)  // symmetric truncation; its deviation is below 10
        let carriers = try cohort.column("carrier").values
        #expect((0..<n).allSatisfy { black[$0] == 1 || carriers[$0] == 0 })
        let count = black.reduce(0, +)
        #expect(abs(carriers.reduce(0, +) / count - 0.2) < 4 * (0.16 / count).squareRoot())
        let logCreatinine = try cohort.column("creatinine").values.map { Elementary.log($0 / 80) }
        #expect(abs(mean(logCreatinine)) < 4 * 0.3 / root)
        let age = try cohort.column("age").values
        #expect((0..<n).allSatisfy { age[$0] >= 20 && age[$0] <= weight[$0] + 10 })
        #expect(abs(mean(try cohort.column("missed").values) - 0.5 / 6.5) < 4 * 0.1 / root)  // deviation 0.097
        #expect(try cohort.column("carrier").kind == .flag)
        #expect(try cohort.column("creatinine").unit == "umol/L")
    }

    @Test func neitherPatientsNorColumnsMoveANumber() throws {
        let large = try Cohort(count: 300, drawing: draws, seed: 3)
        let small = try Cohort(count: 40, drawing: draws, seed: 3)
        #expect(small.columns == large.subset(Array(0..<40)).columns)
        let alone = try Cohort(count: 300, drawing: [draws[3]], seed: 3)
        #expect(try alone.columns[0] == large.column("creatinine"))
    }

    @Test func whatFollowsTheRecordIsSharedByItsCopies() throws {
        let source = try Cohort(count: 5)
        let drawn = try source.resampled(to: 200, seed: 1).cohort
        let shared = try drawn.drawing([CovariateDraw("u", .uniform(lower: 0, upper: 1), follows: .record)], seed: 1)
        let own = try drawn.drawing([CovariateDraw("u", .uniform(lower: 0, upper: 1))], seed: 1)
        #expect(Set(shared.columns[0].values).count == Set(drawn.sourceRow).count)
        #expect(Set(own.columns[0].values).count == 200)
    }

    @Test func aMissingParameterGivesAMissingValue() throws {
        let cohort = try smallCohort().drawing(
            [
                CovariateDraw("a", .bernoulli(probability: .byLevel("race", ["Black": 1]))),
                CovariateDraw("b", .normal(mean: .column("weight_kg"), standardDeviation: 0)),
            ], seed: 1)
        #expect(cohort.columns[4].values.map { $0.isNaN ? -1 : $0 } == [1, -1, -1, 1])
        #expect(cohort.columns[5].values.map { $0.isNaN ? -1 : $0 } == [70, 80, -1, 60])
    }

    @Test func refusals() throws {
        let cohort = try smallCohort()
        func refused(_ law: CovariateDraw.Law) -> String {
            message { _ = try cohort.drawing([CovariateDraw("x", law)], seed: 1) }
        }
        #expect(
            refused(.bernoulli(probability: .column("weight_kg")))
                == "x, record 2: bernoulli: probability is 70.0, but must be from 0 to 1.")
        #expect(
            refused(.bernoulli(probability: .byLevel("race", ["Asian": 1])))
                == "race: 'Asian' is not a level; allowed: 'White', 'Black'")
        #expect(
            refused(.normal(mean: .column("race"), standardDeviation: 1))
                == "race: is a category, allowed here: a number or a flag")
        #expect(
            refused(.normal(mean: .byLevel("smoker", [:]), standardDeviation: 1))
                == "smoker: is a flag, allowed here: a category")
        #expect(
            refused(.categorical(levels: ["a", "b"], weights: [1]))
                == "x, weights: found 1, allowed: 2, one for each level")
        #expect(
            refused(.categorical(levels: ["a", "a"], weights: [1, 1]))
                == "x, levels: found [\"a\", \"a\"], allowed: one or more, all different")
        #expect(
            refused(.logNormal(median: -1, logStandardDeviation: 1))
                == "x, median: found -1.0, allowed: a positive number")
        #expect(
            message { _ = try cohort.drawing([CovariateDraw("race", .bernoulli(probability: 0.5))], seed: 1) }
                == "the cohort already has a column named 'race'; choose another name")
    }
}
