import Foundation
import Testing

@testable import NumericsCore

/// A function of the shim in its vector and its scalar form.
struct UnaryPair: Sendable, CustomTestStringConvertible {
    typealias Vector = @Sendable (UnsafePointer<Double>, UnsafeMutablePointer<Double>, Int) -> Void

    let name: String
    let vector: Vector
    let scalar: @Sendable (Double) -> Double
    var testDescription: String { name }

    static let all: [UnaryPair] = [
        UnaryPair(name: "exp", vector: { VectorMath.exp($0, into: $1, count: $2) }, scalar: Elementary.exp),
        UnaryPair(name: "expm1", vector: { VectorMath.expm1($0, into: $1, count: $2) }, scalar: Elementary.expm1),
        UnaryPair(name: "log", vector: { VectorMath.log($0, into: $1, count: $2) }, scalar: Elementary.log),
        UnaryPair(name: "log1p", vector: { VectorMath.log1p($0, into: $1, count: $2) }, scalar: Elementary.log1p),
        UnaryPair(name: "log10", vector: { VectorMath.log10($0, into: $1, count: $2) }, scalar: Elementary.log10),
        UnaryPair(name: "log2", vector: { VectorMath.log2($0, into: $1, count: $2) }, scalar: Elementary.log2),
        UnaryPair(name: "sin", vector: { VectorMath.sin($0, into: $1, count: $2) }, scalar: Elementary.sin),
        UnaryPair(name: "cos", vector: { VectorMath.cos($0, into: $1, count: $2) }, scalar: Elementary.cos),
        UnaryPair(name: "tan", vector: { VectorMath.tan($0, into: $1, count: $2) }, scalar: Elementary.tan),
        UnaryPair(name: "asin", vector: { VectorMath.asin($0, into: $1, count: $2) }, scalar: Elementary.asin),
        UnaryPair(name: "acos", vector: { VectorMath.acos($0, into: $1, count: $2) }, scalar: Elementary.acos),
        UnaryPair(name: "atan", vector: { VectorMath.atan($0, into: $1, count: $2) }, scalar: Elementary.atan),
        UnaryPair(name: "sinh", vector: { VectorMath.sinh($0, into: $1, count: $2) }, scalar: Elementary.sinh),
        UnaryPair(name: "cosh", vector: { VectorMath.cosh($0, into: $1, count: $2) }, scalar: Elementary.cosh),
        UnaryPair(name: "tanh", vector: { VectorMath.tanh($0, into: $1, count: $2) }, scalar: Elementary.tanh),
        UnaryPair(name: "erf", vector: { VectorMath.erf($0, into: $1, count: $2) }, scalar: Elementary.erf),
        UnaryPair(name: "erfc", vector: { VectorMath.erfc($0, into: $1, count: $2) }, scalar: Elementary.erfc),
        UnaryPair(name: "gamma", vector: { VectorMath.gamma($0, into: $1, count: $2) }, scalar: Elementary.gamma),
        UnaryPair(name: "lgamma", vector: { VectorMath.lgamma($0, into: $1, count: $2) }, scalar: Elementary.lgamma),
    ]
}

/// A function of two arguments in both forms.
struct BinaryPair: Sendable, CustomTestStringConvertible {
    typealias Vector =
        @Sendable (UnsafePointer<Double>, UnsafePointer<Double>, UnsafeMutablePointer<Double>, Int) -> Void

    let name: String
    let vector: Vector
    let scalar: @Sendable (Double, Double) -> Double
    var testDescription: String { name }

    static let all: [BinaryPair] = [
        BinaryPair(name: "pow", vector: { VectorMath.pow($0, $1, into: $2, count: $3) }, scalar: Elementary.pow),
        BinaryPair(name: "atan2", vector: { VectorMath.atan2($0, $1, into: $2, count: $3) }, scalar: Elementary.atan2),
    ]
}

/// Same-bits-on-every-processor rests on these tests: the width of the vector form differs between builds (two lanes
/// in a plain build, four where the code generation is x86-64-v3), the scalar form does not, and they must agree.
struct VectorMathTests {
    static let special: [Double] = [
        0, -0.0, .infinity, -.infinity, .nan, 1, -1, 0.5, -0.5, 2, -2, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
        .leastNormalMagnitude,
        .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 709.782712893384, 709.79, -745.13, -745.2, -708.4, 1e-20,
        170.6, 171.7, -170.5, 26.2, 26.6, -26, 3, -3, 1e15, 1e22, .pi, -.pi, .pi / 2, 1 + .ulpOfOne,
    ]

