import Foundation
import NumericsCore
import Testing

@testable import Environments

/// Backed by the errors of simglucose 0.2.11 under seed 1, and by the moments of the law.
@Suite struct GlucoseSensorTests {
    @Test(
        "With the package's normal numbers the errors are the package's to 1e-10, for each sensor",
        arguments: GlucoseSensor.Make.allCases)
    func published(_ make: GlucoseSensor.Make) throws {
        let course = try DiabetesReference.course()
        let errors = try #require(course.sensors[make.rawValue])
        let sensor = GlucoseSensor(make, noise: .published, seed: 0)
        sensor.begin(0, lane: 9)
        for (index, error) in errors.enumerated() {
            #expect(abs(sensor.next(9) - error) < 1e-10, "\(index)")
        }
    }

    /// e₀ is standard normal and s² = 0.49/(1 − 0.49) in the long run: after thirty numbers by less than 0.7⁶⁰. The error is
    /// ξ + λ sinh z with z normal of mean −γ/δ and deviation s/δ.
    @Test("Autoregression, mean and variance of 20,000 series within 4 standard errors")
    func moments() {
        let sensor = GlucoseSensor(.guardian, noise: .drawn, seed: 11)
        let count = 20_000
        var (products, squares) = (0.0, 0.0)
        var error = RunningMoments()
        var latest = RunningMoments()
        for episode in 0..<count {
            sensor.begin(episode, lane: 2)
            var values: [Double] = []
            // A number each 15 minutes is every third of the readings at 5, 10, 15, … minutes.
            for reading in 1...93 {
                let value = sensor.next(2)
                if reading % 3 == 0 { values.append(value) }
            }
            func series(_ value: Double) -> Double {
                GlucoseSensor.gamma + GlucoseSensor.delta * asinh((value - GlucoseSensor.xi) / GlucoseSensor.lambda)
            }
            let (before, now) = (series(values[29]), series(values[30]))
            products += before * now
            squares += before * before
            latest.add(now)
            error.add(values[30])
        }
        let s = (0.49 / 0.51).squareRoot()
        let root = Double(count).squareRoot()
        // The slope through 0: its residual deviation is 0.7.
        #expect(abs(products / squares - 0.7) < 4 * 0.7 / (s * root))
        #expect(abs((latest.mean ?? .nan)) < 4 * s / root)
        let (middle, width) = (-GlucoseSensor.gamma / GlucoseSensor.delta, s / GlucoseSensor.delta)
        let mean = GlucoseSensor.xi + GlucoseSensor.lambda * sinh(middle) * exp(width * width / 2)
        let second = (cosh(2 * middle) * exp(2 * width * width) - 1) / 2
        let first = sinh(middle) * exp(width * width / 2)
        let variance = GlucoseSensor.lambda * GlucoseSensor.lambda * (second - first * first)
        #expect(abs((error.mean ?? .nan) - mean) < 4 * variance.squareRoot() / root)
        // The variance of a variance of a law with kurtosis k is (k − 1)/n; k is below 6 here.
        #expect(abs((error.variance ?? .nan) / variance - 1) < 4 * 5.0.squareRoot() / root)
    }

    @Test("A spline takes the values at its knots, and any cubic as it is")
    func spline() {
        for knot in 0...10 {
            let weights = GlucoseSensor.spline(at: Double(knot))
            for (index, weight) in weights.enumerated() { #expect(abs(weight - (index == knot ? 1 : 0)) < 1e-14) }
        }
        func cubic(_ x: Double) -> Double { 2 - x + 0.3 * x * x - 0.02 * x * x * x }
        for x in stride(from: 0.0, through: 10, by: 0.1) {
            let sum = GlucoseSensor.spline(at: x).enumerated().reduce(0) { $0 + $1.element * cubic(Double($1.offset)) }
            #expect(abs(sum - cubic(x)) < 1e-12)
        }
    }

    @Test("Without noise a reading is the glucose itself")
    func silent() {
        let sensor = GlucoseSensor(.dexcom, noise: .none, seed: 1)
        sensor.begin(3, lane: 0)
        #expect((0..<300).allSatisfy { _ in sensor.next(0) == 0 })
    }
}
