import Foundation

/// What the command line asks for.
struct BenchOptions {
    var isJSON = false
    var subjects = 10_000
    var repetitions = 5
    /// The workloads by name; all when nil.
    var only: [String]?
    var runsPeers = true
    /// Holds `Models`, `References` and `peers.R`.
    var folder = "Benchmarks"

    /// Ends the process with a message where the arguments cannot be understood.
    init(_ arguments: some Collection<String>) {
        var rest = arguments.makeIterator()
        while let argument = rest.next() {
            func number() -> Int {
                guard let text = rest.next(), let number = Int(text), number > 0 else {
                    Self.refuse("\(argument): needs a whole number above 0")
                }
                return number
            }
            switch argument {
            case "--json": isJSON = true
            case "--no-peers": runsPeers = false
            case "--subjects": subjects = number()
            case "--repetitions": repetitions = number()
            case "--only":
                let names = rest.next()?.split(separator: ",").map(String.init) ?? []
                let known = EngineWorkload.all.map(\.name)
                if let unknown = names.first(where: { !known.contains($0) }) {
                    Self.refuse("--only: found '\(unknown)', allowed: \(known.joined(separator: ", "))")
                }
                only = names
            case "--folder": folder = rest.next() ?? folder
            default:
                Self.refuse("found '\(argument)', allowed: --json --subjects --repetitions --only --no-peers --folder")
            }
        }
    }

    private static func refuse(_ message: String) -> Never {
        FileHandle.standardError.write(Data("bench-engine: \(message)\n".utf8))
        exit(64)
    }
}
