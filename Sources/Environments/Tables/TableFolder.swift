import Foundation

/// A tabular problem in a folder of CSV files, `tables:FOLDER`.
///
/// | file | columns | |
/// |---|---|---|
/// | `transitions.csv` | `state,action,next_state,probability[,reward]` | what each action leads to, where it is admissible |
/// | `start.csv` | `state,probability` | where episodes begin |
/// | `ends.csv` | `state,event` | states that end an episode; may be left out |
/// | `actions.csv` | `action` | the order of the actions; that of the transitions by default |
/// | `policies/NAME.csv` | `state,action,probability` | rules, `rule:NAME`, for every state that goes on |
/// | `meta.json` | | `name`, `horizon`, `discount`, and `inadmissible`: `mean` (default), `death` or `error` |
///
/// States and actions are called by any names; where all are whole numbers they are sorted, else they come in the order in which
/// the transitions name them.
struct TableFolder {
    private let path: String
    private var problems: [TablesError.Problem] = []
    private var states = Names()
    private var actions = Names()

    /// - Throws: ``TablesError`` with everything that is wrong.
    static func environment(_ path: String) throws -> TabularEnvironment {
        var folder = TableFolder(path: path)
        return try folder.read()
    }

    /// The environment of a folder as an entry without variants.
    static func entry(_ path: String) -> EnvironmentEntry {
        EnvironmentEntry("tables:\(path)", "the tables in \(path)", variants: ["tables"]) { _ in
            try environment(path)
        }
    }

    private init(path: String) { self.path = path }

    private mutating func read() throws -> TabularEnvironment {
        let meta = readMeta()
        let transitions = file("transitions.csv", ["state", "action", "next_state", "probability"], ["reward"])
        let starts = file("start.csv", ["state", "probability"])
        let endings = exists("ends.csv") ? file("ends.csv", ["state", "event"]) : nil
        if exists("actions.csv"), let listed = file("actions.csv", ["action"]) {
            for row in listed.rows { _ = actions.add(row.cells[0]) }
        }
        guard let transitions, let starts else { throw failure }
        nameAll(transitions)
        guard actions.all.count <= 64 else {
            throw TablesError("\(path)/transitions.csv", "\(actions.all.count) actions; allowed: at most 64")
        }
        let ends = readEnds(endings)
        var rows = ProblemRows(states: states.all.count, actions: actions.all.count)
        fill(&rows, from: transitions)
        let isAdmissible = rows.outcomes.map { !$0.isEmpty }
        check(rows, ends)
        let start = readStart(starts)
        let policies = readPolicies(ends, isAdmissible, meta.inadmissible)
        let death = ends.firstIndex { $0 == "death" }
        if meta.inadmissible == .death, death == nil {
            note("meta.json", nil, "inadmissible: found 'death', and ends.csv has no event 'death'")
        }
        guard problems.isEmpty else { throw failure }
        let problem = try TabularProblem(
            name: meta.name, states: states.all, actions: actions.all, start: start, ends: ends,
            horizon: meta.horizon, discount: meta.discount,
            transitions: rows.table(isAdmissible: isAdmissible, ends: ends, meta.inadmissible, death: death))
        return try TabularEnvironment(
            problem, variant: "tables", policies: policies, refusesInadmissible: meta.inadmissible == .error)
    }

    private var failure: TablesError {
        TablesError(problems, isMissing: problems.allSatisfy { $0.message == Self.missing })
    }

    private static let missing = "no such file"

    // MARK: Files

    private mutating func note(_ file: String, _ line: Int?, _ message: String) {
        problems.append(.init("\(path)/\(file)", line: line, message))
    }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

    private mutating func file(_ name: String, _ required: [String], _ optional: [String] = []) -> TableFile? {
        guard let data = FileManager.default.contents(atPath: "\(path)/\(name)") else {
            note(name, nil, Self.missing)
            return nil
        }
        return TableFile(
            String(decoding: data, as: UTF8.self), name: "\(path)/\(name)", required: required, optional: optional,
            problems: &problems)
    }

