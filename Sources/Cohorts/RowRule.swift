import ModelLanguage

/// A rule of the language over the patients of a cohort: columns in, columns out.
///
/// ```swift
/// let rule = try RowRule(SourceText(name: "cohort.derive", text: "bmi <- weight_kg / (height_cm / 100)^2"), for: cohort)
/// let bmi = try rule.columns(of: cohort)[0]
/// ```
///
/// Expressions see every column but identifiers by its name, categories by their level names. A comparison with a
/// missing value is not met; arithmetic on a missing value is missing; `is.na(x)` asks.
public struct RowRule: Sendable {
    private let program: RowProgram
    private let inputNames: [String]
    /// The text as it was written.
    public let source: SourceText
    /// The columns that the rule reads, in the order of the cohort it was made for.
    public let used: [String]

    /// Compiles statements that assign variables.
    ///
    /// - Parameter cohort: gives the names, kinds and levels that the statements may use.
    /// - Throws: `SourceErrors` with every problem in the text.
    public init(_ source: SourceText, for cohort: Cohort) throws(SourceErrors) {
        let inputs = cohort.languageInputs
        self.init(source, try RowProgram(source, inputs: inputs))
    }

    /// Compiles one expression, whose value becomes the column `value`.
    ///
    /// - Throws: `SourceErrors` with every problem in the text.
    public init(expression source: SourceText, for cohort: Cohort) throws(SourceErrors) {
        let inputs = cohort.languageInputs
        self.init(source, try RowProgram(expression: source, inputs: inputs))
    }

    private init(_ source: SourceText, _ program: RowProgram) {
        self.source = source
        self.program = program
        inputNames = program.inputs.map(\.name)
        used = inputNames.filter(program.used.contains)
    }

    /// Whether the text asks for missing values itself, by `is.na`.
    var asksForMissing: Bool { source.text.contains("is.na") }

    /// What the rule assigns, for every patient: a category where levels were assigned, a number elsewhere.
    ///
    /// - Parameter cohort: with the columns that the rule was compiled for.
    /// - Throws: ``CohortError/unknownColumn(_:nearest:existing:)`` for a column that the rule reads and `cohort` lacks,
    ///   ``CohortError/wrongKind(column:found:allowed:)`` for one whose levels are others than the rule was compiled for.
    public func columns(of cohort: Cohort) throws(CohortError) -> [CohortColumn] {
        var values: [[Double]] = []
        for input in program.inputs {
            guard program.used.contains(input.name) else {
                values.append([])
                continue
            }
            let column = try cohort.column(input.name)
            guard column.levels == input.levels else {
                throw .wrongKind(
                    column: input.name, found: column.kind.words,
                    allowed: "the kind and levels that the rule was compiled for")
            }
            values.append(column.values)
        }
        let results = program.evaluate(values, count: cohort.count)
        return zip(program.outputs, results).map { output, values in
            CohortColumn(output.name, kind: output.levels.map { .category(levels: $0) } ?? .number, values: values)
        }
    }

    /// The single value of an expression for every patient.
    func values(of cohort: Cohort) throws(CohortError) -> [Double] {
        try columns(of: cohort).first?.values ?? [Double](repeating: .nan, count: cohort.count)
    }
}

extension Cohort {
    /// The columns that expressions can read, as the language's inputs.
    package var languageInputs: [InputSymbol] {
        columns.compactMap { column in
            if case .identifier = column.kind { return nil }
            return InputSymbol(column.name, levels: column.levels)
        }
    }

    /// The cohort with the columns that statements assign; a column of the same name is replaced.
    ///
    /// - Parameters:
    ///   - source: statements such as `bmi <- weight_kg / (height_cm / 100)^2`.
    ///   - units: the unit of each assigned column that has one.
    ///   - longNames: what the assigned columns are, in words.
    /// - Throws: `SourceErrors` with every problem in the text, or ``CohortError``.
    public func deriving(
        _ source: SourceText, units: [String: String] = [:], longNames: [String: String] = [:]
    ) throws -> Cohort {
        var cohort = self
        for var column in try RowRule(source, for: self).columns(of: self) {
            column.unit = units[column.name] ?? "1"
            column.longName = longNames[column.name] ?? ""
            if cohort.index(of: column.name) == nil { try cohort.append(column) } else { try cohort.replace(column) }
        }
        return cohort
    }
}
