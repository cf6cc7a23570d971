import NumericsCore
import Testing

@testable import Regimes

/// Backed by invariants: every decision whose outcome is known stands in the log once, with what it led to.
@Suite struct LoggedDecisionsTests {
    @Test("A trial's decisions become episodes; events end them, dropouts cut them off")
    func episodes() throws {
        let log = Ladder(eventRate: 0.3).log(patients: 500, dropoutRate: 0.2)
        let frame = try Ladder.frame()
        let episodes = LoggedEpisodes(log, frame: frame, learner: try Ladder.learner(), explore: 1)
        let known = (0..<3).reduce(0) { sum, visit in
            sum + (0..<500).filter { log.isPresent[visit][$0] && log.endings[visit][$0] != .lost }.count
        }
        #expect(episodes.decisions == known)
        #expect(episodes.starts.last == known)
        #expect(episodes.variables == ["state_now"])
        let events = (0..<3).reduce(0) { sum, visit in
            sum + (0..<500).filter { log.isPresent[visit][$0] && log.endings[visit][$0] == .event }.count
        }
        #expect(episodes.endedByEvent.filter { $0 }.count == events)
        #expect(events > 20)
        #expect(episodes.propensity.allSatisfy { $0 == 0.5 })
        // What a decision paid is what the problem pays.
        let ladder = Ladder(eventRate: 0.3)
        for decision in 0..<episodes.decisions {
            let (state, action) = (Int(episodes.observations[0][decision]), Int(episodes.chosen[decision]))
            #expect(episodes.rewards[decision] == ladder.gain(state, action))
        }
    }

    @Test("An exploring arm that seldom draws takes the neutral action with what is left")
    func propensity() throws {
        let log = Ladder().log(patients: 50)
        let episodes = LoggedEpisodes(log, frame: try Ladder.frame(), learner: try Ladder.learner(), explore: 0.2)
        for decision in 0..<episodes.decisions {
            #expect(abs(episodes.propensity[decision] - (episodes.chosen[decision] == 0 ? 0.9 : 0.1)) < 1e-15)
        }
    }
}
