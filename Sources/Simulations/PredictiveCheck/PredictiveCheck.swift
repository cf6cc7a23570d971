import ModelLanguage
import NumericsCore
import Pharmacology

/// A visual predictive check: the population is simulated again and again with residual error, and the percentiles of
/// what comes out are laid beside those of what was observed.
///
/// **Points.** Where the event table has observed values (DV), each is a point, and the simulation is read at the same
/// subject, time and endpoint. Else every reported time of every subject is a point of every endpoint.
///
/// **Prediction correction** (Bergstrand, Hooker, Wallin and Karlsson 2011, AAPS J 13:143, equation 1, with a lower bound of
/// 0): a value y at a point whose typical prediction is p becomes y · P / p, where P is the median of p over the bin. It
/// takes out what dose and covariates make different within a bin. A value at p = 0 stays as it is.
package struct PredictiveCheck: Sendable {
    private let run: SimulationRun
    private let options: PredictiveCheckOptions
    private let points: [Point]
    /// Where each subject's points begin, and the end.
    private let firstPoint: [Int]
    private let bins: [BinnedPoints]
    private let isObserved: Bool

    struct Point: Sendable {
        var sample: Int
        var endpoint: Int
        /// Its number among the endpoint's points of its subject: the draw of its residual error.
        var draw: UInt64
        var time: Double
        var observed: Double
    }

    /// Prepares a check of a run's population.
    ///
    /// - Throws: ``InputErrors`` where the model has no endpoint, or an observed value does not say of which one it is.
    package init(_ run: SimulationRun, _ options: PredictiveCheckOptions) throws(InputErrors) {
        let endpoints = run.model.model.endpoints
        guard !endpoints.isEmpty else {
            throw InputErrors([
                InputProblem(
                    "the model has no endpoint, allowed: a model with one, such as cp ~ prop(0.1)", at: "--vpc")
            ])
        }
        self.run = run
        self.options = options
        let layout = try PredictivePoints(run.population, endpoints.map(\.name))
        points = layout.points
        firstPoint = layout.firstPoint
        isObserved = layout.isObserved
        let all = layout.points
        bins = endpoints.indices.map { endpoint in
            let own = all.indices.filter { all[$0].endpoint == endpoint }
            return BinnedPoints(options.bins, own.map { ($0, all[$0].time) })
        }
    }

    /// Simulates and summarises: one result for each endpoint that has points.
    ///
    /// - Throws: ``SimulationRun/Stopped``.
    package func bands() throws -> [PredictiveBands] {
        let factors = options.isPredictionCorrected ? try correction() : nil
        var replicates: [[[[Double]]]] = []
        for replicate in 0..<options.replicates {
            let values = try simulated(replicate: UInt32(replicate))
            replicates.append(percentiles(values, factors))
        }
        let observed = isObserved ? percentiles(points.map(\.observed), factors) : nil
        let names = run.model.model.endpoints.map(\.name)
        return names.indices.filter { !bins[$0].edges.isEmpty }.map { endpoint in
            PredictiveBands(
                endpoint: names[endpoint], percentiles: options.percentiles, bins: times(of: endpoint),
                observed: observed?[endpoint], simulated: bands(of: endpoint, replicates),
                excluded: bins[endpoint].excluded)
        }
    }

    // MARK: Simulating

    /// The value at each point with residual error.
    private func simulated(replicate: UInt32) throws -> [Double] {
        var run = run
        run.replicate = replicate
        let key = StreamKey(seed: run.population.seed, purpose: .residualError)
        return try values(of: run) { block, subject, index, point in
            let stream = RandomStream(
                key: key, replicate: replicate, patient: UInt32(truncatingIfNeeded: subject),
                substream: UInt32(point.endpoint))
            return block.observed(
                endpoint: point.endpoint, subject: index, sample: point.sample, from: stream, at: point.draw)
        }
    }

    /// The value at each point without residual error in a subject whose etas are 0.
    private func predictions() throws -> [Double] {
        var run = run
        run.isTypical = true
        return try values(of: run) { block, _, index, point in
            block.value(endpoint: point.endpoint, subject: index, sample: point.sample)
        }
    }

    private func values(
        of run: SimulationRun, _ read: @escaping (SimulatedBlock, _ subject: Int, _ index: Int, Point) -> Double
    ) throws -> [Double] {
        let sink = PointSink(points, firstPoint, read)
        var outcome = SimulationOutcome()
        try run.simulate(into: sink, &outcome)
        return sink.values
    }

    // MARK: Summarising

    /// For each point what its value is multiplied by.
    private func correction() throws -> [Double] {
        let predictions = try predictions()
        var factors = [Double](repeating: 1, count: points.count)
        for bin in bins.flatMap(\.members) {
            let median = percentile(50, ofSorted: bin.map { predictions[$0] }.filter(\.isFinite).sorted())
            for point in bin where predictions[point] != 0 && predictions[point].isFinite {
                factors[point] = median / predictions[point]
            }
        }
        return factors
    }

    /// The percentiles of values by endpoint and bin; those of failed subjects (NaN) do not count.
    private func percentiles(_ values: [Double], _ factors: [Double]?) -> [[[Double]]] {
        bins.map { bins in
            bins.members.map { members in
                let sorted = members.map { values[$0] * (factors?[$0] ?? 1) }.filter { !$0.isNaN }.sorted()
                return options.percentiles.map { percentile($0, ofSorted: sorted) }
            }
        }
    }

    private func times(of endpoint: Int) -> [PredictiveBands.Bin] {
        let edges = bins[endpoint].edges
        return bins[endpoint].members.enumerated().map { bin, members in
            PredictiveBands.Bin(
                from: edges[bin], to: edges[bin + 1],
                time: percentile(50, ofSorted: members.map { points[$0].time }.sorted()), count: members.count)
        }
    }

    private func bands(of endpoint: Int, _ replicates: [[[[Double]]]]) -> [[PredictiveBands.Band]] {
        let tail = (100 - PredictiveCheckOptions.bandPercent) / 2
        return bins[endpoint].members.indices.map { bin in
            options.percentiles.indices.map { index in
                let sorted = replicates.map { $0[endpoint][bin][index] }.filter { !$0.isNaN }.sorted()
                return PredictiveBands.Band(
                    median: percentile(50, ofSorted: sorted), lower: percentile(tail, ofSorted: sorted),
                    upper: percentile(100 - tail, ofSorted: sorted))
            }
        }
    }
}

