import Environments
import ModelLanguage
import NumericsCore
import Pharmacology
import Regimes

/// Sixteen episodes of an environment that was written as a document.
///
/// A decision goes this way: the action (made allowed), `act`, doses, for each part of the response `drive`, the model and
/// `each`, then `after`, the events, the reward, and what is observed and allowed next.
final class ModelEpisodes: EpisodeLanes {
    let program: EnvironmentProgram
    /// The values of the board's names.
    let board: LanePointer
    let observation: LanePointer
    let allowed: LanePointer
    var reward = Lane(repeating: 0)
    var ending = Lane(repeating: 0)
    let response: ModelResponse?

    private let key: StreamKey
    private let derive: BoardRoutine?
    private let start: BoardRoutine?
    private let act: BoardRoutine?
    private let after: BoardRoutine?
    private let observing: BoardRoutine
    let allowing: BoardRoutine?
    let endsRoutine: BoardRoutine?
    private let paying: BoardRoutine
    private let measuring: BoardRoutine?
    private let grouping: BoardRoutine?
    private let routines: [BoardRoutine]
    var endStreams: [RandomStream]
    var missingStreams: [RandomStream]
    /// The groups and measures of each lane's episode.
    private let groups: LanePointer
    private let measures: LanePointer
    let horizon: Lane
    let nearest: NearestLevel
    /// Room for one action.
    let chosen: LanePointer

    init(_ program: EnvironmentProgram, seed: UInt64) {
        self.program = program
        let key = StreamKey(seed: seed, purpose: .environment)
        self.key = key
        var routines: [BoardRoutine] = []
        func routine(_ part: BoardProgram?, _ substream: Substream) -> BoardRoutine? {
            guard let part else { return nil }
            let routine = BoardRoutine(part, key, substream: substream.rawValue)
            routines.append(routine)
            return routine
        }
        derive = routine(program.derive, .derive)
        start = routine(program.blocks[.start], .start)
        act = routine(program.blocks[.act], .act)
        after = routine(program.blocks[.after], .after)
        allowing = routine(program.allowed, .allowed)
        endsRoutine = routine(program.ends, .ends)
        measuring = routine(program.measures, .measures)
        grouping = routine(program.grouping, .grouping)
        observing = BoardRoutine(program.observe, key, substream: Substream.observe.rawValue)
        paying = BoardRoutine(program.reward, key, substream: Substream.reward.rawValue)
        response = ModelResponse(
            program, drive: routine(program.blocks[.drive], .drive), each: routine(program.blocks[.each], .each),
            set: routine(program.response?.set, .set), doses: routine(program.response?.doses, .doses))
        self.routines = routines + [observing, paying]
        board = Self.lanes(program.board.symbols.count)
        observation = Self.lanes(program.observe.values.count)
        allowed = Self.lanes(program.actions.levels.count, 1)
        groups = Self.lanes(program.groupings.count)
        measures = Self.lanes(program.document.measures.count)
        let idle = RandomStream(key: key, replicate: 0, patient: 0)
        endStreams = Array(repeating: idle, count: laneCount)
        missingStreams = endStreams
        horizon = Lane(repeating: Double(program.document.decisions.count))
        nearest = NearestLevel(program.actions)
        chosen = Self.lanes(program.actionPlaces.count)
    }

    private static func lanes(_ count: Int, _ value: Double = 0) -> LanePointer {
        let lanes = LanePointer.allocate(capacity: max(1, count))
        lanes.initialize(repeating: Lane(repeating: value), count: max(1, count))
        return lanes
    }

    deinit {
        for pointer in [board, observation, allowed, groups, measures, chosen] { pointer.deallocate() }
    }

    func group(of grouping: Int, lane: Int) -> Int {
        let group = groups[grouping][lane]
        return group >= 0 ? min(Int(group), program.groupings[grouping].groups.count - 1) : 0
    }

    func measure(_ index: Int, lane: Int) -> Double { measures[index][lane] }

    // MARK: The cycle of an episode

