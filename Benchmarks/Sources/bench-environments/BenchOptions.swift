import Foundation

/// What the command line asks for.
struct BenchOptions {
    var isJSON = false
    var repetitions = 5
    /// The environments by name; all when nil.
    var only: [String]?

    /// Ends the process with a message where the arguments cannot be understood.
    init(_ arguments: some Collection<String>) {
        var rest = arguments.makeIterator()
        while let argument = rest.next() {
            switch argument {
            case "--json": isJSON = true
            case "--repetitions":
                guard let text = rest.next(), let number = Int(text), number > 0 else {
                    Self.refuse("\(argument): needs a whole number above 0")
                }
                repetitions = number
            case "--only":
                let names = rest.next()?.split(separator: ",").map(String.init) ?? []
                let known = EnvironmentWorkload.all.map(\.environment)
                if let unknown = names.first(where: { !known.contains($0) }) {
                    Self.refuse("--only: found '\(unknown)', allowed: \(known.joined(separator: ", "))")
                }
                only = names
            default: Self.refuse("found '\(argument)', allowed: --json --repetitions --only")
            }
        }
    }

    private static func refuse(_ message: String) -> Never {
        FileHandle.standardError.write(Data("bench-environments: \(message)\n".utf8))
        exit(64)
    }
}
