import Dispatch
import Foundation
import NumericsCore
import Trials

/// Ctrl-C: the first asks the study to stop at the next block, the second ends the process at once.
final class InterruptHandler {
    private let source: any DispatchSourceSignal

    init(_ stop: StopSignal) {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            if stop.isRaised { _exit(ExitStatus.interrupted.rawValue) }
            stop.raise()
        }
        source.resume()
    }

    func cancel() { source.cancel() }
}
