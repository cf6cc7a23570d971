import NumericsCore
import OffPolicy

/// How often intervals hold the value of a policy, over many logs of ``ThreeStates``.
struct LoggedCoverage {
    static let names = ["wis", "dm", "dr", "wdr", "magic"]
    let truth: Double
    private var covered: [String: RunningMoments] = [:]
    private var values: [String: RunningMoments] = [:]
    private var errors: [String: RunningMoments] = [:]

    /// Of each estimator, and of the direct method whose interval holds its model fixed.
    init(_ policy: CoinPolicy, logs: Int, _ settings: OffPolicySettings, episodes: Int) throws {
        truth = ThreeStates.value(policy)
        for seed in 1...logs {
            let study = try OffPolicyStudy(ThreeStates.log(episodes, seed: UInt64(seed)), settings)
            for estimate in try study.evaluate(policy).estimates {
                guard let lower = estimate.lower, let upper = estimate.upper else { continue }
                add(estimate.estimator, estimate.value ?? .nan, estimate.standardError, lower, upper)
            }
            let held = DirectMethod(try study.evidence(for: policy).evidence)
            guard let fixed = try EstimateInterval(held, episodes: episodes, settings.interval) else { continue }
            let value = held.value(counts: [Double](repeating: 1, count: episodes))
            add("dm, model held", value, fixed.standardError, fixed.lower, fixed.upper)
        }
    }

    private mutating func add(_ name: String, _ value: Double, _ error: Double?, _ lower: Double, _ upper: Double) {
        covered[name, default: RunningMoments()].add(lower <= truth && truth <= upper ? 1 : 0)
        values[name, default: RunningMoments()].add(value)
        errors[name, default: RunningMoments()].add(error ?? .nan)
    }

    func share(_ name: String) -> Double { covered[name]?.mean ?? .nan }
    func spread(_ name: String) -> Double { values[name]?.standardDeviation ?? .nan }
    func error(_ name: String) -> Double { errors[name]?.mean ?? .nan }

    func text(_ name: String) -> String {
        "\(name): \(share(name)), bias \((values[name]?.mean ?? .nan) - truth), spread \(spread(name)), se \(error(name)), "
            + "logs \(covered[name]?.count ?? 0)"
    }
}
