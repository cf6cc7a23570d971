import ModelLanguage
import Simulations
import Testing

// Everything that is wrong with a table is told at once, each problem at its cell: the whole message is compared.
@Suite struct EventTableRefusalTests {
    private func expect(_ csv: String, _ messages: [String], _ model: String = SmallModels.oral) throws {
        let model = try SmallModels.model(model)
        let found = message { _ = try SmallModels.events(csv, model) }
        #expect(found == messages.joined(separator: "\n"))
    }

    @Test func cells() throws {
        try expect(
            """
            ID,TIME,EVID,AMT,CMT,RATE,II,ADDL,SS,WT
            1,zero,1,100,depot,0,0,0,0,70
            ,0,1,100,depot,0,0,0,0,70
            1,.,1,100,depot,0,0,0,0,70
            1,0,7,100,depot,0,0,0,0,70
            1,0,1,x,depot,0,0,0,0,70
            1,0,1,.,depot,0,0,0,0,70
            1,0,1,1e,gut,0,0,0,0,70
            1,0,1,100,3,0,0,0,0,70
            1,0,1,100,-1,0,0,0,0,70
            1,0,1,100,depot,-3,0,0,0,70
            1,0,1,100,depot,0,-1,0,0,70
            1,0,1,100,depot,0,12,1.5,0,70
            1,0,1,100,depot,0,0,3,0,70
            1,0,1,100,depot,0,12,0,3,70
            1,0,1,100,depot,0,0,0,1,heavy
            """,
            [
                "e.csv:2:3: error: TIME: found 'zero', allowed: a number (h)",
                "e.csv:3:1: error: ID: found an empty cell, allowed: the number or name of a subject",
                "e.csv:4:3: error: TIME: found '.', allowed: a number (h)",
                "e.csv:5:5: error: EVID: found '7', allowed: 0 observation, 1 dose, 2 other, 3 reset, 4 reset and dose, "
                    + "5 or 8 replace, 6 multiply",
                "e.csv:6:7: error: AMT: found 'x', allowed: a number",
                "e.csv:7:7: error: AMT: found '.', allowed: a number in a dose (EVID 1)",
                "e.csv:8:7: error: AMT: found '1e', allowed: a number",
                "e.csv:8:10: error: CMT: found 'gut', allowed: 1 to 2, or depot, central",
                "e.csv:9:11: error: CMT: found '3', allowed: 1 to 2, or depot, central",
                "e.csv:10:11: error: CMT: found '-1', allowed: 1 to 2, or depot, central; turning one off needs EVID 2",
                "e.csv:11:17: error: RATE: found '-3', allowed: a number above 0, 0 for a bolus, -1 for the model's "
                    + "rate() or -2 for the model's dur()",
                "e.csv:12:19: error: II: found '-1', allowed: a number from 0",
                "e.csv:13:22: error: ADDL: found '1.5', allowed: a whole number from 0 to 1000000",
                "e.csv:14:21: error: ADDL: found '3', allowed: 0 without II; repeated doses need the time between them",
                "e.csv:15:24: error: SS: found '3', allowed: 0, 1 or 2",
                "e.csv:16:23: error: SS: found '1', allowed: 0 without II; a steady state needs the time between doses, or "
                    + "AMT 0 and a RATE",
                "e.csv:16:25: error: WT: found 'heavy', allowed: a number, '.' or an empty cell",
            ])
    }