    func begin(_ episodes: [Int], in lanes: LaneMask) {
        for place in program.cleared { board[place].replace(with: .nan, where: lanes) }
        for place in program.endPlaces { board[place].replace(with: 0, where: lanes) }
        board[program.decisionPlace].replace(with: 0, where: lanes)
        board[program.partPlace].replace(with: 0, where: lanes)
        for lane in LaneSet(lanes) {
            for routine in routines { routine.begin(episodes[lane], lane: lane) }
            endStreams[lane] = stream(.ends, episodes[lane])
            missingStreams[lane] = stream(.missing, episodes[lane])
            program.patients.fill(board, lane: lane, episode: episodes[lane], key)
        }
        derive?.run(board, lanes)
        if let grouping {
            grouping.run(board, lanes)
            for index in program.groupings.indices {
                groups[index].replace(with: grouping.value(index), where: lanes)
            }
        }
        start?.run(board, lanes)
        response?.begin(board, lanes)
        ending.replace(with: 0, where: lanes)
        reward.replace(with: 0, where: lanes)
        observe(lanes, isFirst: true)
        allow(lanes)
    }

    func step(_ action: LanePointer, in lanes: LaneMask) {
        for (component, place) in program.actionPlaces.enumerated() {
            board[place].replace(with: action[component], where: lanes)
        }
        makeAllowed(lanes)
        for (from, to) in program.kept { board[to].replace(with: board[from], where: lanes) }
        act?.run(board, lanes)
        response?.run(board, lanes)
        if let after {
            after.run(board, lanes)
            response?.takeAmounts(board, lanes)
        }
        let decision = board[program.decisionPlace]
        let isLast = lanes .& ((decision + Lane(repeating: 1)) .>= horizon)
        var code = Lane(repeating: 0).replacing(with: -1, where: isLast)
        end(lanes, isLast, &code)
        paying.run(board, lanes)
        reward.replace(with: paying.value(0), where: lanes)
        board[program.decisionPlace].replace(with: decision + Lane(repeating: 1), where: lanes)
        fail(lanes, &code)
        ending.replace(with: code, where: lanes)
        let isOver = lanes .& (code .!= Lane(repeating: 0))
        if any(isOver) { conclude(isOver) }
        // At the end too: who learns wants to know what would have been next where the horizon cut an episode off.
        observe(lanes, isFirst: false)
        allow(lanes)
    }

    private func conclude(_ lanes: LaneMask) {
        if let measuring {
            measuring.run(board, lanes)
            for index in program.document.measures.indices {
                measures[index].replace(with: measuring.value(index), where: lanes)
            }
        }
        response?.retire(lanes)
    }

    private func stream(_ substream: Substream, _ episode: Int) -> RandomStream {
        EpisodeStream.make(key, episode: episode, substream: substream.rawValue)
    }

    /// Episodes whose equations cannot be solved, or whose reward is no number, have failed.
    private func fail(_ lanes: LaneMask, _ code: inout Lane) {
        var hasFailed = lanes .& ((reward * Lane(repeating: 0)) .!= Lane(repeating: 0))
        if let response { hasFailed = hasFailed .| (lanes .& .!response.active) }
        guard any(hasFailed) else { return }
        code.replace(with: EpisodeEnding.failed.code, where: hasFailed)
        reward.replace(with: 0, where: hasFailed)
    }

    // MARK: What is seen

    private func observe(_ lanes: LaneMask, isFirst: Bool) {
        observing.run(board, lanes)
        let count = program.observe.values.count
        guard !isFirst, let missing = program.document.missing else {
            for index in 0..<count { observation[index].replace(with: observing.value(index), where: lanes) }
            return
        }
        var whole = LaneMask(repeating: false)
        if missing.isTogether { whole = draw(missing.probability, lanes) }
        for index in 0..<count {
            var isMissing = LaneMask(repeating: false)
            if program.isMissable[index] { isMissing = missing.isTogether ? whole : draw(missing.probability, lanes) }
            observation[index].replace(with: observing.value(index), where: lanes .& .!isMissing)
            if !missing.carries { observation[index].replace(with: .nan, where: isMissing) }
        }
    }

    private func draw(_ probability: Double, _ lanes: LaneMask) -> LaneMask {
        var uniform = Lane(repeating: 1)
        for lane in LaneSet(lanes) { uniform[lane] = missingStreams[lane].nextUniform() }
        return lanes .& (uniform .< Lane(repeating: probability))
    }
}
