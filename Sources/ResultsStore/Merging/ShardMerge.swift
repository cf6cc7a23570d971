import Trials

/// Joins the shards of a study into the file that one run would have written: the same numbers to the last bit.
public struct ShardMerge {
    private let shards: [(index: Int, root: ResultGroup)]

    /// Why shards cannot be joined.
    public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// The file does not say which shard it is.
        case notShard(path: String)
        /// Two files differ in their input, version or number of shards.
        case different(what: String, path: String, found: String, expected: String)
        /// Shards are missing, or given twice.
        case incomplete(found: [Int], count: Int)

        /// What is wrong, and what to do.
        public var description: String {
            switch self {
            case .notShard(let path): "'\(path)' does not say which shard of a study it is"
            case .different(let what, let path, let found, let expected):
                "'\(path)' has another \(what) than the first shard: found '\(found)', expected '\(expected)'"
            case .incomplete(let found, let count):
                "shards \(found.map(String.init).joined(separator: ", ")) of \(count) were given; each of 1 to \(count) is needed once"
            }
        }
    }

    /// Reads shards in any order.
    ///
    /// - Throws: ``Failure``, and what reading throws.
    public init(_ paths: [String]) throws {
        var shards: [(index: Int, root: ResultGroup)] = []
        var expected: [String: String] = [:]
        var count = 0
        for path in paths {
            let root = try ResultsFile(path).content()
            let provenance = root.group(named: "provenance")
            guard let text = provenance?.text("shard") else { throw Failure.notShard(path: path) }
            let parts = text.split(separator: "/").compactMap { Int($0) }
            guard parts.count == 2 else { throw Failure.notShard(path: path) }
            let facts = [
                ("number of shards", "\(parts[1])"), ("input", provenance?.text("input_sha256") ?? ""),
                ("version", provenance?.text("trialist_version") ?? ""),
            ]
            for (what, found) in facts {
                let wanted = expected[what] ?? found
                expected[what] = wanted
                if wanted != found { throw Failure.different(what: what, path: path, found: found, expected: wanted) }
            }
            count = parts[1]
            shards.append((parts[0], root))
        }
        shards.sort { $0.index < $1.index }
        guard shards.map(\.index) == Array(1..<(count + 1)) else {
            throw Failure.incomplete(found: shards.map(\.index), count: count)
        }
        self.shards = shards
    }

    /// The content of the whole study.
    ///
    /// - Throws: ``ResultsError`` where a shard lacks what a trial's replicates are read from.
    public func merged() throws -> ResultGroup {
        var root = shards[0].root
        if let place = root.groups.firstIndex(where: { $0.name == "provenance" }) {
            root.groups[place].replaceText("shard", with: "1/1")
        }
        joinSequential(&root)
        guard let place = root.groups.firstIndex(where: { $0.name == "trial" }) else { return root }
        var trial = root.groups[place]
        let parts = shards.compactMap { $0.root.group(named: "trial") }
        trial.joinReplicates(of: parts)
        if let inner = trial.groups.firstIndex(where: { $0.name == "equal_arms" }) {
            trial.groups[inner].joinReplicates(of: parts.compactMap { $0.group(named: "equal_arms") })
        }
        root.groups[place] = trial
        if let place = root.groups.firstIndex(where: { $0.name == "operating_characteristics" }) {
            root.groups[place] = try characteristics(trial, before: root.groups[place])
        }
        return root
    }

    private func joinSequential(_ root: inout ResultGroup) {
        let name = SequentialLayout.replicateGroup
        guard let place = root.groups.firstIndex(where: { $0.name == name }) else { return }
        root.groups[place].joinReplicates(of: shards.compactMap { $0.root.group(named: name) })
        let replicates = root.groups[place]
        for index in root.groups.indices where root.groups[index].name == SequentialLayout.characteristicsGroup {
            root.groups[index] = SequentialLayout.characteristics(of: replicates, before: root.groups[index])
        }
    }

    /// The operating characteristics of all replicates, with the true effects of the first shard.
    private func characteristics(_ trial: ResultGroup, before: ResultGroup) throws -> ResultGroup {
        let equal = try trial.group(named: "equal_arms").map(TrialLayout.estimates) ?? []
        let results = TrialResults.RandomisedResults(
            control: trial.attribute("control_arm"), treated: trial.attribute("treated_arm"),
            endpoint: trial.attribute("endpoint"), alpha: trial.number("alpha"),
            followUp: trial.number("follow_up_days"),
            replicates: [], estimates: try TrialLayout.estimates(in: trial), nullEstimates: equal, example: nil)
        guard case .string(let labels) = trial.dimension(named: "stratum")?.coordinates?.values else { return before }
        return TrialLayout(results, strata: labels).operatingCharacteristics(
            trueEffect: before.doubles("true_effect"), errors: before.doubles("true_effect_mc_error"))
    }
}

extension ResultGroup {
    fileprivate func text(_ name: String) -> String? {
        guard case .string(let texts) = variable(named: name)?.values else { return nil }
        return texts.first
    }

    fileprivate func doubles(_ name: String) -> [Double] {
        guard case .double(let values) = variable(named: name)?.values else { return [] }
        return values
    }

    fileprivate mutating func replaceText(_ name: String, with text: String) {
        for index in variables.indices where variables[index].name == name { variables[index].values = .string([text]) }
    }

    fileprivate func attribute(_ name: String) -> String {
        guard case .text(let text) = attributes.first(where: { $0.name == name })?.value else { return "" }
        return text
    }

    fileprivate func number(_ name: String) -> Double {
        guard case .number(let number) = attributes.first(where: { $0.name == name })?.value else { return .nan }
        return number
    }

    /// Puts the replicates of all parts one after the other, in every variable over them.
    fileprivate mutating func joinReplicates(of parts: [ResultGroup]) {
        let coordinates = parts.flatMap { part -> [Int32] in
            guard case .int32(let numbers) = part.dimension(named: "replicate")?.coordinates?.values else { return [] }
            return numbers
        }
        for index in dimensions.indices where dimensions[index].name == "replicate" {
            dimensions[index] = ResultDimension("replicate", identifiers: coordinates, longName: "run of the trial")
        }
        for index in variables.indices where variables[index].dimensions.first == "replicate" {
            let name = variables[index].name
            variables[index].values = .double(parts.flatMap { $0.doubles(name) })
        }
    }
}
