import Cohorts
import Foundation
import Regimes

/// Logged episodes as comma-separated text: a row for each decision, in the words of Gymnasium.
///
/// `episode`, `step`, what was observed, `action`, `reward`, `terminated`, `truncated`, `probability`, `allowed_LEVEL` and
/// `group_NAME`; every other column is an observation. `step`, `probability`, `allowed_…` and `group_…` may be left out. An
/// empty cell (or NA) is missing.
package enum EpisodeCSV {
    static let fixed = ["episode", "step", "action", "reward", "terminated", "truncated", "probability"]
    static let needed = ["episode", "action", "reward", "terminated", "truncated"]

    /// - Parameters:
    ///   - actions: what may have been chosen; nil to take it from the file.
    /// - Throws: ``EpisodeFileErrors`` with all that is wrong.
    package static func read(_ bytes: [UInt8], file: String, actions: ActionSpace?, discount: Double)
        throws(EpisodeFileErrors) -> LoggedEpisodes
    {
        var reader: CSVReader
        do { reader = try CSVReader(bytes, file: file) } catch { throw EpisodeFileErrors(["\(error)"]) }
        let columns = Columns(reader.header)
        var problems = needed.filter { !reader.header.contains($0) }.map {
            "\(file): found no column '\($0)'; needed: \(needed.joined(separator: ", "))"
        }
        guard problems.isEmpty else { throw EpisodeFileErrors(problems) }
        var cells = RawRows(columns: columns)
        do {
            while try reader.next() { cells.add(&reader, file: file, problems: &problems) }
        } catch { problems.append("\(error)") }
        if cells.rows.isEmpty, problems.isEmpty { problems.append("\(file): found a header and no rows") }
        let space: ActionSpace
        if let actions {
            space = actions
        } else if let inferred = inferred(cells.rows.compactMap(\.action), named: columns.allowed.map(\.level)) {
            space = inferred
        } else {
            throw EpisodeFileErrors(
                problems + [
                    "\(file): action: found more than \(ActionSpace.maximumLevels) different ones, allowed: that many"
                ])
        }
        let bits = columns.allowed.map { column in
            (column.place, space.values(named: column.level).flatMap(space.level))
        }
        for (column, bit) in zip(columns.allowed, bits) where bit.1 == nil {
            problems.append(
                "\(file): column 'allowed_\(column.level)' names no action; actions: \(space.names.joined(separator: ", "))"
            )
        }
        var assembler = EpisodeAssembler(
            variables: columns.observations.map(\.name), actions: space, discount: discount,
            groups: columns.groups.map(\.name), problems: problems)
        for (row, flags) in zip(cells.rows, cells.flags) {
            var row = row
            if !flags.isEmpty {
                var mask: UInt64 = 0
                for (flag, bit) in zip(flags, bits) where flag { if let level = bit.1 { mask |= 1 << UInt64(level) } }
                row.allowed = mask
            }
            assembler.add(row)
        }
        return try assembler.finished()
    }

    /// Actions as they occur: whole numbers from 0 on count choices; everything else (`011`, doses such as 250) is a name, in the
    /// order of numbers where all are, else of the alphabet.
    private static func inferred(_ actions: [EpisodeAction], named: [String]) -> ActionSpace? {
        let names = Set(actions.map(\.description)).union(named)
        let counted = names.compactMap { name in Int(name).flatMap { "\($0)" == name ? $0 : nil } }
        if counted.count == names.count, let most = counted.max(), (counted.min() ?? 0) >= 0,
            most < ActionSpace.maximumLevels
        {
            return ActionSpace(names: (0...most).map { "\($0)" })
        }
        guard names.count <= ActionSpace.maximumLevels else { return nil }
        let isNumeric = names.allSatisfy { Double($0) != nil }
        let ordered = names.sorted { one, other in
            guard isNumeric, let a = Double(one), let b = Double(other), a != b else { return one < other }
            return a < b
        }
        return ActionSpace(names: ordered)
    }

    /// Writes a log; numbers have all their digits.
    package static func text(of log: LoggedEpisodes) -> String {
        let levels = log.actions.levels
        let isRestricted = log.allowed.contains { $0 != LoggedEpisodes.all(log.actions) }
        var header = ["episode", "step"] + log.variables.map(quoted)
        header += ["action", "reward", "terminated", "truncated", "probability"]
        if isRestricted { header += levels.map { quoted("allowed_\($0.name)") } }
        header += log.groups.map { quoted("group_\($0.name)") }
        var lines = [header.joined(separator: ",")]
        func number(_ value: Double) -> String {
            value.isNaN ? "" : value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
        }
        func flags(_ mask: UInt64) -> [String] {
            isRestricted ? levels.indices.map { mask & (1 << UInt64($0)) != 0 ? "1" : "0" } : []
        }
        for episode in 0..<log.episodes {
            let labels = log.groups.map { quoted($0.labels[episode]) }
            let range = log.range(of: episode)
            for (step, decision) in range.enumerated() {
                let isLast = decision == range.upperBound - 1
                var row =
                    ["\(episode)", "\(step)"] + log.variables.indices.map { number(log.observations[$0][decision]) }
                row.append(quoted(levels[Int(log.chosen[decision])].name))
                row.append(number(log.rewards[decision]))
                row.append(isLast && log.endedByEvent[episode] ? "1" : "0")
                row.append(isLast && !log.endedByEvent[episode] ? "1" : "0")
                row.append(number(log.propensity[decision]))
                lines.append((row + flags(log.allowed[decision]) + labels).joined(separator: ","))
            }
            guard log.final.contains(where: { !$0[episode].isNaN }) else { continue }
            let row = ["\(episode)", "\(range.count)"] + log.variables.indices.map { number(log.final[$0][episode]) }
            lines.append(
                (row + ["", "", "", "", ""] + flags(log.finalAllowed[episode]) + labels).joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline })
            ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
    }
}

