import NumericsCore
import Testing

/// Backed by closed forms and by the limits of what values alone can tell.
struct MinimizationTests {
    /// The place is known to √ε, the value to rounding.
    @Test func minimaOfKnownPlaces() {
        let cases: [(ClosedRange<Double>, Double, Double, @Sendable (Double) -> Double)] = [
            (-3...10, 2, -1, { ($0 - 2) * ($0 - 2) - 1 }), (0...4, .pi, -1, { Elementary.cos($0) }),
            (0.1...9, 1, 1, { $0 - Elementary.log($0) }), (-2...1, 0, 0, { abs($0) }),
            (0...1, 1, -1, { -$0 }), (5...8, 5, 5, { $0 }), (1e6...3e6, 2e6, 0, { ($0 - 2e6) * ($0 - 2e6) }),
        ]
        for (range, place, value, function) in cases {
            let found = Minimization.minimum(from: range.lowerBound, to: range.upperBound, of: function)
            #expect(abs(found.x - place) < 1e-7 * max(1, abs(place)), "\(found.x) for \(place)")
            #expect(abs(found.value - value) < 1e-7, "\(found.value) for \(value)")
            #expect(found.value == function(found.x))
        }
    }

    /// A smooth function takes a dozen evaluations or so, the worst one no more than golden sections.
    @Test func evaluationsAreFew() {
        var evaluations = 0
        _ = Minimization.minimum(from: 0, to: 4) { x in
            evaluations += 1
            return Elementary.cos(x)
        }
        #expect(evaluations < 20)
        evaluations = 0
        _ = Minimization.minimum(from: 0, to: 1) { x in
            evaluations += 1
            return x < 0.123_456 ? 1 : x
        }
        #expect(evaluations <= 101)
    }

    @Test func anEmptyIntervalIsItsPoint() {
        let found = Minimization.minimum(from: 2, to: 2) { $0 * $0 }
        #expect(found.x == 2 && found.value == 4)
    }
}
