import Foundation
import Testing

@testable import NumericsCore

/// Backed by 400-digit values (References/elementary_functions.csv), by the C library, and by the other route to the same
/// number.
@Suite("exp and log")
struct ExponentialTests {
    private static let inputs = VectorMathTests.inputs

    /// Sixteen at a time, as lane programs call it.
    private static func lanes(_ inputs: [Double], _ function: (LanePointer, LanePointer) -> Void) -> [Double] {
        let pointer = LanePointer.allocate(capacity: 2)
        defer { pointer.deallocate() }
        var results: [Double] = []
        for start in stride(from: 0, to: inputs.count, by: laneCount) {
            pointer[0] = Lane(repeating: 0)
            for lane in 0..<min(laneCount, inputs.count - start) { pointer[0][lane] = inputs[start + lane] }
            function(pointer, pointer + 1)
            for lane in 0..<min(laneCount, inputs.count - start) { results.append(pointer[1][lane]) }
        }
        return results
    }

    @Test("Sixteen lanes and one number have the same bits, whatever stands in the other lanes")
    func lanesAndScalars() {
        #expect(zip(Self.lanes(Self.inputs, LaneMath.exp), Self.inputs).allSatisfy { sameBits($0, Elementary.exp($1)) })
        #expect(zip(Self.lanes(Self.inputs, LaneMath.log), Self.inputs).allSatisfy { sameBits($0, Elementary.log($1)) })
    }

    /// The reference is rounded to half an ulp; the functions promise one.
    @Test("Errors are below one unit in the last place", arguments: ["exp", "log"])
    func errors(name: String) throws {
        let function = name == "exp" ? Elementary.exp : Elementary.log
        for row in try ReferenceTable("elementary_functions").rows(of: name) {
            #expect(errorInUlps(function(row.arguments[0]), row.value) <= 1.5, "\(name)(\(row.arguments[0]))")
        }
    }

    /// glibc promises half an ulp and a little, so no two may differ by more than two.
    @Test("The C library's numbers are at most two units away")
    func againstTheLibrary() {
        for x in Self.inputs where !x.isNaN {
            let (own, other) = (Elementary.exp(x), Foundation.exp(x))
            #expect(own == other || abs(own - other) <= 2 * other.ulp, "exp(\(x))")
            guard x > 0 else { continue }
            let (log, reference) = (Elementary.log(x), Foundation.log(x))
            #expect(log == reference || abs(log - reference) <= 2 * reference.ulp, "log(\(x))")
        }
    }

    @Test("Where there is no number there is the right none")
    func edges() {
        #expect(Elementary.exp(709.79) == .infinity && Elementary.exp(-745.2) == 0)
        #expect(Elementary.exp(-745.1) == .leastNonzeroMagnitude)
        #expect(Elementary.exp(.infinity) == .infinity && Elementary.exp(-.infinity) == 0 && Elementary.exp(.nan).isNaN)
        #expect(Elementary.exp(0) == 1 && Elementary.exp(-0.0) == 1 && Elementary.log(1) == 0)
        #expect(Elementary.log(0) == -.infinity && Elementary.log(-0.0) == -.infinity)
        #expect(Elementary.log(-1).isNaN && Elementary.log(.nan).isNaN && Elementary.log(.infinity) == .infinity)
    }

    /// Three ulps: one of each function, and one where theirs differ by a binade.
    @Test("e^x - 1 beside e^x is what expm1 gives, to all digits near 0")
    func lessOne() {
        let pointer = LanePointer.allocate(capacity: 3)
        defer { pointer.deallocate() }
        for x in Self.inputs where !x.isNaN {
            pointer[0] = Lane(repeating: x)
            LaneMath.exp(pointer, pointer + 1, less: pointer + 2)
            let (value, less, reference) = (pointer[1][3], pointer[2][3], Elementary.expm1(x))
            #expect(sameBits(value, Elementary.exp(x)))
            #expect(less == reference || abs(less - reference) <= 3 * reference.ulp, "expm1(\(x))")
        }
    }
}
