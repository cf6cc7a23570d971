import Foundation
import Outcomes
import Testing

@Suite struct FineGrayDelayedTests {
    struct Fit: Decodable {
        let coef, modelSE, robustSE, loglik: [Double]
    }
    struct Case: Decodable {
        let s, t, x, z: [Double]
        let e: [Int]
        let efron, breslow: Fit

        var covariates: [CovariateColumn] { [.init("x", x), .init("z", z)] }
        func model(_ convention: FineGrayModel.Convention) throws -> FineGrayModel {
            try FineGrayModel(
                CompetingRisksData(times: t, causes: e, entries: s), covariates: covariates, convention: convention)
        }
    }

    private func cases() throws -> [String: Case] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("References/finegray-delayed-R.json")
        return try JSONDecoder().decode([String: Case].self, from: Data(contentsOf: file))
    }

    private func check(_ model: FineGrayModel, _ expected: Fit, robust: Bool) throws {
        #expect(agree(model.coefficients.map(\.estimate), expected.coef, 1e-7))
        #expect(
            agree(
                model.modelCovariance.indices.map { model.modelCovariance[$0][$0].squareRoot() }, expected.modelSE, 1e-7
            ))
        #expect(agree([model.nullLogLikelihood, model.logLikelihood], expected.loglik, 1e-9))
        guard robust else { return }
        #expect(agree(try model.coefficients.map { try require($0.standardError) }, expected.robustSE, 1e-7))
    }

    @Test("R survival 3.5-3: finegray with start-stop data and coxph, with ties of entry, event and censoring")
    func agreesWithFinegray() throws {
        for (name, set) in try cases() {
            // Without ties both conventions are the same, and only then is R's robust error ours.
            try check(set.model(.survival), set.efron, robust: name == "melanoma")
            if name == "melanoma" { try check(set.model(.cmprsk), set.breslow, robust: true) }
        }
    }

    @Test("Invariant: entries before the first time give the bits of no entries")
    func withoutTruncation() throws {
        let set = try #require(try cases()["tied"])
        for convention in FineGrayModel.Convention.allCases {
            let models = try [nil, set.t.map { _ in 0.0 }].map {
                try FineGrayModel(
                    CompetingRisksData(times: set.t, causes: set.e, entries: $0), covariates: set.covariates,
                    convention: convention)
            }
            #expect(models[0].coefficients.map(\.estimate) == models[1].coefficients.map(\.estimate))
            #expect(models[0].covariance == models[1].covariance)
            #expect(models[0].logLikelihood == models[1].logLikelihood)
        }
    }
}
