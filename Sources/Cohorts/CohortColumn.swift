/// One covariate of a cohort: a value for every patient, with its unit and kind.
public struct CohortColumn: Sendable, Hashable {
    /// What the values mean.
    public enum Kind: Sendable, Hashable {
        /// Numbers in the column's unit.
        case number
        /// Indices into the level names, from 0.
        case category(levels: [String])
        /// 1 for yes, 0 for no.
        case flag
        /// Indices into the names, from 0. Names are for people and files: expressions cannot read them.
        case identifier([String])
    }

    /// The name by which expressions call it.
    public var name: String
    /// The unit of a number (`cm`, `mg/week`); `1` for everything else.
    public var unit: String
    /// What the column is, in words; may be empty.
    public var longName: String
    /// How ``values`` are read, with the names that indices stand for.
    public var kind: Kind
    /// A value for each patient; NaN where it is missing.
    public var values: [Double]

    /// A column of values that are ready.
    ///
    /// - Parameters:
    ///   - name: by which expressions call it.
    ///   - unit: of a number; `1` for everything else.
    ///   - longName: in words; may be empty.
    ///   - kind: what the values mean. Nothing checks that indices have names; one that has none is read as missing
    ///     text.
    ///   - values: one for each patient, NaN where it is missing.
    public init(_ name: String, unit: String = "1", longName: String = "", kind: Kind = .number, values: [Double]) {
        self.name = name
        self.unit = unit
        self.longName = longName
        self.kind = kind
        self.values = values
    }

    /// A column of level names; nil is missing.
    ///
    /// - Parameter levels: the level names in order. A text that is none of them is missing.
    public init(_ name: String, longName: String = "", levels: [String], texts: [String?]) {
        let codes = Dictionary(levels.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { first, _ in first })
        self.init(
            name, longName: longName, kind: .category(levels: levels),
            values: texts.map { $0.flatMap { codes[$0] } ?? .nan })
    }

    /// The level names of a category, nil for every other kind.
    public var levels: [String]? {
        guard case .category(let levels) = kind else { return nil }
        return levels
    }

    /// How many patients have no value.
    public var missingCount: Int { values.count { $0.isNaN } }

    /// A patient's value in words: the level, the name, `yes` or `no`, or the number; nil where it is missing.
    ///
    /// - Parameter patient: index of the patient, from 0.
    public func text(_ patient: Int) -> String? {
        let value = values[patient]
        guard !value.isNaN else { return nil }
        switch kind {
        case .number: return plainText(value)
        case .flag: return value == 0 ? "no" : "yes"
        case .category(let names), .identifier(let names):
            guard let index = Int(exactly: value), names.indices.contains(index) else { return nil }
            return names[index]
        }
    }

    /// The column of the patients at `indices`, in that order; an index may occur several times.
    public func subset(_ indices: [Int]) -> CohortColumn {
        var column = self
        column.values = indices.map { values[$0] }
        return column
    }
}
