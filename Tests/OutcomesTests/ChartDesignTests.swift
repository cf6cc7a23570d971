import NumericsCore
import Testing

@testable import Outcomes

// Limits chosen for a run length: against the published tables of run lengths, and against a reference made ready once.
@Suite struct ChartDesignTests {
    @Test("Limits: Shewhart by its quantile, CUSUM and EWMA by the published tables to 1 % of the run length")
    func published() throws {
        func limit(_ kind: ControlChart.Kind, _ length: Double, _ side: ControlChart.Side = .both) throws -> Double {
            try ControlChart(kind, side: side, runLength: length).rule.statedLimit
        }
        #expect(try limit(.shewhart, 370.398347) == 3)
        #expect(try limit(.shewhart, 100, .lower) == 2.3263)
        // Lucas and Crosier 1982, Technometrics 24:199, table 1: limit 4 for 168, 5 for 465 windows.
        #expect(abs(try limit(.cusum(slack: 0.5), 168) - 4) < 0.01)
        #expect(abs(try limit(.cusum(slack: 0.5), 465) - 5) < 0.01)
        // Lucas and Saccucci 1990, Technometrics 32:1, table 3.
        for (weight, expected) in [(0.4, 3.054), (0.25, 2.998), (0.2, 2.962), (0.1, 2.814), (0.05, 2.615)] {
            #expect(abs(try limit(.ewma(weight: weight), 500) - expected) < 0.01, "\(weight)")
        }
    }

    @Test("Siegmund's approximation of the one-sided CUSUM's run length (1985, eq. 2.58) is met to 3 %")
    func siegmund() throws {
        for length in [50.0, 100, 500, 2_000] {
            let limit = try ControlChart(.cusum(slack: 0.5), side: .lower, runLength: length).rule.statedLimit
            let b = limit + 1.166
            #expect(agree(Elementary.exp(b) - b - 1, length / 2, 0.03), "\(length): limit \(limit)")
        }
    }

    @Test("The run length of the limit found is the one asked for, with twice the cells too (0.1 % and 0.5 %)")
    func roundTrip() throws {
        for kind in [ControlChart.Kind.shewhart, .cusum(slack: 0.25), .ewma(weight: 0.2)] {
            for side in ControlChart.Side.allCases {
                let chart = try ControlChart(kind, side: side, runLength: 100)
                #expect(agree(try require(chart.averageRunLength()), 100, 1e-3), "\(kind) \(side)")
                #expect(agree(try require(chart.averageRunLength(cells: 400)), 100, 5e-3), "\(kind) \(side)")
            }
        }
    }

    @Test("What has no such limit is refused with what is allowed")
    func refusals() throws {
        func message(_ kind: ControlChart.Kind, _ length: Double) -> String {
            do {
                _ = try ControlChart(kind, side: .lower, runLength: length)
                return "accepted"
            } catch { return error.description }
        }
        #expect(message(.shewhart, 5) == "run length: found 5.0, allowed is a number from 10 to 100000")
        #expect(message(.shewhart, .nan) == "run length: found nan, allowed is a number from 10 to 100000")
        #expect(message(.cusum(slack: -1), 100) == "slack: found -1.0, allowed is a finite number ≥ 0")
        #expect(message(.ewma(weight: 2), 100) == "weight: found 2.0, allowed is a number over 0 and at most 1")
        #expect(
            message(.cusum(slack: 3), 100)
                == "run length: found 100.0, allowed is a longer one, or a smaller slack: false alarms are rarer than that at any limit"
        )
    }

    @Test("A reference made ready once gives the numbers of the one-shot types, bit for bit")
    func reference() throws {
        var sequence = TestSequence(seed: 5)
        for (n, m, levels) in [(200, 50, 1_000_000), (500, 120, 40), (60, 3, 7)] {
            let a = (0..<n).map { _ in Double(sequence.integer(below: levels)) }
            let b = (0..<m).map { _ in Double(sequence.integer(below: levels)) + 1 }
            let reference = try ReferenceScores(a)
            let distance = try #require(reference.distance(ofSorted: b.sorted()))
            let once = try KolmogorovSmirnov(reference: a, current: b, kind: .asymptotic)
            #expect(distance.statistic == once.statistic && distance.pValue == once.pValue)
            let stability = try PopulationStability(reference: a, current: b)
            let shift = try #require(reference.stability(of: b))
            if let index = stability.index.value {
                #expect(shift.statistic == index && shift.pValue == stability.test.value?.pValue)
            } else {
                // Three patients leave bins empty: half a patient each.
                #expect(shift.statistic > 0 && shift.statistic.isFinite)
            }
        }
        #expect(try ReferenceScores([1, 1, 1]).stability(of: [2]) == nil)
        #expect(try ReferenceScores([1]).distance(ofSorted: []) == nil)
        #expect(try ReferenceScores([1, 2]).distance(ofSorted: [1, 2])?.z == -8)
    }
}
