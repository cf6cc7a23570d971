import ModelLanguage
import NumericsCore
import Pharmacology

/// The event times of patients, from the engine: where their cumulative hazards reach thresholds that are exponential.
///
/// One worker's own; sixteen patients at a time.
final class EventClock {
    /// What decides when a patient's events come.
    struct Patient {
        var arm: Double
        var marker: Double
        /// Unit exponential, for the event of the trial and for the one that the marker foretells.
        var thresholds: [Double]
    }

    /// By then nearly everybody has had both events; who has not is censored long before.
    static let end = 400.0

    private let simulation: LaneSimulation
    private let arm: Int
    private let marker: Int

    init() throws {
        let document = try ModelParser.parse(model: SourceText(name: "coverage", text: "score <- arm + marker"))
        let hazards = [
            (
                "event",
                "hazard <- \(Cohort.shape) / \(Cohort.scale) * (t / \(Cohort.scale))^(\(Cohort.shape) - 1) * "
                    + "exp(\(Cohort.logHazardRatio) * arm)"
            ),
            ("marked_event", "hazard <- \(Cohort.markerRate) * exp(\(Cohort.markerEffect) * marker)"),
        ].map { HazardRule(event: $0.0, source: SourceText(name: $0.0, text: $0.1)) }
        let model = try Model(document, hazards: hazards)
        guard let arm = model.inputSlot("arm"), let marker = model.inputSlot("marker") else { throw NoSuchInput() }
        (self.arm, self.marker) = (arm, marker)
        simulation = LaneSimulation(try SimulationModel(model, outputs: []))
    }

    struct NoSuchInput: Error {}

    /// The times of both events of each patient; infinite where one does not come by the end.
    func times(of patients: [Patient]) -> [(event: Double, marked: Double)] {
        var times: [(event: Double, marked: Double)] = []
        for first in stride(from: 0, to: patients.count, by: 16) {
            let block = patients[first..<min(first + 16, patients.count)]
            for (lane, patient) in block.enumerated() {
                simulation.setInput(arm, lane: lane, to: patient.arm)
                simulation.setInput(marker, lane: lane, to: patient.marker)
                for (event, threshold) in patient.thresholds.enumerated() {
                    simulation.setThreshold(event: event, lane: lane, to: threshold)
                }
            }
            simulation.begin(at: 0, lanes: 0..<block.count)
            simulation.advance(to: Self.end)
            times += block.indices.map { (simulation.eventTimes[0][$0 - first], simulation.eventTimes[1][$0 - first]) }
        }
        return times
    }
}
