import Foundation
import Outcomes
import Testing

/// The numbers of cox.R, and the data that it generated.
struct CoxReference: Decodable, Sendable {
    struct Fit: Decodable, Sendable {
        let coef, se, modelSE, loglik: [Double]
        let score, wald: Double
    }
    struct Residuals: Decodable, Sendable {
        let rows, events: [Int]
        let martingale, deviance: [Double]
        let score, dfbeta, schoenfeld: [[Double]]
    }
    /// Each matrix has a row for each time and a column for each patient.
    struct Curve: Decodable, Sendable {
        let times: [Double]
        let hazard, se, lower, upper: [[Double]]
    }
    struct Ties: Decodable, Sendable {
        let robust, clustered, weighted, weightedRobust, lateRobust: Fit
        let residuals, weightedResiduals, lateResiduals, coarseResiduals: Residuals
        let zph, zphStratified, zphLate, zphCoarse, zphWeighted: [String: [Double]]
        let curve, curveCoarse, curveWeighted, curveLate, curveStratified: Curve
    }
    struct Set: Decodable, Sendable {
        let covariates, within: [String]
        let new: [[Double]]
        let stratum: Int
        let ties: [String: Ties]
        let exact, exactStratified: Fit
    }
    struct Spans: Decodable, Sendable {
        let model, clustered: Fit
        let residuals: Residuals
        let zph: [String: [Double]]
        let stratified, weighted: Fit?
    }

    let sets: [String: Set]
    let spans, waiting: [String: Spans]

    static let all: CoxReference = {
        do {
            return try JSONDecoder().decode(
                CoxReference.self, from: Data(contentsOf: ReferenceSet.folder.appendingPathComponent("cox-R.json")))
        } catch { fatalError("cox-R.json: \(error)") }
    }()

    static func set(_ set: ReferenceSet) throws -> Set { try #require(all.sets[set.name]) }

    /// What cox.R makes of one data set.
    struct Columns {
        let plain, late, coarse: SurvivalData
        let covariates: [CovariateColumn]
        /// Those that differ within strata.
        let within: [CovariateColumn]
        let weights: [Double]
        let cluster, strata: Grouping

        init(_ set: ReferenceSet) throws {
            let times = try set.column("time")
            let events = try set.column("status").map { $0 == 1 }
            let unit = try #require(times.max()) / 25
            plain = try set.survival()
            late = try set.delayedSurvival()
            coarse = try SurvivalData(times: times.map { ($0 / unit).rounded(.up) }, events: events)
            covariates = try set.covariates(try CoxReference.set(set).covariates)
            within = try set.covariates(try CoxReference.set(set).within)
            weights = times.indices.map { 1 + Double(($0 + 1) % 3) / 2 }
            cluster = Grouping(times.indices.map { ($0 + 1) % 20 })
            strata = try set.grouping("strat")
        }
    }

    /// A generated file of spans.
    struct SpanColumns {
        let data: SurvivalData
        let columns: [String: [Double]]

        init(_ name: String) throws {
            let text = try String(
                contentsOf: ReferenceSet.folder.appendingPathComponent("\(name).csv"), encoding: .utf8)
            let lines = text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
            var columns: [String: [Double]] = [:]
            for (index, column) in (lines.first ?? []).enumerated() {
                columns[String(column)] = try lines.dropFirst().map { try #require(Double($0[index])) }
            }
            self.columns = columns
            data = try SurvivalData(
                times: try #require(columns["stop"]), events: try #require(columns["event"]).map { $0 == 1 },
                entries: try #require(columns["start"]))
        }

        func covariates(_ names: [String]) throws -> [CovariateColumn] {
            try names.map { CovariateColumn($0, try #require(columns[$0])) }
        }

        func grouping(_ name: String) throws -> Grouping { Grouping(try #require(columns[name]).map { Int($0) }) }
    }
}

/// The two kinds of ties that all of Cox's results have.
let weightedTies: [CoxModel.Ties] = [.efron, .breslow]

/// A model's table and tests against R's, which stops when the likelihood stands still to 13 digits.
func check(_ model: CoxModel, _ expected: CoxReference.Fit, _ comment: Comment) {
    #expect(agree(model.coefficients.map(\.estimate), expected.coef, 1e-8), comment)
    #expect(agree(model.coefficients.compactMap(\.standardError.value), expected.se, 1e-8), comment)
    #expect(
        agree(model.modelCovariance.indices.map { model.modelCovariance[$0][$0].squareRoot() }, expected.modelSE, 1e-8),
        comment)
    #expect(agree([model.nullLogLikelihood, model.logLikelihood], expected.loglik), comment)
    #expect(agree(model.scoreTest.statistic, expected.score, 1e-8), comment)
    #expect(agree(model.waldTest.statistic, expected.wald, 1e-8), comment)
}
