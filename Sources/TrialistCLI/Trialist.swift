import ArgumentParser

@main
struct Trialist: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "trialist")
}
