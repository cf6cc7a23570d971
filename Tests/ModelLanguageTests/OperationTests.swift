import NumericsCore
import Testing

@testable import ModelLanguage

/// Values at which arithmetic is special.
let specialValues: [Double] = [
    0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 1.5, 2.5, -2.5, 3, 1e-3, 0.1, 7.25, 1e-16, -1e-16, 0x1p-52, 1e-300, 5e-324,
    -5e-324,
    0x1p-1022, 1e300, -1e300, 0x1.fffffffffffffp+1023, .infinity, -.infinity, .nan, 709.9, -745.2, 1e15 + 0.5, 27.3,
]

/// The bits of a value; all NaN are alike.
func bits(_ x: Double) -> UInt64 { x.isNaN ? Double.nan.bitPattern : x.bitPattern }

/// Backed by the definition of the language's arithmetic, and by two routes: the lane machine and one value at a time.
@Suite("Operations")
struct OperationTests {
    /// Runs one operation on sixteen lanes.
    private func lanes(_ operation: Operation, _ a: [Double], _ b: [Double], _ c: [Double]) -> [Double] {
        var graph = ExpressionGraph()
        let operands = (0..<operation.arity).map { graph.input($0) }
        let root = graph.apply(
            operation, operands[0], operands.count > 1 ? operands[1] : nil, operands.count > 2 ? operands[2] : nil)
        let layout = RegisterLayout(inputCount: 3, stateCount: 0)
        let program = LaneProgram(graph, roots: [root], layout: layout)
        let file = RegisterFile(count: program.registerCount)
        for (register, values) in [a, b, c].enumerated() {
            for lane in 0..<16 { file.lanes[register][lane] = values[lane % values.count] }
        }
        program.run(file.lanes)
        return (0..<16).map { file.lanes[Int(program.results[0])][$0] }
    }

