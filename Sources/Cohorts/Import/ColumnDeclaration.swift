/// What a scenario says about one column of a file: its name, its kind with unit and allowed values, what counts as
/// missing.
///
/// ```swift
/// ColumnDeclaration("height_cm", .number(unit: "cm", lower: 100, upper: 230))
/// ColumnDeclaration("sex", .category(levels: ["male", "female"]))
/// ColumnDeclaration("age", header: "age_decade", .decade(as: .midpoint))
/// ```
public struct ColumnDeclaration: Sendable, Hashable {
    /// The kinds of column.
    public enum Kind: Sendable, Hashable {
        /// A decimal number in `unit`, from `lower` to `upper`, bounds included.
        case number(unit: String, lower: Double? = nil, upper: Double? = nil)
        /// A whole number in `unit`, from `lower` to `upper`, bounds included.
        case integer(unit: String = "1", lower: Int? = nil, upper: Int? = nil)
        /// One of the given codes. The levels of the column are their labels in this order.
        case category([CategoryCode])
        /// Yes or no, written `1`/`0`, `yes`/`no` or `true`/`false` in any letter case: 1 and 0.
        case flag
        /// A decade of age, written `60-69`, the open last one `90+`.
        case decade(as: DecadeReading = .lowerBound)
        /// The name of a person or record. No two rows may have the same.
        case identifier
        /// Present in the file and left out of the cohort.
        case ignored

        /// A category whose codes are its labels.
        public static func category(levels: [String]) -> Kind { .category(levels.map { CategoryCode($0) }) }
    }

    /// One text that a cell of a category may hold, and the level it stands for. Several codes may share a level.
    public struct CategoryCode: Sendable, Hashable {
        /// The text as it stands in the file; letter case counts.
        public var code: String
        /// The level that it stands for.
        public var label: String

        /// A code for a level of another name, or of its own when `label` is nil.
        public init(_ code: String, label: String? = nil) {
            self.code = code
            self.label = label ?? code
        }
    }

    /// The number that stands for a decade of age.
    public enum DecadeReading: String, Sendable, Hashable, CaseIterable {
        /// `60-69` is 60, `90+` is 90 (years).
        case lowerBound = "lower bound"
        /// `60-69` is 65, `90+` is 95 (years): the middle of [60, 70).
        case midpoint
        /// `60-69` is 6, `90+` is 9 (decades), as the IWPC dosing algorithms take age.
        case decades
    }

    /// The name in the cohort, by which expressions call it.
    public var name: String
    /// The name in the first row of the file.
    public var header: String
    /// What a cell holds, with its unit and what it may be.
    public var kind: Kind
    /// What the column is, in words, for the results file.
    public var longName: String
    /// Texts that mean "missing" beside the empty cell, such as `NA`.
    public var missingMarkers: [String]
    /// Whether the file may lack the column; every patient's value is then missing.
    public var isOptional: Bool
    /// Whether a cell may be missing.
    public var allowsMissing: Bool
    /// Where the column was declared (`trial.yaml:14`), for messages about the declaration itself.
    public var place: String?

    /// A declaration by itself; it is checked, together with the file, when a cohort is read.
    ///
    /// - Parameter header: the name in the file; `name` when nil.
    public init(
        _ name: String, header: String? = nil, _ kind: Kind, longName: String = "", missingMarkers: [String] = [],
        isOptional: Bool = false, allowsMissing: Bool = true, place: String? = nil
    ) {
        self.name = name
        self.header = header ?? name
        self.kind = kind
        self.longName = longName
        self.missingMarkers = missingMarkers
        self.isOptional = isOptional
        self.allowsMissing = allowsMissing
        self.place = place
    }
}

extension ColumnDeclaration {
    /// The values a cell may hold, in words: `a number from 100 to 230 (cm)`.
    public var allowed: String {
        switch kind {
        case .number(let unit, let lower, let upper):
            "a number" + Self.range(lower.map(plainText), upper.map(plainText), unit)
        case .integer(let unit, let lower, let upper):
            "a whole number" + Self.range(lower.map { "\($0)" }, upper.map { "\($0)" }, unit)
        case .category(let codes): codes.map { "'\($0.code)'" }.joined(separator: ", ")
        case .flag: "1 or 0, yes or no, true or false"
        case .decade: "a decade such as '60-69', or '90+'"
        case .identifier: "a name that no other row has"
        case .ignored: "anything"
        }
    }

    private static func range(_ lower: String?, _ upper: String?, _ unit: String) -> String {
        let bounds =
            switch (lower, upper) {
            case (let lower?, let upper?): " from \(lower) to \(upper)"
            case (let lower?, nil): " of at least \(lower)"
            case (nil, let upper?): " of at most \(upper)"
            case (nil, nil): ""
            }
        return unit.isEmpty || unit == "1" ? bounds : bounds + " (\(unit))"
    }

    /// The distinct labels of a category in the order of their first code; empty for other kinds.
    public var levels: [String] {
        guard case .category(let codes) = kind else { return [] }
        return codes.reduce(into: []) { levels, code in
            if !levels.contains(code.label) { levels.append(code.label) }
        }
    }

    /// What is wrong with the declaration by itself, whatever the file holds; empty when nothing is.
    var faults: [String] {
        switch kind {
        case .number(_, let lower, let upper):
            return Self.rangeFaults(lower, upper)
        case .integer(_, let lower, let upper):
            return Self.rangeFaults(lower.map(Double.init), upper.map(Double.init))
        case .category(let codes):
            if codes.isEmpty { return ["a category without levels; name at least one"] }
            let repeated = codes.indices.filter { index in codes[..<index].contains { $0.code == codes[index].code } }
            let markers = codes.filter { missingMarkers.contains($0.code) || $0.code.isEmpty }
            return repeated.map { "the level '\(codes[$0].code)' is declared twice" }
                + markers.map { "'\($0.code)' is declared both as a level and as missing" }
        case .flag, .decade, .identifier, .ignored: return []
        }
    }

    private static func rangeFaults(_ lower: Double?, _ upper: Double?) -> [String] {
        var faults: [String] = []
        for bound in [lower, upper] where bound?.isFinite == false {
            faults.append("found the bound \(bound ?? .nan); a bound must be a finite number")
        }
        if let lower, let upper, lower > upper {
            faults.append(
                "impossible range from \(plainText(lower)) to \(plainText(upper)); the lower bound must not exceed the upper"
            )
        }
        return faults
    }
}
