import ModelLanguage
import Pharmacology
import ResultsStore
import Simulations
import Testing

// Percentiles by hand where nothing is random, by the normal distribution where it is.
@Suite struct PredictiveCheckTests {
    private func run(
        _ model: String, _ events: String?, _ parameters: String? = nil, times: [Double] = [], subjects: Int? = nil
    ) throws -> SimulationRun {
        let model = try SmallModels.model(model)
        var inputs = SimulationInputs(model)
        inputs.events = try events.map { try SmallModels.events($0, model) }
        inputs.parameters = try parameters.map { try SmallModels.parameters($0, model) }
        inputs.times = times
        inputs.subjects = subjects
        inputs.etas = .sampled
        return SimulationRun(
            try SimulatedPopulation(inputs), try SimulationModel(model, outputs: ["y"]), options: SolverOptions(),
            threads: 1)
    }

    private func bands(_ run: SimulationRun, _ options: PredictiveCheckOptions) throws -> [PredictiveBands] {
        try PredictiveCheck(run, options).bands()
    }

    private let exact = "d/dt(a) <- 0\na(0) <- 10\ny <- a * (1 + t) / W\ny ~ add(0)"
    private let four = "ID,TIME,EVID,W,DV\n1,0,0,1,11\n1,1,0,1,21\n2,0,0,2,6\n2,1,0,2,9\n"

