import ModelLanguage
import NumericsCore
import Pharmacology
import Simulations
import Testing

// Whatever is done to a table or a regimen, it is read or refused with a message; it never ends the process.
@Suite struct MutationTests {
    private let table = """
        ID,TIME,EVID,AMT,CMT,RATE,DUR,II,ADDL,SS,DV,MDV,DVID,WT
        1,0,1,100,depot,0,0,12,13,0,.,1,.,70
        1,1,1,200,2,50,.,.,.,.,.,1,.,71
        1,2,0,.,cp,.,.,.,.,.,1.5,0,1,72
        2,3,1,200,central,-2,.,.,.,.,.,1,.,.
        2,5,1,100,depot,.,.,24,.,1,.,1,.,69
        2,8,3,.,.,.,.,.,.,.,.,.,.,.
        2,13,2,.,-1,.,.,.,.,.,.,.,.,80

        """
    private let fragments = [
        ",", "\n", "\r", "\"", ".", "-", "1e308", "1e-320", "-1", "999999999999999999999", "nan", "inf", "NA", "0x1",
        "é",
        "\u{0}", " ", "8", "6", "cp",
    ]

    private func mutated(_ text: String, _ stream: inout RandomStream) -> [UInt8] {
        var bytes = Array(text.utf8)
        func below(_ count: Int) -> Int { Int(stream.nextUniform() * Double(count)) }
        for _ in 0...below(4) {
            let place = below(bytes.count)
            switch below(3) {
            case 0: bytes[place] = UInt8(below(256))
            case 1: bytes.remove(at: place)
            default: bytes.insert(contentsOf: Array(fragments[below(fragments.count)].utf8), at: place)
            }
        }
        return bytes
    }

    @Test func eventTables() throws {
        let model = try SmallModels.model()
        var stream = RandomStream(seed: 1, purpose: .analysis, replicate: 0, patient: 0)
        var read = 0
        for round in 0..<3000 {
            let csv = mutated(table, &stream)
            do {
                let events = try EventTable(
                    csv: csv, file: "e.csv", model: model,
                    interpolation: round % 2 == 0 ? .lastCarriedForward : .nextCarriedBackward)
                var inputs = SimulationInputs(model)
                inputs.events = events
                inputs.times = [0, 1]
                let population = try SimulatedPopulation(inputs)
                for index in 0..<population.count {
                    let subject = population.subject(index)
                    #expect(zip(subject.records, subject.records.dropFirst()).allSatisfy { $0.time <= $1.time })
                    #expect(zip(subject.samples, subject.samples.dropFirst()).allSatisfy { $0 < $1 })
                    #expect(zip(subject.changes, subject.changes.dropFirst()).allSatisfy { $0.time <= $1.time })
                    #expect(subject.samples.allSatisfy { $0.isFinite })
                }
                read += 1
            } catch { #expect(!error.description.isEmpty) }
        }
        // Both kinds of end occur.
        #expect(read > 100 && read < 2900)
    }

    @Test func parameterTablesAndTimes() throws {
        let names = try SmallModels.model().suppliedNames
        var stream = RandomStream(seed: 2, purpose: .analysis, replicate: 0, patient: 0)
        for _ in 0..<2000 {
            let csv = mutated("ID,WT,lcl\n1,70,0.5\n2,80,0.25\n", &stream)
            let refused = message { _ = try ParameterTable(csv: csv, file: "p.csv", allowed: names) }
            #expect(!refused.isEmpty)
            let text = String(decoding: mutated("0:24:0.5,30,36:48:2", &stream), as: UTF8.self)
            if let times = try? TimeGrid.parse(text) { #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 }) }
        }
    }

    @Test func regimens() {
        let setting = RegimenText.Setting(compartments: ["depot", "central"], timeUnit: "day", doseUnit: "mg")
        var stream = RandomStream(seed: 3, purpose: .analysis, replicate: 0, patient: 0)
        for _ in 0..<5000 {
            let text = String(
                decoding: mutated(
                    "100 mg q12h x 14 into depot over 1 h; 5e1 g every 2 d for 7 days from day 3 ss", &stream),
                as: UTF8.self)
            guard let records = try? RegimenText.records(text, setting) else { continue }
            for record in records {
                #expect(record.time.isFinite && record.interval.isFinite && record.amount > 0)
                #expect(record.additional == 0 || record.interval > 0)
            }
        }
    }
}
