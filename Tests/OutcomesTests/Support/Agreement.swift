import Outcomes
import Testing

/// True where two numbers differ by at most `tolerance` of the larger; numbers below `floor` are compared as if of that size.
func agree(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9, floor: Double = 1e-12) -> Bool {
    abs(a - b) <= tolerance * max(abs(a), abs(b), floor)
}

func agree(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-9, floor: Double = 1e-12) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { agree($0, $1, tolerance, floor: floor) }
}

/// The value of a result that the test needs; records the reason where there is none.
func require<Value>(_ result: Estimated<Value>, sourceLocation: SourceLocation = #_sourceLocation) throws -> Value {
    try #require(result.value, "\(result.undefined?.reason ?? "")", sourceLocation: sourceLocation)
}

/// A small generator for test data: a 64-bit linear congruential sequence (Knuth 1997, section 3.3.4), high bits used.
struct TestSequence {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 2 &+ 1 }

    /// Uniform on (0, 1).
    mutating func uniform() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (Double(state >> 11) + 0.5) * 0x1p-53
    }

    mutating func integer(below bound: Int) -> Int { Int(uniform() * Double(bound)) }
}

extension SurvivalData {
    /// Small data with many ties: integer times from 1 to `span`, about two thirds events.
    static func tied(count: Int, span: Int, seed: UInt64, delayed: Bool = false) throws -> SurvivalData {
        var sequence = TestSequence(seed: seed)
        let times = (0..<count).map { _ in Double(1 + sequence.integer(below: span)) }
        let events = (0..<count).map { _ in sequence.uniform() < 0.65 }
        let entries = times.map { Double(sequence.integer(below: Int($0))) }
        return try SurvivalData(times: times, events: events, entries: delayed ? entries : nil)
    }
}
