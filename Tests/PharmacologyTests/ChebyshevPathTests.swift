import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by closed forms: polynomials are exact, exponentials to rounding, metrics those of the course itself.
@Suite("Interpolated paths")
struct ChebyshevPathTests {
    @Test("Polynomials up to degree 15 and their slopes are exact")
    func polynomials() {
        let breakpoints = [-1.0, 0.5, 3]
        for degree in [0, 1, 4, 15] {
            let n = Double(degree)
            let values = ChebyshevPath.sampleTimes(breakpoints).map { Elementary.pow($0 / 3, n) }
            let path = ChebyshevPath(breakpoints, values: values)
            for time in [-1, -0.3, 0.5, 0.500_001, 2, 3] {
                #expect(abs(path.value(at: time) - Elementary.pow(time / 3, n)) < 1e-14)
                let slope = degree == 0 ? 0 : n / 3 * Elementary.pow(time / 3, n - 1)
                let found = path.slope(at: time, inSegment: path.segment(at: time)) ?? .nan
                #expect(abs(found - slope) < 1e-12 * max(1, n * n), "degree \(degree) at \(time)")
            }
        }
    }

    @Test("Samples are inside their segments and grow")
    func times() {
        let times = ChebyshevPath.sampleTimes([0, 1, 10])
        #expect(times.count == 32 && times == times.sorted())
        #expect(times.prefix(16).allSatisfy { $0 > 0 && $0 < 1 } && times.suffix(16).allSatisfy { $0 > 1 && $0 < 10 })
    }

    @Test("Metrics of an oral course from samples alone: AUC, Cmax, tmax and time above, to 1e-10")
    func oralCourse() throws {
        let course = OralCourse()
        var calls = 0
        let path = try ChebyshevPath.adaptive(breakpoints: [0, 48], tolerance: 1e-12) { times in
            calls += 1
            #expect(times == times.sorted())
            return times.map(course.concentration)
        }
        let exposure = try Exposure(path, from: 0, to: 48)
        #expect(relativeError(try exposure.area(), course.area(to: 48)) < 1e-12)
        #expect(relativeError(exposure.peak.time, course.tmax) < 1e-10)
        #expect(relativeError(exposure.peak.value, course.concentration(course.tmax)) < 1e-12)
        let direct = try Exposure(course.path([0, 48], knowsSlope: true), from: 0, to: 48)
        #expect(relativeError(try exposure.timeAbove(0.9), try direct.timeAbove(0.9)) < 1e-11)
        #expect(calls > 1 && calls < 30)
        // Fine where absorption is fast, coarse later.
        let widths = zip(path.breakpoints, path.breakpoints.dropFirst()).map { $1 - $0 }
        #expect((widths.first ?? 0) < (widths.last ?? 0))
    }

    @Test("A course with jumps at its breakpoints keeps them")
    func boluses() throws {
        let course = BolusCourse()
        let path = try ChebyshevPath.adaptive(breakpoints: course.path.breakpoints, tolerance: 1e-11) { times in
            times.map { course.path.value(at: $0) }
        }
        let exposure = try Exposure(path, from: 36, to: 48)
        #expect(relativeError(exposure.peak.value, course.peak(3)) < 1e-12)
        #expect(exposure.peak.time == 36)
        #expect(relativeError(exposure.trough, course.peak(3) * Elementary.exp(-1.2)) < 1e-12)
        #expect(path.breakpoints == course.path.breakpoints)
    }

    @Test("A course of nothing is known at once")
    func nothing() throws {
        let path = try ChebyshevPath.adaptive(breakpoints: [0, 1]) { times in times.map { _ in 0 } }
        #expect(path.breakpoints == [0, 1])
        #expect(path.value(at: 0.3) == 0)
    }

    @Test("A jump without a breakpoint, and a course that is not finite, are named")
    func refused() throws {
        let jump = #expect(throws: ExposureError.self) {
            try ChebyshevPath.adaptive(breakpoints: [0, 1], rounds: 4) { times in times.map { $0 < 0.3 ? 0 : 1 } }
        }
        let text = try #require(jump?.description)
        #expect(text.hasPrefix("the course from 0.25 to 0.3125 is known to 0."))
        #expect(
            text.hasSuffix(
                " of its largest value, but 1e-09 was asked for: put a breakpoint where it jumps or bends, or solve it more"
                    + " accurately"))
        #expect(throws: ExposureError.self) {
            try ChebyshevPath.adaptive(breakpoints: [0, 1]) { times in times.map { _ in .nan } }
        }
    }
}
