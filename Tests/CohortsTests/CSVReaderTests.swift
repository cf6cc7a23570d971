import Testing

@testable import Cohorts

/// All rows of a text, header first.
func rows(_ text: String) throws -> [[String]] { try rows(Array(text.utf8)) }

func rows(_ bytes: [UInt8]) throws -> [[String]] {
    var reader = try CSVReader(bytes, file: "t.csv")
    var result = [reader.header]
    while try reader.next() { result.append(reader.header.indices.map { reader.text($0) }) }
    return result
}

/// The message with which a text is refused, wherever in it.
func refusal(_ bytes: [UInt8]) -> String {
    do { return "read: \(try rows(bytes))" } catch { return "\(error)" }
}

// Backed by RFC 4180 section 2, rule by rule.
@Suite struct CSVReaderTests {
    @Test func plainRowsWithAndWithoutFinalLineEnd() throws {
        let expected = [["a", "b"], ["1", "2"], ["3", ""]]
        #expect(try rows("a,b\n1,2\n3,\n") == expected)
        #expect(try rows("a,b\n1,2\n3,") == expected)
        #expect(try rows("a,b\r\n1,2\r\n3,\r\n") == expected)
    }

    @Test func quotesCommasAndLineEndsInsideQuotes() throws {
        let text = "name,note\n\"a,b\",\"said \"\"no\"\"\"\n\"two\nlines\",\"\"\n\"\"\"\",\"\r\n\"\n"
        let expected = [["name", "note"], ["a,b", "said \"no\""], ["two\nlines", ""], ["\"", "\r\n"]]
        #expect(try rows(text) == expected)
    }

    @Test func byteOrderMarkIsSkipped() throws {
        #expect(try rows([0xEF, 0xBB, 0xBF] + Array("\"a\",b\n1,2".utf8)) == [["a", "b"], ["1", "2"]])
    }

    @Test func textBeyondASCII() throws {
        #expect(try rows("größe,名\n1 µg,–\n") == [["größe", "名"], ["1 µg", "–"]])
    }

    @Test func blankLinesAtTheEndOfSeveralColumnsAreNoRows() throws {
        #expect(try rows("a,b\n1,2\n\n\r\n") == [["a", "b"], ["1", "2"]])
    }

    @Test func anEmptyLineOfOneColumnIsAnEmptyCell() throws {
        #expect(try rows("a\n1\n\n2\n") == [["a"], ["1"], [""], ["2"]])
    }

    @Test func aHeaderAloneHasNoRows() throws {
        #expect(try rows("a,b") == [["a", "b"]])
    }

    @Test func linesAreCountedThroughQuotedLineEnds() throws {
        var reader = try CSVReader(Array("a,b\n\"x\n\ny\",1\n\"é\n\",\"3\"\n".utf8), file: "t.csv")
        #expect(try reader.next())
        #expect(reader.line == 2)
        #expect(reader.place(0) == (2, 1))
        #expect(reader.place(1) == (4, 4))
        #expect(try reader.next())
        #expect(reader.line == 5)
        #expect(reader.place(1) == (6, 3))
        #expect(try !reader.next())
    }

    @Test func columnsCountCharactersNotBytes() throws {
        var reader = try CSVReader([0xEF, 0xBB, 0xBF] + Array("größe,x\n名名,1\n".utf8), file: "t.csv")
        #expect(reader.header == ["größe", "x"])
        _ = try reader.next()
        #expect(reader.place(1) == (2, 4))
    }

    @Test(arguments: [
        ("", "t.csv:1:1: error: the file is empty; its first line must name the columns"),
        ("\n\r\n", "t.csv:1:1: error: the file is empty; its first line must name the columns"),
        ("a,b\n1,\"2\n3,4\n", "t.csv:2:3: error: the quote that opens this cell is never closed"),
        (
            "a,b\n1,5\" pipe\n",
            "t.csv:2:4: error: found a quote inside a cell that does not begin with one; enclose the cell in quotes and double the inner one"
        ),
        (
            "a,b\n\"x\"y z,2\n",
            "t.csv:2:4: error: found 'y z' after the closing quote; expected a comma or the end of the line (an inner quote is doubled)"
        ),
        ("a,b\n1,2\r3,4", "t.csv:2:4: error: found a carriage return without a line feed; end lines with LF or CR LF"),
        ("a,b\n1,2,3\n", "t.csv:2:1: error: the row has 3 cells, expected 2 as in the header"),
        ("a,b\n\"1\n2\",3\n4\n", "t.csv:4:1: error: the row has 1 cells, expected 2 as in the header"),
        ("a,b\n\n1,2\n", "t.csv:2:1: error: the row has 1 cells, expected 2 as in the header"),
        ("id,é,age,id\n", "t.csv:1:10: error: the columns 1 and 4 are both named 'id'; names must differ"),
    ])
    func malformedFilesAreRefusedWithTheirPlace(_ text: String, _ message: String) {
        #expect(refusal(Array(text.utf8)) == message)
    }

    @Test func bytesThatAreNotUTF8AreRefusedWithTheirPlace() {
        let latin1 = Array("name,x\nJos".utf8) + [0xE9] + Array(",1\n".utf8)
        #expect(
            refusal(latin1) == "t.csv:2:4: error: found the byte 0xE9, which is not UTF-8; save the file as UTF-8")
    }

    @Test func readingGoesOnAfterARowOfWrongLengthOnly() throws {
        var reader = try CSVReader(Array("a,b\n1\n2,3\n".utf8), file: "t.csv")
        #expect(throws: CSVError.self) { try reader.next() }
        #expect(try reader.next())
        #expect(reader.text(1) == "3")
        var broken = try CSVReader(Array("a,b\n1,x\"\n2,3\n".utf8), file: "t.csv")
        #expect(throws: CSVError.self) { try broken.next() }
        #expect(try !broken.next())
    }

    // Invariant: what a conforming writer writes is read back, whatever the cells hold.
    @Test(arguments: 0..<200)
    func randomTablesSurviveTheRoundTrip(_ seed: Int) throws {
        var random = TestRandom(seed: UInt64(seed))
        let alphabet = ["a", "7", " ", ",", "\"", "\n", "\r\n", "\r", "é", "名", "👩‍⚕️", "-", ""]
        let width = 1 + random.next(below: 5)
        let table = (0..<random.next(below: 12)).map { _ in
            (0..<width).map { _ in
                (0..<random.next(below: 7)).map { _ in alphabet[random.next(below: alphabet.count)] }.joined()
            }
        }
        let header = (0..<width).map { "column \($0)" }
        let lineEnd = random.next(below: 2) == 0 ? "\n" : "\r\n"
        func cell(_ text: String) -> String {
            let mustQuote = text.isEmpty || text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
            guard mustQuote || random.next(below: 4) == 0 else { return text }
            return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        }
        var text = ([header] + table).map { $0.map(cell).joined(separator: ",") }.joined(separator: lineEnd)
        if random.next(below: 2) == 0 { text += lineEnd }
        #expect(try rows(text) == [header] + table, "seed \(seed): \(text.debugDescription)")
    }
}

/// SplitMix64: small random tables for tests, from a fixed seed.
struct TestRandom {
    var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func nextBits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next(below bound: Int) -> Int { Int(nextBits() % UInt64(bound)) }
}