    @Test("Every operation has the same bits in a lane as alone, over all pairs of special values")
    func sameBits() {
        let operations = Operation.allCases.filter { $0.arity > 0 }
        #expect(operations.count == Operation.allCases.count - 6)
        for operation in operations {
            for first in specialValues {
                for start in stride(from: 0, to: specialValues.count, by: 16) {
                    let second = (0..<16).map { specialValues[(start + $0) % specialValues.count] }
                    let third = (0..<16).map { specialValues[(start + 3 * $0 + 5) % specialValues.count] }
                    // Unary operations take the special values themselves, sixteen at a time.
                    let (a, b) = operation.arity == 1 ? (second, second) : ([first], second)
                    let values = lanes(operation, a, b, third)
                    for lane in 0..<16 {
                        let expected = operation.value(a[lane % a.count], b[lane], third[lane])
                        #expect(
                            bits(values[lane]) == bits(expected),
                            "\(operation) of \(a[lane % a.count]), \(b[lane]), \(third[lane]): \(values[lane]), not \(expected)"
                        )
                    }
                }
            }
        }
    }

    @Test("Every operation has the same bits in a lane as alone, over random values of all sizes")
    func sameBitsOfRandomValues() {
        var choices = Choices(seed: 1)
        for operation in Operation.allCases where operation.arity > 0 {
            for _ in 0..<60 {
                let values = (0..<3).map { _ in
                    (0..<16).map { _ in
                        choices.below(2) == 0
                            ? Double(bitPattern: choices.next()) : Double(choices.below(4000) - 2000) / 64
                    }
                }
                let result = lanes(operation, values[0], values[1], values[2])
                for lane in 0..<16 {
                    let expected = operation.value(values[0][lane], values[1][lane], values[2][lane])
                    #expect(bits(result[lane]) == bits(expected), "\(operation) of \(values.map { $0[lane] })")
                }
            }
        }
    }

    private func value(_ text: String) throws -> Double {
        let source = SourceText(name: "e.R", text: text)
        let program = try RowProgram(expression: source, inputs: [InputSymbol("na")])
        return program.evaluate([[.nan]], count: 1)[0][0]
    }

    @Test("Arithmetic is protected as rxode2 protects it by default")
    func protection() throws {
        let smallest = 0x1p-52
        // Division by exactly 0, of either sign, divides by 2.22e-16.
        for text in ["3 / 0", "3 / (-0)", "3 / (2 - 2)"] { #expect(try value(text) == 3 / smallest) }
        #expect(try value("3 / 1e-300") == 3e300)
        #expect(try value("0 / 0") == 0)
        #expect(try value("7 %% 0") == 7 - (7 / smallest).rounded(.down) * 0)
        // The logarithm of what is not positive is that of 2.22e-16, about -36.04; very small numbers are no such case.
        for text in ["log(0)", "log(-5)", "ln(0)", "log(0, exp(1)) * log(exp(1))"] {
            #expect(abs(try value(text) - -36.043_653_389_117_15) < 1e-12, "\(text)")
        }
        #expect(abs(try value("log(1e-300)") - -690.775_527_898_213_7) < 1e-9)
        // 0 to a negative power has the base 2.22e-16.
        #expect(try value("0^-1") == 1 / smallest)
        #expect(abs(try value("0^-0.3") / Elementary.pow(smallest, -0.3) - 1) < 1e-14)
        #expect(try value("0^-2") == 1 / (smallest * smallest))
        #expect(try value("0^2") == 0)
        #expect(try value("0^0.7") == 0)
        #expect(try value("0^0") == 1)
        // Not protected.
        #expect(try value("(-8)^(1 / 3)").isNaN)
        #expect(try value("sqrt(-1)").isNaN)
        #expect(try value("log10(0)") == -.infinity)
        #expect(try value("log1p(-1)") == -.infinity)
        #expect(try value("(-2)^3") == -8)
    }

    @Test("A missing value goes through arithmetic, min and max from either side; a comparison with it is 0")
    func missing() throws {
        for text in [
            "na + 1", "0 * na", "na / na", "max(na, 3)", "max(3, na)", "min(na, -1)", "min(-1, na)", "max(1, na, 2)",
            "exp(na)",
            "log(na)", "-na", "abs(na)", "na^2", "2^na", "floor(na)", "round(na, 2)", "trunc(na)", "na %% 2",
            "ifelse(1, na, 2)",
            "expit(na)", "pnorm(na)", "sqrt(na)",
        ] { #expect(try value(text).isNaN, "\(text)") }
        for text in [
            "na < 1", "na > 1", "na <= na", "na >= 1", "na == na", "na != na", "na != 1", "!na",
            "ifelse(na == 1, 1, 0)",
        ] {
            #expect(try value(text) == 0, "\(text)")
        }
        for text in ["is.na(na)", "is.na(0 * na)", "!is.na(3)", "ifelse(2 > na, 0, 1)", "!(na > 1)"] {
            #expect(try value(text) == 1, "\(text)")
        }
    }

    @Test("A missing operand of min and max goes through whatever number the graph gives it")
    func missingOperandOrder() throws {
        // Equal nodes are shared and commutative operands sorted: here the constant is the older node, there the input.
        let inputs = [InputSymbol("x")]
        for text in ["value <- max(x, 0)", "y <- 0 + x\nvalue <- max(x, 0)", "y <- 0 * x\nvalue <- max(0, x)"] {
            let program = try RowProgram(SourceText(name: "r.R", text: text), inputs: inputs)
            let results = program.evaluate([[.nan, -1, 2]], count: 3)[program.outputs.count - 1]
            #expect(results[0].isNaN, "\(text)")
            #expect(Array(results[1...]) == [0, 2])
        }
    }

    @Test("Powers with a small whole exponent are exact where the products are")
    func wholePowers() throws {
        #expect(try value("10^3") == 1000)
        #expect(try value("10^15") == 1e15)
        #expect(try value("3^2") == 9)
        #expect(try value("(-3)^3") == -27)
        #expect(abs(try value("10^-3") - 1e-3) < 3e-19)
        #expect(try value("2^-1") == 0.5)
        #expect(try value("round(2.125, 2)") == 2.12)
        #expect(try value("round(1.375, 2)") == 1.38)
        #expect(try value("4^0.5") == 2)
        #expect(abs(try value("2^0.3") - 1.231_144_413_344_916) < 1e-15)
        #expect(abs(try value("1.1^17.5") / 5.301_173_157_713_708 - 1) < 1e-13)
    }

    @Test(
        "Named values of functions",
        arguments: [
            ("round(2.5)", 2.0), ("round(-3.5)", -4), ("trunc(-2.7)", -2), ("trunc(2.7)", 2), ("floor(-0.1)", -1),
            ("ceiling(-0.9)", 0), ("7 %% 3", 1), ("-7 %% 3", 2), ("7 %/% 2", 3), ("-7 %/% 2", -4), ("log(8, 2)", 3),
            ("expit(0)", 0.5), ("expit(0, 2, 4)", 3), ("expit(0, -1)", 0), ("logit(0.5)", 0), ("logit(3, 2, 4)", 0),
            ("pnorm(0)", 0.5), ("gamma(5)", 24), ("lgamma(1)", 0), ("max(1, 3, 2)", 3), ("min(4)", 4), ("abs(-3)", 3),
            ("atan2(1, 0)", Double.pi / 2), ("2 > 1 && !(1 > 2)", 1), ("0 || 0", 0), ("(3 == 3) * 7", 7),
            ("TRUE + FALSE", 1),
            ("ifelse(2 >= 2, 5, 6)", 5), ("ifelse(0, 5, 6)", 6), ("-2^2", -4), ("pow(2, 5)", 32), ("1 - 2 - 3", -4),
        ])
    func namedValues(_ text: String, _ expected: Double) throws {
        #expect(abs(try value(text) - expected) <= 4e-16 * abs(expected))
    }
}
