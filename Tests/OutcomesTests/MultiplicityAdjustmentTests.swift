import Outcomes
import Testing

@Suite struct MultiplicityAdjustmentTests {
    static let names: [(MultiplicityAdjustment, String)] = [
        (.none, "none"), (.bonferroni, "bonferroni"), (.holm, "holm"), (.hochberg, "hochberg"),
        (.benjaminiHochberg, "BH"),
    ]

    @Test("Reference: R's p.adjust, ties and zeros too", arguments: names)
    func agreesWithR(_ method: MultiplicityAdjustment, _ name: String) throws {
        for reference in BiasReference.all.r.adjusted {
            let expected = try #require(reference.adjusted[name])
            #expect(agree(try method.adjusted(reference.p), expected, 1e-14))
        }
    }

    @Test("Invariant: order does not matter, none give none, adjusted ones are never smaller", arguments: names)
    func invariants(_ method: MultiplicityAdjustment, _ name: String) throws {
        var sequence = TestSequence(seed: 5)
        let p = (0..<40).map { _ in sequence.uniform() * sequence.uniform() }
        let adjusted = try method.adjusted(p)
        #expect(try method.adjusted(p.reversed()) == adjusted.reversed())
        #expect(zip(p, adjusted).allSatisfy { $0 <= $1 && $1 <= 1 })
        #expect(try method.adjusted([]).isEmpty)
        #expect(try method.adjusted([0.2]) == [0.2])
    }

    @Test("Comparisons: z of each contrast, adjusted over those that have a test")
    func comparisons() throws {
        let errors = [0.1, 0.1, 0.2, 0.0, 0.1]
        let frame = try Stratified(Grouping(["a", "b", "c", "d", "e"])) { rows in
            .value(Estimate(normal: [0.2, 0.5, 0.8, 0.4, 0.2][rows[0]], standardError: errors[rows[0]]))
        }
        let comparisons = try frame.comparisons(to: "a", adjustment: .bonferroni)
        #expect(comparisons.map(\.contrast.label) == ["b", "c", "d", "e"])
        // 0.3/√0.02 = 2.1213; its p-value by R's 2*pnorm(-2.121320343559643).
        #expect(agree(try require(comparisons[0].z), 2.121320343559643, 1e-14))
        #expect(agree(try require(comparisons[0].pValue), 0.03389485352468927, 1e-12))
        #expect(agree(try require(comparisons[0].adjustedPValue), 4 * 0.03389485352468927, 1e-12))
        #expect(try require(comparisons[3].adjustedPValue) == 1)
        let pairs = frame.pairwiseComparisons()
        #expect(pairs.count == 10)
        #expect(
            pairs.map { "\($0.contrast.label)-\($0.contrast.reference)" }.prefix(5) == [
                "b-a", "c-a", "d-a", "e-a", "c-b",
            ])
    }

    @Test("Undefined: a pair without an error has no test and does not count")
    func withoutError() throws {
        let frame = try Stratified(Grouping(["a", "b", "c"])) { rows in
            .value(Estimate(normal: Double(rows[0]), standardError: rows[0] == 2 ? 1 : 0))
        }
        let comparisons = try frame.comparisons(to: "a", adjustment: .bonferroni)
        #expect(comparisons[0].pValue.undefined?.reason == "the standard error is 0: there is no test")
        #expect(comparisons[1].adjustedPValue == comparisons[1].pValue)
    }

    @Test("Failure: what is not a probability")
    func failures() {
        let error = #expect(throws: InvalidInput.self) { try MultiplicityAdjustment.holm.adjusted([0.5, -0.1, .nan]) }
        #expect(
            error?.description == """
                row 2, p-value: found -0.1, allowed is a number from 0 to 1
                row 3, p-value: found nan, allowed is a number from 0 to 1
                """)
    }
}
