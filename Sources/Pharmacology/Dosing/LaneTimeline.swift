/// What still lies ahead of one patient: records, repeats, arrivals, changes of inputs, switches of the equations.
struct LaneTimeline: Sendable {
    /// The dosing history from ``nextRecord`` on, in the order of time.
    private var records: [DosingRecord] = []
    private var nextRecord = 0
    /// Further doses of records with ADDL: each record at the time of its next dose.
    private var repeats: [DosingRecord] = []
    private var arrivals: [Arrival] = []
    private var nextArrival = 0
    private var changes: [InputChange] = []
    private var nextChange = 0
    private var switches: [Double] = []
    private var nextSwitch = 0
    /// When the next of all that happens.
    private(set) var next = Double.infinity

    init() {}

    /// What is due first; at one time records come before arrivals, and the last dose comes before a switch.
    enum Due {
        case record(DosingRecord)
        case arrival(Arrival)
        case switching
    }

    mutating func load(_ records: [DosingRecord], _ changes: [InputChange]) {
        clear()
        self.records = records
        self.changes = changes
        refresh()
    }

    /// Takes the first change of an input that is due at or before `time`: changes come before all else.
    mutating func takeChange(upTo time: Double) -> InputChange? {
        guard nextChange < changes.count, changes[nextChange].time <= time else { return nil }
        defer { refresh() }
        nextChange += 1
        return changes[nextChange - 1]
    }

    /// Takes the first of what else is due at or before `time`.
    mutating func take(upTo time: Double) -> Due? {
        guard next <= time else { return nil }
        defer { refresh() }
        // A repeat comes before a record of the same time: it was ordered earlier.
        if let position = firstRepeat, repeats[position].time <= time,
            nextRecord >= records.count || repeats[position].time <= records[nextRecord].time
        {
            return .record(takeRepeat(position))
        }
        if nextRecord < records.count, records[nextRecord].time <= time {
            nextRecord += 1
            return .record(order(records[nextRecord - 1]))
        }
        if nextArrival < arrivals.count, arrivals[nextArrival].time <= time {
            nextArrival += 1
            return .arrival(arrivals[nextArrival - 1])
        }
        guard nextSwitch < switches.count, switches[nextSwitch] <= time else { return nil }
        nextSwitch += 1
        return .switching
    }

    /// A repeat that is due; what remains of it waits for its next time in the same place.
    private mutating func takeRepeat(_ position: Int) -> DosingRecord {
        let record = repeats[position]
        if record.additional > 0 {
            repeats[position].time += record.interval
            repeats[position].additional -= 1
        } else {
            repeats.remove(at: position)
        }
        return record
    }

    /// The record, with its next repeat noted.
    private mutating func order(_ record: DosingRecord) -> DosingRecord {
        if record.additional > 0, record.interval > 0 {
            var following = record
            following.time += record.interval
            following.additional -= 1
            following.steadyState = .none
            if following.action == .resetAndDose { following.action = .dose }
            repeats.append(following)
        }
        return record
    }

    private var firstRepeat: Int? {
        var first: Int?
        for position in repeats.indices where first.map({ repeats[position].time < repeats[$0].time }) ?? true {
            first = position
        }
        return first
    }

    mutating func insert(_ record: DosingRecord) {
        if nextRecord == records.count {
            records.removeAll(keepingCapacity: true)
            nextRecord = 0
        }
        var position = records.count
        while position > nextRecord, records[position - 1].time > record.time { position -= 1 }
        records.insert(record, at: position)
        refresh()
    }

    mutating func insert(_ arrival: Arrival) {
        if nextArrival == arrivals.count {
            arrivals.removeAll(keepingCapacity: true)
            nextArrival = 0
        }
        var position = arrivals.count
        while position > nextArrival, arrivals[position - 1].time > arrival.time { position -= 1 }
        arrivals.insert(arrival, at: position)
        refresh()
    }

    /// Forgets the doses that records still have to give, but for those of the record that was taken last.
    ///
    /// - Parameter record: the record that cancels the others.
    mutating func removeRepeats(but record: DosingRecord) {
        let keepsOwn = record.additional > 0 && record.interval > 0 && !repeats.isEmpty
        repeats.removeFirst(repeats.count - (keepsOwn ? 1 : 0))
        refresh()
    }

    /// Forgets doses on their way and ends of infusions: a reset.
    mutating func removeArrivals() {
        arrivals.removeAll(keepingCapacity: true)
        nextArrival = 0
        refresh()
    }

    /// Forgets what is on its way to one compartment.
    mutating func removeArrivals(to compartment: Int) {
        arrivals.removeSubrange(0..<nextArrival)
        arrivals.removeAll { $0.compartment == compartment }
        nextArrival = 0
        refresh()
    }

    /// The times at which the equations switch, those behind `time` only, sorted.
    ///
    /// - Parameter isAdding: those known before stay.
    mutating func setSwitches(_ times: [Double], after time: Double, keeping isAdding: Bool = false) {
        let known = isAdding ? Array(switches[nextSwitch...]) : []
        switches = Set((known + times).filter { $0 > time && $0.isFinite }).sorted()
        nextSwitch = 0
        refresh()
    }

    /// Whether the equations switch at a time.
    func switches(at time: Double) -> Bool { nextSwitch < switches.count && switches[nextSwitch] == time }

    mutating func clear() {
        records.removeAll(keepingCapacity: true)
        repeats.removeAll(keepingCapacity: true)
        arrivals.removeAll(keepingCapacity: true)
        changes.removeAll(keepingCapacity: true)
        switches.removeAll(keepingCapacity: true)
        (nextRecord, nextArrival, nextChange, nextSwitch) = (0, 0, 0, 0)
        next = .infinity
    }

    private mutating func refresh() {
        next = .infinity
        if nextRecord < records.count { next = min(next, records[nextRecord].time) }
        for record in repeats { next = min(next, record.time) }
        if nextArrival < arrivals.count { next = min(next, arrivals[nextArrival].time) }
        if nextChange < changes.count { next = min(next, changes[nextChange].time) }
        if nextSwitch < switches.count { next = min(next, switches[nextSwitch]) }
    }
}
