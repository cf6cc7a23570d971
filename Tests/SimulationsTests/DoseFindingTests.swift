import Foundation
import Pharmacology
import Simulations
import Testing

// Doses for a target, against one compartment with a lognormal clearance: the area under the course of a bolus is
// dose / CL, so each subject has a dose of its own, and the share that reaches the target is known.
@Suite struct DoseFindingTests {
    private let model = """
        bolus <- function() {
          units <- list(time = "h", dosing = "mg")
          ini({ lcl <- log(4); etacl ~ 0.09 })
          model({
            cl <- exp(lcl + etacl)
            d/dt(central) <- -cl / 10 * central
            cp <- central / 10
          })
        }
        """

    private func finding(
        _ target: String, list: String? = nil, range: String? = nil, regimen: String = "DOSE mg", text: String? = nil,
        _ change: (inout SimulationRequest) -> Void = { _ in }
    ) throws -> DoseFinding {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write(text ?? model, to: "m.R"))
        request.etas = "sample"
        request.subjects = 1000
        change(&request)
        return try DoseFinding(request, .init(target: target, regimen: regimen, list: list, range: range))
    }

    /// Closed form: P(dose / CL >= 25) = Φ(log(dose / 100) / 0.3); at 100 mg, 25 times the typical clearance, one half.
    @Test func shareAtEachDose() throws {
        var finding = try finding("auc(cp, 0, 400) >= 25", list: "60,100,150")
        let curve = try finding.curve()
        #expect(curve.map(\.dose) == [60, 100, 150])
        for found in curve {
            let expected = 0.5 * erfc(-log(found.dose / 100) / 0.3 / 2.0.squareRoot())
            #expect(abs(found.probability - expected) < 4 * (expected * (1 - expected) / 1000).squareRoot())
            #expect(found.subjects == 1000 && found.unknown == 0)
        }
    }

    /// Exact for the subjects drawn: the dose is 25 times the 900th smallest of their 1000 clearances, and the doses
    /// enclose 100 exp(0.3 z₀.₉), the population's.
    @Test func doseForAShare() throws {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write(model, to: "m.R"))
        (request.etas, request.subjects, request.times, request.outputs) = ("sample", 1000, "0", ["cl"])
        _ = try SimulationPlan(request).write(to: .table(folder.path("o.csv")), version: "1")
        let clearances = try folder.text("o.csv").split(separator: "\n").dropFirst()
            .compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }.sorted()
        try #require(clearances.count == 1000)
        var finding = try finding("auc(cp, 0, 400) >= 25", range: "10:500")
        let answer = try finding.search(attainment: 0.9, tolerance: 1e-4)
        let dose = try #require(answer.result.dose)
        #expect(answer.wanted == .smallest)
        #expect(dose >= 25 * clearances[899] * (1 - 1e-9) && dose <= 25 * clearances[899] + 2e-4)
        #expect(answer.result.attainment?.attained == 900)
        let population = 100 * exp(0.3 * 1.2815515655446004)
        #expect(try #require(answer.result.lower) < population && population < (try #require(answer.result.upper)))
    }

    /// Which threads simulate, and how many, changes nothing.
    @Test func sameAnswerAnyThreads() throws {
        var answers: [DoseFinding.Answer] = []
        for threads in [1, 2, 7] {
            var finding = try finding("auc(cp, 0, 400) >= 25", range: "10:500") { request in
                request.threads = threads
                request.subjects = 301
            }
            answers.append(try finding.search(attainment: 0.5))
        }
        #expect(answers[0].result.dose != nil)
        #expect(answers[0] == answers[1] && answers[1] == answers[2])
    }

    /// A loading dose of twice the dose: the first peak is 2 DOSE / 10, whoever has it.
    @Test func multiplesOfTheDose() throws {
        for (regimen, peak) in [("2 DOSE mg; DOSE mg q12h x 3 from 12 h", 2.0), ("0.5 DOSE mg q12h x 2; 10 mg", 0.5)] {
            let extra = regimen.hasSuffix("10 mg") ? 1.0 : 0
            var finding = try finding("cmax(cp, 0, 1) >= 7", range: "1:200", regimen: regimen)
            let dose = try #require(try finding.search(attainment: 0.5, tolerance: 1e-9).result.dose)
            #expect(abs(dose - 10 * (7 - extra) / peak) < 1e-7)
        }
    }

    /// Where more harms, the largest dose is sought: the area stays within 25 in 90 % up to 100 exp(-0.3 z₀.₉).
    @Test func largestSafeDose() throws {
        var finding = try finding("auc(cp, 0, 400) <= 25", range: "10:500")
        let answer = try finding.search(attainment: 0.9)
        #expect(answer.wanted == .largest)
        let population = 100 * exp(-0.3 * 1.2815515655446004)
        #expect(try #require(answer.result.lower) < population && population < (try #require(answer.result.upper)))
        // A count that a drug lowers is kept above a limit by less of it: the ends of the doses tell.
        let cells = "d/dt(a) <- -0.5 * a\ny <- 10 - a"
        var kept = try self.finding("cmin(y, 0, 4) >= 4", range: "1:9", regimen: "DOSE", text: cells) {
            $0.subjects = 2
        }
        let found = try kept.search(attainment: 0.5, tolerance: 1e-9)
        #expect(found.wanted == .largest)
        #expect(abs((found.result.dose ?? .nan) - 6) < 1e-8)
    }

    @Test func aListHasItsOwnSmallestDose() throws {
        var finding = try finding("auc(cp, 0, 400) >= 25", list: "50:200:50")
        #expect(try finding.search(attainment: 0.5).result.dose.map { [100, 150].contains($0) } == true)
        #expect(try finding.search(attainment: 0.9).result.dose == 150)
        #expect(try finding.search(attainment: 0.9999).result.dose == nil)
    }

    /// A table of subjects is simulated as it stands, without drawing more.
    @Test func subjectsOfATable() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("ID,lcl\n1,0\n2,1\n3,2\n", to: "p.csv")
        var finding = try finding("auc(cp, 0, 4000) >= 10", list: "10,28,80") { request in
            request.parameters = path
            request.etas = "zero"
            request.subjects = nil
        }
        #expect(try finding.curve().map(\.attained) == [1, 2, 3])
    }

    @Test(
        arguments: [
            (
                "auc(cp, 0, 24)", "50", "DOSE mg",
                "--target 'auc(cp, 0, 24)': error: found no comparison of a metric with a number, allowed: "
                    + "metric(variable, from, to) >= x, <= x, or x <= metric(variable, from, to) <= y with x up to y, such "
                    + "as auc(cp, 144, 168) >= 400"
            ),
            (
                "area(cp, 0, 24) >= 4", "50", "DOSE mg",
                "--target 'area(cp, 0, 24) >= 4': error: 'area' is no metric (metrics: auc, cavg, cmax, tmax, cmin, "
                    + "ctrough, time_above)"
            ),
            (
                "auc(c, 0, 24) >= 4", "50", "DOSE mg",
                "--target 'auc(c, 0, 24) >= 4': error: the model computes no 'c'; did you mean 'cl'? (computed: central, "
                    + "cl, cp)"
            ),
            (
                "auc(cp, 0) >= 4", "0,10", "DOSE mg",
                "--doses 0,10: error: found a dose of 0.0, allowed: above 0\n"
                    + "--target 'auc(cp, 0) >= 4': error: found 'cp, 0' in brackets, allowed: variable, or variable, from, to"
            ),
            (
                "auc(cp) >= 4", "50,x", "100 mg q12h",
                "--doses 50,x: error: found 'x', allowed: a dose, or a range from:to:step such as 50:500:50\n"
                    + "--dose '100 mg q12h': error: found no DOSE, allowed: the word in the place of the dose, such as "
                    + "'DOSE mg q12h x 14'\n"
                    + "--target 'auc(cp) >= 4': error: found no window, allowed: without one where an event table says when "
                    + "subjects are looked at, else auc(cp, from, to)"
            ),
            (
                "time_above(cp, 0, 24) >= 4", "50", "DOSE ml",
                "--target 'time_above(cp, 0, 24) >= 4': error: found 'cp, 0, 24' in brackets, allowed: variable, "
                    + "threshold, or variable, from, to, threshold\n"
                    + "--dose 'DOSE ml', character 6: error: found an amount in 'ml', allowed: in mg, the model's unit of "
                    + "doses"
            ),
        ])
    func refusals(_ target: String, _ list: String, _ regimen: String, _ expected: String) {
        #expect(message { _ = try finding(target, list: list, regimen: regimen) } == expected)
    }

    @Test func dosesAreGivenOneWay() {
        #expect(
            message { _ = try finding("auc(cp, 0, 4) >= 4") }
                == "--doses: error: missing, allowed: doses such as 50,100,150, or --range such as 10:500")
        #expect(
            message { _ = try finding("auc(cp, 0, 4) >= 4", list: "5", range: "1:2") }
                == "--doses: error: found both --doses and --range, allowed: one of them")
        #expect(
            message { _ = try finding("auc(cp, 0, 4) >= 4", range: "5:2") }
                == "--range: error: found '5:2', allowed: from:to with from above 0 and below to, such as 10:500")
    }

    /// A share that rises and falls again has no dose that is enough from there on.
    @Test func attainmentThatTurns() throws {
        var within = try finding("20 <= auc(cp, 0, 400) <= 30", list: "50,100,150,250")
        #expect(try within.curve().map(\.probability).max() == within.curve()[1].probability)
        #expect(
            message { _ = try within.search(attainment: 0.3) }
                == "--attainment 0.3: error: a target between two numbers is reached and left again as the dose grows, so it "
                + "has no smallest or largest dose; allowed: one with >= or <= alone, or --doses without --attainment")
        // 5 - (a - 4)² is highest at a dose of 4.
        let hill = "d/dt(a) <- 0 * a\ny <- 5 - (a - 4)^2"
        var turning = try finding("cavg(y, 0, 1) >= 4.5", list: "1,4,6", regimen: "DOSE", text: hill) {
            $0.subjects = 2
        }
        #expect(
            message { _ = try turning.search(attainment: 0.5) }
                == "--attainment 0.5: error: 2 of 2 subjects reach the target at the dose 4.0 and 0 at 6.0, but attainment "
                + "must grow with the dose: look at the curve of attainment, and use the same random numbers at every dose"
        )
    }
}
