import ModelLanguage
import NumericsCore
import Pharmacology
import Simulations
import Testing

// Who is simulated with which inputs, by hand; sampled etas against the random effects' own draws.
@Suite struct SimulatedPopulationTests {
    private let events = "TIME,AMT,EVID,WT\n0,100,1,70\n1,.,0,70\n"

    private func inputs(_ events: String?, _ parameters: String? = nil, _ settings: [String] = []) throws
        -> SimulationInputs
    {
        let model = try SmallModels.model()
        var inputs = SimulationInputs(model)
        inputs.events = try events.map { try SmallModels.events($0, model) }
        inputs.parameters = try parameters.map { try SmallModels.parameters($0, model) }
        inputs.settings = try settings.map { try SimulationInputs.Setting($0) }
        return inputs
    }

    private func value(_ name: String, _ index: Int, _ population: SimulatedPopulation) throws -> Double {
        population.subject(index).inputs[try #require(population.model.inputSlot(name))]
    }

    @Test func numbersOfIniDefaultsAndSettings() throws {
        let population = try SimulatedPopulation(inputs(events, nil, ["ka=3", " sd = 0.2"]))
        #expect(population.count == 1)
        #expect(population.identifier(0) == "1")
        #expect(try value("ka", 0, population) == 3)
        #expect(try value("sd", 0, population) == 0.2)
        #expect(try abs(value("lcl", 0, population) - 0.6931471805599453) < 1e-15)
        #expect(try value("etacl", 0, population) == 0)
        #expect(try value("WT", 0, population) == 70)
    }

    /// Without an ID column the table of events is the history of every subject of the table of parameters.
    @Test func oneHistoryForEveryRowOfParameters() throws {
        let population = try SimulatedPopulation(inputs(events, "Id,lcl,etav\n3,0.5,0.1\nx,0.25,-0.1\n"))
        #expect((0..<population.count).map(population.identifier) == ["3", "x"])
        #expect(try (0..<2).map { try value("lcl", $0, population) } == [0.5, 0.25])
        #expect(try (0..<2).map { try value("etav", $0, population) } == [0.1, -0.1])
        #expect(population.subject(0).records == population.subject(1).records)
        #expect(population.commonTimes == [1])
    }

    @Test func rowsAreFoundByTheirSubject() throws {
        let table = "ID,TIME,AMT,EVID\n1,0,100,1\n1,1,.,0\n2,0,50,1\n2,2,.,0\n"
        let population = try SimulatedPopulation(inputs(table, "WT,ID\n80,2\n60,1\n99,3\n"))
        #expect(try (0..<population.count).map { try value("WT", $0, population) } == [60, 80])
        #expect((0..<2).map { population.subject($0).records.map(\.amount) } == [[100], [50]])
        #expect(population.commonTimes == nil)
    }

    @Test func oneRowForAll() throws {
        let table = "ID,TIME,AMT,EVID\n1,0,100,1\n1,1,.,0\n2,0,50,1\n2,1,.,0\n"
        let population = try SimulatedPopulation(inputs(table, "WT\n80\n"))
        #expect(try (0..<population.count).map { try value("WT", $0, population) } == [80, 80])
    }

    @Test func aRegimenAndTimesJoinTheTable() throws {
        var inputs = try inputs(events)
        inputs.regimen = [
            DosingRecord(time: 0, compartment: 1, amount: 5), DosingRecord(time: 0.5, compartment: 1, amount: 6),
        ]
        inputs.times = [0, 1, 2]
        let subject = try SimulatedPopulation(inputs).subject(0)
        #expect(subject.records.map(\.amount) == [100, 5, 6])
        #expect(subject.samples == [0, 1, 2])
    }

    /// A subject's etas are draws of its own stream, whoever else is there, and a column of the table stands against them.
    @Test func sampledEtas() throws {
        var inputs = try inputs(events, "etav\n0.5\n")
        inputs.etas = .sampled
        inputs.seed = 42
        inputs.subjects = 3
        let population = try SimulatedPopulation(inputs)
        #expect(population.count == 3)
        let effects = try RandomEffects(population.model.randomEffects)
        for index in 0..<3 {
            for replicate: UInt32 in [0, 4] {
                let stream = RandomStream(
                    seed: 42, purpose: .randomEffects, replicate: replicate, patient: UInt32(index))
                let slot = try #require(population.model.inputSlot("etacl"))
                #expect(population.subject(index, replicate: replicate).inputs[slot] == effects.draw(stream)[0])
            }
            #expect(try value("etav", index, population) == 0.5)
        }
    }

    @Test func etasFromATable() throws {
        var inputs = try inputs(events)
        inputs.etas = .table(try SmallModels.parameters("ID,etacl\na,0.25\nb,-0.25\n"))
        let population = try SimulatedPopulation(inputs)
        #expect((0..<population.count).map(population.identifier) == ["a", "b"])
        #expect(try (0..<2).map { try value("etacl", $0, population) } == [0.25, -0.25])
        #expect(try (0..<2).map { try value("etav", $0, population) } == [0, 0])
    }

    // MARK: Refusals

    private func refused(
        _ events: String?, _ parameters: String? = nil, _ settings: [String] = [],
        _ change: (inout SimulationInputs) -> Void = { _ in }
    ) throws -> String {
        var inputs = try inputs(events, parameters, settings)
        change(&inputs)
        return message { _ = try SimulatedPopulation(inputs) }
    }

    @Test func namesThatNobodySupplies() throws {
        let model = try SmallModels.model("d/dt(a) <- -cl / vc * a\ny <- a / vc * (WT / 70)^expo")
        var inputs = SimulationInputs(model)
        inputs.events = try SmallModels.events("TIME,EVID,wt,expon\n0,0,70,1\n", model)
        inputs.parameters = try SmallModels.parameters("cl,VC\n1,10\n", model)
        #expect(
            message { _ = try SimulatedPopulation(inputs) } == """
                m.R: error: the model reads 'vc', which nobody gives a value; did you mean the column 'VC' of p.csv?; give \
                it in a column of --events or --params, or with --set vc=VALUE
                m.R: error: the model reads 'WT', which nobody gives a value; did you mean the column 'wt' of e.csv?; give \
                it in a column of --events or --params, or with --set WT=VALUE
                m.R: error: the model reads 'expo', which nobody gives a value; did you mean the column 'expon' of e.csv?; \
                give it in a column of --events or --params, or with --set expo=VALUE
                """)
    }

