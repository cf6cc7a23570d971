import ArgumentParser

/// `trialist regime list|evaluate|card|learn|estimate|log|ope`
struct RegimeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "regime",
        abstract: "Try rules that choose treatment in environments whose truth is known.",
        subcommands: [
            RegimeListCommand.self, RegimeEvaluateCommand.self, RegimeCardCommand.self, RegimeLearnCommand.self,
            RegimeEstimateCommand.self, RegimeLogCommand.self, RegimeOpeCommand.self,
        ])
}
