import NumericsCore

/// The cycle of episodes, written once for all who run them: a free lane takes the next episode, somebody chooses, the
/// environment steps, and what is over is told.
package enum EpisodeCycle {
    /// Runs the episodes of a range to their ends.
    ///
    /// - Parameters:
    ///   - begin: an episode is about to start in a lane.
    ///   - choose: writes the actions of the lanes that are running, at their decisions.
    ///   - stepped: the environment has taken them; rewards stand ready.
    ///   - finished: an episode is over; the lane still holds it.
    /// - Throws: what `choose` throws, and ``EpisodeLanes/problem``.
    package static func run(
        _ range: Range<Int>, in episodes: any EpisodeLanes, action: LanePointer,
        begin: (_ lane: Int, _ episode: Int) -> Void,
        choose: (_ decision: Lane, _ running: LaneMask) throws -> Void, stepped: (_ running: LaneMask) -> Void,
        finished: (_ lane: Int, _ episode: Int) -> Void
    ) throws {
        let waits = episodes.startsTogether
        var next = range.lowerBound
        var occupants = [Int](repeating: -1, count: laneCount)
        var decision = Lane(repeating: 0)
        var running = LaneMask(repeating: false)
        while true {
            var newcomers = LaneMask(repeating: false)
            let mayBegin = !waits || !any(running)
            for lane in 0..<laneCount where mayBegin && !running[lane] && next < range.upperBound {
                occupants[lane] = next
                begin(lane, next)
                decision[lane] = 0
                newcomers[lane] = true
                next += 1
            }
            if any(newcomers) { episodes.begin(occupants, in: newcomers) }
            if let problem = episodes.problem { throw problem }
            running = running .| newcomers
            guard any(running) else { return }
            try choose(decision, running)
            episodes.step(action, in: running)
            stepped(running)
            decision += Lane(repeating: 1)
            let isOver = running .& (episodes.ending .!= Lane(repeating: 0))
            for lane in LaneSet(isOver) { finished(lane, occupants[lane]) }
            running = running .& .!isOver
        }
    }
}
