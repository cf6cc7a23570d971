import Environments
import ModelLanguage
import NumericsCore

extension ModelEpisodes {
    /// Finds out which levels are allowed at the present decision.
    func allow(_ lanes: LaneMask) {
        guard let allowing else { return }
        let components = program.actionPlaces.count
        allowing.load(board, lanes)
        for level in program.actions.levels.indices {
            // An input's register is its place on the board.
            for component in 0..<components {
                let value = nearest.values[level * components + component]
                allowing.registers.lanes[program.actionPlaces[component]] = Lane(repeating: value)
            }
            allowing.compute()
            let isAllowed = isTrue(allowing.value(0))
            allowed[level].replace(with: Lane(repeating: 0).replacing(with: 1, where: isAllowed), where: lanes)
        }
        // Something must be chosen: where nothing is allowed, the first level is.
        var sum = Lane(repeating: 0)
        for level in program.actions.levels.indices { sum += allowed[level] }
        allowed[0].replace(with: 1, where: lanes .& (sum .== Lane(repeating: 0)))
    }

    /// Puts the nearest allowed level in the place of an action that is not allowed.
    func makeAllowed(_ lanes: LaneMask) {
        guard let allowing else { return }
        allowing.load(board, lanes)
        allowing.compute()
        let isRefused = lanes .& .!isTrue(allowing.value(0))
        guard any(isRefused) else { return }
        let components = program.actionPlaces.count
        for lane in LaneSet(isRefused) {
            for component in 0..<components { chosen[component][lane] = board[program.actionPlaces[component]][lane] }
            let level = nearest.allowed(allowed, to: chosen, lane: lane)
            for component in 0..<components {
                board[program.actionPlaces[component]][lane] = nearest.values[level * components + component]
            }
        }
    }

    /// Finds out which episodes an event ends. Conditions come first, in their order; then the hazards compete.
    func end(_ lanes: LaneMask, _ isLast: LaneMask, _ code: inout Lane) {
        guard let endsRoutine else { return }
        endsRoutine.run(board, lanes)
        let ends = program.document.ends
        var isOpen = program.document.endsAtHorizon ? lanes : lanes .& .!isLast
        var hazard = Lane(repeating: 0)
        var hasHazard = false
        for (index, end) in ends.enumerated() {
            guard case .when = end.law else {
                hazard += endsRoutine.value(index)
                hasHazard = true
                continue
            }
            let happens = isOpen .& isTrue(endsRoutine.value(index))
            happened(index, happens, &code)
            isOpen = isOpen .& .!happens
        }
        guard hasHazard else { return }
        // The episode's share of hazard that is used up, −ln(1 − u), against the hazards one after the other.
        var threshold = Lane(repeating: 1)
        for lane in LaneSet(lanes) { threshold[lane] = 1 - endStreams[lane].nextUniform() }
        withUnsafeMutablePointer(to: &threshold) { LaneMath.log($0, $0) }
        threshold = Lane(repeating: 0) - threshold
        let isDead = isOpen .& (threshold .< hazard)
        guard any(isDead) else { return }
        compete(isDead, hazard: hazard, threshold, &code)
    }

    /// Which of the hazards has struck: each with its share of their sum.
    private func compete(_ lanes: LaneMask, hazard: Lane, _ threshold: Lane, _ code: inout Lane) {
        guard let endsRoutine else { return }
        var (share, whole) = (Lane(repeating: 0) - threshold, Lane(repeating: 0) - hazard)
        withUnsafeMutablePointer(to: &share) { LaneMath.expm1($0, $0) }
        withUnsafeMutablePointer(to: &whole) { LaneMath.expm1($0, $0) }
        // Uniform between 0 and 1, given that something has struck.
        let place = (share / whole) * hazard
        var (below, isOpen) = (Lane(repeating: 0), lanes)
        var last = 0
        for (index, end) in program.document.ends.enumerated() {
            guard case .hazard = end.law else { continue }
            below += endsRoutine.value(index)
            let happens = isOpen .& (place .< below)
            happened(index, happens, &code)
            isOpen = isOpen .& .!happens
            last = index
        }
        happened(last, isOpen, &code)
    }

    private func happened(_ end: Int, _ lanes: LaneMask, _ code: inout Lane) {
        code.replace(with: EpisodeEnding.event(end).code, where: lanes)
        board[program.endPlaces[end]].replace(with: 1, where: lanes)
    }

    /// Where a value is neither 0 nor missing.
    private func isTrue(_ value: Lane) -> LaneMask { (value .!= Lane(repeating: 0)) .& (value .== value) }
}
