import Evaluation
import Foundation
import NumericsCore
import Testing

@testable import RegimeEstimation

@Suite struct CoverageTests {
    /// 300 seeded tables of 300 people of the most non-regular model: nominal 95 % m-out-of-n intervals of ψ₁₀ cover the truth in
    /// 92–96 % but for chance, three standard errors being 3·√(0.95·0.05/300) = 3.8 %.
    @Test func nonRegular() throws {
        var intervals = RegimeRequest.Intervals()
        intervals.method = .mOutOfN
        intervals.replicates = 300
        intervals.alpha = 0.05
        let found = try CoverageModel.all[0].coverage(intervals, replicates: 0..<300, count: 300, seed: 2010)
        #expect(found.share > 0.92 - 0.038 && found.share < 0.96 + 0.038, "\(found)")
        #expect(found.size < 290)
    }

    /// The table of all models, with α by the double bootstrap besides: `TRIALIST_COVERAGE=1000 swift test --filter coverageTable`
    /// prints it, every 100 tables; `TRIALIST_COVERAGE_KINDS=plain,fixed,chosen` for some of its columns.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["TRIALIST_COVERAGE"] != nil)) func coverageTable() throws {
        let environment = ProcessInfo.processInfo.environment
        let replicates = Int(environment["TRIALIST_COVERAGE"] ?? "") ?? 1000
        for kind in (environment["TRIALIST_COVERAGE_KINDS"] ?? "plain,fixed,chosen").split(separator: ",") {
            var intervals = RegimeRequest.Intervals()
            intervals.method = kind == "plain" ? .bootstrap : .mOutOfN
            intervals.alpha = kind == "fixed" ? 0.05 : nil
            (intervals.replicates, intervals.chooser) = (500, 100)
            var found = CoverageModel.all.map { _ in CoverageFound() }
            for first in stride(from: 0, to: replicates, by: 100) {
                for (place, model) in CoverageModel.all.enumerated() {
                    let tables = first..<min(first + 100, replicates)
                    found[place].merge(
                        try model.coverage(intervals, replicates: tables, count: 300, seed: 2010))
                    let line = "\(model.name), \(kind): \(found[place].text)\n"
                    FileHandle.standardError.write(Data(line.utf8))
                }
            }
            for place in found.indices { #expect(found[place].share > 0.85, "\(kind), \(found[place].text)") }
        }
    }

    /// m-out-of-n intervals against their second route, by sums over kinds of people: the same α and m, and intervals within 1e-9.
    @Test(arguments: [0, 2, 3, 5], [nil, 0.05]) func secondRoute(_ model: Int, _ alpha: Double?) throws {
        let (problem, request) = try CoverageModel.all[model].problem(4, count: 150, seed: 31)
        var asked = request
        (asked.intervals.method, asked.intervals.alpha) = (.mOutOfN, alpha)
        (asked.intervals.replicates, asked.intervals.chooser, asked.intervals.seed) = (80, 30, 4)
        let estimate = try RegimeEstimate(asked, problem)
        let second = CoverageModel.all[model].cells(4, count: 150, seed: 31)
        let found = try #require(second.interval(asked.intervals))
        #expect(estimate.intervals.alpha == found.alpha && estimate.intervals.size == found.size)
        #expect(abs(try #require(estimate.psi[0].shown.lower) - found.lower) < 1e-9)
        #expect(abs(try #require(estimate.psi[0].shown.upper) - found.upper) < 1e-9)
    }

    /// Of numbers drawn evenly from 0 to 1 the k-th of B is k/(B + 1) on average; beyond the ends there is nothing.
    @Test func coveringQuantiles() {
        let sorted = (1...99).map { Double($0) }
        #expect(Resampling.coveringQuantile(sorted, 0.025) == 2.5)
        #expect(Resampling.coveringQuantile(sorted, 0.5) == 50)
        #expect(abs(Resampling.coveringQuantile(sorted, 0.975) - 97.5) < 1e-12)
        #expect(Resampling.coveringQuantile([3, 4], 0.025) == 3 && Resampling.coveringQuantile([3, 4], 0.975) == 4)
        #expect(Resampling.coveringQuantile([], 0.5).isNaN)
    }

    /// Counts of people sum to m, and the intervals are the same bits in one run and the next, whatever the threads did.
    @Test func sameBits() throws {
        let (problem, request) = try CoverageModel.all[2].problem(1, count: 100, seed: 5)
        var asked = request
        asked.intervals.method = .mOutOfN
        asked.intervals.replicates = 60
        asked.intervals.chooser = 20
        let first = try RegimeEstimate(asked, problem)
        let second = try RegimeEstimate(asked, problem)
        #expect(first.psi.map(\.shown.lower) == second.psi.map(\.shown.lower))
        #expect(first.intervals.size == second.intervals.size)
        let frequency = Resampling(count: 100, seed: 1).frequency(replicate: 3, size: 61)
        #expect(frequency.reduce(0, +) == 61)
    }

    /// The stacked errors are those of the spread over repeated tables in a regular model: within 10 % (400 tables: 3.5 % error each).
    @Test func stackedErrors() throws {
        let model = CoverageModel.all[5]
        var (estimates, errors): ([Double], [Double]) = ([], [])
        for replicate in 0..<400 {
            let (problem, asked) = try model.problem(replicate, count: 400, seed: 77)
            var request = asked
            request.method = .dwols
            request.intervals.method = .stacked
            let estimate = try RegimeEstimate(request, problem)
            estimates.append(estimate.psi[0].shown.estimate)
            errors.append(try #require(estimate.psi[0].shown.se))
        }
        let mean = estimates.reduce(0, +) / 400
        let spread = (estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
        let typical = errors.reduce(0, +) / 400
        #expect(abs(typical / spread - 1) < 0.1, "\(typical), \(spread)")
    }
}
