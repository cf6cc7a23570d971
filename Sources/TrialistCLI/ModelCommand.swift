import ArgumentParser

/// `trialist model …`: one model, without a trial around it.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Check, simulate or analyse one model, without a trial around it.",
        subcommands: [
            ModelCheckCommand.self, ModelSimulateCommand.self, ModelDoseCommand.self, ModelSensitivityCommand.self,
        ])
}
