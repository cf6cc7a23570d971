/// What a cell that shall hold a number holds.
package enum NumberCell: Sendable, Hashable {
    case number(Double)
    /// Empty, `.` or `NA`, as NONMEM, rxode2 and R write a missing value.
    case missing
    case otherText
}

extension CSVReader {
    /// The number in a cell of the current row; blanks around it do not count.
    package func number(_ column: Int) -> NumberCell {
        let cell = cells[column]
        var slice = bytes[cell.start..<cell.end]
        while let first = slice.first, isBlank(first) { slice.removeFirst() }
        while let last = slice.last, isBlank(last) { slice.removeLast() }
        if slice.count <= 2, isMissing(slice) { return .missing }
        return decimalNumber(slice).map { .number($0) } ?? .otherText
    }

    /// Whether a cell of the current row holds these bytes, and no quotes among them.
    package func holds(_ text: [UInt8], _ column: Int) -> Bool {
        let cell = cells[column]
        guard cell.end - cell.start == text.count, !cell.hasDoubledQuotes else { return false }
        return bytes[cell.start..<cell.end].elementsEqual(text)
    }

    /// The text of a cell of the current row without the blanks around it.
    package func trimmedText(_ column: Int) -> String {
        let text = text(column).utf8
        guard let first = text.firstIndex(where: { !isBlank($0) }),
            let last = text.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: text[first...last], as: UTF8.self)
    }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

private func isMissing(_ cell: ArraySlice<UInt8>) -> Bool {
    switch (cell.count, cell.first, cell.last) {
    case (0, _, _), (1, UInt8(ascii: "."), _), (2, UInt8(ascii: "N"), UInt8(ascii: "A")): true
    default: false
    }
}
