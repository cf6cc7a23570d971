import Foundation
import Synchronization
import Testing

@testable import Pharmacology

/// Backed by invariants of the order.
@Suite("Work handed over in order")
struct OrderedWorkTests {
    struct Enough: Error {}

    @Test("Every piece is handed over once, in order, by however many threads", arguments: [1, 2, 3, 7])
    func order(threads: Int) {
        let made = Mutex<Set<Int>>([])
        var received: [Int] = []
        OrderedWork(count: 50, window: 4, threads: threads).run { _, piece in
            // Later pieces are done sooner, so that they have to wait.
            if piece % 3 == 0 { usleep(300) }
            made.withLock { _ = $0.insert(piece) }
        } receive: { piece in
            #expect(made.withLock { $0.contains(piece) })
            received.append(piece)
        }
        #expect(received == Array(0..<50))
    }

    @Test("No more pieces are under way than the window has room for")
    func window() {
        let begun = Atomic<Int>(0)
        OrderedWork(count: 40, window: 3, threads: 4).run { _, _ in
            begun.add(1, ordering: .relaxed)
        } receive: { piece in
            usleep(200)
            #expect(begun.load(ordering: .relaxed) <= piece + 3)
        }
        #expect(begun.load(ordering: .relaxed) == 40)
    }

    @Test("What the receiver throws ends the work and comes through")
    func failure() {
        let begun = Atomic<Int>(0)
        #expect(throws: Enough.self) {
            try OrderedWork(count: 1000, window: 4, threads: 2).run { _, _ in
                begun.add(1, ordering: .relaxed)
            } receive: { piece in
                if piece == 5 { throw Enough() }
            }
        }
        #expect(begun.load(ordering: .relaxed) <= 9)
    }

    @Test("No piece is no work")
    func nothing() {
        OrderedWork(count: 0, window: 1, threads: 2).run { _, _ in
            Issue.record("nothing to make")
        } receive: { _ in
            Issue.record("nothing to receive")
        }
    }
}
