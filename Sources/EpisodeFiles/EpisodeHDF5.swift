import Regimes
import ResultsStore

/// Logged episodes as arrays, in the layouts of d3rlpy and of Minari.
///
/// d3rlpy: `observations` (decisions × variables), `actions`, `rewards`, `terminals` and `timeouts` (or `episode_terminals`), one
/// decision after the other; besides them, where they are known, `propensities`, `allowed` (decisions × levels),
/// `final_observations` (episodes × variables) and `group_NAME` (episodes, a number into its attribute `labels`). The attribute
/// `names` of `observations` and `actions` says what their columns and levels are called, and `discount` at the root is γ.
/// Minari: a group `episode_N` for each episode with `observations` (one more than decisions), `actions`, `rewards`,
/// `terminations` and `truncations`.
package enum EpisodeHDF5 {
    /// - Throws: ``EpisodeFileErrors`` with all that is wrong, and what ``PlainArrayFile`` throws.
    package static func read(_ path: String, actions: ActionSpace?, discount: Double?) throws -> LoggedEpisodes {
        let file = try PlainArrayFile(path)
        let source: EpisodeArrays =
            file.arrays["rewards"] == nil && file.arrays.keys.contains { $0.hasPrefix("episode_") }
            ? try .minari(file, path) : try .flat(file, path)
        return try source.episodes(path, actions: actions, discount: discount ?? file.numbers["discount"] ?? 1)
    }

    /// Writes a log in d3rlpy's layout.
    package static func write(_ log: LoggedEpisodes, to path: String) throws {
        typealias NumberArray = PlainArrayFile.NumberArray
        let width = log.variables.count
        let levels = log.actions.levels.count
        var terminals = [Double](repeating: 0, count: log.decisions)
        var timeouts = terminals
        for episode in 0..<log.episodes where !log.range(of: episode).isEmpty {
            let last = log.starts[episode + 1] - 1
            if log.endedByEvent[episode] { terminals[last] = 1 } else { timeouts[last] = 1 }
        }
        func table(_ rows: Int, _ columns: [[Double]]) -> [Double] {
            (0..<rows * width).map { columns[$0 % width][$0 / width] }
        }
        func flags(_ masks: [UInt64]) -> [Double] {
            masks.flatMap { mask in (0..<levels).map { mask & (1 << UInt64($0)) != 0 ? 1.0 : 0 } }
        }
        var arrays = [
            "observations": NumberArray(
                shape: [log.decisions, width], values: table(log.decisions, log.observations),
                texts: ["names": log.variables]),
            "actions": NumberArray(
                shape: [log.decisions], values: log.chosen.map(Double.init), texts: ["names": log.actions.names],
                isInteger: true),
            "rewards": NumberArray(shape: [log.decisions], values: log.rewards),
            "terminals": NumberArray(shape: [log.decisions], values: terminals, isInteger: true),
            "timeouts": NumberArray(shape: [log.decisions], values: timeouts, isInteger: true),
            "propensities": NumberArray(shape: [log.decisions], values: log.propensity),
            "final_observations": NumberArray(shape: [log.episodes, width], values: table(log.episodes, log.final)),
        ]
        if (log.allowed + log.finalAllowed).contains(where: { $0 != LoggedEpisodes.all(log.actions) }) {
            arrays["allowed"] = NumberArray(
                shape: [log.decisions, levels], values: flags(log.allowed), isInteger: true)
            arrays["final_allowed"] = NumberArray(
                shape: [log.episodes, levels], values: flags(log.finalAllowed), isInteger: true)
        }
        for group in log.groups {
            let labels = Set(group.labels).sorted()
            arrays["group_\(group.name)"] = NumberArray(
                shape: [log.episodes], values: group.labels.map { Double(labels.firstIndex(of: $0) ?? 0) },
                texts: ["labels": labels], isInteger: true)
        }
        try PlainArrayFile(arrays: arrays, numbers: ["discount": log.discount]).write(path)
    }
}

/// The arrays of a log, whatever layout they came in.
private struct EpisodeArrays {
    typealias NumberArray = PlainArrayFile.NumberArray
    var observations: NumberArray
    var actions: NumberArray
    var rewards: [Double]
    var terminated: [Double]
    var truncated: [Double]
    var propensities: [Double]?
    var allowed: NumberArray?
    var finals: NumberArray?
    var finalAllowed: NumberArray?
    var groups: [(name: String, array: NumberArray)] = []

