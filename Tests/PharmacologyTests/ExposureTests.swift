import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by closed forms, by invariance under a finer cutting of the path, and by named failures.
@Suite("Exposure")
struct ExposureTests {
    static let oral = OralCourse()
    static let cuttings: [[Double]] = [
        [0, 48], [0, 1, 2, 5, 12, 30, 48], (0...480).map { Double($0) / 10 },
    ]

    @Test("One dose by mouth: AUC, Cmax and tmax = ln(ka/ke) / (ka − ke)", arguments: cuttings, [true, false])
    func oralDose(breakpoints: [Double], knowsSlope: Bool) throws {
        let path = Self.oral.path(breakpoints, knowsSlope: knowsSlope)
        let exposure = try Exposure(path, from: 0, to: 48)
        #expect(relativeError(try exposure.area(), Self.oral.area(to: 48)) < 1e-12)
        // Values alone know the place to √ε; near the maximum that costs the value nothing.
        #expect(relativeError(exposure.peak.time, Self.oral.tmax) < (knowsSlope ? 1e-14 : 1e-7))
        #expect(relativeError(exposure.peak.value, Self.oral.concentration(Self.oral.tmax)) < 1e-13)
        #expect(exposure.trough == Self.oral.concentration(48))
        #expect(exposure.lowest == .init(time: 0, value: 0))
        #expect(relativeError(try exposure.average(), Self.oral.area(to: 48) / 48) < 1e-12)
        let range = Self.oral.concentration(Self.oral.tmax) / (Self.oral.area(to: 48) / 48)
        #expect(relativeError(try exposure.fluctuation(), range) < 1e-12)
    }

    @Test("The whole area is F D / CL")
    func wholeArea() throws {
        let path = Self.oral.path([0, 10, 100, 400], knowsSlope: false)
        let expected = 0.7 * 100 / 3
        #expect(relativeError(try Exposure(path, from: 0, to: 400).area(), expected) < 1e-12)
    }

    @Test("Times above thresholds are those between the roots, whatever the cutting", arguments: cuttings)
    func timeAbove(breakpoints: [Double]) throws {
        let exposure = try Exposure(Self.oral.path(breakpoints, knowsSlope: false), from: 0, to: 48)
        let peak = Self.oral.concentration(Self.oral.tmax)
        for threshold in [0.01, 0.5, 1.3, 0.999 * peak] {
            func root(_ from: Double, _ to: Double) throws -> Double {
                try RootFinding.root(from: from, to: to, relativeTolerance: 0) {
                    Self.oral.concentration($0) - threshold
                }
            }
            let rise = try root(0, Self.oral.tmax)
            let fall = threshold < Self.oral.concentration(48) ? 48 : try root(Self.oral.tmax, 48)
            #expect(abs(try exposure.timeAbove(threshold) - (fall - rise)) < 1e-12)
            #expect(abs(try exposure.timeBelow(threshold) - (48 - fall + rise)) < 1e-12)
            let expected = Self.oral.area(to: fall) - Self.oral.area(to: rise) - threshold * (fall - rise)
            #expect(abs(try exposure.areaAbove(threshold) - expected) < 1e-11)
            let below = threshold * 48 - Self.oral.area(to: 48) + expected
            #expect(abs(try exposure.areaBelow(threshold) - below) < 1e-11)
            let crossings = try exposure.crossings(of: threshold)
            #expect(crossings.map(\.isRising) == (fall == 48 ? [true] : [true, false]))
            #expect(abs(crossings[0].time - rise) < 1e-12)
        }
        #expect(try exposure.timeAbove(peak + 1e-9) == 0)
        #expect(try exposure.timeAbove(0) == 48)
        #expect(try exposure.timeAbove(-.infinity) == 48)
        #expect(try exposure.crossings(of: peak + 1e-9).isEmpty)
    }

    @Test("Boluses: a peak at the jump, a trough before it, and ln(C / threshold) / k above a threshold")
    func boluses() throws {
        let course = BolusCourse()
        let last = try Exposure(course.path, from: 48, to: 60)
        #expect(relativeError(last.peak.value, course.peak(4)) < 1e-15)
        #expect(last.peak.time == 48)
        #expect(relativeError(last.trough, course.peak(4) * Elementary.exp(-1.2)) < 1e-14)
        let all = try Exposure(course.path, from: 0, to: 60)
        #expect(all.peak == .init(time: 48, value: last.peak.value))
        let threshold = 8.0
        let expected = (0..<5).reduce(0) { $0 + min(12, Elementary.log(course.peak($1) / threshold) / 0.1) }
        #expect(abs(try all.timeAbove(threshold) - expected) < 1e-12)
        let crossings = try all.crossings(of: threshold)
        #expect(crossings.map(\.isRising) == [false, true, false, true, false, true, false, true, false])
        #expect(crossings.enumerated().allSatisfy { $0 % 2 == 0 || $1.time == 12 * Double($0 / 2 + 1) })
        let area = (0..<5).reduce(0) { $0 + course.peak($1) * -Elementary.expm1(-1.2) / 0.1 }
        #expect(relativeError(try all.area(), area) < 1e-12)
    }

