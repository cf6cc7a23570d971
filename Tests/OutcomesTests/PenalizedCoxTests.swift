import Foundation
import Outcomes
import Testing

@Suite struct PenalizedCoxTests {
    private struct Reference: Decodable {
        struct Path: Decodable {
            let alpha: Double
            let count: Int
            let first, last: Double
            let lambda, ratio: [Double]
            let beta: [[Double]]
        }
        struct Set: Decodable {
            let covariates: [String]
            let paths: [Path]
            let lambda, cvm, cvsd: [Double]
            let min, oneSE: Double
        }
        let sets: [String: Set]
    }

    private func reference(_ set: ReferenceSet) throws -> Reference.Set {
        let file = ReferenceSet.folder.appendingPathComponent("cox-glmnet-R.json")
        return try #require(JSONDecoder().decode(Reference.self, from: Data(contentsOf: file)).sets[set.name])
    }

    @Test("glmnet 4.1-6: lasso, elastic net and ridge paths to 1e-6", arguments: ReferenceSet.all)
    func agreesWithGlmnet(_ set: ReferenceSet) throws {
        let expected = try reference(set)
        let covariates = try set.covariates(expected.covariates)
        for path in expected.paths {
            let model = try PenalizedCox(set.survival(), covariates: covariates, alpha: path.alpha)
            #expect(agree(model.fits[0].penalty, path.first, 1e-9), "alpha \(path.alpha)")
            #expect(model.fits.count == path.count, "alpha \(path.alpha)")
            let given = try PenalizedCox(
                set.survival(), covariates: covariates, alpha: path.alpha, penalties: .given(path.lambda))
            for (fit, (beta, ratio)) in zip(given.fits, zip(path.beta, path.ratio)) {
                let size = beta.reduce(0) { max($0, abs($1)) }
                #expect(
                    agree(fit.coefficients, beta, 1e-6, floor: max(size, 1e-9)), "alpha \(path.alpha), λ \(fit.penalty)"
                )
                #expect(agree(fit.devianceRatio, ratio, 1e-6, floor: 1e-6), "alpha \(path.alpha), λ \(fit.penalty)")
            }
        }
    }

    @Test("glmnet 4.1-6: cross-validated deviance, its error, and both choices", arguments: ReferenceSet.all)
    func crossValidation(_ set: ReferenceSet) throws {
        let expected = try reference(set)
        let choice = try PenalizedCoxChoice(
            set.survival(), covariates: set.covariates(expected.covariates), alpha: 0.5,
            penalties: .given(expected.lambda), folds: Grouping((0..<set.column("time").count).map { $0 % 5 }))
        #expect(agree(choice.deviance, expected.cvm, 1e-6))
        #expect(agree(choice.standardErrors, expected.cvsd, 1e-5))
        #expect(choice.model.fits[choice.best].penalty == expected.min)
        #expect(choice.model.fits[choice.withinOneError].penalty == expected.oneSE)
    }

    @Test("Identity: no penalty is the Cox model with Breslow's ties, strata and delayed entry too")
    func withoutPenalty() throws {
        let set = try ReferenceSet.named("pbc")
        let columns = try set.covariates(["age", "edema", "logbili"])
        let strata = try set.grouping("strat")
        let plain = try CoxModel(set.delayedSurvival(), covariates: columns, strata: strata, ties: .breslow)
        let path = try PenalizedCox(
            set.delayedSurvival(), covariates: columns, strata: strata, penalties: .given([0.1, 0]))
        #expect(agree(path.fits[1].coefficients, plain.coefficients.map(\.estimate), 1e-8))
        #expect(agree(path.fits[1].logLikelihood, plain.logLikelihood, 1e-12))
        #expect(agree(path.nullLogLikelihood, plain.nullLogLikelihood, 1e-12))
        let scores = try path.linearPredictors(columns, fit: 1)
        #expect(agree(scores, try plain.linearPredictors(columns), 1e-7))
    }

    /// The subgradient of the penalised likelihood at each fit, from the score residuals' sum by differences.
    @Test("Invariant: more covariates than patients, copies and constants meet the conditions of the minimum")
    func manyCovariates() throws {
        let data = try SurvivalData.tied(count: 60, span: 20, seed: 4)
        var sequence = TestSequence(seed: 5)
        var columns = (0..<90).map { j in CovariateColumn("x\(j)", data.times.map { _ in sequence.uniform() }) }
        columns.append(CovariateColumn("copy", columns[0].values))
        columns.append(CovariateColumn("constant", data.times.map { _ in 2 }))
        let model = try PenalizedCox(data, covariates: columns, alpha: 0.7, penalties: .path(count: 20))
        #expect(model.fits[0].nonZeroCount == 0)
        for fit in model.fits.prefix(12) {
            #expect(fit.coefficients[91] == 0)
            #expect(agree(fit.coefficients[0], fit.coefficients[90], 1e-6, floor: 1e-6))
            for j in [0, 7, 33, 60, 90] {
                let x = columns[j].values
                let mean = x.reduce(0, +) / 60
                let deviation = (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 60).squareRoot()
                let h = 1e-4
                var (up, down) = (fit.coefficients, fit.coefficients)
                up[j] += h / deviation
                down[j] -= h / deviation
                let slope = (naive(data, columns, up) - naive(data, columns, down)) / (2 * h * 60)
                let beta = fit.coefficients[j] * deviation
                let penalty = fit.penalty * (0.7 * (beta > 0 ? 1 : -1) + 0.3 * beta)
                if beta == 0 {
                    #expect(abs(slope) <= fit.penalty * 0.7 + 1e-6, "x\(j), λ \(fit.penalty)")
                } else {
                    #expect(abs(slope - penalty) < 1e-6, "x\(j), λ \(fit.penalty)")
                }
            }
        }
    }

    private func naive(_ data: SurvivalData, _ columns: [CovariateColumn], _ beta: [Double]) -> Double {
        let eta = data.times.indices.map { i in zip(beta, columns).reduce(0) { $0 + $1.0 * $1.1.values[i] } }
        return data.times.indices.filter { data.events[$0] }.reduce(0) { sum, i in
            let risk = data.times.indices.filter { data.times[$0] >= data.times[i] }
            return sum + eta[i] - log(risk.reduce(0) { $0 + exp(eta[$1]) })
        }
    }

    @Test("Failure: alpha, penalties and folds that are not allowed; no event; λ = 0 without a finite estimate")
    func failures() throws {
        let data = try SurvivalData(times: [1, 2, 3, 4], events: [true, true, false, false])
        let x = [CovariateColumn("x", [4, 3, 2, 1])]
        func message(_ body: () throws -> Void) -> String? {
            #expect(throws: InvalidInput.self) { try body() }?.description
        }
        #expect(
            message { _ = try PenalizedCox(data, covariates: x, alpha: 2, penalties: .given([0.1, -1])) } == """
                alpha: found 2.0, allowed is a number from 0 to 1
                row 2, penalties: found -1.0, allowed is a finite number ≥ 0
                """)
        #expect(
            message { _ = try PenalizedCox(data, covariates: x, penalties: .path(count: 0, ratio: 3)) } == """
                penalties: found 0, allowed is at least one
                ratio: found 3.0, allowed is a number between 0 and 1
                """)
        #expect(
            message { _ = try PenalizedCoxChoice(data, covariates: x, folds: Grouping([1, 1, 1, 2])) } == """
                fold 1: found 2 of 2 events, allowed is at least one event in it and one outside
                fold 2: found 0 of 2 events, allowed is at least one event in it and one outside
                """)
        let none = try SurvivalData(times: [1, 2, 3, 4], events: [false, false, false, false])
        #expect(throws: CoxError.noEvents) { try PenalizedCox(none, covariates: x) }
        // The penalty makes a monotone likelihood finite.
        let held = try PenalizedCox(data, covariates: x, alpha: 0, penalties: .given([0.1]))
        #expect(held.fits[0].coefficients[0] > 0)
        #expect(throws: CoxError.self) { try PenalizedCox(data, covariates: x, penalties: .given([0])) }
    }
}
