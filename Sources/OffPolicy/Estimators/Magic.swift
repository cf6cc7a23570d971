import NumericsCore

/// MAGIC (Thomas and Brunskill 2016, section 7): the mixture of partial returns, between model and weights, with the least estimated
/// mean squared error.
///
/// gⱼ corrects the model for j decisions by weights and believes it from there: g₀ is the direct method, g_L the weighted doubly
/// robust estimator. V̂ = Σ xⱼ gⱼ with x ≥ 0, Σ x = 1 and least xᵀ (Ω̂ + b̂ b̂ᵀ) x. Ω̂ is the covariance of the gⱼ by their influence
/// functions, which are the paper's terms of single episodes with the error of the weights' sum in them. b̂ⱼ is the distance
/// of gⱼ from the 90 % bootstrap interval of g_L, the model held fixed, as in the paper's algorithm 1 with κ = 200.
package struct Magic: OffPolicyEstimator {
    package static let name = "magic"
    package static let title = "MAGIC"
    package static let needsModel = true
    package static let trustsModel = true
    package static let needsWeights = true
    private let evidence: OffPolicyEvidence
    /// The numbers of decisions after which the model is believed.
    package let steps: [Int]
    /// x of each of ``steps``.
    package let mixture: [Double]
    package let effectiveSampleSize: Double

    /// How far the interval of g_L reaches from it.
    let margins: Margins

    /// More partial returns than this are thinned out: they hardly differ.
    static let most = 24

    package init(_ evidence: OffPolicyEvidence) { self.init(evidence, margins: Margins(evidence)) }

    /// The interval of g_L keeps its reach in resamples: one of resamples of resamples would change nothing to first order.
    package func value(on resample: OffPolicyEvidence) -> Double {
        Magic(resample, margins: margins).value(counts: [Double](repeating: 1, count: resample.episodes))
    }

    init(_ evidence: OffPolicyEvidence, margins: Margins) {
        self.margins = margins
        self.evidence = evidence
        let longest = evidence.longest
        steps =
            longest < Self.most
            ? Array(0...longest) : (0...Self.most).map { $0 * longest / Self.most }
        let count = evidence.episodes
        let averages = StageAverages(evidence, counts: [Double](repeating: 1, count: count))
        let returns = steps.map { averages.partial($0, evidence) }
        let influences = steps.map { averages.influence($0, evidence) }
        // One episode has no variance; then the weights are trusted as they are.
        let scale = 1 / (Double(count) * Double(max(1, count - 1)))
        var errors = Matrix(rows: steps.count, columns: steps.count) { i, j in
            j > i ? 0 : zip(influences[i], influences[j]).reduce(0) { $0 + $1.0 * $1.1 } * scale
        }
        let last = steps.count - 1
        let biases = returns.map { margins.distance($0 - returns[last]) }
        for i in steps.indices {
            for j in 0...i {
                errors[i, j] += biases[i] * biases[j]
                errors[j, i] = errors[i, j]
            }
        }
        mixture = SimplexMinimum.solve(errors)
        let (sums, squares) = evidence.stageSums()
        var smallest = Double(count)
        var sizes = [evidence.decisionSampleSize]
        for step in 0..<longest {
            smallest = min(smallest, kish(sums[step], squares[step]))
            sizes.append(smallest)
        }
        effectiveSampleSize = zip(steps, mixture).reduce(0) { $0 + sizes[$1.0] * $1.1 }
    }

    package func value(counts: [Double]) -> Double {
        let averages = StageAverages(evidence, counts: counts)
        return zip(steps, mixture).reduce(0) { sum, part in
            part.1 > 0 ? sum + part.1 * averages.partial(part.0, evidence) : sum
        }
    }

    package func influence() -> [Double] {
        let averages = StageAverages(evidence, counts: [Double](repeating: 1, count: evidence.episodes))
        var sum = [Double](repeating: 0, count: evidence.episodes)
        for (step, share) in zip(steps, mixture) where share > 0 {
            for (episode, part) in averages.influence(step, evidence).enumerated() { sum[episode] += share * part }
        }
        return sum
    }
}

extension Magic {
    /// How far the 90 % bootstrap interval of the weighted doubly robust estimate reaches below and above it.
    struct Margins: Sendable, Hashable {
        let below: Double
        let above: Double

        /// κ
        static let resamples = 200

        init(_ evidence: OffPolicyEvidence) {
            let key = StreamKey(seed: evidence.seed, purpose: .bootstrap)
            func estimate(_ counts: [Double]) -> Double {
                StageAverages(evidence, counts: counts).partial(evidence.longest, evidence)
            }
            let drawn = (0..<Self.resamples).map { resample in
                var stream = RandomStream(key: key, replicate: UInt32(resample), patient: 1, substream: 0)
                var counts = [Double](repeating: 0, count: evidence.episodes)
                for _ in 0..<evidence.episodes { counts[stream.nextInteger(below: evidence.episodes)] += 1 }
                return estimate(counts)
            }
            self.init(drawn, about: estimate([Double](repeating: 1, count: evidence.episodes)))
        }

        /// By κ estimates of resamples: from the ⌊0.05 κ⌋-th of them to the ⌈0.95 κ⌉-th, and the estimate itself is inside.
        init(_ drawn: [Double], about estimate: Double) {
            let values = drawn.filter(\.isFinite).sorted()
            guard values.count > 1 else {
                (below, above) = (0, 0)
                return
            }
            let low = values[max(1, values.count * 5 / 100) - 1]
            let high = values[(values.count * 95 + 99) / 100 - 1]
            (below, above) = (max(0, estimate - low), max(0, high - estimate))
        }

        /// The distance from the interval of a value that is so far from the estimate, with its sign.
        func distance(_ away: Double) -> Double {
            away > above ? away - above : away < -below ? away + below : 0
        }
    }
}
