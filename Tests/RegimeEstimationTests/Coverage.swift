import Evaluation
import Foundation
import NumericsCore

@testable import RegimeEstimation

/// The generative models of Chakraborty, Murphy and Strecher 2010 (Stat Methods Med Res 19:317), table 1, that later papers use:
/// O₁, A₁, A₂ are ±1 with equal chances, logit P(O₂ = 1) = 2·(δ₁O₁ + δ₂A₁) in ±1 coding, and
///
/// ```
/// Y = γ₁ + γ₂O₁ + γ₃A₁ + γ₄O₁A₁ + γ₅A₂ + γ₆O₂A₂ + γ₇A₁A₂ + N(0, 1)
/// ```
struct CoverageModel: Sendable {
    let name: String
    let gamma: [Double]
    let delta: (Double, Double)

    static let all = [
        CoverageModel(name: "1 non-regular", gamma: [0, 0, 0, 0, 0, 0, 0], delta: (0.5, 0.5)),
        CoverageModel(name: "2 near non-regular", gamma: [0, 0, 0, 0, 0.01, 0, 0], delta: (0.5, 0.5)),
        CoverageModel(name: "3 non-regular", gamma: [0, 0, -0.5, 0, 0.5, 0, 0.5], delta: (0.5, 0.5)),
        CoverageModel(name: "4 near non-regular", gamma: [0, 0, -0.5, 0, 0.5, 0, 0.49], delta: (0.5, 0.5)),
        CoverageModel(name: "5 non-regular", gamma: [0, 0, -0.5, 0, 1, 0.5, 0.5], delta: (1, 0)),
        CoverageModel(name: "6 regular", gamma: [0, 0, -0.5, 0, 0.25, 0.5, 0.5], delta: (0.1, 0.1)),
    ]

    private func chance(_ o1: Double, _ a1: Double) -> Double {
        LogisticFit.expit(delta.0 * o1 + delta.1 * a1)
    }

    /// ψ₁₀ of the first stage in 0/1 coding: E[max Q₂ | A₁ = 1] − E[max Q₂ | A₁ = −1] at O₁ = 0, by enumeration; the stage-one
    /// model holds 1, O₁, A₁, O₁A₁ and is saturated.
    var truth: Double {
        func value(_ o1: Double, _ a1: Double) -> Double {
            let p = chance(o1, a1)
            let base = gamma[0] + gamma[1] * o1 + gamma[2] * a1 + gamma[3] * o1 * a1
            return base + p * abs(gamma[4] + gamma[5] + gamma[6] * a1)
                + (1 - p) * abs(gamma[4] - gamma[5] + gamma[6] * a1)
        }
        return (value(1, 1) - value(1, -1) + value(-1, 1) - value(-1, -1)) / 2
    }

    /// The people of a table: O₁, A₁, O₂, A₂ and Y of each.
    private func people(_ replicate: Int, count: Int, seed: UInt64) -> [[Double]] {
        var stream = RandomStream(seed: seed, purpose: .analysis, replicate: UInt32(replicate), patient: 0)
        func sign(_ p: Double) -> Double { stream.nextBernoulli(probability: p) ? 1 : -1 }
        return (0..<count).map { _ in
            let (o1, a1) = (sign(0.5), sign(0.5))
            let o2 = sign(chance(o1, a1))
            let a2 = sign(0.5)
            let mean =
                gamma[0] + gamma[1] * o1 + gamma[2] * a1 + gamma[3] * o1 * a1
                + a2 * (gamma[4] + gamma[5] * o2 + gamma[6] * a1)
            return [o1, a1, o2, a2, mean + stream.nextNormal()]
        }
    }

    func cells(_ replicate: Int, count: Int, seed: UInt64) -> CellStudy {
        let people = people(replicate, count: count, seed: seed)
        let kinds = people.map { person in (0..<4).reduce(0) { $0 | (person[$1] > 0 ? 1 << $1 : 0) } }
        return CellStudy(kinds: kinds, outcomes: people.map { $0[4] })
    }

    func problem(_ replicate: Int, count: Int, seed: UInt64) throws -> (RegimeProblem, RegimeRequest) {
        let rows = people(replicate, count: count, seed: seed).map { person in
            person.map { "\($0)" }.joined(separator: ",")
        }
        let text = (["o1,a1,o2,a2,y"] + rows).joined(separator: "\n") + "\n"
        let table = try DataTable(csv: [UInt8](text.utf8), file: "made.csv")
        var request = RegimeRequest(stages: [
            try References.stage("first", "a1", blip: "~ o1", free: "~ o1"),
            try References.stage("second", "a2", blip: "~ o2 + a1", free: "~ o1*a1 + o2"),
        ])
        request.outcome = try RowExpression("y")
        return (try RegimeProblem(request, table: table), request)
    }

    /// The intervals of ψ₁₀ in some tables; m-out-of-n from ``CellStudy``.
    func coverage(
        _ intervals: RegimeRequest.Intervals, replicates: Range<Int>, count: Int, seed: UInt64
    ) throws -> CoverageFound {
        var found = CoverageFound()
        for replicate in replicates {
            if intervals.method == .mOutOfN {
                var asked = intervals
                asked.seed = UInt64(replicate)
                guard let own = cells(replicate, count: count, seed: seed).interval(asked) else { continue }
                found.add(own.lower, own.upper, Double(own.size), truth)
                continue
            }
            var (problem, request) = try problem(replicate, count: count, seed: seed)
            request.intervals = intervals
            request.intervals.seed = UInt64(replicate)
            let estimator = LinearEstimator(problem, request)
            let fit = try estimator.fit(frequency: [Double](repeating: 1, count: count), isPrinted: false)
            let (errors, shown) = try ParameterErrors.found(request, estimator, fit)
            let (lower, upper) = (errors[0][0].lower ?? 0, errors[0][0].upper ?? 0)
            found.add(lower, upper, Double(shown.size ?? count), truth)
        }
        return found
    }
}

/// What intervals did in many tables.
struct CoverageFound: Sendable {
    var covered = RunningMoments()
    var widths = RunningMoments()
    var sizes = RunningMoments()

    var share: Double { covered.mean ?? .nan }
    var size: Double { sizes.mean ?? .nan }
    var text: String {
        "\(share) of \(covered.count) tables, width \(widths.mean ?? .nan), m \(size)"
    }

    mutating func add(_ lower: Double, _ upper: Double, _ size: Double, _ truth: Double) {
        covered.add(lower <= truth && truth <= upper ? 1 : 0)
        widths.add(upper - lower)
        sizes.add(size)
    }

    mutating func merge(_ other: CoverageFound) {
        covered.merge(other.covered)
        widths.merge(other.widths)
        sizes.merge(other.sizes)
    }
}
