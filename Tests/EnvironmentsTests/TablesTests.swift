import Foundation
import NumericsCore
import Regimes
import Testing

@testable import Environments

/// Backed by closed forms of a small problem that NumPy has written, and of the gambler's ruin.
@Suite struct TablesTests {
    static let references = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "References")
        .path

    private func value(_ variant: String, _ policy: String) throws -> ExactValue {
        let environment = try EnvironmentEntry.named("icu-sepsis")
            .make(variant: variant, tables: Self.references + "/tiny_sepsis.whl")
        return try environment.exactValue(of: environment.policy(PolicyChoice(policy)))
    }

    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "none"
        } catch { return "\(error)" }
    }

    @Test("A wheel's tables have the values of the closed form")
    func closedForms() throws {
        // Staying for the better treatment: V = ½ V + ½ · ¾. The mean of both: V = ¼ V + ¼ · ¾ + ¼.
        let expected: [(variant: String, policy: String, value: Double)] = [
            ("mean", "optimal", 0.75), ("mean", "constant:0", 0.5), ("mean", "constant:1", 0.75),
            ("mean", "constant:2", 7.0 / 12), ("mean", "random", 7.0 / 12), ("mean", "rule:expert", 2.0 / 3),
            ("discounted", "optimal", 0.37125 / 0.505), ("death", "constant:2", 0), ("death", "random", 7.0 / 12),
        ]
        for row in expected {
            let found = try value(row.variant, row.policy).value
            #expect(abs(found - row.value) < 1e-14, "\(row.variant) \(row.policy)")
        }
        let best = try value("mean", "optimal")
        #expect(abs(best.meanLength - 3) < 1e-13)
        #expect(best.by["sofa"] == ["below 5": best.value])
        #expect(
            message { _ = try value("error", "constant:2") }
                == "icu-sepsis: the policy may take action fluids1-vasopressors0 in state 0, which does not admit it; choose a "
                + "variant that says what becomes of it")
    }

    @Test("Simulated values are the exact ones within 4 standard errors")
    func simulated() throws {
        let environment = try EnvironmentEntry.named("icu-sepsis").make(tables: Self.references + "/tiny_sepsis.whl")
        for name in ["random", "rule:expert", "optimal", "constant:2"] {
            let policy = try environment.policy(PolicyChoice(name))
            let totals = try environment.simulate(policy, episodes: 20_000, seed: 5, threads: 2)
            let exact = try environment.exactValue(of: policy).value
            let found = try #require(totals.value)
            let error = try #require(totals.standardError)
            #expect(abs(found - exact) < 4 * error, "\(name)")
        }
    }

    @Test("Arrays are read whatever their type and order")
    func arrays() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.references + "/arrays.npz")))
        let archive = try ZipArchive(bytes, name: "arrays.npz")
        func array(_ name: String) throws -> NumpyArray {
            let entry = try #require(archive.entry(name + ".npy"))
            return try NumpyArray(try archive.contents(entry), name: name)
        }
        let quarters = [0, 0.25, 0.5, 0.75, 1, 1.25]
        for name in ["doubles", "floats", "columns"] {
            let found = try array(name)
            #expect(found.values == quarters, "\(name)")
            #expect(found.shape == [2, 3], "\(name)")
        }
        for name in ["longs", "integers", "bytes"] {
            let found = try array(name)
            #expect(found.values == [-3, -2, -1, 0, 1, 2], "\(name)")
        }
        let truth = try array("truth")
        #expect(truth.values == [0, 0, 0, 1, 1, 1])
        #expect(
            message { _ = try array("texts") } == "texts: type: found <U1, allowed: <f8, <f4, <i8, <i4, |i1, |u1, |b1")
    }

    @Test("Archives that are cut off, damaged or missing are refused with the reason")
    func damage() throws {
        let path = Self.references + "/tiny_sepsis.whl"
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(
            message { _ = try ZipArchive(Array(bytes.dropLast(30)), name: "cut") }
                == "cut: no ZIP archive: its directory is missing, so that it may have been cut off")
        var flipped = bytes
        flipped[200] ^= 1
        let archive = try ZipArchive(flipped, name: "flipped")
        let entry = try #require(archive.entry("dynamics.npz"))
        #expect(
            message { _ = try archive.contents(entry) }
                == "flipped/icu_sepsis/envs/assets/dynamics.npz: its bytes in the archive are damaged")
        // No byte that is changed anywhere may do worse than an error.
        for place in stride(from: 0, to: bytes.count, by: 7) {
            var changed = bytes
            changed[place] = changed[place] &+ 101
            guard let archive = try? ZipArchive(changed, name: "changed") else { continue }
            for entry in archive.entries { _ = try? archive.contents(entry) }
        }
        #expect(
            message { _ = try ICUSepsis.environment(.mean, tables: nil) }
                == "icu-sepsis: its tables are not bundled: get them with 'pip download --no-deps icu_sepsis==2.0.1', and say "
                + "where the wheel is by --tables PATH or the environment variable TRIALIST_ICU_SEPSIS")
        #expect(message { _ = try ICUSepsis.environment(.mean, tables: "/none") } == "/none: no such file or folder")
        #expect(
            message { _ = try EnvironmentEntry.named("oberst-sepsis").make(tables: "x") }
                == "oberst-sepsis: it reads no tables; leave out --tables")
    }

    // MARK: Folders

    private func folder(_ files: [String: String]) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "tables-\(UUID().uuidString)")
        for (name, text) in files {
            let file = path.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        return path.path
    }

    /// A gambler with 2 of 4 coins who wins one with probability .4, or leaves a round out.
    private static let gambler = """
        state,action,next_state,probability,reward
        1,play,0,0.6,0
        1,play,2,0.4,0
        2,play,1,0.6,0
        2,play,3,0.4,0
        3,play,2,0.6,0
        3,play,4,0.4,1
        1,wait,1,1,0
        2,wait,2,1,0
        """

    @Test("The gambler's ruin in a folder of tables has its value in closed form")
    func gamblersRuin() throws {
        let path = try folder([
            "transitions.csv": Self.gambler, "start.csv": "state,probability\n2,1\n",
            "ends.csv": "state,event\n0,ruin\n4,fortune\n", "meta.json": #"{"name": "gambler", "horizon": null}"#,
            "policies/half.csv": """
            state,action,probability
            1,play,0.5
            1,wait,0.5
            2,play,0.5
            2,wait,0.5
            3,play,1
            """,
        ])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let environment = try EnvironmentEntry.named("tables:\(path)").make()
        #expect(environment.facts.name == "gambler")
        #expect(environment.facts.actions.names == ["play", "wait"])
        let odds = 0.6 / 0.4
        let closed = (1 - odds * odds) / (1 - odds * odds * odds * odds)
        let play = try environment.exactValue(of: environment.policy(.constant("play")))
        #expect(abs(play.value - closed) < 1e-14)
        #expect(abs((play.ends["ruin"] ?? 0) - (1 - closed)) < 1e-14)
        // (x − N p(win)) / (q − p) rounds; waiting every other round but at 3 coins changes the length, not the chance.
        #expect(abs(play.meanLength - (2 - 4 * closed) / 0.2) < 1e-12)
        let half = try environment.exactValue(of: environment.policy(.rule("half")))
        #expect(abs(half.value - closed) < 1e-14)
        #expect(half.meanLength > play.meanLength + 1)
        let best = try environment.exactValue(of: environment.optimum()).value
        #expect(abs(best - closed) < 1e-12)
    }

    @Test("Everything that is wrong in a folder is listed, with lines")
    func allProblems() throws {
        let path = try folder([
            "transitions.csv": """
            state,action,next_state,probability,reward
            a,go,b,0.5,0
            a,go,b,0.4,0
            a,stop,a,x,0
            b,go
            """,
            "start.csv": "state,probability\na,0.5\nz,0.5\n", "ends.csv": "state,cause\nb,death\n",
            "meta.json": #"{"horizon": 0, "discount": 2, "gamma": 1, "inadmissible": "never"}"#,
        ])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let expected = [
            "meta.json: discount: found 2, allowed: 0 to 1",
            "meta.json: 'gamma' is unknown; allowed: name, horizon, discount, inadmissible",
            "meta.json: horizon: found 0, allowed: a whole number from 1, or null",
            "meta.json: inadmissible: found never, allowed: mean, death, error",
            "transitions.csv:5: 2 cells for 5 columns",
            "ends.csv:1: columns: found 'state,cause', allowed: state,event",
            "transitions.csv:3: state 'a', action 'go' leads to 'b' twice",
            "transitions.csv:4: probability: found 'x', allowed: 0 to 1",
            "transitions.csv: state 'a', action 'go': probabilities sum to 0.5, not to 1",
            "transitions.csv: state 'b' has no action, and ends.csv does not end it",
            "start.csv:3: state 'z' is not in transitions.csv", "start.csv: probabilities sum to 0.5, not to 1",
        ].map { "\(path)/\($0)" }.joined(separator: "\n")
        #expect(message { _ = try EnvironmentEntry.named("tables:\(path)").make() } == expected)
        #expect(
            message { _ = try EnvironmentEntry.named("tables:/none").make() }
                == "/none/meta.json: no such file\n/none/transitions.csv: no such file\n/none/start.csv: no such file")
    }
}
