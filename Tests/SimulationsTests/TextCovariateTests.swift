import ModelLanguage
import Simulations
import Testing

/// Covariates whose columns hold texts. Backed by what each row must see, worked out by hand.
@Suite("Covariates that are texts")
struct TextCovariateTests {
    static let text = """
        m <- function() {
          model({
            cl <- 5
            if (SEX == "female") { f1 <- 0.8 } else { f1 <- 1 }
            f2 <- 1
            if ("Asian" != RACE) f2 <- 2
            both <- (SEX == "male" && RACE == "White") + 10 * (SEX != "female" || RACE == "Asian")
            d/dt(a) <- -cl * f1 * f2 * a
          })
        }
        """

    @Test("The texts that the model names are its levels, and all others are one more")
    func levels() throws {
        let model = try SmallModels.model(Self.text)
        #expect(model.covariates == ["SEX", "RACE"])
        #expect(model.code(ofText: "female", for: "SEX") == 0)
        #expect(model.code(ofText: "male", for: "SEX") == 1)
        #expect(model.code(ofText: "Female", for: "SEX") == 2)
        #expect(model.code(ofText: "White", for: "RACE") == 1)
        #expect(model.code(ofText: "70", for: "cl") == nil)
    }

    /// Runs the model with tables, and gives the lines of the result without the header.
    private func course(
        _ outputs: [String], events: String? = nil, parameters: String? = nil,
        _ change: (inout SimulationRequest) -> Void = { _ in }
    ) throws -> [String] {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write(Self.text, to: "m.R"))
        request.outputs = outputs
        request.threads = 1
        if let events { request.events = try folder.write(events, to: "e.csv") }
        if let parameters { request.parameters = try folder.write(parameters, to: "p.csv") }
        change(&request)
        let outcome = try SimulationPlan(request).write(to: .table(folder.path("o.csv")), version: "1").outcome
        #expect(outcome.failures == [])
        return try folder.text("o.csv").split(separator: "\n").dropFirst().map(String.init)
    }

    @Test("A row's text holds until the next; a missing one changes nothing; another one equals none")
    func events() throws {
        let found = try course(
            ["f1", "f2", "both"],
            events: """
                ID,TIME,EVID,SEX,RACE
                1,0,2,female,Asian
                1,1,2,.,White
                1,2,2,male,
                1,3,2,MALE,Asian
                2,0,2," male ",17
                """)
        #expect(
            found == [
                "1,0.0,0.8,1.0,10.0", "1,1.0,0.8,2.0,0.0", "1,2.0,1.0,2.0,11.0", "1,3.0,1.0,1.0,10.0",
                "2,0.0,1.0,2.0,10.0",
            ])
    }

    @Test("A table of parameters gives each subject its texts")
    func parameters() throws {
        let table = "ID,SEX,RACE\na,female,White\nb,male,White\n"
        let found = try course(["f1", "f2", "both"], parameters: table) { $0.times = "0" }
        #expect(found == ["a,0.0,0.8,2.0,0.0", "b,0.0,1.0,2.0,11.0"])
    }

    @Test("Between two texts lies none: they hold until the next row whatever lies between numbers")
    func interpolation() throws {
        let table = "TIME,EVID,SEX,RACE\n0,2,female,Asian\n1,2,.,.\n2,2,male,Asian\n"
        let found = try course(["f1"], events: table) { $0.interpolation = .linear }
        #expect(found == ["1,0.0,0.8", "1,1.0,0.8", "1,2.0,1.0"])
    }

    @Test("Refusals: a number for a text, a missing text, arithmetic with one")
    func refusals() throws {
        let numbers = message {
            _ = try course(["f1"]) {
                $0.settings = ["SEX=1", "RACE=2"]
                $0.times = "0"
            }
        }
        #expect(
            numbers == """
                --set SEX=1.0: error: the model compares 'SEX' with texts, found a number; give it in a column of --events or \
                --params
                --set RACE=2.0: error: the model compares 'RACE' with texts, found a number; give it in a column of --events or \
                --params
                """)
        let missing = message {
            _ = try course(["f1"], parameters: "SEX,RACE\n.,White\n") { $0.times = "0" }
        }
        #expect(missing.hasSuffix("p.csv:2:1: error: SEX: found '.', allowed: a text"), "\(missing)")
        let arithmetic = message {
            _ = try SmallModels.model("m <- function() { model({\n x <- 2 * SEX\n y <- SEX == \"F\"\n}) }")
        }
        #expect(
            arithmetic.hasPrefix(
                "m.R:2:7: error: a category can be compared with == or != only, found '*'"), "\(arithmetic)")
    }
}
