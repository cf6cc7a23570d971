import Foundation
import Studies
import Synchronization

/// Progress on standard error: a bar on a terminal, a plain line for each tenth in a log.
final class ProgressBar: Sendable {
    private struct State {
        var total = 0.0
        var done = 0.0
        var shown = -1
        var isRunning = false
        var weights = StudyWorkload()
        var started = ContinuousClock.now
    }

    private let state = Mutex(State())
    private let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
    private let isQuiet: Bool

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    func begin(_ workload: StudyWorkload) {
        state.withLock { state in
            state.weights = workload
            state.total = workload.total
            state.isRunning = true
            state.started = .now
        }
    }

    func advance(_ progress: StudyProgress) {
        guard !isQuiet else { return }
        state.withLock { state in
            guard state.isRunning, state.total > 0 else { return }
            state.done += state.weights.weight(of: progress)
            show(&state)
        }
    }

    func end() {
        state.withLock { state in
            if state.isRunning, isTerminal, !isQuiet { write("\r\u{1B}[K") }
            state.isRunning = false
        }
    }

    private func show(_ state: inout State) {
        let percent = min(100, Int(100 * state.done / state.total + 1e-6))
        let step = isTerminal ? percent : percent / 10 * 10
        guard step > state.shown else { return }
        state.shown = step
        let seconds = (ContinuousClock.now - state.started).components.seconds
        guard isTerminal else { return write("\(step) % after \(seconds) s\n") }
        let width = 40
        let filled = width * percent / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
        // https://no-color.org: set and not empty.
        let isPlain = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        write("\r" + (isPlain ? bar : "\u{1B}[36m\(bar)\u{1B}[0m") + " \(percent) %  \(seconds) s")
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