    @Test("A window's start is after the dose there, its end before")
    func windowEnds() throws {
        let path = BolusCourse().path
        let first = try Exposure(path, from: 0, to: 12)
        #expect(first.peak == .init(time: 0, value: 10))
        #expect(relativeError(first.trough, 10 * Elementary.exp(-1.2)) < 1e-15)
        let inner = try Exposure(path, from: 3, to: 5.5)
        #expect(inner.peak == .init(time: 3, value: path.value(at: 3)))
        #expect(relativeError(try inner.area(), 100 * (Elementary.exp(-0.3) - Elementary.exp(-0.55))) < 1e-13)
        #expect(path.value(at: 12) == path.value(at: 12, inSegment: 1))
        #expect(path.value(before: 12) == path.value(at: 12, inSegment: 0))
        #expect(path.value(before: 0) == 10 && path.value(at: 60) == path.value(before: 60))
    }

    @Test("A course that swings has all its turning points, with and without slopes", arguments: [true, false])
    func swings(knowsSlope: Bool) throws {
        // Two and a half turns in each segment of 5π.
        let end = 10 * Double.pi
        var path = FormulaPath([0, 0.5 * end, end], { t, _ in 1 + Elementary.sin(t) })
        if knowsSlope { path.derivative = { t, _ in Elementary.cos(t) } }
        let exposure = try Exposure(path, from: 0, to: end)
        #expect(relativeError(try exposure.timeAbove(1.5), end / 3) < 1e-13)
        #expect(try exposure.crossings(of: 1.999_999).count == 10)
        #expect(relativeError(exposure.peak.value, 2) < 1e-15)
        #expect(abs(exposure.peak.time - 0.5 * .pi) < (knowsSlope ? 1e-14 : 1e-6))
        #expect(abs(exposure.lowest.value) < 1e-14)
        #expect(relativeError(try exposure.areaAbove(1), 10) < 1e-12)
    }

    @Test("A constant course: the first time counts, and the threshold itself is reached")
    func constant() throws {
        let exposure = try Exposure(FormulaPath([0, 1, 4]) { _, _ in 3 }, from: 0.5, to: 4)
        #expect(exposure.peak == .init(time: 0.5, value: 3))
        #expect(exposure.lowest == .init(time: 0.5, value: 3))
        #expect(try exposure.timeAbove(3) == 3.5)
        #expect(try exposure.timeAbove(3.000_001) == 0)
        #expect(relativeError(try exposure.area(), 10.5) < 1e-14)
        #expect(try exposure.fluctuation() == 0)
        let nothing = try Exposure(FormulaPath([0, 1, 4]) { _, _ in 0 }, from: 0, to: 4)
        #expect(try nothing.area() == 0)
        #expect(try nothing.fluctuation() == 0)
    }

    @Test("A threshold met by a touch is not crossed")
    func touch() throws {
        let path = FormulaPath([0, 2], { t, _ in (t - 1) * (t - 1) }, slope: { t, _ in 2 * (t - 1) })
        let exposure = try Exposure(path, from: 0, to: 2)
        #expect(try exposure.crossings(of: 0).isEmpty)
        #expect(try exposure.timeAbove(0) == 2)
        #expect(relativeError(exposure.lowest.time, 1) < 1e-15)
        #expect(exposure.lowest.value < 1e-30)
    }

    @Test("What cannot be looked at is said")
    func refused() throws {
        let path = Self.oral.path([0, 48], knowsSlope: false)
        func message(_ body: () throws -> some Any) -> String? {
            #expect(throws: ExposureError.self, performing: body)?.description
        }
        let windows: [(Double, Double)] = [(5, 5), (6, 5), (-1, 5), (0, 49), (.nan, 5), (0, .infinity)]
        for (from, to) in windows {
            #expect(
                message { try Exposure(path, from: from, to: to) }
                    == "the window from \(from) to \(to) cannot be looked at: it must begin before it ends, and lie between"
                    + " 0.0 and 48.0, where the course is known")
        }
        #expect(
            message { try Exposure(path, from: 0, to: 48).timeAbove(.nan) }
                == "the threshold is nan, but must be a number")
        let broken = FormulaPath([0, 2]) { t, _ in t < 2 ? t : .infinity }
        #expect(
            message { try Exposure(broken, from: 0, to: 2) }
                == "the course is inf at time 2.0, but must be finite over the whole window")
        #expect(throws: Never.self) { try Exposure(broken, from: 0, to: 1.9) }
    }
}
