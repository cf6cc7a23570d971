import ModelLanguage
import NumericsCore
import Pharmacology

/// How patients respond between two decisions: the model, if there is one, driven by statements in parts.
final class ModelResponse {
    private let program: EnvironmentProgram
    private let response: EnvironmentProgram.Response?
    private let simulation: LaneSimulation?
    private let drive: BoardRoutine?
    private let each: BoardRoutine?
    private let set: BoardRoutine?
    private let doses: BoardRoutine?
    private let parts: Int

    /// Nil for a problem without anything between two decisions.
    init?(
        _ program: EnvironmentProgram, drive: BoardRoutine?, each: BoardRoutine?, set: BoardRoutine?,
        doses: BoardRoutine?
    ) {
        guard program.response != nil || drive != nil || each != nil else { return nil }
        self.program = program
        response = program.response
        simulation = program.response.map { LaneSimulation($0.model, options: $0.options) }
        simulation?.clear()
        parts = program.document.decisions.parts
        (self.drive, self.each, self.set, self.doses) = (drive, each, set, doses)
    }

    /// The lanes whose equations could be solved so far.
    var active: LaneMask { simulation?.active ?? LaneMask(repeating: true) }

    func retire(_ lanes: LaneMask) {
        guard let simulation else { return }
        for lane in LaneSet(lanes) { simulation.retire(lane: lane) }
    }

    /// Puts new patients into some lanes.
    func begin(_ board: LanePointer, _ lanes: LaneMask) {
        guard let simulation, let response else { return }
        set?.run(board, lanes)
        for lane in LaneSet(lanes) {
            for (slot, value) in response.constants { simulation.setInput(slot, lane: lane, to: value) }
            for (slot, place) in response.fixed { simulation.setInput(slot, lane: lane, to: board[place][lane]) }
            for (slot, place, initial) in response.driven {
                let value = board[place][lane]
                simulation.setInput(slot, lane: lane, to: value.isNaN ? initial : value)
            }
            if let set {
                for (index, slot) in response.setSlots.enumerated() {
                    simulation.setInput(slot, lane: lane, to: set.value(index)[lane])
                }
            }
        }
        simulation.admit(lanes, at: 0)
        report(board, lanes)
    }

    /// From one decision to the next.
    func run(_ board: LanePointer, _ lanes: LaneMask) {
        giveDoses(board, lanes)
        // What `act` has made of the states.
        takeAmounts(board, lanes)
        let decision = board[program.decisionPlace]
        for part in 0..<parts {
            board[program.partPlace].replace(with: Double(part), where: lanes)
            if let drive {
                drive.run(board, lanes)
                takeAmounts(board, lanes)
            }
            if let simulation, let response {
                takeInputs(board, lanes)
                let whole = Lane(repeating: response.every)
                // The last part ends where the decision does, whatever the parts are rounded to.
                let share = part == parts - 1 ? 1 : Double(part + 1) / Double(parts)
                let moment = (decision + Lane(repeating: share)) * whole
                simulation.advance(to: simulation.time.replacing(with: moment, where: lanes))
                report(board, lanes)
            }
            each?.run(board, lanes)
        }
    }

    /// Lets the board's inputs act where they have changed.
    private func takeInputs(_ board: LanePointer, _ lanes: LaneMask) {
        guard let simulation, let response, !response.driven.isEmpty else { return }
        var changed = LaneMask(repeating: false)
        for (slot, place, _) in response.driven {
            let value = board[place]
            let differs = lanes .& (value .!= simulation.input(slot)) .& (value .== value)
            guard any(differs) else { continue }
            simulation.setInput(slot, to: value, differs)
            changed = changed .| differs
        }
        if any(changed) { simulation.renew(changed) }
    }

    /// Lets what statements made of the states stand.
    func takeAmounts(_ board: LanePointer, _ lanes: LaneMask) {
        guard let simulation, let response, !response.assigned.isEmpty else { return }
        var changed = LaneMask(repeating: false)
        for (state, place) in response.assigned {
            let value = board[place]
            let differs = lanes .& (value .!= simulation.amount(inState: state))
            guard any(differs) else { continue }
            simulation.setAmount(inState: state, to: value, differs)
            changed = changed .| differs
        }
        guard any(changed) else { return }
        simulation.renew(changed)
        report(board, changed)
    }

    private func giveDoses(_ board: LanePointer, _ lanes: LaneMask) {
        guard let simulation, let doses, let response else { return }
        doses.run(board, lanes)
        for (index, record) in response.doseRecords.enumerated() {
            let amounts = doses.value(index)
            for lane in LaneSet(lanes .& (amounts .> Lane(repeating: 0))) {
                var given = record
                given.time = simulation.time[lane]
                given.amount = amounts[lane]
                simulation.give(given, lane: lane)
            }
        }
    }

    /// What statements read of the model, at the lanes' present times.
    private func report(_ board: LanePointer, _ lanes: LaneMask) {
        guard let simulation, let response, !(response.reported.isEmpty && response.assigned.isEmpty) else { return }
        simulation.report()
        for (index, place) in response.reported.enumerated() {
            board[place].replace(with: simulation.value(ofOutput: index), where: lanes)
        }
        for (state, place) in response.assigned {
            board[place].replace(with: simulation.amount(inState: state), where: lanes)
        }
    }
}
