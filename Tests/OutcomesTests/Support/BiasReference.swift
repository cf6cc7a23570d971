import Foundation
import Outcomes
import Testing

/// Reference numbers for comparisons between groups: bias-groups.R and bias-groups.py in the folder References.
struct BiasReference: Decodable, Sendable {
    struct Adjusted: Decodable, Sendable {
        let p: [Double]
        let adjusted: [String: [Double]]
    }
    struct Table: Decodable, Sendable {
        let events, counts: [Int]
        let statistic, p, fisher, expected: Double
    }
    struct Area: Decodable, Sendable { let auc, se: Double? }
    struct Test: Decodable, Sendable { let statistic, p, fisher: Double }
    struct Fit: Decodable, Sendable { let coef, se: [Double] }
    struct Hazard: Decodable, Sendable { let slope, se, intercept: Double }
    struct Effect: Decodable, Sendable { let loghr, se, risk, riskSE: Double? }
    struct Set: Decodable, Sendable {
        let horizon: Double
        let xauc: [[Area]]
        let test: Test
        let covariates: [String]
        let weights, weighted: [Double]
        let recalibrated: [Fit]
        let hazard: [Hazard]
        let effects: [Effect]
    }
    struct Python: Decodable, Sendable {
        let cut, oddsDifference, oddsRatio, parityDifference, parityRatio, worstLogistic, worstCox: Double
        let tpr, fpr, selection: [Double]
    }

    let adjusted: [Adjusted]
    let tests: [Table]
    let sets: [String: Set]

    static let all: (r: BiasReference, python: [String: Python]) = {
        do {
            return (
                try ReferenceSet.decode("bias-groups-R.json", BiasReference.self),
                try ReferenceSet.decode("bias-groups-python.json", ReferenceFile<Python>.self).sets
            )
        } catch { fatalError("reference files: \(error)") }
    }()

    static func of(_ set: ReferenceSet) throws -> Set { try #require(all.r.sets[set.name]) }
    static func python(_ set: ReferenceSet) throws -> Python { try #require(all.python[set.name]) }
}

/// A statistic's standard error by the infinitesimal jackknife: its derivative in each patient's weight, numerically.
func jackknifeError(count: Int, groups: [[Int]]? = nil, _ statistic: ([Double]) -> Double) -> Double {
    let h = 1e-4
    func influence(_ row: Int) -> Double {
        var weights = [Double](repeating: 1, count: count)
        weights[row] = 1 + h
        let up = statistic(weights)
        weights[row] = 1 - h
        return (up - statistic(weights)) / (2 * h)
    }
    let parts = groups ?? [Array(0..<count)]
    return parts.reduce(0) { sum, rows in
        // With groups given, each group's squares carry n/(n − 1).
        let scale = groups == nil ? 1 : Double(rows.count) / Double(rows.count - 1)
        return sum + scale * rows.reduce(0) { $0 + influence($1) * influence($1) }
    }.squareRoot()
}

/// G of reweighted patients: the Kaplan–Meier estimate moved by the change of its cumulative hazard.
struct WeightedCensoring {
    let times: [Double]
    let events: [Bool]
    let base: CensoringDistribution

    init(_ data: SurvivalData) {
        times = data.times
        events = data.events
        base = CensoringDistribution(data)
    }

    /// exp(−(Λ_w − Λ)) up to a time, without it for `before`.
    func factor(_ weights: [Double], upTo time: Double, including: Bool) -> Double {
        var change = 0.0
        for u in base.times where including ? u <= time : u < time {
            var censored = 0.0
            var atRisk = 0.0
            var plainCensored = 0.0
            var plainAtRisk = 0.0
            for row in times.indices where times[row] >= u {
                atRisk += weights[row]
                plainAtRisk += 1
                if times[row] == u, !events[row] {
                    censored += weights[row]
                    plainCensored += 1
                }
            }
            change += censored / atRisk - plainCensored / plainAtRisk
        }
        // e^−x to the order that central differences see.
        return 1 - change + change * change / 2
    }

    func before(_ time: Double, _ weights: [Double]) -> Double {
        base.before(time) * factor(weights, upTo: time, including: false)
    }
    func at(_ time: Double, _ weights: [Double]) -> Double {
        base.at(time) * factor(weights, upTo: time, including: true)
    }
}
