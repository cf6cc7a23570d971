import Testing

@testable import Trials

/// Backed by hand computation.
@Suite struct VisitScheduleTests {
    let schedule = VisitSchedule(
        days: [0, 3, 7, 28, 35], isMeasured: [[false], [true], [true], [true], [false]], end: 42)

    @Test func theNextVisitOrTheEndFollows() {
        #expect((0..<5).map(schedule.next) == [3, 7, 28, 35, 42])
    }

    @Test("A shorter trial keeps the visits up to its last day, that day's included")
    func shortened() {
        let month = schedule.shortened(to: 28)
        #expect(month.days == [0, 3, 7, 28])
        #expect(month.isMeasured == [[false], [true], [true], [true]])
        #expect(month.end == 28)
        #expect((0..<4).map(month.next) == [3, 7, 28, 28])
        #expect(schedule.shortened(to: 30).days == [0, 3, 7, 28])
        #expect(schedule.shortened(to: 30).next(after: 3) == 30)
        #expect(schedule.shortened(to: 2).days == [0])
        for days in [nil, 42, 60] as [Double?] { #expect(schedule.shortened(to: days) == schedule) }
    }
}
