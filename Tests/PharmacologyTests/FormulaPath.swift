import NumericsCore

@testable import Pharmacology

/// A path given by a formula, the same or another in each segment.
struct FormulaPath: DensePath {
    var breakpoints: [Double]
    var formula: @Sendable (_ time: Double, _ segment: Int) -> Double
    var derivative: (@Sendable (_ time: Double, _ segment: Int) -> Double)?

    init(
        _ breakpoints: [Double], _ formula: @escaping @Sendable (Double, Int) -> Double,
        slope: (@Sendable (Double, Int) -> Double)? = nil
    ) {
        self.breakpoints = breakpoints
        self.formula = formula
        derivative = slope
    }

    func value(at time: Double, inSegment segment: Int) -> Double { formula(time, segment) }
    func slope(at time: Double, inSegment segment: Int) -> Double? { derivative?(time, segment) }
}

/// One compartment with first-order absorption after one dose at time 0.
struct OralCourse: Sendable {
    var (dose, fraction, ka, clearance, volume) = (100.0, 0.7, 1.2, 3.0, 20.0)

    var ke: Double { clearance / volume }
    var scale: Double { fraction * dose * ka / (volume * (ka - ke)) }
    var tmax: Double { Elementary.log(ka / ke) / (ka - ke) }

    func concentration(_ t: Double) -> Double { scale * (Elementary.exp(-ke * t) - Elementary.exp(-ka * t)) }

    func slope(_ t: Double) -> Double { scale * (ka * Elementary.exp(-ka * t) - ke * Elementary.exp(-ke * t)) }

    func area(to t: Double) -> Double {
        scale * (-Elementary.expm1(-ke * t) / ke + Elementary.expm1(-ka * t) / ka)
    }

    func path(_ breakpoints: [Double], knowsSlope: Bool) -> FormulaPath {
        let course = self
        guard knowsSlope else { return FormulaPath(breakpoints) { t, _ in course.concentration(t) } }
        return FormulaPath(breakpoints, { t, _ in course.concentration(t) }, slope: { t, _ in course.slope(t) })
    }
}

/// One compartment with boluses of one size at regular times: a jump at each.
struct BolusCourse: Sendable {
    var (height, rate, interval, doses) = (10.0, 0.1, 12.0, 5)

    /// The concentration just after dose `number`, counted from 0: a geometric series.
    func peak(_ number: Int) -> Double {
        let q = Elementary.exp(-rate * interval)
        return height * (1 - Elementary.pow(q, Double(number + 1))) / (1 - q)
    }

    var path: FormulaPath {
        let course = self
        return FormulaPath((0...doses).map { interval * Double($0) }) { t, segment in
            course.peak(segment) * Elementary.exp(-course.rate * (t - course.interval * Double(segment)))
        }
    }
}
