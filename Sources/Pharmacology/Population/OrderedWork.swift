import Dispatch
import Foundation

/// Blocks made by several threads and handed over in their order, with a bounded number of them in flight.
///
/// Threads take the next piece of work as soon as they are free, so none waits for a slower one; the calling thread hands
/// over what is finished meanwhile.
struct OrderedWork: Sendable {
    /// How many pieces there are, and how many of them may be begun before the first of them has been handed over.
    let count: Int
    let window: Int
    let threads: Int

    /// - Parameters:
    ///   - make: makes one piece on one of the threads; pieces that are ``window`` apart may use the same memory.
    ///   - receive: is called on the calling thread, piece by piece in their order.
    /// - Throws: what `receive` throws; no further piece is begun then.
    func run(
        make: @escaping @Sendable (_ thread: Int, _ piece: Int) -> Void, receive: (_ piece: Int) throws -> Void
    ) rethrows {
        let progress = Progress(count: count, window: window)
        let group = DispatchGroup()
        for thread in 0..<threads {
            DispatchQueue.global().async(group: group) {
                while let piece = progress.take() {
                    make(thread, piece)
                    progress.finish(piece)
                }
            }
        }
        defer { group.wait() }
        for piece in 0..<count {
            progress.wait(for: piece)
            do {
                try receive(piece)
            } catch {
                progress.cancel()
                throw error
            }
            progress.release(piece)
        }
    }
}

extension OrderedWork {
    /// How far the pieces are. All of it is guarded by one lock.
    private final class Progress: @unchecked Sendable {
        private let changed = NSCondition()
        private let window: Int
        private var count: Int
        private var next = 0
        private var released = 0
        private var isFinished: [Bool]

        init(count: Int, window: Int) {
            self.count = count
            self.window = window
            isFinished = Array(repeating: false, count: window)
        }

        /// The next piece to make, once its slot is free; nil when there is none left.
        func take() -> Int? {
            locked {
                while next < count, next >= released + window { changed.wait() }
                guard next < count else { return nil }
                next += 1
                return next - 1
            }
        }

        func finish(_ piece: Int) { locked { isFinished[piece % window] = true } }

        func wait(for piece: Int) { locked { while !isFinished[piece % window] { changed.wait() } } }

        func release(_ piece: Int) {
            locked {
                isFinished[piece % window] = false
                released = piece + 1
            }
        }

        func cancel() { locked { count = 0 } }

        private func locked<Result>(_ body: () -> Result) -> Result {
            changed.lock()
            defer {
                changed.broadcast()
                changed.unlock()
            }
            return body()
        }
    }
}
