import ArgumentParser
import EnvironmentServer
import Environments
import Foundation
import ModelEnvironments
import Studies

/// `trialist serve-env ENV --stdio`
struct ServeEnvCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve-env",
        abstract: "Let another program act in an environment, many episodes at a time.",
        discussion: """
            Reads requests from standard input and writes replies to standard output: messages of bytes that the \
            documentation of the module EnvironmentServer describes. The Python package in notebooks-export/trialist_gym \
            speaks them and makes a Gymnasium environment of it. Ends when the client closes or its stream ends; a message \
            that cannot be understood is answered by an error and ends it with exit code 65.
            """)

    @Argument(
        help: "An environment of 'trialist regime list', the folder of a document, or a scenario with a learned arm.")
    var environment: String

    @Option(
        help: ArgumentHelp(
            "The variant, or the arm of a scenario; the first of the list by default.", valueName: "name"))
    var variant: String?

    @Flag(help: "Serve one client over standard input and output; the only way at present.")
    var stdio = false

    @Option(help: ArgumentHelp("Threads that share the episodes; the replies do not depend on it.", valueName: "n"))
    var threads = 1

    func validate() throws {
        if !stdio { throw ValidationError("--stdio is missing: how to reach the client has to be said") }
        if !(1...1024).contains(threads) { throw ValidationError("--threads: found \(threads), allowed: 1 to 1024") }
    }

    func run() throws {
        let environment = try EnvironmentCatalog().find(environment).make(variant: variant)
        let channel = FileChannel(
            input: FileHandle.standardInput.fileDescriptor, output: FileHandle.standardOutput.fileDescriptor)
        try ServerSession(environment, channel: channel, trialist: trialistVersion, threads: threads).run()
    }
}
