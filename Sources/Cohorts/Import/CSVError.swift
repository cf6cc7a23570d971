/// What is wrong with the form of a comma-separated file, and where.
public struct CSVError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Problem: Sendable, Hashable {
        /// The file holds no header.
        case empty
        /// A byte that is no part of UTF-8 text.
        case notUTF8(byte: UInt8)
        /// A cell opens a quote that the file never closes.
        case unclosedQuote
        /// A quote stands inside a cell that did not begin with one.
        case quoteInsideCell
        /// Text follows the quote that closes a cell.
        case textAfterQuote(String)
        /// A carriage return without a line feed, outside quotes.
        case bareCarriageReturn
        /// A row with more or fewer cells than the header.
        case cellCount(found: Int, expected: Int)
        /// Two columns of the same name; `first` is the number of the earlier one, counted from 1.
        case duplicateHeader(String, first: Int, second: Int)
    }

    /// The file as the caller named it.
    public var file: String
    /// The line, counted from 1.
    public var line: Int
    /// The column in characters (Unicode scalars), counted from 1.
    public var column: Int
    /// What is wrong there.
    public var problem: Problem

    /// A fault at a place of a file, counted from 1.
    public init(file: String, line: Int, column: Int, problem: Problem) {
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
    }

    /// `file:line:column: error: what was found; what is allowed or what to do`
    public var description: String { "\(file):\(line):\(column): error: \(message)" }

    /// The message without the place.
    public var message: String {
        switch problem {
        case .empty: "the file is empty; its first line must name the columns"
        case .notUTF8(let byte):
            "found the byte 0x\(String(byte, radix: 16, uppercase: true)), which is not UTF-8; save the file as UTF-8"
        case .unclosedQuote: "the quote that opens this cell is never closed"
        case .quoteInsideCell:
            "found a quote inside a cell that does not begin with one; enclose the cell in quotes and double the inner one"
        case .textAfterQuote(let text):
            "found '\(text)' after the closing quote; expected a comma or the end of the line (an inner quote is doubled)"
        case .bareCarriageReturn: "found a carriage return without a line feed; end lines with LF or CR LF"
        case .cellCount(let found, let expected): "the row has \(found) cells, expected \(expected) as in the header"
        case .duplicateHeader(let name, let first, let second):
            "the columns \(first) and \(second) are both named '\(name)'; names must differ"
        }
    }
}