    /// Predictions at time 0 are 10 and 5, at time 1 they are 20 and 10.
    @Test func withoutNoise() throws {
        let found = try bands(
            run(exact, four), PredictiveCheckOptions(bins: .count(2), percentiles: [0, 25, 50, 100], replicates: 3))
        #expect(found.count == 1)
        let band = try #require(found.first)
        #expect(band.endpoint == "y")
        #expect(
            band.bins == [
                .init(from: 0, to: 0.5, time: 0, count: 2), .init(from: 0.5, to: 1, time: 1, count: 2),
            ])
        #expect(band.observed == [[6, 7.25, 8.5, 11], [9, 12, 15, 21]])
        let expected = [[5, 6.25, 7.5, 10], [10, 12.5, 15, 20]]
        #expect(band.simulated.map { $0.map(\.median) } == expected)
        #expect(band.simulated.map { $0.map(\.lower) } == expected)
        #expect(band.simulated.map { $0.map(\.upper) } == expected)
        #expect(band.excluded == 0)
    }

    /// The medians of the predictions are 7.5 and 15: observed 11 · 7.5 / 10, 6 · 7.5 / 5, 21 · 15 / 20, 9 · 15 / 10, and
    /// every simulated value is its bin's median.
    @Test func predictionCorrected() throws {
        let found = try bands(
            run(exact, four),
            PredictiveCheckOptions(
                bins: .edges([0, 1, 2]), percentiles: [0, 100], replicates: 2, isPredictionCorrected: true))
        #expect(found.first?.observed == [[8.25, 9], [13.5, 15.75]])
        #expect(found.first?.simulated.map { $0.map(\.median) } == [[7.5, 7.5], [15, 15]])
    }

    /// The typical prediction knows nothing of etas: 100 exp(eta) is corrected by 100 alone.
    @Test func theTypicalPredictionHasNoEtas() throws {
        let model = "f <- function() { ini({ eta ~ 0.25 }); model({ y <- 100 * exp(eta); y ~ add(0) }) }"
        let run = try run(model, nil, times: [0], subjects: 400)
        let options = PredictiveCheckOptions(bins: .count(1), percentiles: [50], replicates: 1)
        var corrected = options
        corrected.isPredictionCorrected = true
        let (plain, same) = try (bands(run, options), bands(run, corrected))
        #expect(plain[0].simulated[0][0].median == same[0].simulated[0][0].median)
        #expect(plain[0].simulated[0][0].median != 100)
    }

    @Test func pointsOutsideTheBinsAreCounted() throws {
        let found = try bands(
            run(exact, four), PredictiveCheckOptions(bins: .edges([0.5, 1, 3]), percentiles: [50], replicates: 1))
        #expect(found.first?.excluded == 2)
        #expect(found.first?.bins.map(\.count) == [0, 2])
        #expect(found.first?.simulated[0][0].median.isNaN == true)
        #expect(found.first?.simulated[1][0].median == 15)
    }

    /// 4000 points of N(10, 2²): a percentile p of n points has the standard error √(p (1 − p) / n) / φ(z) · 2, which is
    /// 0.067 at 5 and 95 % and 0.040 at 50 %. Four of them, and the band of 60 replicates about ± 2.
    @Test func residualErrorByTheNormalDistribution() throws {
        let run = try run("y <- 10 + 0 * t\ny ~ add(2)", nil, times: [1, 2], subjects: 2000)
        let found = try bands(run, PredictiveCheckOptions(bins: .count(1), replicates: 60))
        let band = try #require(found.first?.simulated.first)
        for (index, (expected, error)) in [(6.7103, 0.067), (10, 0.040), (13.2897, 0.067)].enumerated() {
            #expect(abs(band[index].median - expected) < 4 * error / 60.0.squareRoot() * 1.25)
            #expect(band[index].upper - band[index].lower > 2 * error)
            #expect(band[index].upper - band[index].lower < 6 * error)
        }
        #expect(found.first?.observed == nil)
        #expect(found.first?.bins == [.init(from: 1, to: 2, time: 1.5, count: 4000)])
    }

    @Test func binsOfAboutTheSameSize() throws {
        let table = "TIME,EVID\n" + (0..<10).map { "\($0),0\n" }.joined()
        let model = "y <- 1 + 0 * t\ny ~ add(0)"
        func edges(_ count: Int) throws -> [Double] {
            let found = try bands(
                run(model, table), PredictiveCheckOptions(bins: .count(count), percentiles: [50], replicates: 1))
            let bins = found[0].bins
            return bins.map(\.from) + [bins[bins.count - 1].to]
        }
        #expect(try edges(1) == [0, 9])
        #expect(try edges(2) == [0, 4.5, 9])
        #expect(try edges(3) == [0, 2.5, 5.5, 9])
        // More bins than times: one for each time.
        #expect(try edges(50) == [0, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9])
    }

    @Test func intoAResultsFile() throws {
        let folder = try TemporaryFolder()
        var request = SimulationRequest(model: try folder.write(exact, to: "m.R"))
        request.events = try folder.write(four, to: "e.csv")
        let options = PredictiveCheckOptions(bins: .count(2), percentiles: [0, 100], replicates: 2)
        let plan = try SimulationPlan(request)
        _ = try plan.write(to: .results(folder.path("o.h5")), version: "1", check: options)
        let group = try ResultsFile(folder.path("o.h5")).content().group(named: "vpc")?.group(named: "y")
        #expect(group?.variable(named: "observed")?.values == .double([6, 11, 9, 21]))
        #expect(group?.variable(named: "simulated")?.values == .double([5, 10, 10, 20]))
        #expect(group?.variable(named: "count")?.values == .int32([2, 2]))
        _ = try plan.write(to: .table(folder.path("o.csv")), version: "1", check: options)
        #expect(
            try folder.text("o.vpc.csv") == """
                endpoint,from,to,time,count,percentile,observed,simulated,simulated_lower,simulated_upper
                y,0.0,0.5,0.0,2,0.0,6.0,5.0,5.0,5.0
                y,0.0,0.5,0.0,2,100.0,11.0,10.0,10.0,10.0
                y,0.5,1.0,1.0,2,0.0,9.0,10.0,10.0,10.0
                y,0.5,1.0,1.0,2,100.0,21.0,20.0,20.0,20.0

                """)
    }

    @Test func refusals() throws {
        let options = PredictiveCheckOptions(bins: .count(2))
        #expect(
            message { _ = try PredictiveCheck(run("y <- t", nil, times: [1]), options) }
                == "--vpc: error: the model has no endpoint, allowed: a model with one, such as cp ~ prop(0.1)")
        let two = "y <- t\nz <- 2 * t\ny ~ add(0)\nz ~ add(0)"
        #expect(
            message { _ = try PredictiveCheck(run(two, "TIME,DV\n1,5\n"), options) }
                == "--vpc: error: the value observed in subject 1 at time 1.0 does not say of which endpoint it is, allowed: "
                + "y, z in CMT or DVID")
        for text in ["0", "x", "1,1", "2,1", "1,,2", ""] {
            #expect(
                message { _ = try PredictiveCheckOptions.Bins(text) }
                    == "--vpc: error: found '\(text)', allowed: a number of bins from 1 to 10000, or growing edges such as "
                    + "0,2,6,24")
        }
        for text in ["", "5,x", "95,5", "-1", "101"] {
            #expect(
                message { _ = try PredictiveCheckOptions.percentiles(text) }
                    == "--percentiles: error: found '\(text)', allowed: growing numbers from 0 to 100 such as 5,50,95")
        }
    }
}