/// What the columns of a file are.
private struct Columns {
    var observations: [(name: String, place: Int)] = []
    var allowed: [(level: String, place: Int)] = []
    var groups: [(name: String, place: Int)] = []
    var fixed: [String: Int] = [:]

    init(_ header: [String]) {
        for (place, name) in header.enumerated() {
            if EpisodeCSV.fixed.contains(name) {
                fixed[name] = place
            } else if name.hasPrefix("allowed_") {
                allowed.append((String(name.dropFirst("allowed_".count)), place))
            } else if name.hasPrefix("group_") {
                groups.append((String(name.dropFirst("group_".count)), place))
            } else if !name.isEmpty {
                observations.append((name, place))
            }
        }
    }
}

/// The rows of a file before it is known what its actions are.
private struct RawRows {
    let columns: Columns
    var rows: [EpisodeRow] = []
    /// For each row whether each `allowed_` column is set; empty where there is none.
    var flags: [[Bool]] = []

    init(columns: Columns) { self.columns = columns }

    mutating func add(_ reader: inout CSVReader, file: String, problems: inout [String]) {
        let place = "\(file):\(reader.line)"
        func text(_ column: Int) -> String? {
            let text = reader.text(column).trimmingCharacters(in: .whitespaces)
            return text.isEmpty || text == "NA" || text == "nan" || text == "NaN" ? nil : text
        }
        func cell(_ name: String) -> String? { columns.fixed[name].flatMap { text($0) } }
        func number(_ text: String?, _ name: String) -> Double {
            guard let text else { return .nan }
            guard let value = Double(text), value.isFinite else {
                problems.append("\(place): \(name): found '\(text)', allowed: a number, or empty")
                return .nan
            }
            return value
        }
        func truth(_ text: String?, _ name: String) -> Bool {
            switch text?.lowercased() {
            case nil, "0", "false", "0.0": return false
            case "1", "true", "1.0": return true
            default:
                problems.append("\(place): \(name): found '\(text ?? "")', allowed: 0, 1, false, true")
                return false
            }
        }
        var step: Int?
        if let text = cell("step") {
            step = Int(text)
            if step == nil { problems.append("\(place): step: found '\(text)', allowed: a whole number from 0 on") }
        }
        rows.append(
            EpisodeRow(
                place: place, episode: cell("episode") ?? "", step: step,
                observation: columns.observations.map { number(text($0.place), $0.name) },
                action: cell("action").map { .text($0) }, reward: number(cell("reward"), "reward"),
                terminated: truth(cell("terminated"), "terminated"), truncated: truth(cell("truncated"), "truncated"),
                probability: number(cell("probability"), "probability"), allowed: nil,
                groups: columns.groups.map { text($0.place) ?? "missing" }))
        flags.append(columns.allowed.map { truth(text($0.place), "allowed_\($0.level)") })
    }
}
