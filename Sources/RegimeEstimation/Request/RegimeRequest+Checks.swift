import Evaluation

extension RegimeRequest {
    /// - Throws: ``EvaluationErrors`` for what the method would pass over, all of it.
    func refuseUnknown(_ problem: RegimeProblem) throws {
        var problems: [EvaluationErrors.Problem] = []
        func refuse(_ found: String, _ allowed: String, at place: String) {
            problems.append(.init("found \(found), allowed: \(allowed)", at: place))
        }
        let hasDoses = stages.contains { $0.kind == .dose }
        if hasDoses, [.owl, .bowl, .tree].contains(method) {
            refuse("doses with \(method.rawValue)", "q, a or dwols", at: "method")
        }
        if hasDoses, case .tree = learner { refuse("doses with regression trees", "a linear q", at: "learner") }
        if method != .q, learner != .linear { refuse("a learner with \(method.rawValue)", "one with q", at: "learner") }
        if survival?.outcome == .log {
            if [.owl, .bowl, .tree].contains(method) {
                refuse("the log of a time with \(method.rawValue)", "rmst or pseudo", at: "survival.outcome")
            }
            for stage in stages where stage.time == nil && stages.count > 1 {
                refuse("no 'time' in \(stage.name)", "the time spent in each stage", at: "stages")
            }
        }
        if let survival, survival.outcome == .rmst {
            for stage in stages.dropFirst() where stage.start == nil {
                refuse("no 'start' in \(stage.name)", "the time at which the stage began", at: "stages")
            }
        }
        if case .tree = learner, survival?.outcome == .log {
            refuse("the log of a time with regression trees", "rmst or pseudo", at: "survival.outcome")
        }
        if method == .bowl || method == .owl {
            for stage in problem.stages where stage.levels.count != 2 {
                refuse(
                    "\(stage.levels.count) actions in \(stage.name) with \(method.rawValue)",
                    "two actions; tree, q and dwols know more", at: "method")
            }
        }
        if case .ridge = learner, intervals.method == .sandwich || intervals.method == .stacked {
            refuse(
                "'\(intervals.method.rawValue)' with a ridge penalty", "bootstrap, m-out-of-n, none",
                at: "intervals.method")
        }
        if weight == .qpom, problem.stages.contains(where: { $0.levels.count == 2 }) {
            refuse("'qpom' with two actions", "overlap, ipw, cipw, none", at: "weight")
        }
        if let size = intervals.size, size > problem.count {
            refuse("resamples of \(size) people", "at most the \(problem.count) analysed", at: "intervals.size")
        }
        guard problems.isEmpty else { throw EvaluationErrors(problems) }
    }
}
