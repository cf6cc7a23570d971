import NumericsCore
import Testing

@testable import Outcomes

// A score for an outcome without times: by hand, against all pairs, and without numbers where there are none.
@Suite struct BinaryAUCTests {
    @Test("By hand: five of six pairs are in order and one is tied")
    func byHand() throws {
        let result = try BinaryAUC(scores: [1, 2, 2, 3, 4], events: [false, false, true, true, true])
        #expect(result.events == 3 && result.nonEvents == 2)
        let auc = try require(result.auc)
        #expect(auc.value == 5.5 / 6)
        // Shares won by the events 3/4, 1, 1 and by the others 1, 5/6.
        let (m, n) = (3.0, 2.0)
        let ofEvents = ((0.75 - 5.5 / 6) * (0.75 - 5.5 / 6) + 2 * (1 - 5.5 / 6) * (1 - 5.5 / 6)) / (m - 1)
        let ofOthers = ((1 - 5.5 / 6) * (1 - 5.5 / 6) + (5.0 / 6 - 5.5 / 6) * (5.0 / 6 - 5.5 / 6)) / (n - 1)
        #expect(agree(try require(auc.standardError), (ofEvents / m + ofOthers / n).squareRoot(), 1e-12))
    }

    @Test("Second route: DeLong's placements from all pairs, with many ties", arguments: [1, 2, 3] as [UInt64])
    func allPairs(_ seed: UInt64) throws {
        var sequence = TestSequence(seed: seed)
        let events = (0..<157).map { _ in sequence.uniform() < 0.3 }
        let scores = events.map { Double(sequence.integer(below: 20)) + ($0 ? 4 : 0) }
        let auc = try require(BinaryAUC(scores: scores, events: events).auc)
        let (cases, controls) = (
            scores.indices.filter { events[$0] }.map { scores[$0] },
            scores.indices.filter { !events[$0] }.map { scores[$0] }
        )
        func share(_ a: Double, over others: [Double]) -> Double {
            others.reduce(0) { $0 + (a > $1 ? 1 : a == $1 ? 0.5 : 0) } / Double(others.count)
        }
        let ofCases = cases.map { share($0, over: controls) }
        let ofControls = controls.map { 1 - share($0, over: cases) }
        func variance(_ x: [Double]) -> Double {
            let mean = x.reduce(0, +) / Double(x.count)
            return x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count - 1)
        }
        #expect(agree(auc.value, ofCases.reduce(0, +) / Double(cases.count), 1e-12))
        let error = (variance(ofCases) / Double(cases.count) + variance(ofControls) / Double(controls.count))
            .squareRoot()
        #expect(agree(try require(auc.standardError), error, 1e-11))
    }

    @Test("Everybody tied is ½; a perfect score has no error; one kind alone has no AUC")
    func edges() throws {
        #expect(try require(BinaryAUC(scores: [1, 1, 1], events: [true, false, true]).auc).value == 0.5)
        let perfect = try require(BinaryAUC(scores: [1, 2, 3, 4], events: [false, false, true, true]).auc)
        #expect(perfect.value == 1 && perfect.standardError.value == nil)
        #expect(
            try BinaryAUC(scores: [1], events: [true]).auc.undefined?.reason
                == "every patient has the outcome: there is nobody to rank below them")
        #expect(
            try BinaryAUC(scores: [1], events: [false]).auc.undefined?.reason
                == "no patient has the outcome: there is nobody to rank above the others")
        do {
            _ = try BinaryAUC(scores: [.nan, 1], events: [true])
            Issue.record("bad columns were accepted")
        } catch {
            #expect(
                error.description == """
                    row 1, score: found nan, allowed is a finite number
                    event: found 1 rows, allowed is 2 rows
                    """)
        }
    }
}
