import Pharmacology

/// The courses of one variable in a batch of subjects, each as a path that is exact to a tolerance.
///
/// All subjects are simulated together, round by round: first at sixteen points between any two times at which the course
/// may jump or bend, then again in the halves of the segments that these did not resolve.
struct ExposureCourses {
    private let simulation: PopulationSimulation
    private let threads: Int
    private let tolerance: Double

    private static let rounds = 14
    /// A course in more segments than this is noise to the path.
    private static let mostSegments = 20_000

    private struct Segment {
        var lower: Double
        var upper: Double
        var values: [Double] = []
    }

    /// - Parameter simulation: reports the variable, and nothing else.
    init(_ simulation: PopulationSimulation, threads: Int) {
        self.simulation = simulation
        self.threads = threads
        // A linear system has the digits of the machine; what is integrated has those of its tolerance.
        let isExact = simulation.options.method == .automatic && simulation.model.integratedStates.isEmpty
        tolerance = isExact ? 1e-11 : simulation.options.relativeTolerance
    }

    /// The path of each subject from one time to another, or why there is none.
    func paths(_ subjects: [Subject], _ windows: [(from: Double, to: Double)]) -> [Result<ChebyshevPath, ExposureError>]
    {
        var segments = segments(subjects, windows)
        var paths = [Result<ChebyshevPath, ExposureError>?](repeating: nil, count: subjects.count)
        for round in 0...Self.rounds {
            let open = subjects.indices.filter { paths[$0] == nil }
            guard !open.isEmpty else { break }
            sample(subjects, open, &segments)
            for index in open {
                paths[index] = path(&segments[index], isLast: round == Self.rounds)
            }
        }
        return paths.enumerated().map { index, path in
            path ?? .failure(.notFinite(time: windows[index].from, value: .nan))
        }
    }

    private func segments(_ subjects: [Subject], _ windows: [(from: Double, to: Double)]) -> [[Segment]] {
        var all: [[Segment]] = []
        let end = windows.reduce(-Double.infinity) { max($0, $1.to) }
        for first in stride(from: 0, to: subjects.count, by: 16) {
            let members = Array(subjects[first..<min(first + 16, subjects.count)])
            for (lane, stops) in simulation.stops(members, end: end).enumerated() {
                let window = windows[first + lane]
                let breaks = [window.from] + stops.filter { $0 > window.from && $0 < window.to } + [window.to]
                all.append(zip(breaks, breaks.dropFirst()).map { Segment(lower: $0, upper: $1) })
            }
        }
        return all
    }

    /// Simulates the subjects at the points of the segments that have no values.
    private func sample(_ subjects: [Subject], _ open: [Int], _ segments: inout [[Segment]]) {
        let sampled = open.map { index in
            var subject = subjects[index]
            // The first sample keeps the start, and so the initial state, where it is.
            subject.samples =
                (subject.start.map { [$0] } ?? [])
                + segments[index].filter(\.values.isEmpty).flatMap { ChebyshevPath.sampleTimes([$0.lower, $0.upper]) }
            return subject
        }
        simulation.run(sampled, threads: threads) { block in
            for lane in 0..<block.count {
                let index = open[block.first + lane]
                var next = 1
                for segment in segments[index].indices where segments[index][segment].values.isEmpty {
                    segments[index][segment].values = (next..<next + ChebyshevPath.points).map {
                        block.value(subject: lane, sample: $0, output: 0)
                    }
                    next += ChebyshevPath.points
                }
            }
        }
    }

    /// The path, or nil after halving the segments that are too coarse.
    private func path(_ segments: inout [Segment], isLast: Bool) -> Result<ChebyshevPath, ExposureError>? {
        for segment in segments {
            guard let wrong = segment.values.firstIndex(where: { !$0.isFinite }) else { continue }
            return .failure(.notFinite(time: segment.lower, value: segment.values[wrong]))
        }
        let breaks = segments.map(\.lower) + segments.suffix(1).map(\.upper)
        let path = ChebyshevPath(breaks, values: segments.flatMap(\.values))
        let coarse = segments.indices.filter { path.relativeError(ofSegment: $0) > tolerance }
        guard let first = coarse.first else { return .success(path) }
        if isLast || segments.count + coarse.count > Self.mostSegments {
            return .failure(
                .unresolved(
                    from: breaks[first], to: breaks[first + 1], error: path.relativeError(ofSegment: first),
                    tolerance: tolerance))
        }
        var finer: [Segment] = []
        var next = 0
        for (index, segment) in segments.enumerated() {
            guard next < coarse.count, coarse[next] == index else {
                finer.append(segment)
                continue
            }
            let middle = 0.5 * (segment.lower + segment.upper)
            finer += [Segment(lower: segment.lower, upper: middle), Segment(lower: middle, upper: segment.upper)]
            next += 1
        }
        segments = finer
        return nil
    }
}
