import ModelLanguage
import NumericsCore

extension LaneSimulation {
    /// Records the lanes of a mask that have a sample at their present time, and moves them to their next one.
    func recordHere(_ mask: LaneMask) {
        guard recorded != nil || isQueueing else { return }
        var isReported = false
        while true {
            let pending = mask .& isAlive .& (samples.next .<= time)
            guard any(pending) else { return }
            if !isReported {
                equations.loadStates()
                equations.report(at: time)
                isReported = true
            }
            keep(pending)
        }
    }

    /// Whether something happens within the step that its continuous extension must tell.
    func needsDense(_ accepted: LaneMask, _ path: StepPath) -> Bool {
        any(passed(accepted, path)) || anyThresholdCrossed(accepted) || equations.delayed != nil || any(path.isAcross)
    }

    /// Lanes with a sample within the step. One at a stop is recorded there, on the right side of a dose.
    private func passed(_ accepted: LaneMask, _ path: StepPath) -> LaneMask {
        accepted .& (samples.next .<= path.arrival) .& (samples.next .< stop)
    }

    /// Records every sample that the accepted lanes have just passed.
    func record(_ accepted: LaneMask, _ path: StepPath, interpolate: (_ fraction: Lane, _ target: LanePointer) -> Void)
    {
        guard recorded != nil || isQueueing else { return }
        let registers = state.registers.lanes + equations.firstState
        while true {
            let pending = passed(accepted, path)
            guard any(pending) else { return }
            // Not start + fraction · step, whose rounding could fall on the other side of a switch in time.
            let moment = path.start.replacing(with: samples.next, where: pending)
            var fraction = (moment - path.start) / path.step
            fraction.replace(with: 0, where: .!pending)
            interpolate(fraction, registers)
            if let linear = equations.linear { linear.evaluate(.report, at: moment, into: registers) }
            equations.report(at: moment)
            keep(pending)
        }
    }

    /// Writes the reported values of some lanes into the rows of their samples.
    func keep(_ pending: LaneMask) {
        let outputs = outputCount
        let registers = state.registers.lanes
        let places = reportedPlaces
        if isQueueing {
            let rows = samples.rows
            for lane in LaneSet(pending) {
                let base = bases[lane] + Int(rows[lane]) * outputs * laneCount
                for output in 0..<outputs { base[output * laneCount] = registers[places[output]][lane] }
            }
            return samples.step(pending, from: nil)
        }
        guard let recorded else { return }
        let common = samples.commonRow(pending)
        if let row = common {
            let place = recorded + row * outputs
            if all(pending) {
                for output in 0..<outputs { place[output] = registers[places[output]] }
            } else {
                for output in 0..<outputs {
                    place[output].replace(with: registers[places[output]], where: pending)
                }
            }
        } else {
            for lane in LaneSet(pending) {
                let place = recorded + Int(samples.rows[lane]) * outputs
                for output in 0..<outputs { place[output][lane] = registers[places[output]][lane] }
            }
        }
        samples.step(pending, from: common)
    }

    // MARK: Events of a hazard

    private func anyThresholdCrossed(_ accepted: LaneMask) -> Bool {
        let first = state.stateCount - thresholds.count
        for event in thresholds.indices {
            let isNew = eventTimes[event] .== Lane(repeating: .infinity)
            if any(accepted .& isNew .& (state.yNew[first + event] .>= thresholds[event])) { return true }
        }
        return false
    }

    /// Finds where a cumulative hazard reached its threshold within the accepted step: bisection on the continuous
    /// extension.
    func locateEvents(
        _ accepted: LaneMask, _ path: StepPath, value: (_ state: Int, _ lane: Int, _ at: Double) -> Double
    ) {
        let first = state.stateCount - thresholds.count
        for event in thresholds.indices {
            let isNew = eventTimes[event] .== Lane(repeating: .infinity)
            let crossed = accepted .& isNew .& (state.yNew[first + event] .>= thresholds[event])
            guard any(crossed) else { continue }
            for lane in LaneSet(crossed) {
                var low = 0.0
                var high = 1.0
                for _ in 0..<52 {
                    let middle = 0.5 * (low + high)
                    if value(first + event, lane, middle) >= thresholds[event][lane] {
                        high = middle
                    } else {
                        low = middle
                    }
                }
                // What lies behind a switch belongs to other equations.
                guard high <= path.reach[lane] else { continue }
                eventTimes[event][lane] = path.start[lane] + high * path.step[lane]
            }
        }
    }
}
