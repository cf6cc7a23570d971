import ModelLanguage
import Pharmacology
import Simulations
import Testing

// Each case is worked out by hand from the rules of NONMEM, mrgsolve and rxode2: which records, samples and changes a
// table means.
@Suite struct EventTableTests {
    private func history(_ csv: String) throws -> EventHistory {
        let table = try SmallModels.events(csv)
        return try #require(table.histories.first)
    }

    @Test func everyRecordKind() throws {
        let found = try history(
            """
            TIME,EVID,AMT,CMT,RATE,DUR,II,ADDL,SS
            0,1,100,depot,0,0,12,13,0
            1,1,200,2,50,.,.,.,.
            2,1,200,central,.,4,.,.,.
            3,1,200,central,-1,.,.,.,.
            4,1,200,central,-2,.,.,.,.
            5,1,100,depot,.,.,24,.,1
            6,1,100,depot,.,.,24,2,2
            7,1,0,central,10,.,.,.,1
            8,3,.,.,.,.,.,.,.
            9,4,80,.,.,.,.,.,.
            10,5,7,central,.,.,.,.,.
            11,8,8,central,.,.,.,.,.
            12,6,0.5,central,.,.,.,.,.
            13,2,.,-1,.,.,.,.,.
            14,2,.,-central,.,.,.,.,.
            15,1,-20,central,.,.,.,.,.
            16,1,0,0,.,.,.,.,.
            """)
        #expect(
            found.records == [
                DosingRecord(time: 0, compartment: 0, amount: 100, interval: 12, additional: 13),
                DosingRecord(time: 1, compartment: 1, amount: 200, input: .rate(50)),
                DosingRecord(time: 2, compartment: 1, amount: 200, input: .duration(4)),
                DosingRecord(time: 3, compartment: 1, amount: 200, input: .modelledRate),
                DosingRecord(time: 4, compartment: 1, amount: 200, input: .modelledDuration),
                DosingRecord(time: 5, compartment: 0, amount: 100, interval: 24, steadyState: .replacing),
                DosingRecord(time: 6, compartment: 0, amount: 100, interval: 24, additional: 2, steadyState: .adding),
                DosingRecord(time: 7, compartment: 1, amount: 0, input: .rate(10), steadyState: .replacing),
                DosingRecord(time: 8, action: .reset, compartment: 0, amount: 0),
                DosingRecord(time: 9, action: .resetAndDose, compartment: 0, amount: 80),
                DosingRecord(time: 10, action: .replace, compartment: 1, amount: 7),
                DosingRecord(time: 11, action: .replace, compartment: 1, amount: 8),
                DosingRecord(time: 12, action: .multiply, compartment: 1, amount: 0.5),
                DosingRecord(time: 13, action: .turnOff, compartment: 0, amount: 0),
                DosingRecord(time: 14, action: .turnOff, compartment: 1, amount: 0),
                DosingRecord(time: 15, compartment: 1, amount: -20),
                DosingRecord(time: 16, compartment: 0, amount: 0),
            ])
        #expect(found.samples == [])
        #expect(found.changes == [])
    }

    /// No regimen stands behind a repeated replacement, so each stands by itself; records of one time keep their order.
    @Test func repeatedReplacementsStandByThemselves() throws {
        let found = try history(
            """
            TIME,EVID,AMT,CMT,II,ADDL
            0,6,0.5,central,10,2
            10,1,100,depot,0,0
            """)
        #expect(
            found.records == [
                DosingRecord(time: 0, action: .multiply, compartment: 1, amount: 0.5),
                DosingRecord(time: 10, action: .multiply, compartment: 1, amount: 0.5),
                DosingRecord(time: 10, compartment: 0, amount: 100),
                DosingRecord(time: 20, action: .multiply, compartment: 1, amount: 0.5),
            ])
    }

    @Test func aRateAndADurationThatAgree() throws {
        let found = try history("TIME,EVID,AMT,RATE,DUR\n0,1,100,25,4\n")
        #expect(found.records == [DosingRecord(time: 0, compartment: 0, amount: 100, input: .rate(25))])
    }

    @Test func samplesAndObservedValues() throws {
        let found = try history(
            """
            time,evid,amt,cmt,dv,mdv,dvid
            0,0,,central,0.5,0,
            0,1,100,depot,,1,
            0,0,,cp,NA,,
            2,2,.,.,,,
            3,0,.,3,1.5,0,
            4,0,.,(obs),2.5,1,
            4,0,.,.,3.5,0,1
            4,0,.,.,4.5,0,cp
            """)
        #expect(found.samples == [0, 2, 3, 4])
        #expect(
            found.observations == [
                .init(time: 0, value: 0.5, endpoint: 0), .init(time: 3, value: 1.5, endpoint: 0),
                .init(time: 4, value: 3.5, endpoint: 0), .init(time: 4, value: 4.5, endpoint: 0),
            ])
    }

    @Test func withoutEVIDAnAmountMakesADose() throws {
        let found = try history(
            """
            TIME,AMT,MDV,RATE,SS
            0,100,1,.,.
            1,0,0,.,.
            2,.,1,.,.
            3,0,1,20,1
            """)
        #expect(
            found.records == [
                DosingRecord(time: 0, compartment: 0, amount: 100),
                DosingRecord(time: 3, compartment: 0, amount: 0, input: .rate(20), steadyState: .replacing),
            ])
        #expect(found.samples == [1, 2])
    }

    @Test func subjectsInTheOrderOfTheFile() throws {
        let table = try SmallModels.events(
            """
            ID,TIME,AMT,EVID,WT,note
            7,0,100,1,70,x
            2.0,0,50,1,80,y
            7,5,.,0,70,z
            b,1,.,0,60,z
            2,3,.,0,80,
            7,4,.,0,70,
            """)
        #expect(table.histories.map(\.identifier) == ["7", "2", "b"])
        #expect(table.histories.map(\.samples) == [[4, 5], [3], [1]])
        #expect(table.hasSubjects)
        #expect(table.inputs == ["WT"])
        #expect(table.ignored == ["note"])
        #expect(table.notes == ["e.csv: rows were put into the order of time, first those of subject 7 (line 7)"])
    }

    /// A model may read a data item.
    @Test func aDataItemThatTheModelReads() throws {
        let model = try SmallModels.model("d/dt(a) <- -0.1 * a\ny <- a / AMT")
        let table = try SmallModels.events("TIME,AMT,EVID\n0,100,1\n1,.,0\n2,50,1\n", model)
        #expect(table.inputs == ["AMT"])
        #expect(table.histories[0].start == [.init(slot: 0, value: 100)])
        #expect(table.histories[0].changes == [InputChange(time: 2, slot: 0, value: 50)])
    }
}
