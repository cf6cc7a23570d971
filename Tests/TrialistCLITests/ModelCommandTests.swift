import Foundation
import Testing

// The commands of one model as a process: exit codes, whole messages, and that a file is there whole or not at all.
@Suite struct ModelCommandTests {
    private let model = """
        decay <- function() {
          units <- list(time = "h", dosing = "mg")
          ini({ k <- 0.5; etak ~ 0.04 })
          model({
            ke <- k * exp(etak) * WT / 70
            d/dt(central) <- -ke * central
            y <- 2 * central
            y ~ prop(0.1)
          })
        }
        """

    private func command() throws -> Command {
        let command = try Command()
        try command.write(model, to: "m.R")
        try command.write("TIME,AMT,EVID\n0,100,1\n1,.,0\n2,.,0\n", to: "e.csv")
        return command
    }

    private func expect(_ found: Command.Outcome, _ status: Int32, output: String = "", error: String = "") {
        #expect(found == Command.Outcome(status: status, output: output, error: error))
    }

    @Test func check() throws {
        let command = try command()
        let outcome = try command.run("model", "check", "m.R")
        #expect(outcome.status == 0)
        #expect(outcome.error == "")
        for part in ["decay", "central", "etak", "WT", "y"] { #expect(outcome.output.contains(part)) }
    }

    @Test func checkOfABrokenModel() throws {
        let command = try command()
        try command.replace("d/dt(central)", with: "d/dt(2)", in: "m.R")
        let outcome = try command.run("model", "check", "m.R")
        #expect(outcome.status == 65)
        #expect(outcome.output == "")
        #expect(outcome.error.hasPrefix("m.R:6:"))
        expect(
            try command.run("model", "check", "none.R"), 66, error: "none.R: no such file (a model)\n")
    }

    /// 200 exp(-t/2), within the solver's tolerance.
    @Test func simulateIntoATable() throws {
        let command = try command()
        expect(
            try command.run(
                "model", "simulate", "m.R", "--events", "e.csv", "--set", "WT=70", "--out", "o.csv", "--covariates",
                "WT"),
            0)
        let rows = try String(contentsOfFile: command.path("o.csv"), encoding: .utf8).split(separator: "\n")
        #expect(rows.first == "id,time,central,ke,y,WT")
        #expect(rows.count == 3)
        for (row, time) in zip(rows.dropFirst(), [1.0, 2]) {
            let cells = row.split(separator: ",").compactMap { Double($0) }
            try #require(cells.count == 6)
            #expect(cells[0] == 1 && cells[1] == time && cells[3] == 0.5 && cells[5] == 70)
            #expect(abs(cells[4] / (200 * exp(-time / 2)) - 1) < 1e-5)
        }
    }

    @Test func aRegimenInWordsAndTimes() throws {
        let command = try command()
        expect(
            try command.run(
                "model", "simulate", "m.R", "--dose", "100 mg q12h x 2", "--times", "0:13:1", "--set", "WT=70", "--out",
                "o.csv", "--outputs", "y", "--subjects", "3", "--eta", "sample"), 0)
        let rows = try String(contentsOfFile: command.path("o.csv"), encoding: .utf8).split(separator: "\n")
        #expect(rows.count == 1 + 3 * 14)
        // A sample at the time of a dose is taken after it.
        #expect(rows[1] == "1,0.0,200.0")
        expect(
            try command.run(
                "model", "simulate", "m.R", "--dose", "100 mg", "--times", "0,1", "--set", "WT=70", "--out", "o.csv",
                "--outputs", "y", "--observe", "before"), 0)
        #expect(
            try String(contentsOfFile: command.path("o.csv"), encoding: .utf8).hasPrefix("id,time,y\n1,0.0,0.0\n1,1.0,")
        )
    }

    @Test func theThreadsDoNotMatter() throws {
        let command = try command()
        for threads in ["1", "2"] {
            expect(
                try command.run(
                    "model", "simulate", "m.R", "--events", "e.csv", "--set", "WT=70", "--eta", "sample", "--subjects",
                    "50", "--seed", "3", "--threads", threads, "--out", "o\(threads).csv"), 0)
        }
        let one = try Data(contentsOf: URL(filePath: command.path("o1.csv")))
        #expect(try one == Data(contentsOf: URL(filePath: command.path("o2.csv"))))
    }

    @Test func timings() throws {
        let command = try command()
        let outcome = try command.run(
            "model", "simulate", "m.R", "--events", "e.csv", "--set", "WT=70", "--out", "none", "--timings")
        #expect(outcome.status == 0)
        let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(
            lines.map { $0.first ?? "" } == [
                "subjects", "parse_seconds", "read_tables_seconds", "simulate_seconds", "write_seconds",
                "simulate_cpu_seconds", "subjects_per_cpu_second",
            ])
        #expect(lines.allSatisfy { $0.count == 2 && Double($0[1]) != nil })
        #expect(try command.files() == ["e.csv", "m.R"])
    }