    @Test func rowsThatContradictThemselves() throws {
        try expect(
            """
            TIME,EVID,AMT,RATE,DUR,SS,II,DVID,MDV,CMT
            0,0,100,.,.,.,.,.,.,.
            1,2,.,10,.,.,.,.,.,.
            2,3,50,.,.,.,.,.,.,.
            3,5,50,10,.,.,.,.,.,.
            4,6,2,.,.,1,24,.,.,.
            5,1,100,10,5,.,.,.,.,.
            6,1,-100,10,.,.,.,.,.,.
            7,1,0,10,.,1,12,.,.,.
            8,0,.,.,.,.,.,2,.,.
            9,0,.,.,.,.,.,.,2,.
            10,0,.,.,.,.,.,.,.,centrl
            """,
            [
                "e.csv:2:5: error: AMT: found '100', allowed: 0 or nothing in an observation (EVID 0); a dose has EVID 1",
                "e.csv:3:7: error: RATE: found '10', allowed: 0 or nothing in another event (EVID 2); a dose has EVID 1",
                "e.csv:4:5: error: AMT: found '50', allowed: 0 or nothing in a reset (EVID 3); a dose has EVID 1",
                "e.csv:5:8: error: RATE: found '10', allowed: 0 or nothing in a replacement (EVID 5)",
                "e.csv:6:11: error: SS: found '1', allowed: 0 or nothing in a multiplication (EVID 6)",
                "e.csv:7:12: error: DUR: found '5', allowed: 0 or nothing beside a RATE",
                "e.csv:8:5: error: AMT: found '-100', allowed: a number above 0 in an infusion, or 0 with SS 1 for one "
                    + "that never ends",
                "e.csv:9:12: error: SS: found '1', allowed: II and ADDL of 0 for an infusion that never ends (AMT 0)",
                "e.csv:10:15: error: DVID: found '2', allowed: 1, or cp",
                "e.csv:11:17: error: MDV: found '2', allowed: 0 or 1",
                "e.csv:12:20: error: CMT: found 'centrl', allowed: 1 to 2, or depot, central; did you mean 'central'?",
            ])
    }

    @Test func whatTheModelDoesNotGive() throws {
        try expect(
            "TIME,EVID,AMT,CMT,RATE\n0,1,100,central,-1\n1,1,100,1,-1\n2,1,100,.,-2\n",
            [
                "e.csv:3:11: error: RATE: found '-1', allowed: another RATE, since the model gives no rate(depot)",
                "e.csv:4:11: error: RATE: found '-2', allowed: another RATE, since the model gives no dur(depot)",
            ])
    }

    @Test func tablesWithoutWhatTheyNeed() throws {
        try expect("ID,AMT\n1,100\n", ["e.csv:1:1: error: the table has no column TIME (columns: ID, AMT)"])
        try expect("TIME,AMT\n", ["e.csv: error: the table has no row below its header"])
        try expect("", ["e.csv:1:1: error: the file is empty; its first line must name the columns"])
        try expect(
            "TIME,EVID\n0,1\n",
            ["e.csv:2:1: error: found a dose (EVID 1), which needs an amount; the table has no column AMT"])
        try expect(
            "Time,TIME,evid,EVID\n0,0,0,0\n",
            [
                "e.csv:1:1: error: columns 1 ('Time') and 2 ('TIME') are both TIME; letter case does not tell columns apart",
                "e.csv:1:1: error: columns 3 ('evid') and 4 ('EVID') are both EVID; letter case does not tell columns apart",
            ])
        try expect("TIME,AMT\n0,1,2\n", ["e.csv:2:1: error: the row has 3 cells, expected 2 as in the header"])
        try expect(
            "TIME,AMT\n0,1\n",
            ["e.csv:2:1: error: the model has no compartment; found a dose (EVID 1), allowed: observations"],
            "y <- 2 * t")
    }

    @Test func aResetDoesNotStartANewClock() throws {
        try expect(
            "TIME,AMT,EVID\n0,100,1\n24,.,0\n0,100,4\n",
            [
                "e.csv:4:1: error: TIME goes back from 24.0 to 0.0 at a reset, allowed: times of one clock; here a reset "
                    + "does not start a new one"
            ])
    }

    @Test func manyProblemsAreCounted() throws {
        let rows = (1...30).map { "\($0),x" }.joined(separator: "\n")
        let lines = message { _ = try SmallModels.events("TIME,AMT\n\(rows)\n") }.split(separator: "\n")
        #expect(lines.count == 21)
        #expect(lines.last == "30 problems in all, the first 20 shown")
    }
}