    @Test func namesThatSeveralSupply() throws {
        #expect(
            try refused(events, "WT,ka\n80,2\n", ["ka=3", "ka=4", "kaa=1"]) == """
                --set kaa=1.0: error: the model has no input 'kaa'; did you mean 'ka'?
                p.csv: error: 'WT' is given by e.csv and by p.csv, allowed: once
                --set: error: 'ka' is given by p.csv and by --set, allowed: once
                --set: error: 'ka' is given by p.csv and by --set, allowed: once
                """)
    }

    @Test func aCovariateThatASubjectLacks() throws {
        #expect(
            try refused("ID,TIME,EVID,WT,etacl\n1,0,0,70,0.1\n2,0,0,.,.\n3,0,0,.,.\n")
                == "e.csv: error: WT: no row of subject 2 (and 1 more) has a value, allowed: at least one")
    }

    @Test func subjectsThatDoNotAgree() throws {
        let table = "ID,TIME,EVID\n1,0,0\n2,0,0\n"
        #expect(try refused(table, "ID,WT\n2,70\n5,70\n") == "p.csv: error: the table has no row of subject 1")
        #expect(
            try refused("ID,TIME,EVID\n9,0,0\n", "ID,WT\n2,70\n5,70\n")
                == "p.csv: error: the table has no row of subject 9; without its ID column, 'e.csv' is the history of every "
                + "subject")
        #expect(
            try refused(table, "WT\n70\n70\n70\n")
                == "p.csv: error: the table has 3 rows without an ID column, and there are 2 subjects; allowed: one row for "
                + "all, or an ID column")
        #expect(
            try refused(table, "WT\n70\n") { $0.subjects = 100 }
                == "--subjects: error: found 100, but the tables name 2 subjects; allowed: tables without ID column, with "
                + "the history and the values of all")
    }

    @Test func nobodyIsLookedAt() throws {
        #expect(
            try refused("ID,TIME,AMT,WT\n1,0,100,70\n")
                == "e.csv: error: no row of subject 1 is an observation (EVID 0); give the times to report with --times"
        )
        #expect(
            try refused(nil, "WT\n70\n") == "--times: error: missing, since no event table says when to report")
    }
}

// Etas by occasion: a table's column numbers the occasions; each has the draws of its own stream.
@Suite struct OccasionTests {
    private let model = """
        f <- function() {
          ini({ a ~ 0.09; b ~ 0.04 | occ })
          model({ y <- exp(a + b) * occ })
        }
        """

