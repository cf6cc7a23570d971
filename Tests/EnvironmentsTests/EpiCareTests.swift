import Foundation
import NumericsCore
import Regimes
import Testing

@testable import Environments

/// Backed by simulations of the public package, and without patients' modifiers by a recursion over diseases.
@Suite struct EpiCareTests {
    struct Row: Decodable {
        var env: String
        var policy: String
        var mean: Double
        var se: Double
        var remission: Double
        var adverse: Double
        var episodes: Double
    }

    static let rows: [Row] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "References/epicare.jsonl")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
    }()

    static let policies = [
        "random": "random", "const_treatment_0": "constant:treatment_0", "smart_clinical_trial": "rule:smart",
        "standard_of_care": "rule:standard-of-care", "oracle_greedy": "rule:oracle",
    ]

    private func environment(_ variant: String) throws -> any Environment {
        try EnvironmentEntry.named("epicare").make(variant: variant)
    }

    @Test(
        "Values, remissions and adverse events are the package's within 4 joint standard errors, for all seeds and policies"
    )
    func published() throws {
        var checked = 0
        for row in Self.rows {
            guard let name = Self.policies[row.policy], let variant = row.env.split(separator: " ").last else {
                continue
            }
            let environment = try environment(String(variant))
            let count = 10_000
            let totals = try environment.simulate(
                environment.policy(PolicyChoice(name)), episodes: count, seed: 11, threads: 2)
            let value = try #require(totals.value)
            let error = try #require(totals.standardError)
            #expect(abs(value - row.mean) < 4 * (error * error + row.se * row.se).squareRoot(), "\(row.env) \(name)")
            for (index, share) in [row.adverse, row.remission].enumerated() {
                let own = Double(totals.ends[index]) / Double(count)
                // A share of 0 has an error of its own; one event stands in for it.
                let variance = max(share * (1 - share), 1 / row.episodes) * (1 / row.episodes + 1 / Double(count))
                #expect(abs(own - share) < 4 * variance.squareRoot(), "\(row.env) \(name)")
            }
            checked += 1
        }
        #expect(checked == 40)
    }

    /// The value of one treatment always, patients being alike: backward over visits, by disease. Symptoms of a disease under
    /// a treatment have known means; their integrals are taken by Gauss and Legendre.
    private func exact(_ problem: EpiCareProblem, treatment: Int) -> Double {
        let diseases = 0..<EpiCareProblem.diseases
        let symptoms = EpiCareProblem.symptoms
        func expectedSymptom(_ mean: Double, _ deviation: Double) -> Double {
            var (sum, weights) = (0.0, 0.0)
            for z in stride(from: -9.0, through: 9.0, by: 0.01) {
                let weight = exp(-z * z / 2)
                sum += weight / (1 + exp(-(mean + deviation * z)))
                weights += weight
            }
            return sum / weights
        }
        let costs = diseases.map { disease in
            (0..<symptoms).reduce(0.0) { sum, symptom in
                let row = (disease * symptoms + symptom) * symptoms
                let variance = problem.factors[row..<row + symptoms].reduce(0) { $0 + $1 * $1 }
                let mean =
                    problem.means[disease * symptoms + symptom] + problem.effects[treatment * symptoms + symptom]
                return sum + 0.5 * expectedSymptom(mean, variance.squareRoot())
            }
        }
        var values = diseases.map { _ in 0.0 }
        for _ in 0..<EpiCareProblem.visits {
            let later = values
            values = diseases.map { disease in
                let cure = problem.remission[disease * 16 + treatment]
                let weights = diseases.map {
                    problem.moves[disease * 16 + $0] * problem.multipliers[treatment * 16 + $0]
                }
                let sum = weights.reduce(0, +)
                let goesOn = diseases.reduce(0.0) { total, next in
                    let adverse = problem.adverse[next * 16 + treatment]
                    return total + weights[next] / sum * (-costs[next] - 64 * adverse + (1 - adverse) * later[next])
                }
                return -problem.costs[treatment] + cure * 64 + (1 - cure) * goesOn
            }
        }
        return diseases.reduce(0) { $0 + problem.start[$1] * values[$1] }
    }

    @Test(
        "Without modifiers a constant treatment is worth what the recursion over diseases says, within 4 standard errors"
    )
    func recursion() throws {
        for seed in [1, 5] {
            let environment = try environment("seed\(seed)-unmodified")
            let problem = try EpiCareProblem(seed: seed)
            for treatment in [0, 7, 15] {
                let totals = try environment.simulate(
                    environment.policy(.constant("\(treatment)")), episodes: 40_000, seed: 2, threads: 2)
                let value = try #require(totals.value)
                let error = try #require(totals.standardError)
                #expect(abs(value - exact(problem, treatment: treatment)) < 4 * error, "seed \(seed) \(treatment)")
            }
        }
    }

    @Test("The arrays of every seed are laws of probability, and the start is stationary")
    func laws() throws {
        for seed in 1...8 {
            let problem = try EpiCareProblem(seed: seed)
            #expect(abs(problem.start.reduce(0, +) - 1) < 1e-12)
            for disease in 0..<16 {
                #expect(abs(problem.moves[disease * 16..<disease * 16 + 16].reduce(0, +) - 1) < 1e-12)
                let arrives = (0..<16).reduce(0) { $0 + problem.start[$1] * problem.moves[$1 * 16 + disease] }
                #expect(abs(arrives - problem.start[disease]) < 1e-12)
                #expect(problem.remission[disease * 16..<disease * 16 + 16].contains { (0.8...1).contains($0) })
            }
            let weights = try EpiCareEnvironment(seed: seed, isModified: true).smartWeights
            let best = try #require(weights.max())
            let worst = try #require(weights.min())
            #expect(abs(best / worst - 8) < 1e-12)
        }
        #expect(throws: EnvironmentError.damagedData("epicare: the arrays of seed 9")) { try EpiCareProblem(seed: 9) }
    }

    @Test("The memory of the standard of care goes half-way to what a visit paid, and symptoms are read to one decimal")
    func memory() throws {
        let environment = try EpiCareEnvironment(seed: 3, isModified: true)
        let lanes = environment.makeEpisodes(seed: 4)
        let all = LaneMask(repeating: true)
        lanes.begin(Array(0..<laneCount), in: all)
        let belief = environment.facts.observations.count + 1 + 6
        let before = lanes.observation[belief]
        let other = lanes.observation[belief + 1]
        let action = LanePointer.allocate(capacity: 1)
        defer { action.deallocate() }
        action.initialize(to: Lane(repeating: 6))
        lanes.step(action, in: all)
        let half = Lane(repeating: 0.5)
        #expect(lanes.observation[belief] == half * before + half * lanes.reward)
        #expect(lanes.observation[belief + 1] == other)
        for lane in 0..<laneCount where lanes.ending[lane] == 0 {
            for symptom in 0..<8 {
                let seen = lanes.observation[symptom][lane]
                #expect((seen * 10).rounded() / 10 == seen)
            }
        }
    }

    @Test("The same bits for any number of threads and beside any other episodes; the score is the value over 64")
    func sameBits() throws {
        let environment = try environment("seed2")
        let policy = try environment.policy(.rule("standard-of-care"))
        let one = try environment.simulate(policy, episodes: 2_000, seed: 3, threads: 1)
        let two = try environment.simulate(policy, episodes: 2_000, seed: 3, threads: 2)
        #expect(two == one)
        let value = try #require(one.value)
        let score = try #require(one.measures[0].mean)
        #expect(abs(score - value / 64) < 1e-12)
        #expect(one.by[0].reduce(0) { $0 + $1.count } == 2_000)
    }
}
