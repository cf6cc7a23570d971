import NumericsCore
import Regimes
import Synchronization

/// A regime that notes what it sees, and answers as told.
final class Watching: Regime {
    struct Sight: Sendable, Equatable {
        var visit: Int
        var values: [String: Double]
    }

    private let noted = Mutex<[Int: [Sight]]>([:])
    private let answer: @Sendable (_ visit: Int, _ patient: Int) -> (dose: Double, hold: Double)

    init(_ answer: @escaping @Sendable (_ visit: Int, _ patient: Int) -> (dose: Double, hold: Double)) {
        self.answer = answer
    }

    /// What the regime saw of a patient, visit by visit.
    func sights(_ patient: Int) -> [Sight] { noted.withLock { $0[patient] ?? [] } }

    func makeWorker() -> any RegimeWorker { Worker(self) }

    private final class Worker: RegimeWorker {
        let regime: Watching
        init(_ regime: Watching) { self.regime = regime }

        func decide(_ point: DecisionPoint, _ history: DecisionLanes, deciding: LaneMask) {
            for (lane, number) in point.patients.enumerated() where deciding[lane] {
                let names = history.variables.symbols.map(\.name)
                let values = names.map { ($0, history[$0][lane]) }.filter { !$0.1.isNaN }
                let sight = Sight(visit: point.visit, values: Dictionary(uniqueKeysWithValues: values))
                regime.noted.withLock { $0[Int(number), default: []].append(sight) }
                let (dose, hold) = regime.answer(point.visit, Int(number))
                history["dose"][lane] = dose
                history["hold_days"][lane] = hold
            }
        }
    }
}
