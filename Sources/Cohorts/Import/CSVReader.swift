/// Reads comma-separated text (RFC 4180) row by row, without copying the cells that nobody asks for.
///
/// ```swift
/// var reader = try CSVReader(bytes, file: "data/iwpc.csv")
/// let age = reader.header.firstIndex(of: "age_decade")
/// while try reader.next() { print(reader.line, reader.text(age ?? 0)) }
/// ```
///
/// Cells are separated by commas, rows by LF or CR LF; the last row may lack its end. A cell in double quotes may hold
/// commas, line ends and doubled quotes. A UTF-8 byte order mark is skipped, and so are blank lines at the end. The
/// first row names the columns. What RFC 4180 does not allow is refused with its place.
public struct CSVReader: Sendable {
    /// The names in the first row, in the order of the file. Several may be empty, no other may occur twice.
    public private(set) var header: [String] = []
    /// The file as the caller named it, for messages.
    public let file: String
    /// The line on which the current row starts, counted from 1 (the header is on line 1).
    public private(set) var line = 0

    /// A cell of the current row: its bytes without the enclosing quotes.
    struct Cell: Sendable {
        var start: Int
        var end: Int
        var isQuoted = false
        var hasDoubledQuotes = false
    }

    let bytes: [UInt8]
    private(set) var cells: [Cell] = []
    private var position = 0
    private var rowStart = 0
    /// The line that `position` is on.
    private var nextLine = 1

    /// Checks the encoding and reads the header.
    ///
    /// - Throws: ``CSVError`` for an empty file, bytes that are not UTF-8, a malformed header or a repeated name.
    public init(_ bytes: [UInt8], file: String) throws(CSVError) {
        self.bytes = bytes
        self.file = file
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        do { _ = try UTF8Span(validating: bytes.span) } catch {
            position = 0
            throw fault(.notUTF8(byte: bytes[error.byteOffsets.lowerBound]), at: error.byteOffsets.lowerBound)
        }
        guard isMoreThanBlankLines else {
            throw CSVError(file: file, line: 1, column: 1, problem: .empty)
        }
        try scanRow()
        header = cells.indices.map(text)
        for (second, name) in header.enumerated() where !name.isEmpty {
            guard let first = header.firstIndex(of: name), first < second else { continue }
            throw fault(.duplicateHeader(name, first: first + 1, second: second + 1), at: cells[second].start)
        }
    }

    /// Moves to the next row; false at the end of the file.
    ///
    /// After a row with a wrong number of cells the reader stands behind that row, so that the caller may note the
    /// error and go on. After any other error the rest of the file has no certain meaning, and the next call returns
    /// false.
    ///
    /// - Throws: ``CSVError`` with the place of what is wrong with the row's form.
    public mutating func next() throws(CSVError) -> Bool {
        guard isMoreThanBlankLines else { return false }
        do { try scanRow() } catch {
            position = bytes.count
            throw error
        }
        if cells.count != header.count {
            throw fault(.cellCount(found: cells.count, expected: header.count), at: rowStart)
        }
        return true
    }

    /// The text of a cell of the current row, quotes resolved.
    public func text(_ column: Int) -> String {
        let cell = cells[column]
        let slice = bytes[cell.start..<cell.end]
        guard cell.hasDoubledQuotes else { return String(decoding: slice, as: UTF8.self) }
        var resolved: [UInt8] = []
        resolved.reserveCapacity(slice.count)
        var index = cell.start
        while index < cell.end {
            resolved.append(bytes[index])
            index += bytes[index] == quote ? 2 : 1
        }
        return String(decoding: resolved, as: UTF8.self)
    }

    /// Where a cell of the current row starts: line, and column in characters, both counted from 1.
    public func place(_ column: Int) -> (line: Int, column: Int) {
        let cell = cells[column]
        return place(ofByte: cell.isQuoted ? cell.start - 1 : cell.start)
    }

    // MARK: Scanning

    /// Whether anything but line ends follows. In a file of one column an empty line is a row with an empty cell.
    private var isMoreThanBlankLines: Bool {
        guard header.count != 1 else { return position < bytes.count }
        return bytes[position...].contains { $0 != lineFeed && $0 != carriageReturn }
    }

    private mutating func scanRow() throws(CSVError) {
        cells.removeAll(keepingCapacity: true)
        rowStart = position
        line = nextLine
        while true {
            let isQuoted = position < bytes.count && bytes[position] == quote
            let cell = isQuoted ? try scanQuotedCell() : try scanPlainCell()
            cells.append(cell)
            guard position < bytes.count else { return }
            let separator = bytes[position]
            position += 1
            switch separator {
            case comma: continue
            case lineFeed:
                nextLine += 1
                return
            default:  // A carriage return: the cell scanners stop at no other byte.
                guard position < bytes.count, bytes[position] == lineFeed else {
                    throw fault(.bareCarriageReturn, at: position - 1)
                }
                position += 1
                nextLine += 1
                return
            }
        }
    }

    private mutating func scanPlainCell() throws(CSVError) -> Cell {
        let start = position
        let end = bytes.withUnsafeBufferPointer { bytes in
            var index = start
            while index < bytes.count {
                let byte = bytes[index]
                // The four bytes that matter lie below 0x2D; most text lies above.
                if byte <= comma && (byte == comma || byte == lineFeed || byte == carriageReturn || byte == quote) {
                    break
                }
                index += 1
            }
            return index
        }
        position = end
        if end < bytes.count, bytes[end] == quote { throw fault(.quoteInsideCell, at: end) }
        return Cell(start: start, end: end)
    }

    private mutating func scanQuotedCell() throws(CSVError) -> Cell {
        let opening = position
        var cell = Cell(start: opening + 1, end: opening + 1, isQuoted: true)
        var index = opening + 1
        var lines = 0
        while true {
            guard index < bytes.count else { throw fault(.unclosedQuote, at: opening) }
            if bytes[index] == lineFeed { lines += 1 }
            guard bytes[index] == quote else {
                index += 1
                continue
            }
            guard index + 1 < bytes.count, bytes[index + 1] == quote else { break }
            cell.hasDoubledQuotes = true
            index += 2
        }
        cell.end = index
        position = index + 1
        nextLine += lines
        if position < bytes.count, ![comma, lineFeed, carriageReturn].contains(bytes[position]) {
            let stray = bytes[position...].prefix { ![comma, lineFeed, carriageReturn].contains($0) }
            throw fault(.textAfterQuote(String(decoding: stray.prefix(20), as: UTF8.self)), at: position)
        }
        return cell
    }

    // MARK: Places

    private func fault(_ problem: CSVError.Problem, at byte: Int) -> CSVError {
        let place = place(ofByte: byte)
        return CSVError(file: file, line: place.line, column: place.column, problem: problem)
    }

    /// Line and column of a byte of the current row; counted here, not while scanning, since only faults need it.
    private func place(ofByte byte: Int) -> (line: Int, column: Int) {
        var lineStart = rowStart
        var line = max(1, self.line)
        for index in rowStart..<byte where bytes[index] == lineFeed {
            line += 1
            lineStart = index + 1
        }
        if lineStart == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]), byte >= 3 { lineStart = 3 }
        // Continuation bytes of UTF-8 (10xxxxxx) are not characters of their own.
        let characters = bytes[lineStart..<byte].count { $0 & 0xC0 != 0x80 }
        return (line, characters + 1)
    }
}

private let comma = UInt8(ascii: ",")
private let quote = UInt8(ascii: "\"")
private let lineFeed = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")
