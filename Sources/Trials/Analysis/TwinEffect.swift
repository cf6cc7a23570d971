import Outcomes

/// What an arm does to a patient beyond another arm, seen in twins: the same patients in both arms.
///
/// For a continuous endpoint the individual effects are averaged, so the error is that of a paired difference. For a time
/// to event it is the difference of the shares of patients with the event in percent, paired in the same way.
package struct TwinEffect: Sendable {
    package let cells: StratifiedCells

    package init(
        treated: ArmRecord, control: ArmRecord, endpoint: Int, scale: EndpointScale, strata: Strata
    ) throws {
        let effects = Self.individual(treated: treated, control: control, endpoint: endpoint, scale: scale)
        cells = try StratifiedCells(strata, isKnown: effects.map { $0.isFinite }) { rows in
            .value(try SampleMean(rows.map { effects[$0] }, column: "effect").estimate)
        }
    }

    /// The effect on each patient; NaN where an arm has no value.
    static func individual(
        treated: ArmRecord, control: ArmRecord, endpoint: Int, scale: EndpointScale
    ) -> [Double] {
        func outcome(_ record: ArmRecord, _ row: Int) -> Double {
            switch scale {
            case .continuous: record.values[endpoint][row]
            case .timeToEvent:
                record.values[endpoint][row].isFinite ? (record.hasEvent[endpoint][row] ? 100 : 0) : .nan
            }
        }
        return treated.patients.indices.map { outcome(treated, $0) - outcome(control, $0) }
    }
}
