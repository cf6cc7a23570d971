import Foundation
import Testing

// Exposure, uncertainty and sensitivity as a process: what is printed, which files are there, what is refused.
@Suite struct ModelAnalysisCommandTests {
    private let model = """
        decay <- function() {
          ini({ k <- c(0, 0.5); etak ~ 0.04 })
          model({
            d/dt(central) <- -k * exp(etak) * central
            y <- 2 * central
          })
        }
        """

    private func command() throws -> Command {
        let command = try Command()
        try command.write(model, to: "m.R")
        try command.write("parameter,rse\nk,0.1\n", to: "u.csv")
        return command
    }

    private func rows(_ text: String) -> [[String]] {
        text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// 100 e^(-t/2): the area to 2 is 200 (1 - 1/e), and the course is above 50 for 2 log 2.
    @Test func exposureIsPrintedOrWritten() throws {
        let command = try command()
        let arguments = ["model", "simulate", "m.R", "--dose", "100", "--times", "0,4", "--exposure", "central:0:2:50"]
        let printed = try command.start(arguments + ["--out", "none"]).wait()
        #expect(printed.status == 0 && printed.error == "")
        let table = rows(printed.output)
        try #require(table.count == 2)
        #expect(
            table[0].joined(separator: ",")
                == "id,output,threshold,from,to,auc,cavg,cmax,tmax,cmin,ctrough,time_above")
        #expect(table[1][0...1] == ["1", "central"])
        #expect(abs((Double(table[1][5]) ?? .nan) - 200 * (1 - exp(-1))) < 1e-7)
        #expect(abs((Double(table[1][11]) ?? .nan) - 2 * log(2)) < 1e-7)
        let written = try command.start(arguments + ["--out", "o.csv"]).wait()
        #expect(written == Command.Outcome(status: 0, output: "", error: ""))
        #expect(try String(contentsOfFile: command.path("o.exposure.csv"), encoding: .utf8) == printed.output)
    }

    @Test func everyReplicateHasItsParameters() throws {
        let command = try command()
        let arguments = [
            "model", "simulate", "m.R", "--times", "0", "--dose", "1", "--uncertainty", "u.csv", "--replicates", "3",
            "--subjects", "2",
        ]
        for threads in ["1", "2"] {
            let outcome = try command.start(arguments + ["--out", "o\(threads).csv", "--threads", threads]).wait()
            #expect(outcome == Command.Outcome(status: 0, output: "", error: ""))
        }
        let table = rows(try String(contentsOfFile: command.path("o1.csv"), encoding: .utf8))
        #expect(table.map { $0[1] } == ["replicate", "1", "1", "2", "2", "3", "3"])
        #expect(
            try String(contentsOfFile: command.path("o2.csv"), encoding: .utf8)
                == String(contentsOfFile: command.path("o1.csv"), encoding: .utf8))
        let both = try command.start(arguments + ["--out", "none", "--vpc", "3"]).wait()
        #expect(both.status == 64)
        #expect(both.error.hasPrefix("Error: --vpc and --uncertainty do not go together\n"), "\(both.error)")
    }

    @Test func sensitivityIsPrintedOrWritten() throws {
        let command = try command()
        let arguments = [
            "model", "sensitivity", "m.R", "--dose", "100", "--times", "0,2", "--outputs", "y", "--vary", "k=0.1..0.9",
            "--points", "64", "--batches", "4",
        ]
        let printed = try command.start(arguments).wait()
        #expect(printed.status == 0 && printed.error == "")
        let table = rows(printed.output)
        #expect(table.map(\.count) == [9, 9, 9])
        // At time 0 nothing varies; later all that does is k.
        #expect(table[1][5...] == ["", "", "", ""])
        #expect(abs((Double(table[2][7]) ?? .nan) - 1) < 0.05)
        #expect(try command.start(arguments + ["--out", "s.csv"]).wait().output == "")
        #expect(try String(contentsOfFile: command.path("s.csv"), encoding: .utf8) == printed.output)
        let outcome = try command.run("model", "sensitivity", "m.R", "--times", "1", "--vary", "q=1..2")
        #expect(outcome.status == 65)
        #expect(outcome.error.contains("'q'"), "\(outcome.error)")
    }

    /// y(0) = 2 DOSE, whatever the clearance: 12 is reached from 6 on.
    @Test func doseIsFound() throws {
        let command = try command()
        let arguments = [
            "model", "dose", "m.R", "--dose", "DOSE", "--target", "cmax(y, 0, 1) >= 12", "--subjects", "20",
        ]
        let table = try command.start(arguments + ["--doses", "5,6.5,7", "--attainment", "0.5"]).wait()
        #expect(
            table
                == Command.Outcome(
                    status: 0,
                    output: """
                        target    cmax(y, 0, 1) >= 12
                        regimen   DOSE
                        subjects  20, seed 1

                                dose   share   error     95 % interval  attained  unknown
                                   5  0.0000  0.0000  0.0000 to 0.1611         0        0
                                 6.5  1.0000  0.0000  0.8389 to 1.0000        20        0
                                   7  1.0000  0.0000  0.8389 to 1.0000        20        0

                        smallest dose at which a share of 0.5 reaches the target: 6.5 (share 1.0000; 95 % interval 6.5 to 6.5)

                        """, error: ""))
        let json = try command.start(arguments + ["--range", "1:100", "--attainment", "0.5", "--json"]).wait()
        #expect(json.status == 0 && json.error == "")
        let parsed = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let search = try #require(parsed["search"] as? [String: Any])
        #expect(abs((search["dose"] as? Double ?? .nan) - 6) <= 0.01)
        #expect(search["wanted"] as? String == "smallest")
        let alone = try command.start(arguments + ["--range", "1:100"]).wait()
        #expect(alone.status == 64)
        #expect(
            alone.error.hasPrefix(
                "Error: --range searches for a dose; give --attainment, the share that has to reach the target\n"))
        let wrong = try command.run(
            "model", "dose", "m.R", "--dose", "5", "--doses", "1", "--target", "cmax(y, 0, 1) >= 1")
        #expect(wrong.status == 65)
        #expect(wrong.error.hasPrefix("--dose '5': error: found no DOSE"), "\(wrong.error)")
    }
}
