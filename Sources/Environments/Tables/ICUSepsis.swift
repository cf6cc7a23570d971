import Foundation
import NumericsCore

/// Sepsis in intensive care, estimated from records (ICU-Sepsis: Choudhary et al. 2024, after Komorowski et al. 2018, "The
/// artificial intelligence clinician", with MIMIC-III).
///
/// 713 states of patients, and the ends death and survival (+1); 25 actions, five levels of fluids by five of vasopressors, of
/// which a state admits those that clinicians took in it. The tables are those of the public Python package `icu_sepsis`, whose
/// archive is read and not bundled: the wheel, its folder of assets, or any folder above that.
///
/// | variant | what differs |
/// |---|---|
/// | `mean` | an inadmissible action does what the state's admissible ones do on average; not discounted |
/// | `discounted` | γ = 0.99 |
/// | `death` | an inadmissible action is death |
/// | `error` | a policy that may take an inadmissible action is refused |
package enum ICUSepsis {
    package enum Variant: String, Sendable, CaseIterable {
        case mean, discounted, death, error

        var inadmissible: InadmissibleAction {
            switch self {
            case .mean, .discounted: .mean
            case .death: .death
            case .error: .error
            }
        }
    }

    /// The environment variable with the path of the tables.
    package static let pathVariable = "TRIALIST_ICU_SEPSIS"
    /// The states behind those of patients: death, survival, and one to which the package leads ends on.
    private static let ends = 3

    static let entry = EnvironmentEntry(
        "icu-sepsis", "sepsis in intensive care by tables from records, read from the package icu_sepsis",
        variants: Variant.allCases.map(\.rawValue)
    ) { variant, tables in
        try environment(
            Variant(rawValue: variant) ?? .mean,
            tables: tables ?? ProcessInfo.processInfo.environment[pathVariable])
    }

    /// - Parameter tables: the path of the wheel, of an archive or of a folder.
    /// - Throws: ``TablesError`` with how to get the tables where they are not there.
    package static func environment(_ variant: Variant, tables: String?) throws -> TabularEnvironment {
        guard let tables else {
            throw TablesError(
                "icu-sepsis",
                "its tables are not bundled: get them with 'pip download --no-deps icu_sepsis==2.0.1', and say where the "
                    + "wheel is by --tables PATH or the environment variable \(pathVariable)", isMissing: true)
        }
        let files = try PackageFiles(tables)
        let archive = try ZipArchive(try files.contents("dynamics.npz"), name: "dynamics.npz")
        let admissible = try actions(String(decoding: try files.contents("admissible_actions.txt"), as: UTF8.self))
        return try environment(variant, archive, admissible)
    }

    private static func environment(
        _ variant: Variant, _ archive: ZipArchive, _ admissible: [[Int]]
    ) throws -> TabularEnvironment {
        func array(_ name: String) throws -> NumpyArray {
            guard let entry = archive.entry(name + ".npy") else {
                throw TablesError("dynamics.npz", "it has no array '\(name)'")
            }
            return try NumpyArray(try archive.contents(entry), name: "dynamics.npz/\(name).npy")
        }
        let moves = try array("tx_mat")
        guard moves.shape.count == 3, moves.shape[0] == moves.shape[2], moves.shape[0] > ends, moves.shape[1] > 0,
            moves.shape[1] <= 64
        else {
            throw TablesError(
                "dynamics.npz/tx_mat.npy",
                "shape: found \(moves.shape), allowed: states × actions (at most 64) × states")
        }
        let (all, actions) = (moves.shape[0], moves.shape[1])
        func array(_ name: String, _ shape: [Int]) throws -> [Double] {
            let found = try array(name)
            guard found.shape == shape else {
                throw TablesError("dynamics.npz/\(name).npy", "shape: found \(found.shape), allowed: \(shape)")
            }
            return found.values
        }
        let start = try array("d_0", [all])
        let experts = try array("expert_policy", [all, actions])
        let severity = archive.entry("sofa_scores.npy") == nil ? nil : try array("sofa_scores", [all])
        let rows = try rows(moves, rewards: try array("r_mat", [all, actions, all]))
        // Nobody alive is led to the last state; an end needs no successor.
        let patients = all - ends
        let names = (0..<patients).map { "\($0)" } + ["death", "survival"]
        let kept = names.count
        let goesOn = [String?](repeating: nil, count: patients) + ["death", "survival"]
        var isAdmissible = [Bool](repeating: false, count: kept * actions)
        for (state, own) in admissible.prefix(kept).enumerated() {
            for action in own where action < actions { isAdmissible[state * actions + action] = true }
        }
        guard (0..<patients).allSatisfy({ isAdmissible[$0 * actions..<($0 + 1) * actions].contains(true) }) else {
            throw TablesError(
                "admissible_actions.txt", "some state of a patient has no action from 0 to \(actions - 1)")
        }
        let table = rows.table(
            isAdmissible: isAdmissible, ends: goesOn, variant.inadmissible, death: patients)
        let problem = try TabularProblem(
            name: "icu-sepsis", states: names, actions: actionNames(actions), start: Array(start.prefix(kept)),
            ends: goesOn, horizon: nil, discount: variant == .discounted ? 0.99 : 1,
            strata: severity.map { ["sofa": groups($0, kept)] } ?? [:], transitions: table)
        let expert = TabularPolicy(states: kept, actions: actions) { experts[$0 * actions + $1] }
        return try TabularEnvironment(
            problem, variant: variant.rawValue, policies: ["expert": expert],
            refusesInadmissible: variant.inadmissible == .error)
    }

    /// Rows of the states that are kept, from dense matrices.
    private static func rows(_ moves: NumpyArray, rewards: [Double]) throws(TablesError) -> ProblemRows {
        let (all, actions) = (moves.shape[0], moves.shape[1])
        let kept = all - 1
        var rows = ProblemRows(states: kept, actions: actions)
        var strays = 0
        moves.values.withUnsafeBufferPointer { probabilities in
            for row in 0..<(all - ends) * actions {
                let first = row * all
                if probabilities[first + kept] != 0 { strays += 1 }
                for state in 0..<kept where probabilities[first + state] != 0 {
                    rows.outcomes[row].append(
                        TransitionTable.Outcome(
                            state: state, probability: probabilities[first + state], reward: rewards[first + state]))
                }
            }
        }
        if strays > 0 {
            throw TablesError(
                "dynamics.npz/tx_mat.npy",
                "\(strays) rows lead from a patient to the state behind the ends; allowed: none")
        }
        return rows
    }

    /// Five levels of fluids by five of vasopressors, where the count of actions is a square.
    private static func actionNames(_ count: Int) -> [String] {
        let levels = Int(Double(count).squareRoot().rounded())
        guard levels * levels == count else { return (0..<count).map { "\($0)" } }
        return (0..<count).map { "fluids\($0 / levels)-vasopressors\($0 % levels)" }
    }

    /// How severe a state is by the score of organ failure.
    private static func groups(_ scores: [Double], _ count: Int) -> [String] {
        scores.prefix(count).map { $0 < 5 ? "below 5" : $0 < 9 ? "5 to 9" : "9 or more" }
    }

    /// Reads how many actions each state admits, then a line with them for each state.
    private static func actions(_ text: String) throws(TablesError) -> [[Int]] {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        func numbers(_ line: Substring) -> [Int]? {
            let parts = line.split(separator: " ").map { Int($0) }
            return parts.contains { $0 == nil || ($0 ?? -1) < 0 } ? nil : parts.compactMap(\.self)
        }
        guard let counts = lines.first.flatMap(numbers), !counts.isEmpty else {
            throw TablesError("admissible_actions.txt", "its first line holds no counts")
        }
        var problems: [TablesError.Problem] = []
        var result: [[Int]] = []
        for (state, count) in counts.enumerated() {
            let own = state + 1 < lines.count ? numbers(lines[state + 1]) : nil
            if own?.count != count {
                problems.append(
                    .init(
                        "admissible_actions.txt", line: state + 2,
                        "found \(own.map { "\($0.count) actions" } ?? "no actions"), allowed: \(count), as the first line says"
                    ))
            }
            result.append(own ?? [])
        }
        guard problems.isEmpty else { throw TablesError(problems) }
        return result
    }
}

/// Files of a Python package: in its wheel, or in a folder.
private struct PackageFiles {
    private let path: String
    private let archive: ZipArchive?

    init(_ path: String) throws(TablesError) {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw TablesError(path, "no such file or folder", isMissing: true)
        }
        archive = isFolder.boolValue ? nil : try ZipArchive(try Self.read(path), name: path)
    }

    private static func read(_ path: String) throws(TablesError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TablesError(path, "it cannot be read", isMissing: true)
        }
        return [UInt8](data)
    }

    /// Where the package keeps its tables, from the folder itself upwards.
    private static let places = ["", "envs/assets/", "icu_sepsis/envs/assets/"]

    func contents(_ name: String) throws(TablesError) -> [UInt8] {
        if let archive {
            guard let entry = archive.entry(name) else { throw TablesError(path, "it has no file '\(name)'") }
            return try archive.contents(entry)
        }
        for place in Self.places where FileManager.default.fileExists(atPath: "\(path)/\(place)\(name)") {
            return try Self.read("\(path)/\(place)\(name)")
        }
        throw TablesError(
            path, "it has no file '\(name)', neither itself nor in icu_sepsis/envs/assets", isMissing: true)
    }
}
