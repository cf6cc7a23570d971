/// Follow-up times and events in ascending order, at equal times events first: the order of ``SurvivalData``, in which
/// other arrays name a patient by its position.
struct TimeOrder: Sendable {
    /// The positions of one follow-up time: events from `first`, the censored from `firstCensored`.
    struct Step {
        let first: Int
        let firstCensored: Int
        let end: Int
    }

    let times: [Double]
    let isEvent: [Bool]

    init(_ data: SurvivalData) {
        let (times, events) = (data.times, data.events)
        self.init(times: data.order.map { times[$0] }, isEvent: data.order.map { events[$0] })
    }

    init(times: [Double], isEvent: [Bool]) {
        self.times = times
        self.isEvent = isEvent
    }

    /// Every distinct time, ascending.
    var steps: [Step] {
        var steps: [Step] = []
        steps.reserveCapacity(times.count)
        var position = 0
        while position < times.count {
            let first = position
            var firstCensored = position
            repeat {
                if isEvent[position] { firstCensored = position + 1 }
                position += 1
            } while position < times.count && times[position] == times[first]
            steps.append(Step(first: first, firstCensored: firstCensored, end: position))
        }
        return steps
    }
}