    @Test func everythingThatIsWrongAtOnce() throws {
        let command = try command()
        try command.write("ID,wt\n1,70\n", to: "p.csv")
        try command.write("TIME,AMT,EVID,CMT\n0,x,1,gut\n", to: "bad.csv")
        expect(
            try command.run("model", "simulate", "m.R", "--events", "e.csv", "--out", "o.csv"), 65,
            error: """
                m.R: error: the model reads 'WT', which nobody gives a value; give it in a column of --events or --params, \
                or with --set WT=VALUE

                """)
        expect(
            try command.run(
                "model", "simulate", "m.R", "--events", "bad.csv", "--dose", "1 mg q9", "--times", "x", "--set", "WT",
                "--params", "p.csv", "--outputs", "z", "--covariates", "wt", "--out", "o.h5"), 65,
            error: """
                bad.csv:2:3: error: AMT: found 'x', allowed: a number
                bad.csv:2:7: error: CMT: found 'gut', allowed: 1, or central
                p.csv:1:1: error: no column is named like an input of the model (columns: ID, wt; inputs: WT, etak, k)
                --set WT: error: found no '=', allowed: name=value, such as WT=70
                --times x: error: found 'x', allowed: a time, or a range from:to:step such as 0:168:1
                --dose '1 mg q9', character 6: error: found 'q9', allowed: a time between doses (q12h, q2d, q3w, \
                'every 12 h', qd, bid, tid, qid), 'x 14', 'for 7 days', 'from day 3', 'at 24 h', 'into central', \
                'over 1 h', 'ss'
                --outputs: error: the model computes no 'z'; did you mean 'y'? (computed: central, ke, y)
                --covariates: error: the model has no input 'wt'; did you mean 'WT'?

                """)
        expect(
            try command.run("model", "simulate", "m.R", "--events", "none.csv", "--out", "o.csv"), 66,
            error: "none.csv: no such file (the event table)\n")
        #expect(try command.files() == ["bad.csv", "e.csv", "m.R", "p.csv"])
    }

    @Test func notesDoNotStopARun() throws {
        let command = try command()
        try command.write("ID,WT,K,note\n1,70,1,2\n", to: "p.csv")
        expect(
            try command.run("model", "simulate", "m.R", "--events", "e.csv", "--params", "p.csv", "--out", "none"), 0,
            error: "note: p.csv: columns that nothing reads: K (the model has 'k'), note\n")
    }

    /// y = 1 / (1 - k t) ends at t = 1 / k.
    @Test func subjectsThatFail() throws {
        let command = try command()
        try command.write("d/dt(y) <- k * y^2\ny(0) <- 1", to: "f.R")
        try command.write("ID,k\n1,0\n2,0.5\n", to: "p.csv")
        let one = try command.run(
            "model", "simulate", "f.R", "--times", "0:4:1", "--params", "p.csv", "--out", "o.csv")
        #expect(one.status == 0)
        #expect(one.error.hasPrefix("subject 2: ") && one.error.hasSuffix(" (k = 0.5)\n"), "\(one.error)")
        #expect(try String(contentsOfFile: command.path("o.csv"), encoding: .utf8).hasSuffix("\n2,4.0,NaN\n"))
        let all = try command.run(
            "model", "simulate", "f.R", "--times", "0:4:1", "--set", "k=0.5", "--out", "none")
        #expect(all.status == 65)
        #expect(all.error.hasSuffix("\nno subject could be simulated to the end\n"), "\(all.error)")
    }

    @Test(
        arguments: [
            (["model", "simulate", "m.R"], "Error: Missing expected argument '--out <file>'"),
            (
                ["model", "simulate", "m.R", "--out", "o.txt"],
                "Error: --out: found 'o.txt', allowed: none, or a file ending in .csv or .h5"
            ),
            (
                ["model", "simulate", "m.R", "--out", "none", "--threads", "0"],
                "Error: --threads: found 0, allowed: at least 1"
            ),
            (
                ["model", "simulate", "m.R", "--out", "none", "--subjects", "0"],
                "Error: --subjects: found 0, allowed: 1 to 10000000"
            ),
            (
                ["model", "simulate", "m.R", "--out", "none", "--rtol", "0"],
                "Error: --rtol: found 0.0, allowed: a number above 0 and below 1"
            ),
        ])
    func usageErrors(_ arguments: [String], _ expected: String) throws {
        let command = try command()
        let outcome = try command.start(arguments).wait()
        #expect(outcome.status == 64)
        #expect(outcome.error.split(separator: "\n").first.map(String.init) == expected)
    }
}
