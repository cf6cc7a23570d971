import Foundation
import NumericsCore
import Outcomes
import Testing

/// The numbers of calibration-R.json and calibration-python.json for one data set, and the risks they were computed with.
struct CalibrationReference: Sendable, CustomTestStringConvertible {
    struct Brier: Decodable, Sendable { let brier, se, seKnownWeights, ipa, running, null: [Double] }
    struct Groups: Decodable, Sendable { let count: [Int], predicted, survival, se: [Double?] }
    struct Line: Decodable, Sendable { let coef, se: [Double] }
    struct Offset: Decodable, Sendable { let coef, se: Double }
    struct Smooth: Decodable, Sendable {
        let knots, first: [Double]
        let ici, e50, e90, emax: Double
    }
    struct KS: Decodable, Sendable { let d, exact, asymptotic, tiedD, tiedExact, tiedAsymptotic: Double }
    struct Numbers: Decodable, Sendable {
        let times, hazard: [Double]
        let horizon, survival, survivalSE, expected, hosmer: Double
        let brier: Brier
        let groups: Groups
        let coxSlope, pseudo, netBenefit: [Double]
        let poissonLarge, logisticLarge: Offset
        let poissonSlope, logisticSlope: Line
        let smooth: Smooth
        let ks: KS
    }
    struct Competing: Decodable, Sendable {
        let times, incidence, se, pseudo: [Double]
        let brier: Brier
    }
    struct DCalibration: Decodable, Sendable {
        let mass: [Double]
        let statistic, p: Double
    }
    struct Python: Decodable, Sendable {
        let brier: [Double]
        let integrated: Double
        let dCalibration: DCalibration
    }

    let set: ReferenceSet
    let r: Numbers
    let python: Python
    var testDescription: String { self.set.name }

    private struct RFile: Decodable, Sendable {
        let sets: [String: Numbers]
        let competing: Competing
    }
    private static let files: (r: RFile, python: [String: Python]) = {
        do {
            return (
                try ReferenceSet.decode("calibration-R.json", RFile.self),
                try ReferenceSet.decode("calibration-python.json", ReferenceFile<Python>.self).sets
            )
        } catch { fatalError("calibration references: \(error)") }
    }()

    static let all: [CalibrationReference] = ReferenceSet.all.compactMap { set in
        guard let r = files.r.sets[set.name], let python = files.python[set.name] else { return nil }
        return CalibrationReference(set: set, r: r, python: python)
    }
    static let competing = files.r.competing

    static func named(_ name: String) throws -> CalibrationReference {
        try #require(all.first { $0.set.name == name })
    }

    /// exp((lp − mean lp)/2).
    var relative: [Double] { Self.relative(set.r.lp) }

    static func relative(_ lp: [Double]) -> [Double] {
        let mean = lp.reduce(0, +) / Double(lp.count)
        return lp.map { Elementary.exp(($0 - mean) / 2) }
    }

    func risks() throws -> PredictedRisks { try Self.risks(relative, hazard: r.hazard, times: r.times) }

    static func risks(_ relative: [Double], hazard: [Double], times: [Double]) throws -> PredictedRisks {
        try PredictedRisks(
            times: times, rows: relative.flatMap { factor in hazard.map { 1 - Elementary.exp(-factor * $0) } })
    }

    /// The risks by the horizon, the fourth time.
    func horizonRisks() throws -> [Double] { try risks().risks(atIndex: 3) }

    /// Nelson–Aalen hazard at each patient's own time, times the relative risk.
    func ownHazards() throws -> [Double] {
        let data = try set.survival()
        let hazard = NelsonAalen(data)
        let at = Dictionary(uniqueKeysWithValues: zip(hazard.times, hazard.cumulativeHazard))
        return try zip(data.times, relative).map { time, factor in try #require(at[time]) * factor }
    }
}
