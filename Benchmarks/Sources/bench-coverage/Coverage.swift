import Foundation

/// What a case's intervals did in the replicates of one size.
struct CoverageCount: Sendable {
    var held = 0
    /// Intervals that lie below the truth, and above it.
    var below = 0
    var above = 0
    /// The estimator gave no interval, or no estimate.
    var undefined = 0

    mutating func take(_ interval: ClosedRange<Double>?, _ truth: Double) {
        guard let interval else {
            undefined += 1
            return
        }
        if truth < interval.lowerBound {
            above += 1
        } else if truth > interval.upperBound {
            below += 1
        } else {
            held += 1
        }
    }

    mutating func add(_ other: CoverageCount) {
        held += other.held
        below += other.below
        above += other.above
        undefined += other.undefined
    }

    /// Coverage farther than this from 95 % by more than two Monte Carlo errors is marked.
    private static let tolerated = 0.02

    /// `94.8 ± 0.3 [2.4, 2.8]`: misses below and above, a mark outside the tolerated range, the share without an interval.
    var cell: String {
        guard held + below + above > 0 else { return "none" }
        let n = Double(held + below + above)
        let share = Double(held) / n
        let error = (share * (1 - share) / n).squareRoot()
        let sides = String(format: " [%.1f, %.1f]", 100 * Double(below) / n, 100 * Double(above) / n)
        let mark = abs(share - 0.95) > Self.tolerated + 2 * error ? " *" : ""
        let missing =
            undefined > 0 ? String(format: " (%.1f %% none)", 100 * Double(undefined) / (n + Double(undefined))) : ""
        return String(format: "%.1f ± %.1f", 100 * share, 100 * error) + sides + mark + missing
    }
}

/// A coverage study of all cases: the same counts on every machine, with any number of threads.
struct CoverageStudy: Sendable {
    let replicates: Int
    let seed: UInt64

    /// One count for each case, from all replicates of a size, block by block on all processors.
    func counts(patients: Int) async throws -> [CoverageCount] {
        let width = 50
        return try await withThrowingTaskGroup(of: [CoverageCount].self) { group in
            for start in stride(from: 0, to: replicates, by: width) {
                let block = start..<min(start + width, replicates)
                group.addTask { try counts(of: block, patients: patients) }
            }
            var sum = [CoverageCount](repeating: CoverageCount(), count: CoverageCase.all.count)
            for try await part in group { for index in sum.indices { sum[index].add(part[index]) } }
            return sum
        }
    }

    private func counts(of block: Range<Int>, patients: Int) throws -> [CoverageCount] {
        var counts = [CoverageCount](repeating: CoverageCount(), count: CoverageCase.all.count)
        let clock = try EventClock()
        for replicate in block {
            let cohort = try Cohort(patients: patients, replicate: UInt32(replicate), seed: seed, clock: clock)
            for (index, item) in CoverageCase.all.enumerated() {
                // A fit that fails by name is a result without an interval.
                let interval = try? item.interval(cohort)
                counts[index].take(interval ?? nil, item.truth)
            }
        }
        return counts
    }

    /// The Markdown table of all cases by size.
    func table(sizes: [Int]) async throws -> String {
        var columns: [[CoverageCount]] = []
        for size in sizes { columns.append(try await counts(patients: size)) }
        var lines = [
            "| estimator | truth | " + sizes.map { "n = \($0)" }.joined(separator: " | ") + " |",
            "|---|---|" + sizes.map { _ in "---|" }.joined(),
        ]
        for (index, item) in CoverageCase.all.enumerated() {
            let cells = columns.map { $0[index].cell }.joined(separator: " | ")
            lines.append("| \(item.name) | \(String(format: "%.4f", item.truth)) | \(cells) |")
        }
        return lines.joined(separator: "\n")
    }
}
