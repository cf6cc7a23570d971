import Foundation
import Outcomes

/// Numbers of R for curves and tests: curves-R.json.
struct CurvesReference: Decodable, Sendable {
    struct Quantiles: Decodable, Sendable { let quantile, lower, upper: [Double?] }
    struct Small: Decodable, Sendable {
        let time: [Double]
        let status: [Int]
        let entry: [Double]?
        let distinct, survival: [Double]
        let kinds: [String: Quantiles]

        func data() throws -> SurvivalData {
            try SurvivalData(times: time, events: status.map { $0 == 1 }, entries: entry)
        }
    }
    struct Trend: Decodable, Sendable { let chisq, stratified, sign: Double }
    struct Milestone: Decodable, Sendable {
        let times, difference, se, logRatio, logRatioSE, logHazardRatio, logHazardRatioSE, lower, upper: [Double]
    }
    struct Normal: Decodable, Sendable {
        let correlation: [[Double]]
        let bound, upper, twoSided: Double
    }
    struct OfSet: Decodable, Sendable {
        let trend: Trend
        let milestone: Milestone
    }

    let small: [Small]
    let sets: [String: OfSet]
    let normal: [Normal]

    static func load() throws -> CurvesReference { try decodeReference("curves-R.json") }
}

/// Numbers of survRM2 and simtrial: curves-trial-R.json.
struct TrialCurvesReference: Decodable, Sendable {
    struct Weighted: Decodable, Sendable { let rho, gamma, u, variance, z, p: Double }
    struct MaxCombo: Decodable, Sendable {
        let rho, gamma, z: [Double]
        let correlation: [[Double]]
        let p: Double
    }
    struct OfSet: Decodable, Sendable {
        let tau: Double
        /// Estimate, standard error, lower, upper.
        let treated, control: [Double]
        /// Estimate, lower, upper, p-value.
        let difference, ratio, timeLostRatio: [Double]
        let weighted, stratified: [Weighted]
        let maxCombo: MaxCombo
    }

    let sets: [String: OfSet]

    static func load(_ set: String) throws -> OfSet? {
        try decodeReference("curves-trial-R.json", as: TrialCurvesReference.self).sets[set]
    }
}

/// P-values of MaxCombo by quadrature: curves-maxcombo-python.json.
struct MaxComboReference: Decodable, Sendable {
    let p: [String: Double]

    static func load() throws -> MaxComboReference { try decodeReference("curves-maxcombo-python.json") }
}

private func decodeReference<Value: Decodable>(_ file: String, as: Value.Type = Value.self) throws -> Value {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("References")
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: folder.appendingPathComponent(file)))
}

extension ReferenceSet {
    /// The curve of the patients of one group: 1 is treated.
    func curve(group: Double) throws -> KaplanMeier {
        let codes = try column("group")
        return KaplanMeier(try survival().subset(codes.indices.filter { codes[$0] == group }))
    }
}
