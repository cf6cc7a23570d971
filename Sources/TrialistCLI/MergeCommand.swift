import ArgumentParser
import ResultsStore

/// `trialist merge SHARD… --out F.h5`
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Join the shards of a study into one results file.",
        discussion: "The file has the same numbers, to the last bit, as a run without shards.")

    @Argument(help: "The files that 'trialist run --shard' wrote, in any order.")
    var shards: [String]

    @Option(help: "The results file (HDF5).")
    var out: String

    func run() throws {
        try ResultsWriter.write(ShardMerge(shards).merged(), to: out)
        try InspectCommand.printSummary(of: out, json: false)
    }
}
