import Foundation
import Outcomes
import Testing

/// A published data set of the folder References with the numbers that reference software gives for it.
struct ReferenceSet: Sendable, CustomTestStringConvertible {
    let name: String
    let columns: [String: [Double]]
    let columnNames: [String]
    let r: RReference
    let python: PythonReference
    let timeROC: TimeROCReference
    let comparisons: ComparisonReference

    var testDescription: String { name }

    static let names = ["veteran", "lung", "pbc", "gbsg2"]
    static let all: [ReferenceSet] = {
        do { return try names.map(ReferenceSet.init) } catch { fatalError("reference files: \(error)") }
    }()

    static func named(_ name: String) throws -> ReferenceSet {
        try #require(all.first { $0.name == name })
    }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("References")

    /// A file of the folder References: the only place that knows where they lie.
    static func decode<Value: Decodable>(_ file: String, _: Value.Type) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(contentsOf: folder.appendingPathComponent(file)))
    }

    private init(_ name: String) throws {
        let folder = Self.folder
        let text = try String(contentsOf: folder.appendingPathComponent("\(name).csv"), encoding: .utf8)
        let lines = text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
        columnNames = (lines.first ?? []).map { $0.filter { $0 != "\"" } }
        var columns: [String: [Double]] = [:]
        for (index, column) in columnNames.enumerated() {
            columns[column] = try lines.dropFirst().map { line in try #require(Double(line[index])) }
        }
        self.name = name
        self.columns = columns
        r = try #require(try ReferenceSet.decode("survival-R.json", ReferenceFile<RReference>.self).sets[name])
        python = try #require(
            try ReferenceSet.decode("survival-python.json", ReferenceFile<PythonReference>.self).sets[name])
        comparisons = try #require(
            try ReferenceSet.decode("comparisons-R.json", ReferenceFile<ComparisonReference>.self).sets[name])
        timeROC = try #require(
            try ReferenceSet.decode("timeroc-R.json", ReferenceFile<TimeROCReference>.self).sets[name])
    }

    func column(_ name: String) throws -> [Double] { try #require(columns[name]) }

    func survival() throws -> SurvivalData {
        try SurvivalData(times: column("time"), events: column("status").map { $0 == 1 })
    }

    /// The delayed entry of survival.R: time · (row mod 5)/10 with rows from 1.
    func delayedSurvival() throws -> SurvivalData {
        let times = try column("time")
        let entries = times.indices.map { times[$0] * (Double(($0 + 1) % 5) / 10) }
        return try SurvivalData(times: times, events: column("status").map { $0 == 1 }, entries: entries)
    }

    func grouping(_ name: String) throws -> Grouping { Grouping(try column(name).map { Int($0) }) }

    func covariates(_ names: [String]) throws -> [CovariateColumn] {
        try names.map { CovariateColumn($0, try column($0)) }
    }
}

struct ReferenceFile<Set: Decodable>: Decodable {
    let sets: [String: Set]
}

struct RReference: Decodable, Sendable {
    struct Curve: Decodable, Sendable {
        let survival, se, lower, upper: [Double]
        let atRisk: [Int]
        let quantile, quantileLower, quantileUpper: [Double?]
    }
    struct FullCurve: Decodable, Sendable { let time, survival, se: [Double] }
    struct Hazard: Decodable, Sendable { let hazard, se: [Double] }
    struct LogRank: Decodable, Sendable {
        let observed, expected: [Double]
        let variance: [[Double]]
        let chisq: Double
    }
    struct Cox: Decodable, Sendable {
        let covariates: [String]
        let coef, se, loglik: [Double]
        let score, wald: Double
        let hazard: [Double]?
    }
    struct CoxPair: Decodable, Sendable { let efron, breslow: Cox }
    struct Concordance: Decodable, Sendable { let c, se, concordant, discordant, tied: Double }
    struct AUC: Decodable, Sendable { let auc, se: [Double] }

    let times: [Double]
    let horizon: Double
    let km: [String: Curve]
    let kmFull: FullCurve
    let kmDelayed: Curve
    let nelsonAalen: Hazard
    let restrictedMean: [Double]
    let logrank, logrankManyGroups, logrankRho1, logrankRhoHalfManyGroups: LogRank
    let logrankStratified, logrankStratifiedRho1: LogRank
    let cox, coxStratified, coxDelayed: CoxPair
    let lp: [Double]
    let concordance, concordanceCoarse, concordanceHorizon, uno: Concordance
    let auc: AUC
}

struct PythonReference: Decodable, Sendable {
    let auc: [Double]
    let meanAUC, harrell: Double
    let kmTime, kmSurvival: [Double]
    let median, restrictedMean, logrankManyGroups: Double
    let coxEfron, coxEfronSE: [Double]
}

struct TimeROCReference: Decodable, Sendable { let times, auc, se: [Double] }

struct ComparisonReference: Decodable, Sendable {
    struct Mean: Decodable, Sendable {
        let mean, sd, se: Double
        let interval: [Double]
    }
    struct Welch: Decodable, Sendable {
        let difference, se, t, df, p: Double
        let interval: [Double]
    }
    struct Adjusted: Decodable, Sendable {
        let estimate, se, t, p, df: Double
        /// Null where R has none: in lung one patient alone tells the covariate from the strata.
        let robustSE: Double?
        let interval: [Double]
    }
    struct Weighted: Decodable, Sendable { let estimate, se: Double }
    struct Rate: Decodable, Sendable {
        let rate: Double
        let interval: [Double]
    }
    struct Ratio: Decodable, Sendable {
        let ratio: Double
        let interval: [Double]
    }

    let outcome: String
    let covariates: [String]
    let mean: Mean
    let welch: Welch
    let adjusted, adjustedStrata: Adjusted
    let stratified: [String: Weighted]
    let wilson: [Double]
    let rate: Rate
    let rateRatio: Ratio
}
