import ModelLanguage
import Pharmacology

/// What a covariate is between two rows of an event table.
package enum CovariateInterpolation: String, Sendable, CaseIterable {
    /// The value of the last row at or before the time (LOCF), as rxode2 takes it.
    case lastCarriedForward = "locf"
    /// The value of the first row at or after the time (NOCB), as NONMEM and mrgsolve take it.
    case nextCarriedBackward = "nocb"
    /// On the straight line between the rows' values.
    case linear

    /// What holds for a covariate: what its model says, else what is asked for.
    static func of(_ name: String, in model: Model, asked: CovariateInterpolation) -> CovariateInterpolation {
        model.document.course(of: name).flatMap { CovariateInterpolation(rawValue: $0.rawValue) } ?? asked
    }
}

/// The values of one covariate of one subject over time, the missing ones left out.
struct CovariatePath {
    /// Growing; of several rows at one time the last counts.
    private(set) var points: [(time: Double, value: Double)] = []

    init(times: [Double], value: (Int) -> Double) {
        for (row, time) in times.enumerated() {
            let value = value(row)
            guard !value.isNaN else { continue }
            if points.last?.time == time { points.removeLast() }
            points.append((time, value))
        }
    }
}

/// Where a covariate's values go: its input, or with linear interpolation the three inputs of its straight lines.
struct CovariateSlots {
    let name: String
    private let interpolation: CovariateInterpolation
    private let value: Int?
    private let line: LinearCovariate.Slots?

    init(_ name: String, in model: Model, _ asked: CovariateInterpolation) {
        self.name = name
        let interpolation = CovariateInterpolation.of(name, in: model, asked: asked)
        line = interpolation == .linear ? LinearCovariate(name).slots(in: model) : nil
        value = model.inputSlot(name)
        self.interpolation = interpolation
    }

    /// Adds what a subject's path means for the inputs. The first value holds from the start.
    func append(
        _ path: CovariatePath, _ start: inout [EventHistory.InputStart], _ changes: inout [InputChange]
    ) {
        let points = path.points
        guard let first = points.first else { return }
        if let line { return line.append(points, &start, &changes) }
        guard let slot = value else { return }
        start.append(EventHistory.InputStart(slot: slot, value: first.value))
        for (earlier, later) in zip(points, points.dropFirst()) where later.value != earlier.value {
            let time =
                interpolation == .nextCarriedBackward ? justAfter(earlier.time, before: later.time) : later.time
            changes.append(InputChange(time: time, slot: slot, value: later.value))
        }
    }

    /// What happens at a row still sees the row's own value. The next number after 0 would be a step too short to take.
    private func justAfter(_ time: Double, before next: Double) -> Double {
        max(time.nextUp, time + (next - time) * 0x1p-40)
    }
}
