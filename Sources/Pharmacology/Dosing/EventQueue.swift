/// The doses still to come of one patient, in the order of time; those at one time in the order given.
struct EventQueue: Sendable {
    private var events: [CompartmentEvent] = []
    private var head = 0

    var next: CompartmentEvent? { head < events.count ? events[head] : nil }

    mutating func removeNext() {
        head += 1
        if head == events.count { removeAll() }
    }

    mutating func insert(_ event: CompartmentEvent) {
        var position = events.count
        while position > head, events[position - 1].time > event.time { position -= 1 }
        events.insert(event, at: position)
    }

    mutating func removeAll() {
        events.removeAll(keepingCapacity: true)
        head = 0
    }
}