    static func flat(_ file: PlainArrayFile, _ path: String) throws(EpisodeFileErrors) -> EpisodeArrays {
        let needed = ["observations", "actions", "rewards", "terminals"]
        let missing = needed.filter { file.arrays[$0] == nil }
        guard missing.isEmpty, let observations = file.arrays["observations"], let actions = file.arrays["actions"],
            let rewards = file.arrays["rewards"], let terminals = file.arrays["terminals"]
        else {
            throw EpisodeFileErrors(
                missing.map { "\(path): found no array '\($0)'; needed: \(needed.joined(separator: ", "))" })
        }
        let rows = rewards.values.count
        let timeouts = file.arrays["timeouts"] ?? file.arrays["episode_terminals"]
        let propensities = file.arrays["propensities"] ?? file.arrays["probabilities"]
        var problems: [String] = []
        for (name, array) in [
            ("observations", observations), ("actions", actions), ("terminals", terminals), ("timeouts", timeouts),
            ("propensities", propensities), ("allowed", file.arrays["allowed"]),
        ] {
            if let array, (array.shape.first ?? 0) != rows {
                problems.append(
                    "\(path): \(name): found \(array.shape.first ?? 0) rows, allowed: \(rows), as many as rewards")
            }
        }
        guard problems.isEmpty else { throw EpisodeFileErrors(problems) }
        return EpisodeArrays(
            observations: observations, actions: actions, rewards: rewards.values, terminated: terminals.values,
            truncated: timeouts?.values ?? [Double](repeating: 0, count: rows), propensities: propensities?.values,
            allowed: file.arrays["allowed"], finals: file.arrays["final_observations"],
            finalAllowed: file.arrays["final_allowed"],
            groups: file.arrays.filter { $0.key.hasPrefix("group_") }.sorted { $0.key < $1.key }.map {
                (String($0.key.dropFirst("group_".count)), $0.value)
            })
    }

    static func minari(_ file: PlainArrayFile, _ path: String) throws(EpisodeFileErrors) -> EpisodeArrays {
        let numbers = Set(
            file.arrays.keys.compactMap { key in
                key.split(separator: "/").first.flatMap { $0.hasPrefix("episode_") ? Int($0.dropFirst(8)) : nil }
            }
        ).sorted()
        var all = EpisodeArrays(
            observations: NumberArray(shape: [0, 0], values: []), actions: NumberArray(shape: [0], values: []),
            rewards: [],
            terminated: [], truncated: [])
        var finals = NumberArray(shape: [0, 0], values: [])
        var problems: [String] = []
        for number in numbers {
            func array(_ name: String) -> NumberArray? { file.arrays["episode_\(number)/\(name)"] }
            guard let observations = array("observations"), let actions = array("actions"),
                let rewards = array("rewards"),
                let terminated = array("terminations"), let truncated = array("truncations")
            else {
                problems.append(
                    "\(path): episode_\(number): needed: observations, actions, rewards, terminations, truncations")
                continue
            }
            let rows = rewards.values.count
            let width = observations.shape.dropFirst().reduce(1, *)
            guard observations.shape.first == rows + 1, actions.shape.first == rows, terminated.values.count == rows,
                truncated.values.count == rows, all.observations.shape[1] == width || all.rewards.isEmpty
            else {
                problems.append(
                    "\(path): episode_\(number): found \(rows) rewards, allowed: as many actions, terminations and truncations, and "
                        + "one observation more")
                continue
            }
            all.observations.values += observations.values.prefix(rows * width)
            finals.values += observations.values.suffix(width)
            all.observations.shape = [all.observations.shape[0] + rows, width]
            finals.shape = [finals.shape[0] + 1, width]
            all.actions.values += actions.values
            all.actions.shape = [all.actions.shape[0] + rows] + actions.shape.dropFirst()
            all.rewards += rewards.values
            all.terminated += terminated.values
            all.truncated += truncated.values
        }
        guard problems.isEmpty else { throw EpisodeFileErrors(problems) }
        all.finals = finals
        return all
    }

