import ModelLanguage
import Pharmacology

/// A covariate that changes along straight lines: the model computes it from three inputs, which change at the rows.
///
/// `WT <- value + slope * (time - start)`, put before the model's statements. The names of the inputs hold blanks, so
/// that no model can use them by chance.
package struct LinearCovariate: Sendable {
    let name: String

    package init(_ name: String) { self.name = name }

    private var valueName: String { "value of \(name)" }
    private var slopeName: String { "slope of \(name)" }
    private var startName: String { "start of \(name)" }

    struct Slots: Sendable {
        var value: Int
        var slope: Int
        var start: Int

        func append(
            _ points: [(time: Double, value: Double)], _ start: inout [EventHistory.InputStart],
            _ changes: inout [InputChange]
        ) {
            for (index, point) in points.enumerated() {
                let next = index + 1 < points.count ? points[index + 1] : nil
                let slope = next.map { ($0.value - point.value) / ($0.time - point.time) } ?? 0
                let values = [(value, point.value), (self.slope, slope), (self.start, point.time)]
                for (slot, value) in values {
                    // Before the first row the covariate keeps the first value.
                    if index == 0 {
                        start.append(EventHistory.InputStart(slot: slot, value: slot == self.slope ? 0 : value))
                        if slot != self.slope { continue }
                    }
                    changes.append(InputChange(time: point.time, slot: slot, value: value))
                }
            }
        }
    }

    /// The document with the covariate computed from its straight lines.
    package func added(to document: ModelDocument) -> ModelDocument {
        let place = SourcePlace(line: 1, column: 1)
        func symbol(_ name: String) -> Expression { Expression(.symbol(name), at: place) }
        let elapsed = Expression(.binary(.subtract, symbol("time"), symbol(startName)), at: place)
        let rise = Expression(.binary(.multiply, symbol(slopeName), elapsed), at: place)
        let sum = Expression(.binary(.add, symbol(valueName), rise), at: place)
        var document = document
        document.statements.insert(Statement(.assign(.variable(name), sum), at: place), at: 0)
        return document
    }

    func slots(in model: Model) -> Slots? {
        guard let value = model.inputSlot(valueName), let slope = model.inputSlot(slopeName),
            let start = model.inputSlot(startName)
        else { return nil }
        return Slots(value: value, slope: slope, start: start)
    }
}
