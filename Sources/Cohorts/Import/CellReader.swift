/// Reads the cells of one declared column.
struct CellReader: Sendable {
    enum Reading {
        case value(Double)
        /// An identifier.
        case name(String)
        case missing
        case refused
    }

    let declaration: ColumnDeclaration
    private let markers: Set<String>
    private let codes: [String: Double]

    init(_ declaration: ColumnDeclaration) {
        self.declaration = declaration
        markers = Set(declaration.missingMarkers)
        let levels = declaration.levels
        guard case .category(let declared) = declaration.kind else {
            codes = [:]
            return
        }
        codes = Dictionary(
            declared.map { code in (code.code, Double(levels.firstIndex(of: code.label) ?? 0)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The value of a cell. Blanks around a number, flag or decade do not count; around a level they do.
    func read(_ reader: CSVReader, _ column: Int) -> Reading {
        let cell = reader.cells[column]
        if cell.start == cell.end { return .missing }
        if markers.isEmpty, case .number(_, let lower, let upper) = declaration.kind {
            return number(trimmed(reader.bytes[cell.start..<cell.end]), lower, upper)
        }
        let text = reader.text(column)
        if markers.contains(text) { return .missing }
        let bytes = trimmed(Array(text.utf8)[...])
        switch declaration.kind {
        case .number(_, let lower, let upper): return number(bytes, lower, upper)
        case .integer(_, let lower, let upper): return integer(bytes, lower, upper)
        case .category: return codes[text].map { .value($0) } ?? .refused
        case .flag: return flag(bytes)
        case .decade(let reading): return decade(bytes, reading)
        case .identifier: return .name(text)
        case .ignored: return .missing
        }
    }

    private func number(_ bytes: ArraySlice<UInt8>, _ lower: Double?, _ upper: Double?) -> Reading {
        guard let value = decimalNumber(bytes) else { return .refused }
        if let lower, value < lower { return .refused }
        if let upper, value > upper { return .refused }
        return .value(value)
    }

    /// A whole number; `3.0` is one. Beyond 2^53 a double no longer tells neighbours apart.
    private func integer(_ bytes: ArraySlice<UInt8>, _ lower: Int?, _ upper: Int?) -> Reading {
        guard let value = decimalNumber(bytes), value == value.rounded(), abs(value) <= 0x1p53 else { return .refused }
        let whole = Int(value)
        if let lower, whole < lower { return .refused }
        if let upper, whole > upper { return .refused }
        return .value(value)
    }

    private func flag(_ bytes: ArraySlice<UInt8>) -> Reading {
        switch String(decoding: bytes, as: UTF8.self).lowercased() {
        case "1", "yes", "true": .value(1)
        case "0", "no", "false": .value(0)
        default: .refused
        }
    }

    private func decade(_ bytes: ArraySlice<UInt8>, _ reading: ColumnDeclaration.DecadeReading) -> Reading {
        let isOpen = bytes.last == UInt8(ascii: "+")
        let bounds =
            isOpen ? [bytes.dropLast()] : bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let numbers = bounds.compactMap { bound in
            let isShort = (1...3).contains(bound.count)
            let isDigits = bound.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return isShort && isDigits ? Int(String(decoding: bound, as: UTF8.self)) : nil
        }
        guard numbers.count == bounds.count, let lower = numbers.first, lower >= 0, lower.isMultiple(of: 10) else {
            return .refused
        }
        guard isOpen ? numbers.count == 1 : numbers.count == 2 && numbers[1] == lower + 9 else { return .refused }
        return switch reading {
        case .lowerBound: .value(Double(lower))
        case .midpoint: .value(Double(lower + 5))
        case .decades: .value(Double(lower / 10))
        }
    }

    private func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