    private struct Meta {
        var name = "tables"
        var horizon: Int?
        var discount = 1.0
        var inadmissible = InadmissibleAction.mean
    }

    private mutating func readMeta() -> Meta {
        var meta = Meta()
        guard let data = FileManager.default.contents(atPath: "\(path)/meta.json") else {
            note("meta.json", nil, Self.missing)
            return meta
        }
        guard let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] else {
            note("meta.json", nil, "no JSON object")
            return meta
        }
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            switch key {
            case "name":
                if let name = value as? String, !name.isEmpty { meta.name = name } else { wrong(key, value, "a text") }
            case "horizon":
                if value is NSNull { continue }
                if let horizon = value as? Int, horizon > 0 {
                    meta.horizon = horizon
                } else {
                    wrong(key, value, "a whole number from 1, or null")
                }
            case "discount":
                if let discount = value as? Double, (0...1).contains(discount) {
                    meta.discount = discount
                } else {
                    wrong(key, value, "0 to 1")
                }
            case "inadmissible":
                if let rule = (value as? String).flatMap(InadmissibleAction.init(rawValue:)) {
                    meta.inadmissible = rule
                } else {
                    wrong(key, value, InadmissibleAction.allCases.map(\.rawValue).joined(separator: ", "))
                }
            default: note("meta.json", nil, "'\(key)' is unknown; allowed: name, horizon, discount, inadmissible")
            }
        }
        return meta
    }

    private mutating func wrong(_ key: String, _ value: Any, _ allowed: String) {
        note("meta.json", nil, "\(key): found \(value), allowed: \(allowed)")
    }

    // MARK: Rows

    private mutating func nameAll(_ transitions: TableFile) {
        guard let from = transitions.place("state"), let action = transitions.place("action"),
            let to = transitions.place("next_state")
        else { return }
        let mayAddActions = actions.all.isEmpty
        for (line, cells) in transitions.rows {
            _ = states.add(cells[from])
            _ = states.add(cells[to])
            if mayAddActions {
                _ = actions.add(cells[action])
            } else if actions.place(cells[action]) == nil {
                note("transitions.csv", line, "action '\(cells[action])' is not in actions.csv")
            }
        }
        states.sortNumbers()
        if mayAddActions { actions.sortNumbers() }
    }

    private mutating func number(
        _ text: String, _ file: String, _ line: Int, _ column: String, _ range: ClosedRange<Double>
    )
        -> Double?
    {
        guard let value = Double(text), range.contains(value) else {
            let allowed = range.upperBound == 1 ? "0 to 1" : "a number"
            note(file, line, "\(column): found '\(text)', allowed: \(allowed)")
            return nil
        }
        return value
    }

    private static let anyNumber = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude

    private mutating func fill(_ rows: inout ProblemRows, from file: TableFile) {
        guard let from = file.place("state"), let action = file.place("action"), let to = file.place("next_state"),
            let chance = file.place("probability")
        else { return }
        let name = "transitions.csv"
        for (line, cells) in file.rows {
            let reward = file.place("reward").map { number(cells[$0], name, line, "reward", Self.anyNumber) } ?? 0
            let probability = number(cells[chance], name, line, "probability", 0...1)
            guard let reward, let probability, let state = states.place(cells[from]),
                let chosen = actions.place(cells[action]), let next = states.place(cells[to])
            else { continue }
            let row = state * actions.all.count + chosen
            if rows.outcomes[row].contains(where: { $0.state == next }) {
                note(name, line, "state '\(cells[from])', action '\(cells[action])' leads to '\(cells[to])' twice")
            } else {
                rows.outcomes[row].append(.init(state: next, probability: probability, reward: reward))
            }
        }
    }

    private mutating func check(_ rows: ProblemRows, _ ends: [String?]) {
        let count = actions.all.count
        for (state, name) in states.all.enumerated() where ends[state] == nil {
            let own = (state * count..<(state + 1) * count).filter { !rows.outcomes[$0].isEmpty }
            if own.isEmpty {
                note("transitions.csv", nil, "state '\(name)' has no action, and ends.csv does not end it")
            }
            for row in own {
                let sum = rows.outcomes[row].reduce(0) { $0 + $1.probability }
                if abs(sum - 1) > 1e-6 {
                    note(
                        "transitions.csv", nil,
                        "state '\(name)', action '\(actions.all[row % count])': probabilities sum to \(sum), not to 1")
                }
            }
        }
    }

    private mutating func readEnds(_ file: TableFile?) -> [String?] {
        var ends = [String?](repeating: nil, count: states.all.count)
        guard let file, let state = file.place("state"), let event = file.place("event") else { return ends }
        for (line, cells) in file.rows {
            guard let place = states.place(cells[state]) else {
                note("ends.csv", line, "state '\(cells[state])' is not in transitions.csv")
                continue
            }
            ends[place] = cells[event]
        }
        return ends
    }

    private mutating func readStart(_ file: TableFile) -> [Double] {
        var start = [Double](repeating: 0, count: states.all.count)
        guard let state = file.place("state"), let chance = file.place("probability") else { return start }
        for (line, cells) in file.rows {
            let probability = number(cells[chance], "start.csv", line, "probability", 0...1)
            guard let place = states.place(cells[state]) else {
                note("start.csv", line, "state '\(cells[state])' is not in transitions.csv")
                continue
            }
            start[place] += probability ?? 0
        }
        let sum = start.reduce(0, +)
        if abs(sum - 1) > 1e-9 { note("start.csv", nil, "probabilities sum to \(sum), not to 1") }
        return start
    }

    private mutating func readPolicies(
        _ ends: [String?], _ isAdmissible: [Bool], _ rule: InadmissibleAction
    ) -> [String: TabularPolicy] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/policies")) ?? [])
            .filter { $0.hasSuffix(".csv") }.sorted()
        var policies: [String: TabularPolicy] = [:]
        let count = actions.all.count
        for name in names {
            let path = "policies/\(name)"
            guard let file = file(path, ["state", "action", "probability"]), let state = file.place("state"),
                let action = file.place("action"), let chance = file.place("probability")
            else { continue }
            var chances = [Double](repeating: 0, count: states.all.count * count)
            for (line, cells) in file.rows {
                let probability = number(cells[chance], path, line, "probability", 0...1)
                guard let from = states.place(cells[state]), let chosen = actions.place(cells[action]) else {
                    note(path, line, "state '\(cells[state])' or action '\(cells[action])' is not in transitions.csv")
                    continue
                }
                if rule == .error, (probability ?? 0) > 0, ends[from] == nil, !isAdmissible[from * count + chosen] {
                    note(path, line, "state '\(cells[state])' does not admit action '\(cells[action])'")
                }
                chances[from * count + chosen] += probability ?? 0
            }
            for (place, label) in states.all.enumerated() where ends[place] == nil {
                let sum = chances[place * count..<(place + 1) * count].reduce(0, +)
                if abs(sum - 1) > 1e-9 { note(path, nil, "state '\(label)': probabilities sum to \(sum), not to 1") }
            }
            policies[String(name.dropLast(4))] = TabularPolicy(states: states.all.count, actions: count) {
                chances[$0 * count + $1]
            }
        }
        return policies
    }

    /// Names in order, each once.
    private struct Names {
        private(set) var all: [String] = []
        private var places: [String: Int] = [:]

        func place(_ name: String) -> Int? { places[name] }

        mutating func add(_ name: String) -> Int {
            if let place = places[name] { return place }
            places[name] = all.count
            all.append(name)
            return all.count - 1
        }

        mutating func sortNumbers() {
            let numbers = all.compactMap { Int($0) }
            guard numbers.count == all.count else { return }
            all.sort { (Int($0) ?? 0) < (Int($1) ?? 0) }
            for (place, name) in all.enumerated() { places[name] = place }
        }
    }
}