    private func inputs(_ events: String, _ parameters: String? = nil) throws -> SimulationInputs {
        var inputs = SimulationInputs(try SmallModels.model(model))
        inputs.events = try SmallModels.events(events, inputs.model)
        inputs.parameters = try parameters.map { try SmallModels.parameters($0, inputs.model) }
        inputs.etas = .sampled
        inputs.seed = 9
        return inputs
    }

    private let table = "TIME,EVID,occ\n0,0,1\n10,0,2\n20,0,1\n"

    @Test func everyOccasionHasItsOwn() throws {
        let population = try SimulatedPopulation(inputs(table))
        let effects = try RandomEffects(population.model.randomEffects)
        let slot = try #require(population.model.inputSlot("b"))
        let streams = RandomEffects.OccasionStreams(seed: 9, replicate: 0)
        let values = [1, 2].map { (occasion: UInt32) in
            effects.draw(level: "occ", occasion: streams.stream(patient: 0, occasion: occasion))[0].value
        }
        let subject = population.subject(0)
        #expect(values[0] != values[1])
        #expect(subject.inputs[slot] == values[0])
        #expect(
            subject.changes.filter { $0.slot == slot } == [
                InputChange(time: 10, slot: slot, value: values[1]),
                InputChange(time: 20, slot: slot, value: values[0]),
            ])
        #expect(population.subject(0, isTypical: true).inputs[slot] == 0)
        #expect(population.subject(0, isTypical: true).changes.filter { $0.slot == slot } == [])
    }

    @Test func aTableStandsAgainstThem() throws {
        let population = try SimulatedPopulation(inputs(table, "b\n0.5\n"))
        let slot = try #require(population.model.inputSlot("b"))
        #expect(population.subject(0).inputs[slot] == 0.5)
        #expect(population.subject(0).changes.filter { $0.slot == slot } == [])
    }

    /// A level that no statement reads has the draws of one that a statement reads, and the same numbers.
    @Test func anOccasionThatNoStatementReads() throws {
        func population(_ model: String, _ events: String) throws -> SimulatedPopulation {
            var inputs = SimulationInputs(try SmallModels.model("f <- function() { \(model) }"))
            inputs.events = try SmallModels.events(events, inputs.model)
            inputs.etas = .sampled
            return try SimulatedPopulation(inputs)
        }
        let unread = try population("ini({ b ~ 0.04 | occ }); model({ y <- exp(b) })", table)
        let read = try population("ini({ b ~ 0.04 | occ }); model({ y <- exp(b); number <- occ })", table)
        func etas(_ population: SimulatedPopulation) throws -> [Double] {
            let slot = try #require(population.model.inputSlot("b"))
            let subject = population.subject(0)
            return [subject.inputs[slot]] + subject.changes.filter { $0.slot == slot }.map(\.value)
        }
        let found = try etas(unread)
        #expect(found == (try etas(read)) && found.count == 3 && found[0] == found[2] && found[0] != found[1])
        // Without a column there is one occasion.
        let one = try population("ini({ b ~ 0.04 | occ }); model({ y <- exp(b) })", "TIME,EVID\n0,0\n10,0\n")
        #expect(try etas(one) == [found[0]])
    }

    @Test func anOccasionThatTheModelComputes() throws {
        var inputs = SimulationInputs(
            try SmallModels.model(
                "f <- function() { ini({ b ~ 0.04 | occ }); model({ occ <- 1 + (t > 5); y <- exp(b) }) }"))
        inputs.events = try SmallModels.events("TIME,EVID\n0,0\n10,0\n", inputs.model)
        inputs.etas = .sampled
        #expect(
            message { _ = try SimulatedPopulation(inputs) }
                == "m.R: error: etas vary by 'occ', which the model computes, allowed: the name of an input")
    }

    @Test func whatIsNoOccasion() throws {
        let inputs = try inputs("TIME,EVID,occ\n0,0,1\n10,0,1.5\n20,0,-1\n")
        #expect(
            message { _ = try SimulatedPopulation(inputs) } == """
                e.csv: error: occ: found 1.5, allowed: the number of an occasion, a whole number from 0 to 4294967295
                e.csv: error: occ: found -1.0, allowed: the number of an occasion, a whole number from 0 to 4294967295
                """)
    }
}
