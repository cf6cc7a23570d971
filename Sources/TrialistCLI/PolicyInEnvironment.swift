import ArgumentParser
import Environments
import ModelEnvironments

/// The policy that a command is about, and the environment in which it acts.
struct PolicyInEnvironment: ParsableArguments {
    @Argument(
        help:
            "An environment of 'trialist regime list', the folder of a document, a scenario with a learned arm, or tables:FOLDER."
    )
    var environment: String

    @Option(help: ArgumentHelp("The policy: random, constant:X, rule:NAME, optimal or a file.", valueName: "policy"))
    var policy: String

    @Option(
        help: ArgumentHelp(
            "The variant, or the arm of a scenario; the first of the list by default.", valueName: "name"))
    var variant: String?

    @Option(
        help: ArgumentHelp(
            "The tables of an environment that reads some: the wheel of icu_sepsis, or its folder.", valueName: "path"))
    var tables: String?

    func makeEnvironment() throws -> any Environment {
        try EnvironmentCatalog().find(environment).make(variant: variant, tables: tables)
    }
}
