import ModelLanguage
import NumericsCore

/// A regime of two stages: begins as one regime, judges the response at a visit, and goes on as one regime for those who
/// responded and as another for those who did not. An embedded regime of a sequential trial is one.
///
/// A response that cannot be told, because what it reads was not measured, is none.
package struct SequenceRegime: Regime {
    package let first: any Regime
    package let responders: any Regime
    package let others: any Regime
    /// The visit, above 0, at which the response is judged and the second stage begins.
    package let visit: Int
    /// Not 0 where the patient has responded, from the decision variables as the visit finds them.
    package let response: RowProgram
    /// What is noted of each patient before the first decision and before the second stage: assigned to memory.
    package let baseline: RowProgram?
    package let interim: RowProgram?
    package let variables: DecisionVariables

    /// Memory that every sequence keeps: 1 for those who responded, 0 for the others.
    package static let responded = "responded"

    package init(
        first: any Regime, responders: any Regime, others: any Regime, visit: Int, response: RowProgram,
        baseline: RowProgram? = nil, interim: RowProgram? = nil, variables: DecisionVariables
    ) {
        precondition(visit > 0, "The second stage begins after the first visit.")
        self.first = first
        self.responders = responders
        self.others = others
        self.visit = visit
        self.response = response
        self.baseline = baseline
        self.interim = interim
        self.variables = variables
    }

    package func makeWorker() -> any RegimeWorker { SequenceWorker(self) }
}

private final class SequenceWorker: RegimeWorker {
    private let visit: Int
    private let first: any RegimeWorker
    private let responders: any RegimeWorker
    private let others: any RegimeWorker
    private let response: BoundProgram
    private let baseline: BoundProgram?
    private let interim: BoundProgram?

    init(_ regime: SequenceRegime) {
        visit = regime.visit
        first = regime.first.makeWorker()
        responders = regime.responders.makeWorker()
        others = regime.others.makeWorker()
        response = BoundProgram(regime.response, regime.variables)
        baseline = regime.baseline.map { BoundProgram($0, regime.variables) }
        interim = regime.interim.map { BoundProgram($0, regime.variables) }
    }

    func decide(_ point: DecisionPoint, _ history: DecisionLanes, deciding: LaneMask) {
        if point.visit == 0 { baseline?.run(history, deciding: deciding) }
        guard point.visit >= visit else { return first.decide(point, history, deciding: deciding) }
        if point.visit == visit {
            judge(history, deciding)
            interim?.run(history, deciding: deciding)
        }
        let responded = history[SequenceRegime.responded]
        var isResponder = deciding
        var isOther = deciding
        for lane in 0..<laneCount {
            isResponder[lane] = deciding[lane] && responded[lane] == 1
            isOther[lane] = deciding[lane] && responded[lane] != 1
        }
        responders.decide(point, history, deciding: isResponder)
        others.decide(point, history, deciding: isOther)
    }

    private func judge(_ history: DecisionLanes, _ deciding: LaneMask) {
        response.run(history, deciding: LaneMask(repeating: false))
        let value = response.value(ofOutput: 0)
        var responded = history[SequenceRegime.responded]
        for lane in 0..<laneCount where deciding[lane] {
            responded[lane] = value[lane].isNaN || value[lane] == 0 ? 0 : 1
        }
        history[SequenceRegime.responded] = responded
    }
}
