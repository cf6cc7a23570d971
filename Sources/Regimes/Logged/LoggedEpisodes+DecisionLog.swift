extension LoggedEpisodes {
    /// The decisions of a trial's exploring arm as episodes: one for each patient, with the frame's features as what is
    /// observed.
    ///
    /// A decision whose interval a dropout or a failed solve hid is left out, and the episode is cut off before it. An event
    /// ends an episode; so does the end of follow-up, after which nothing is observed.
    ///
    /// - Parameters:
    ///   - learner: knows the reward of an interval.
    ///   - explore: how often an action was drawn; otherwise the neutral one was taken.
    package init(_ log: DecisionLog, frame: LearningFrame, learner: FittedQIteration, explore: Double) {
        let levels = frame.actions.map { ActionSpace.Level(name: "\($0)", values: [$0]) }
        let component = ActionSpace.Component(
            name: LearningFrame.action, low: frame.actions.min() ?? 0, high: frame.actions.max() ?? 0)
        self.init(
            variables: frame.featureNames, actions: ActionSpace(components: [component], levels: levels),
            discount: learner.discount)
        let features = (0..<log.visits).map { frame.featuresSeen(log, visit: $0) }
        let reward = (0..<log.visits).map { learner.rewards(log, visit: $0) }
        let drawn = explore / Double(max(1, frame.actions.count))
        for patient in 0..<log.patients {
            var visit = 0
            var isOver = false
            while visit < log.visits, log.isPresent[visit][patient], log.endings[visit][patient] != .lost, !isOver,
                reward[visit][patient].isFinite
            {
                let action = log.snapshots[visit][frame.actionSlot][patient]
                let level = frame.actions.firstIndex(of: action) ?? 0
                for feature in variables.indices { observations[feature].append(features[visit][feature][patient]) }
                chosen.append(Int32(level))
                propensity.append(drawn + (frame.actions[level] == frame.neutral ? 1 - explore : 0))
                allowed.append(LoggedEpisodes.all(actions))
                rewards.append(reward[visit][patient])
                isOver = log.endings[visit][patient] == .event
                visit += 1
            }
            guard chosen.count > starts[starts.count - 1] else { continue }
            let isKnown = visit < log.visits && log.isPresent[visit][patient] && !isOver
            for feature in variables.indices {
                final[feature].append(isKnown ? features[visit][feature][patient] : .nan)
            }
            finalAllowed.append(LoggedEpisodes.all(actions))
            endedByEvent.append(isOver)
            starts.append(chosen.count)
        }
    }
}