    /// Special values, random bit patterns, and numbers of every usual size; the count is no multiple of a width.
    static let inputs: [Double] = {
        var stream = RandomStream(seed: 5, purpose: .analysis, replicate: 0, patient: 0)
        var values = special
        for _ in 0..<20_000 {
            values.append(Double(bitPattern: stream.nextBits()))
            values.append(stream.nextUniform(in: -10...10))
            values.append(stream.nextUniform(in: -800...800))
            let magnitude = Elementary.exp(stream.nextUniform(in: -40...40))
            values.append(stream.nextBernoulli(probability: 0.5) ? magnitude : -magnitude)
        }
        return values + [0.3]
    }()

    @Test(arguments: UnaryPair.all)
    func vectorAndScalarFormsGiveTheSameBits(pair: UnaryPair) {
        var results = Self.inputs
        // In place, which the lane programs rely on.
        results.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            pair.vector(UnsafePointer(base), base, buffer.count)
        }
        let different = zip(Self.inputs, results).filter { !sameBits(pair.scalar($0), $1) }
        #expect(different.isEmpty, "first of \(different.count): \(String(describing: different.first))")
    }

    @Test(arguments: BinaryPair.all)
    func vectorAndScalarFormsOfTwoArgumentsGiveTheSameBits(pair: BinaryPair) {
        var first = Self.special.flatMap { value in Self.special.map { _ in value } }
        var second = Self.special.flatMap { _ in Self.special }
        first += Self.inputs
        second += Self.inputs.reversed()
        var results = [Double](repeating: 0, count: first.count)
        pair.vector(first, second, &results, first.count)
        let different = results.indices.filter { !sameBits(pair.scalar(first[$0], second[$0]), results[$0]) }
        #expect(
            different.isEmpty, "first of \(different.count): \(different.first.map { (first[$0], second[$0]) } as Any)")
    }

    @Test(arguments: 0...9)
    func anyCountIsAllowedAndNothingBeyondItIsTouched(count: Int) {
        let x = (0..<12).map { Double($0) / 7 }
        var results = [Double](repeating: -7, count: 12)
        VectorMath.exp(x, into: &results, count: count)
        #expect(Array(results[..<count]) == x[..<count].map(Elementary.exp))
        #expect(results[count...].allSatisfy { $0 == -7 })
        var powers = [Double](repeating: -7, count: 12)
        VectorMath.pow(x, x, into: &powers, count: count)
        #expect(Array(powers[..<count]) == x[..<count].map { Elementary.pow($0, $0) })
        #expect(powers[count...].allSatisfy { $0 == -7 })
    }

    /// Bits of a few thousand results, pinned: any build on any processor has to give this checksum, so a build whose
    /// code generation differs cannot pass by being wrong in both forms alike.
    @Test func theBitsArePinned() {
        var checksum: UInt64 = 0
        for pair in UnaryPair.all {
            for x in Self.inputs.prefix(4000) {
                let value = pair.scalar(x)
                let bits = value.isNaN ? Double.nan.bitPattern : value.bitPattern
                checksum = (checksum ^ bits) &* 0x0000_0100_0000_01B3
                checksum ^= checksum >> 29
            }
        }
        #expect(checksum == 711_308_218_027_366_878)
    }

    /// Against 400-digit mpmath values (References/elementary_functions.csv). SLEEF promises 1.0 ulp (1.5 for erfc);
    /// half an ulp more is the rounding of the reference itself.
    @Test func errorsStayWithinThePromisedUlps() throws {
        let table = try ReferenceTable("elementary_functions")
        for pair in UnaryPair.all {
            let bound = pair.name == "erfc" ? 2.0 : 1.5
            for row in try table.rows(of: pair.name) {
                let error = errorInUlps(pair.scalar(row.arguments[0]), row.value)
                #expect(error <= bound, "\(pair.name)(\(row.arguments[0]))")
            }
        }
        for pair in BinaryPair.all {
            for row in try table.rows(of: pair.name) {
                let error = errorInUlps(pair.scalar(row.arguments[0], row.arguments[1]), row.value)
                #expect(error <= 1.5, "\(pair.name)\(row.arguments)")
            }
        }
    }

    @Test func theCodeGenerationIsNamed() {
        #expect(["x86-64", "x86-64-v3", "arm64"].contains(codeGeneration))
    }
}

/// Equal bit patterns; all NaN count as one, since their payload carries no number.
func sameBits(_ a: Double, _ b: Double) -> Bool { a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN) }

func errorInUlps(_ value: Double, _ expected: Double) -> Double {
    value == expected ? 0 : abs(value - expected) / expected.ulp
}
