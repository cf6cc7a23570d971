import NumericsCore
import Testing

@testable import ModelLanguage

/// Backed by closed forms, row by row.
@Suite("Row programs")
struct RowProgramTests {
    @Test("Any number of rows, blocks of sixteen filled or not", arguments: [0, 1, 15, 16, 17, 31, 32, 33, 100])
    func rows(_ count: Int) throws {
        let program = try Compiled.rule("y <- 2 * a + b\nz <- y * y\ny <- y + 1", ["a", "b"].map { InputSymbol($0) })
        let a = (0..<count).map { Double($0) }
        let b = (0..<count).map { Double($0 % 5) / 4 }
        let values = program.evaluate([a, b], count: count)
        #expect(values.count == 2)
        #expect(values[0] == zip(a, b).map { 2 * $0 + $1 + 1 })
        #expect(values[1] == zip(a, b).map { (2 * $0 + $1) * (2 * $0 + $1) })
    }

    @Test("What one block of rows left behind does not reach the next")
    func blocks() throws {
        let program = try Compiled.rule("y <- ifelse(is.na(a), -1, a)", [InputSymbol("a")])
        let a = (0..<50).map { $0 % 3 == 0 ? Double.nan : Double($0) }
        #expect(program.evaluate([a], count: 50)[0] == a.map { $0.isNaN ? -1 : $0 })
    }

    @Test("Only inputs that are read need values")
    func used() throws {
        let program = try Compiled.rule("w <- 0 * c\ny <- b", ["a", "b", "c"].map { InputSymbol($0) })
        #expect(program.used == ["b", "c"])
        #expect(program.evaluate([[], [4, 5], [1, 1]], count: 2) == [[0, 0], [4, 5]])
    }

    @Test("An expression is the output 'value'; blocks run one after the other in one scope")
    func forms() throws {
        let expression = try RowProgram(
            expression: SourceText(name: "e", text: "age >= 18 && stable == 1"),
            inputs: [InputSymbol("age"), InputSymbol("stable")])
        #expect(expression.outputs == [InputSymbol("value")])
        #expect(expression.evaluate([[17, 18, .nan], [1, 1, 1]], count: 3) == [[0, 1, 0]])
        let blocks = try RowProgram(
            ["x <- a + 1", "y <- 2 * x\nx <- 0"].map { SourceText(name: "b", text: $0) }, inputs: [InputSymbol("a")])
        #expect(blocks.outputs.map(\.name) == ["x", "y"])
        #expect(blocks.evaluate([[3]], count: 1) == [[0], [8]])
        let empty = try RowProgram([], inputs: [InputSymbol("a")])
        #expect(empty.outputs.isEmpty)
        #expect(empty.evaluate([[3]], count: 1).isEmpty)
    }

    @Test("A constant, an input and the same value twice are outputs like others")
    func plainOutputs() throws {
        let program = try Compiled.rule(
            "one <- 1\nsame <- a\nagain <- a\nsum <- a + a\ntwice <- a + a", [InputSymbol("a")])
        #expect(program.evaluate([[2.5, -1]], count: 2) == [[1, 1], [2.5, -1], [2.5, -1], [5, -2], [5, -2]])
    }
}