    func episodes(_ path: String, actions given: ActionSpace?, discount: Double) throws(EpisodeFileErrors)
        -> LoggedEpisodes
    {
        let rows = rewards.count
        guard rows > 0 else { throw EpisodeFileErrors(["\(path): found no decisions"]) }
        let width = observations.values.count / rows
        let named = observations.texts["names"]
        let variables = named?.count == width ? named ?? [] : (0..<width).map { "obs_\($0)" }
        let perAction = max(1, self.actions.values.count / rows)
        let space: ActionSpace
        if let given { space = given } else { space = try inferred(path, perAction) }
        let levels = space.levels.count
        var problems: [String] = []
        if let allowed, allowed.values.count != rows * levels {
            problems.append("\(path): allowed: found \(allowed.shape), allowed: \(rows) × \(levels)")
        }
        let ends = (0..<rows).count { terminated[$0] != 0 || truncated[$0] != 0 }
        if let finals, finals.values.count != ends * width {
            problems.append("\(path): final_observations: found \(finals.shape), allowed: \(ends) × \(width)")
        }
        for group in groups where group.array.values.count != ends {
            problems.append(
                "\(path): group_\(group.name): found \(group.array.values.count) episodes, allowed: \(ends)")
        }
        guard problems.isEmpty else { throw EpisodeFileErrors(problems) }
        var assembler = EpisodeAssembler(
            variables: variables, actions: space, discount: discount, groups: groups.map(\.name), problems: [])
        var episode = 0
        for row in 0..<rows {
            assembler.add(self.row(row, episode, path, width, perAction, space))
            guard terminated[row] != 0 || truncated[row] != 0 else { continue }
            if let finals, finals.values[episode * width..<(episode + 1) * width].contains(where: { !$0.isNaN }) {
                var last = self.row(row, episode, path, width, perAction, space)
                last.observation = Array(finals.values[episode * width..<(episode + 1) * width])
                last.action = nil
                last.allowed = mask(finalAllowed, episode, levels)
                assembler.add(last)
            }
            episode += 1
        }
        return try assembler.finished()
    }

    private func mask(_ flags: NumberArray?, _ row: Int, _ levels: Int) -> UInt64? {
        guard let flags, flags.values.count >= (row + 1) * levels else { return nil }
        var mask: UInt64 = 0
        for level in 0..<levels where flags.values[row * levels + level] != 0 { mask |= 1 << UInt64(level) }
        return mask
    }

    private func row(
        _ row: Int, _ episode: Int, _ path: String, _ width: Int, _ perAction: Int, _ space: ActionSpace
    ) -> EpisodeRow {
        let values = Array(self.actions.values[row * perAction..<(row + 1) * perAction])
        // One whole number is the level's; more numbers, or others, are the values of its components.
        let isNumber = perAction == 1 && values[0] == values[0].rounded() && abs(values[0]) < 1e6
        return EpisodeRow(
            place: "\(path): row \(row)", episode: "\(episode)", step: nil,
            observation: Array(observations.values[row * width..<(row + 1) * width]),
            action: isNumber && space.levels.indices.contains(Int(values[0]))
                ? .values(space.levels[Int(values[0])].values) : .values(values),
            reward: rewards[row], terminated: terminated[row] != 0, truncated: truncated[row] != 0,
            probability: propensities?[row] ?? .nan, allowed: mask(allowed, row, space.levels.count),
            groups: groups.map { group in
                let number = Int(group.array.values[episode])
                let labels = group.array.texts["labels"] ?? []
                return labels.indices.contains(number) ? labels[number] : "\(number)"
            })
    }

    private func inferred(_ path: String, _ perAction: Int) throws(EpisodeFileErrors) -> ActionSpace {
        if let names = actions.texts["names"], names.count <= ActionSpace.maximumLevels {
            return ActionSpace(names: names)
        }
        let isWhole = perAction == 1 && actions.values.allSatisfy { $0 == $0.rounded() && $0 >= 0 }
        if isWhole, let most = actions.values.max(), most < Double(ActionSpace.maximumLevels) {
            return ActionSpace(names: (0...Int(most)).map { "\($0)" })
        }
        throw EpisodeFileErrors([
            "\(path): actions: found values that are no whole numbers from 0 to \(ActionSpace.maximumLevels - 1); "
                + "give --environment or a policy file, whose levels say what they are"
        ])
    }
}
