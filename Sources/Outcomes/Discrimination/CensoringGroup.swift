import NumericsCore

/// The censorings among patients that share a curve G, or among all where G depends on covariates.
struct CensoringGroup: Sendable {
    /// Positions in the time order, ascending.
    let members: [Int32]
    /// For each member the number of censoring times up to and at its follow-up time.
    let passed: [Int32]
    /// For each member whether its follow-up time is a censoring time of the group, and whether it is censored then.
    let isOwnTime: [Bool]
    let isCensored: [Bool]
    /// 1/Y by censoring time: Y members have it or a later follow-up time, those with the event at it among them.
    let inverseUnderObservation: [Double]
    /// Times with a censoring, ascending.
    let times: [Double]
    /// The first member whose follow-up time is each censoring time or later, and the first with a later one.
    let firstAt: [Int32]
    let firstAfter: [Int32]
    /// Members censored at each time.
    let censored: [Int]
    /// After each time G; or, where patients differ, the cumulative hazard Λ of one with average covariates.
    let curve: [Double]

    /// The Kaplan–Meier estimate of each group, or of all.
    static func all(_ order: TimeOrder, rows: [Int], _ grouping: Grouping?) -> [CensoringGroup] {
        guard let grouping else { return [CensoringGroup(order)] }
        var members = [[Int32]](repeating: [], count: grouping.labels.count)
        for (position, row) in rows.enumerated() { members[grouping.codes[row]].append(Int32(position)) }
        return members.map { members in
            let part = TimeOrder(
                times: members.map { order.times[Int($0)] }, isEvent: members.map { order.isEvent[Int($0)] })
            return CensoringGroup(part, members: members)
        }
    }

    /// - Parameters:
    ///   - order: the members' times.
    ///   - members: their positions; nil for all patients.
    ///   - hazard: Λ after each censoring time, in place of the Kaplan–Meier estimate.
    init(_ order: TimeOrder, members: [Int32]? = nil, hazard: [Double]? = nil) {
        let count = order.times.count
        var passed = [Int32](repeating: 0, count: count)
        var isOwnTime = [Bool](repeating: false, count: count)
        let room = order.isEvent.reduce(0) { $0 + ($1 ? 0 : 1) }
        var (times, atRisk, inverse): ([Double], [Int], [Double]) = ([], [], [])
        var (firstAt, firstAfter, censored): ([Int32], [Int32], [Int]) = ([], [], [])
        times.reserveCapacity(room)
        atRisk.reserveCapacity(room)
        inverse.reserveCapacity(room)
        firstAt.reserveCapacity(room)
        firstAfter.reserveCapacity(room)
        censored.reserveCapacity(room)
        for step in order.steps {
            if step.firstCensored < step.end {
                times.append(order.times[step.first])
                atRisk.append(count - step.firstCensored)
                inverse.append(1 / Double(count - step.first))
                firstAt.append(Int32(step.first))
                firstAfter.append(Int32(step.end))
                censored.append(step.end - step.firstCensored)
            }
            let reached = Int32(times.count)
            for member in step.first..<step.end { passed[member] = reached }
            guard step.firstCensored < step.end else { continue }
            for member in step.first..<step.end { isOwnTime[member] = true }
        }
        self.members = members ?? (0..<Int32(count)).map(\.self)
        (self.passed, self.isOwnTime, isCensored) = (passed, isOwnTime, order.isEvent.map { !$0 })
        (self.times, self.firstAt, self.firstAfter, self.censored) = (times, firstAt, firstAfter, censored)
        inverseUnderObservation = inverse
        curve = hazard ?? ProductLimit.curve(atRisk: atRisk, events: censored)
    }

    /// G after the first `passed` censoring times, of a patient with the given relative risk.
    @inline(__always)
    func probability(passed: Int, risk: Double?) -> Double {
        guard let risk else { return passed == 0 ? 1 : curve[passed - 1] }
        return passed == 0 ? 1 : Elementary.exp(-curve[passed - 1] * risk)
    }
}
