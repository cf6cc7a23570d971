import ModelLanguage

/// One problem in a file of records or in what was declared about it.
public struct CohortImportProblem: Sendable, Hashable, CustomStringConvertible {
    /// `file:line:column`, or the place of the declaration.
    public var place: String
    /// What was found, and what is allowed.
    public var message: String

    /// `file:line:column: error: found 'abc', allowed: a number`
    public var description: String { "\(place): error: \(message)" }
}

/// Everything that is wrong with a file of records, found in one reading.
public struct CohortImportErrors: Error, Sendable, Hashable, CustomStringConvertible {
    /// The first problems, at most as many as were asked for, in the order of declarations and then of the file.
    public var problems: [CohortImportProblem]
    /// How many problems there are in all.
    public var total: Int

    /// One problem a line, and a last line with the total when not all are shown.
    public var description: String {
        var lines = problems.map(\.description)
        if total > problems.count { lines.append("\(total) problems in all, the first \(problems.count) shown") }
        return lines.joined(separator: "\n")
    }
}

extension Cohort {
    /// Reads patients from comma-separated text as the declarations say.
    ///
    /// A row becomes a patient whose ``sourceRow`` is the line on which the row starts; a declaration becomes a column,
    /// in the order of the declarations. Columns of the file that are not declared are not read. An empty cell, or one
    /// of the declared markers, is a missing value (NaN).
    ///
    /// - Parameters:
    ///   - csv: the bytes of the file, UTF-8, RFC 4180; see ``CSVReader``.
    ///   - file: the file's name as messages shall show it.
    ///   - columns: the columns to read.
    ///   - maximumShown: how many problems the error lists; it counts them all.
    /// - Throws: ``CohortImportErrors`` with every problem: a declaration that contradicts itself, a declared column
    ///   that is not in the file, a malformed row, a cell that is not of its kind, range or levels, a missing cell
    ///   where none may be, a repeated identifier.
    public init(
        csv: [UInt8], file: String, columns declarations: [ColumnDeclaration], maximumShown: Int = 20
    ) throws(CohortImportErrors) {
        var problems = ProblemList(file: file, maximumShown: maximumShown)
        var columns = problems.check(declarations).map(ColumnImport.init)
        var sourceRow: [Int] = []
        do {
            var reader = try CSVReader(csv, file: file)
            for index in columns.indices { columns[index].find(in: reader.header, &problems) }
            while try problems.nextRow(of: &reader) {
                sourceRow.append(reader.line)
                for index in columns.indices { columns[index].read(reader, &problems) }
            }
        } catch { problems.note(error) }
        guard problems.total == 0 else {
            throw CohortImportErrors(problems: problems.shown, total: problems.total)
        }
        do {
            try self.init(count: sourceRow.count, columns: columns.compactMap(\.column), sourceRow: sourceRow)
        } catch {
            throw CohortImportErrors(problems: [CohortImportProblem(place: file, message: error.description)], total: 1)
        }
    }
}

/// The problems met so far: all of them counted, the first ones kept.
private struct ProblemList {
    let file: String
    let maximumShown: Int
    private(set) var shown: [CohortImportProblem] = []
    private(set) var total = 0

    init(file: String, maximumShown: Int) {
        self.file = file
        self.maximumShown = maximumShown
    }

    mutating func note(_ place: String, _ message: String) {
        total += 1
        if shown.count < maximumShown { shown.append(CohortImportProblem(place: place, message: message)) }
    }

    mutating func note(_ error: CSVError) { note("\(error.file):\(error.line):\(error.column)", error.message) }

    mutating func note(_ reader: CSVReader, _ column: Int, _ message: String) {
        let place = reader.place(column)
        note("\(file):\(place.line):\(place.column)", message)
    }

    /// Notes what is wrong with the declarations; gives those that can be read with.
    mutating func check(_ declarations: [ColumnDeclaration]) -> [ColumnDeclaration] {
        var seen: Set<String> = []
        return declarations.filter { declaration in
            let place = declaration.place ?? "columns"
            guard seen.insert(declaration.name).inserted else {
                note(place, "\(declaration.name): declared twice; names must differ")
                return false
            }
            let faults = declaration.faults
            for fault in faults { note(place, "\(declaration.name): \(fault)") }
            return faults.isEmpty
        }
    }

    /// Moves to the next row with the right number of cells, noting those without.
    mutating func nextRow(of reader: inout CSVReader) throws(CSVError) -> Bool {
        while true {
            do { return try reader.next() } catch {
                guard case .cellCount = error.problem else { throw error }
                note(error)
            }
        }
    }
}

/// A declared column on its way from the file into the cohort.
private struct ColumnImport {
    let declaration: ColumnDeclaration
    private let cells: CellReader
    /// The column's index in the file, nil where an optional column is absent.
    private var source: Int?
    private var values: [Double] = []
    private var names: [String] = []
    private var lineByName: [String: Int] = [:]

    init(_ declaration: ColumnDeclaration) {
        self.declaration = declaration
        cells = CellReader(declaration)
    }

    mutating func find(in header: [String], _ problems: inout ProblemList) {
        source = header.firstIndex(of: declaration.header)
        guard source == nil, !declaration.isOptional else { return }
        let nearest = nearestName(to: declaration.header, among: header).map { "; did you mean '\($0)'?" } ?? ""
        let existing = header.joined(separator: ", ")
        problems.note(
            "\(problems.file):1:1",
            "\(declaration.name): the file has no column '\(declaration.header)'\(nearest) (columns: \(existing))")
    }

    /// Takes the current row's cell.
    mutating func read(_ reader: CSVReader, _ problems: inout ProblemList) {
        if case .ignored = declaration.kind { return }
        guard let source else { return values.append(.nan) }
        switch cells.read(reader, source) {
        case .value(let value): return values.append(value)
        case .name(let name): return values.append(code(of: name, reader, source, &problems))
        case .missing:
            if !declaration.allowsMissing { refuse(reader, source, &problems) }
        case .refused: refuse(reader, source, &problems)
        }
        values.append(.nan)
    }

    private mutating func code(
        of name: String, _ reader: CSVReader, _ source: Int, _ problems: inout ProblemList
    ) -> Double {
        if let line = lineByName[name] {
            problems.note(
                reader, source,
                "\(declaration.name): found '\(name)' again, first on line \(line), allowed: \(declaration.allowed)")
        } else {
            lineByName[name] = reader.line
        }
        names.append(name)
        return Double(names.count - 1)
    }

    private func refuse(_ reader: CSVReader, _ source: Int, _ problems: inout ProblemList) {
        let text = reader.text(source)
        let found = text.count > 60 ? "'\(text.prefix(60))…'" : text.isEmpty ? "an empty cell" : "'\(text)'"
        problems.note(reader, source, "\(declaration.name): found \(found), allowed: \(declaration.allowed)")
    }

    /// The finished column; nil for one that is ignored.
    var column: CohortColumn? {
        var column = CohortColumn(declaration.name, longName: declaration.longName, values: values)
        switch declaration.kind {
        case .number(let unit, _, _), .integer(let unit, _, _): column.unit = unit
        case .category: column.kind = .category(levels: declaration.levels)
        case .flag: column.kind = .flag
        case .decade(let reading): column.unit = reading == .decades ? "decade" : "year"
        case .identifier: column.kind = .identifier(names)
        case .ignored: return nil
        }
        return column
    }
}
