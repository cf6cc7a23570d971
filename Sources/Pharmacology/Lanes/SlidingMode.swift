import ModelLanguage
import NumericsCore

/// Lanes that slide along a switch: the equations of both sides push towards it, so that the path stays on it.
///
/// There the derivative is the mixture `α f_after + (1 − α) f_before` of both sides' that keeps the difference of the
/// comparison's sides at 0: `α = g′_before / (g′_before − g′_after)`. The path leaves the switch where α leaves 0…1.
///
/// Source: A. F. Filippov, Differential Equations with Discontinuous Righthand Sides, Kluwer 1988, §4.2.
final class SlidingMode {
    private let switchCount: Int
    private let outcomes: UnsafeMutablePointer<Int>
    private let registers: LanePointer
    private let slopes: LaneRoutineOwner
    private let slopeVariables: [[Int?]]
    /// Where each comparison's slopes begin among the results.
    private let firstSlopes: [Int]
    /// Not 0 for the comparisons that flipped where the lane met the switch, and their outcomes behind it.
    private let member: LanePointer
    private let outcomeAfter: LanePointer
    /// The comparison that each lane slides along.
    private let leader: UnsafeMutablePointer<Int>
    /// The derivatives of both sides.
    let before: LanePointer
    let after: LanePointer
    private(set) var slopeBefore = Lane(repeating: 0)
    private(set) var slopeAfter = Lane(repeating: 0)
    private(set) var share = Lane(repeating: 0)
    private(set) var isSliding = LaneMask(repeating: false)
    private var isCandidate = LaneMask(repeating: false)

    init(_ compiled: CompiledSwitches, _ state: LaneState) {
        switchCount = compiled.registers.count
        outcomes = .allocate(capacity: switchCount)
        outcomes.initialize(from: compiled.registers, count: switchCount)
        registers = state.registers.lanes
        slopes = LaneRoutineOwner(compiled.slopes)
        slopeVariables = compiled.slopeVariables
        var firsts = [0]
        for slope in compiled.slopeVariables { firsts.append(firsts[firsts.count - 1] + slope.count) }
        firstSlopes = firsts
        member = Lanes.allocate(switchCount)
        outcomeAfter = Lanes.allocate(switchCount)
        leader = .allocate(capacity: laneCount)
        leader.initialize(repeating: 0, count: laneCount)
        before = Lanes.allocate(state.stateCount)
        after = Lanes.allocate(state.stateCount)
    }

    deinit {
        outcomes.deallocate()
        leader.deallocate()
        for pointer in [member, outcomeAfter, before, after] { pointer.deallocate() }
    }

    private var isActive: LaneMask { isSliding .| isCandidate }

    /// Whether a lane may slide along a comparison at all.
    func admits(_ index: Int) -> Bool { index < slopeVariables.count }

    /// Takes note of which comparisons have flipped in a lane, and how: a switch that it might slide along.
    func propose(_ lane: Int, leader index: Int, flipped: (Int) -> Bool) {
        isCandidate[lane] = true
        leader[lane] = index
        for other in 0..<switchCount {
            member[other][lane] = flipped(other) ? 1 : 0
            outcomeAfter[other][lane] = registers[outcomes[other]][lane]
        }
    }

    /// Lets the candidates slide whose sides, just weighed, both push towards the switch. The others go through it.
    func begin() {
        var sign = Lane(repeating: 0)
        for lane in LaneSet(isCandidate) {
            // Behind a comparison that has come true the difference is below 0.
            sign[lane] = outcomeAfter[leader[lane]][lane] == 0 ? 1 : -1
        }
        let zero = Lane(repeating: 0)
        let begun = isCandidate .& ((sign * slopeAfter) .< zero) .& ((sign * slopeBefore) .> zero)
        isSliding = isSliding .| begun
        isCandidate = LaneMask(repeating: false)
    }

    /// Ends the sliding of some lanes, which have the outcomes of the side that their share has reached.
    func end(_ mask: LaneMask) {
        let ending = mask .& isSliding
        let isBefore = share .< Lane(repeating: 0)
        for index in 0..<switchCount {
            let outcome = outcomeAfter[index].replacing(
                with: Lane(repeating: 1) - outcomeAfter[index], where: isBefore)
            let isMember = member[index] .!= Lane(repeating: 0)
            registers[outcomes[index]].replace(with: outcome, where: ending .& isMember)
        }
        isSliding = isSliding .& .!ending
    }

    /// Forgets that some lanes slide.
    func clear(_ mask: LaneMask) { isSliding = isSliding .& .!mask }

    /// The lanes that slide along a switch of which a comparison is part.
    func slides(along index: Int) -> LaneMask { isSliding .& (member[index] .!= Lane(repeating: 0)) }

    /// Puts the outcomes of one side of the switch into the registers.
    func choose(after isAfter: Bool) {
        for index in 0..<switchCount {
            let outcome = isAfter ? outcomeAfter[index] : Lane(repeating: 1) - outcomeAfter[index]
            let isMember = member[index] .!= Lane(repeating: 0)
            registers[outcomes[index]].replace(with: outcome, where: isActive .& isMember)
        }
    }

    /// The share of the side behind the switch, from the derivatives of both sides.
    func weigh() {
        slopes.routine.run(registers)
        for lane in LaneSet(isActive) {
            let index = leader[lane]
            var (old, new) = (0.0, 0.0)
            for (offset, variable) in slopeVariables[index].enumerated() {
                let slope = registers[slopes.routine.place(ofResult: firstSlopes[index] + offset)][lane]
                old += slope * (variable.map { before[$0][lane] } ?? 1)
                new += slope * (variable.map { after[$0][lane] } ?? 1)
            }
            (slopeBefore[lane], slopeAfter[lane]) = (old, new)
            share[lane] = old / (old - new)
        }
    }

    /// Sliding lanes whose path, as just weighed, has left the switch.
    func hasLeft() -> LaneMask {
        isSliding .& .!((share .>= Lane(repeating: 0)) .& (share .<= Lane(repeating: 1)))
    }

    /// The derivative of a state in a lane that slides.
    func mixture(_ i: Int) -> Lane { share * after[i] + (Lane(repeating: 1) - share) * before[i] }
}
