import Simulations
import Testing

@Suite struct ParameterTableTests {
    @Test func namesRowsAndWhatIsNotRead() throws {
        let table = try SmallModels.parameters("lv,E1,ID,WT,\n3,0.5,1.0,70,\n4, ,b,8e1,\n")
        #expect(table.names == ["lv", "WT"])
        #expect(table.identifiers == ["1", "b"])
        #expect(table.ignored == ["E1"])
        #expect(Array(table.values(row: 1)) == [4, 80])
        #expect(table.row(of: "b") == 1)
        #expect(table.row(of: "c") == nil)
    }

    @Test func refusals() {
        func refused(_ csv: String) -> String { message { _ = try SmallModels.parameters(csv) } }
        #expect(
            refused("ID,CL\n1,2\n")
                == "p.csv:1:1: error: no column is named like an input of the model (columns: ID, CL; inputs: WT, etacl, "
                + "etav, ka, lcl, lv, sd)")
        #expect(
            refused("ID,WT\n1,70\n1.0,x\n,.\n") == """
                p.csv:3:1: error: ID: found '1' again, allowed: one row for each subject
                p.csv:3:5: error: WT: found 'x', allowed: a number
                p.csv:4:1: error: ID: found an empty cell, allowed: the number or name of a subject
                p.csv:4:2: error: WT: found '.', allowed: a number
                """)
        #expect(refused("WT\n") == "p.csv: error: the table has no row below its header")
    }
}

@Suite struct TimeGridTests {
    @Test func rangesAndTimes() throws {
        #expect(try TimeGrid.parse("0:3:1") == [0, 1, 2, 3])
        #expect(try TimeGrid.parse("0:1:0.1").count == 11)
        #expect(try TimeGrid.parse("4, 0,2:6:2,1e1") == [0, 2, 4, 6, 10])
        #expect(try TimeGrid.parse("-1:0:0.3") == [-1, -0.7, -0.4, -1 + 3 * 0.3])
        #expect(try TimeGrid.parse("5:5:1") == [5])
    }

    @Test func refusals() {
        func refused(_ text: String) -> String { message { _ = try TimeGrid.parse(text) } }
        #expect(
            refused("0:1,2,x,5:4:1,0:1:0,0:1e9:1e-3") == """
                --times 0:1,2,x,5:4:1,0:1:0,0:1e9:1e-3: error: found '0:1', allowed: a time, or a range from:to:step such as \
                0:168:1
                --times 0:1,2,x,5:4:1,0:1:0,0:1e9:1e-3: error: found 'x', allowed: a time, or a range from:to:step such as \
                0:168:1
                --times 0:1,2,x,5:4:1,0:1:0,0:1e9:1e-3: error: found '5:4:1', allowed: from <= to and a step above 0
                --times 0:1,2,x,5:4:1,0:1:0,0:1e9:1e-3: error: found '0:1:0', allowed: from <= to and a step above 0
                --times 0:1,2,x,5:4:1,0:1:0,0:1e9:1e-3: error: found '0:1e9:1e-3', allowed: at most 10000000 times
                """)
        #expect(
            refused("") == "--times : error: found '', allowed: a time, or a range from:to:step such as 0:168:1")
    }
}
