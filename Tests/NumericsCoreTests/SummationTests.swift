import NumericsCore
import Testing

/// Backed by sums known exactly and by merging against adding one by one.
struct SummationTests {
    @Test func whatAPlainSumLosesIsKept() {
        #expect(CompensatedSum([1e100, 1, -1e100]).value == 1)
        #expect(CompensatedSum([1, 1e100, 1, -1e100]).value == 2)
        #expect(CompensatedSum([Double](repeating: 0.1, count: 10_000_000)).value == 1_000_000)
        #expect(CompensatedSum([]).value == 0)
    }

    @Test func infinitiesAndNaNAreCarriedAsInAPlainSum() {
        #expect(CompensatedSum([1, .infinity, 2]).value == .infinity)
        #expect(CompensatedSum([.infinity, -.infinity]).value.isNaN)
        #expect(CompensatedSum([1, .nan]).value.isNaN)
        #expect(CompensatedSum([1e308, 1e308]).value == .infinity)
    }

    @Test func mergedSumsKeepTheirCompensation() {
        var left = CompensatedSum([1e100, 1])
        left.merge(CompensatedSum([-1e100, 1]))
        #expect(left.value == 2)
    }

    @Test func momentsOfAKnownList() throws {
        let moments = RunningMoments([2, 4, 4, 4, 5, 5, 7, 9])
        #expect(moments.count == 8)
        #expect(moments.mean == 5)
        #expect(relativeError(try #require(moments.variance), 32.0 / 7) < 1e-15)
        #expect(moments.standardDeviation == moments.variance?.squareRoot())
        #expect(relativeError(try #require(moments.standardError), (32.0 / 56).squareRoot()) < 1e-15)
        #expect(moments.minimum == 2)
        #expect(moments.maximum == 9)
    }

    @Test func nothingAndOneNumber() {
        let nothing = RunningMoments()
        #expect(nothing.mean == nil && nothing.variance == nil && nothing.minimum == nil && nothing.maximum == nil)
        let one = RunningMoments([3])
        #expect(one.mean == 3 && one.variance == nil && one.standardError == nil)
    }

    /// A large mean and a small spread, where the textbook formula loses every digit.
    @Test func aLargeOffsetDoesNotCancel() throws {
        let moments = RunningMoments([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])
        #expect(moments.mean == 1e9 + 10)
        #expect(moments.variance == 30)
    }

    @Test(arguments: [[], [0], [100], [1, 99], [17, 17, 60]])
    func mergingEqualsAddingOneByOne(cuts: [Int]) throws {
        var stream = RandomStream(seed: 3, purpose: .analysis, replicate: 0, patient: 0)
        let values = (0..<100).map { _ in stream.nextNormal(mean: 50, standardDeviation: 3) }
        let whole = RunningMoments(values)
        var merged = RunningMoments()
        var from = 0
        for cut in cuts + [100] {
            merged.merge(RunningMoments(values[from..<cut]))
            from = cut
        }
        #expect(merged.count == 100)
        #expect(relativeError(try #require(merged.mean), try #require(whole.mean)) < 1e-14)
        #expect(relativeError(try #require(merged.variance), try #require(whole.variance)) < 1e-13)
        #expect(merged.minimum == whole.minimum && merged.maximum == whole.maximum)
    }
}