/// Where the values of a check are read.
private struct PredictivePoints {
    private(set) var points: [PredictiveCheck.Point] = []
    private(set) var firstPoint = [0]
    let isObserved: Bool

    init(_ population: SimulatedPopulation, _ endpoints: [String]) throws(InputErrors) {
        isObserved = (0..<population.count).contains { !population.observations($0).isEmpty }
        var problems = InputProblemList()
        for subject in 0..<population.count {
            var draws = [UInt64](repeating: 0, count: endpoints.count)
            let samples = population.samples(subject)
            func append(_ sample: Int, _ endpoint: Int, _ observed: Double) {
                points.append(
                    PredictiveCheck.Point(
                        sample: sample, endpoint: endpoint, draw: draws[endpoint], time: samples[sample],
                        observed: observed))
                draws[endpoint] += 1
            }
            if isObserved {
                var sample = 0
                for observation in population.observations(subject) {
                    while samples[sample] < observation.time { sample += 1 }
                    guard let endpoint = observation.endpoint else {
                        problems.note(
                            "the value observed in subject \(population.identifier(subject)) at time \(observation.time) "
                                + "does not say of which endpoint it is, allowed: \(endpoints.joined(separator: ", ")) in "
                                + "CMT or DVID", at: "--vpc")
                        continue
                    }
                    append(sample, endpoint, observation.value)
                }
            } else {
                for sample in samples.indices {
                    for endpoint in endpoints.indices { append(sample, endpoint, .nan) }
                }
            }
            firstPoint.append(points.count)
        }
        try problems.throwIfAny()
    }
}

/// Keeps the values at the points of each subject.
private final class PointSink: SimulationSink {
    private(set) var values: [Double]
    private let points: [PredictiveCheck.Point]
    private let firstPoint: [Int]
    private let read: (SimulatedBlock, _ subject: Int, _ index: Int, PredictiveCheck.Point) -> Double

    init(
        _ points: [PredictiveCheck.Point], _ firstPoint: [Int],
        _ read: @escaping (SimulatedBlock, _ subject: Int, _ index: Int, PredictiveCheck.Point) -> Double
    ) {
        self.points = points
        self.firstPoint = firstPoint
        self.read = read
        values = Array(repeating: .nan, count: points.count)
    }

    var readsEndpoints: Bool { true }

    func receive(_ block: SimulatedBlock, _ subjects: ArraySlice<Subject>, first: Int) {
        for index in 0..<subjects.count {
            let subject = first + index
            for point in firstPoint[subject]..<firstPoint[subject + 1] {
                values[point] = read(block, subject, index, points[point])
            }
        }
    }

    func finish(_ outcome: SimulationOutcome) {}
    func discard() {}
}
