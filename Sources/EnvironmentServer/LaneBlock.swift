import Environments
import NumericsCore
import Regimes

/// Sixteen of a batch's lanes: their episodes, what these have come to so far, and how that is written into a reply.
final class LaneBlock {
    let episodes: any EpisodeLanes
    private let layout: TurnLayout
    /// The batch's number of this block's first lane.
    let firstLane: Int
    /// The lanes that the batch uses: all but in the last block.
    let used: LaneMask
    private let discount: Lane
    private var numbers: [Int]
    private var value = Lane(repeating: 0)
    private var sum = Lane(repeating: 0)
    private var weight = Lane(repeating: 1)
    private var decisions = Lane(repeating: 0)
    private var reward = Lane(repeating: 0)
    private var ending = Lane(repeating: 0)
    /// The lanes whose episodes are over.
    private(set) var isOver = LaneMask(repeating: false)
    /// The values of the next step, `action[component]`.
    let action: LanePointer
    /// The records of the latest step.
    private(set) var records: UnsafeMutableRawBufferPointer
    private(set) var recordCount = 0
    /// How many observations are missing in the latest reply.
    private(set) var missing = 0

    /// - Parameter firstEpisode: the episode with which the batch's lane 0 starts.
    init(_ episodes: any EpisodeLanes, _ facts: EnvironmentFacts, layout: TurnLayout, firstLane: Int, firstEpisode: Int)
    {
        self.episodes = episodes
        self.layout = layout
        self.firstLane = firstLane
        discount = Lane(repeating: facts.discount)
        // The first beginning adds the number of lanes, as all do.
        numbers = (0..<laneCount).map { firstEpisode + firstLane + $0 - layout.lanes }
        var used = LaneMask(repeating: false)
        for lane in 0..<min(laneCount, layout.lanes - firstLane) { used[lane] = true }
        self.used = used
        let components = max(1, facts.actions.components.count)
        action = .allocate(capacity: components)
        action.initialize(repeating: Lane(repeating: 0), count: components)
        for (index, value) in (facts.actions.levels.first?.values ?? []).enumerated() {
            action[index] = Lane(repeating: value)
        }
        records = .allocate(byteCount: laneCount * layout.recordBytes, alignment: 16)
    }

    deinit {
        action.deallocate()
        records.deallocate()
    }

    /// Starts the next episode in some lanes.
    func begin(_ lanes: LaneMask) {
        guard any(lanes) else { return }
        for lane in LaneSet(lanes) { numbers[lane] += layout.lanes }
        episodes.begin(numbers, in: lanes)
        let zero = Lane(repeating: 0)
        value.replace(with: zero, where: lanes)
        sum.replace(with: zero, where: lanes)
        weight.replace(with: Lane(repeating: 1), where: lanes)
        decisions.replace(with: zero, where: lanes)
        isOver = isOver .& .!lanes
    }

    /// A renewal: pays nothing and ends nothing.
    func renew(_ lanes: LaneMask) {
        (recordCount, reward, ending) = (0, Lane(repeating: 0), Lane(repeating: 0))
        begin(lanes .& used)
    }

    /// Carries ``action`` out in every lane whose episode is not over.
    func step(_ mode: ServerProtocol.Autoreset) {
        let due = isOver
        let running = used .& .!due
        let zero = Lane(repeating: 0)
        recordCount = 0
        (reward, ending) = (zero, zero)
        if any(running) { advance(running) }
        let ended = running .& (ending .!= zero)
        for lane in LaneSet(ended) { record(lane) }
        switch mode {
        case .nextStep:
            isOver = ended
            begin(due)
        case .sameStep: begin(ended)
        case .disabled: isOver = due .| ended
        }
    }

    /// The sums go as in ``EpisodeRunner``, so that the returns have its bits.
    private func advance(_ running: LaneMask) {
        episodes.step(action, in: running)
        ending.replace(with: episodes.ending, where: running)
        reward.replace(with: episodes.reward, where: running)
        let failed = running .& (ending .== Lane(repeating: EpisodeEnding.failed.code))
        // What could not be solved pays nothing.
        for lane in LaneSet(failed) where !reward[lane].isFinite { reward[lane] = 0 }
        value.replace(with: value + weight * reward, where: running)
        sum.replace(with: sum + reward, where: running)
        weight.replace(with: weight * discount, where: running)
        decisions.replace(with: decisions + Lane(repeating: 1), where: running)
    }

    /// Writes down an episode that is over while its lane still holds it.
    private func record(_ lane: Int) {
        guard let base = records.baseAddress else { return }
        var place = base + recordCount * layout.recordBytes
        func put(_ bits: UInt64) {
            place.storeBytes(of: bits.littleEndian, as: UInt64.self)
            place += 8
        }
        func put(_ number: Int) { put(UInt64(bitPattern: Int64(number))) }
        func put(_ number: Double) { put(number.bitPattern) }
        put(firstLane + lane)
        put(numbers[lane])
        put(Int(decisions[lane]))
        put(Int(ending[lane]))
        put(value[lane])
        put(sum[lane])
        for grouping in 0..<layout.groupings { put(episodes.group(of: grouping, lane: lane)) }
        for measure in 0..<layout.measures { put(episodes.measure(measure, lane: lane)) }
        for variable in 0..<layout.observations { put(episodes.observation[variable][lane]) }
        recordCount += 1
    }

    /// Writes the block's lanes into a reply, all but the records.
    func write(into reply: UnsafeMutableRawPointer) {
        let count = min(laneCount, layout.lanes - firstLane)
        missing = 0
        let width = layout.observations
        let observations =
            (reply + TurnLayout.observationsStart).assumingMemoryBound(to: Double.self) + firstLane * width
        for variable in 0..<width {
            let source = UnsafeRawPointer(episodes.observation + variable).assumingMemoryBound(to: Double.self)
            for lane in 0..<count {
                let number = source[lane]
                observations[lane * width + variable] = number
                missing += number.isNaN ? 1 : 0
            }
        }
        let rewards = (reply + layout.rewardsStart).assumingMemoryBound(to: Double.self) + firstLane
        let terminated = (reply + layout.terminatedStart).assumingMemoryBound(to: UInt8.self) + firstLane
        let truncated = (reply + layout.truncatedStart).assumingMemoryBound(to: UInt8.self) + firstLane
        for lane in 0..<count {
            rewards[lane] = reward[lane]
            terminated[lane] = ending[lane] > 0 ? 1 : 0
            truncated[lane] = ending[lane] < 0 ? 1 : 0
        }
        let levels = layout.levels
        let allowed = (reply + layout.allowedStart).assumingMemoryBound(to: UInt8.self) + firstLane * levels
        for level in 0..<levels {
            let source = UnsafeRawPointer(episodes.allowed + level).assumingMemoryBound(to: Double.self)
            for lane in 0..<count { allowed[lane * levels + level] = source[lane] > 0 ? 1 : 0 }
        }
    }
}
