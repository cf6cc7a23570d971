/// How many values were missing, and what became of them and of the patients without them.
public struct MissingDataReport: Sendable, Hashable, CustomStringConvertible {
    /// What was done about one column.
    public struct Column: Sendable, Hashable {
        /// The column's name in the cohort.
        public var name: String
        /// The rule in words.
        public var rule: String
        /// How many patients had no value before anything was done.
        public var missing: Int
        /// How many values were filled in.
        public var filled = 0
        /// How many patients left because of this column (a patient who lacks two columns counts at both).
        public var dropped = 0
        /// How many values are still missing.
        public var kept = 0
        /// For a hot deck: how many values came from donors in which class, the narrowest class first.
        public var donorClasses: [DonorClass] = []
    }

    /// Donors who agree with the patient in these columns; with none named, all who have a value.
    public struct DonorClass: Sendable, Hashable {
        /// The columns of agreement, in the order of the rule; empty for the widest class.
        public var columns: [String]
        /// How many values were drawn from donors of this class.
        public var filled: Int
    }

    /// A patient who left, and the columns that were missing.
    public struct Dropped: Sendable, Hashable {
        /// The patient's record, as ``Cohort/sourceRow`` has it.
        public var sourceRow: Int
        /// The complete-case columns without a value, in the order of the cohort.
        public var columns: [String]
    }

    /// The patients that the rules were applied to.
    public var patientsBefore: Int
    /// The patients left when those with a missing complete-case value had gone.
    public var patientsAfter: Int
    /// The columns with a rule in the order of the rules, then the others with missing values.
    public var columns: [Column] = []
    /// The patients who left, in the order of the cohort.
    public var dropped: [Dropped] = []

    init(patientsBefore: Int) {
        self.patientsBefore = patientsBefore
        patientsAfter = patientsBefore
    }

    /// A line for each column and one for the patients.
    public var description: String {
        let lines = columns.map { column in
            var line = "\(column.name): \(column.missing) missing, \(column.rule)"
            if column.dropped > 0 { line += ", \(column.dropped) patients dropped" }
            if column.filled > 0 { line += ", \(column.filled) filled" }
            if column.kept > 0 { line += ", \(column.kept) still missing" }
            for donors in column.donorClasses {
                let agreement = donors.columns.isEmpty ? "all patients" : donors.columns.joined(separator: ", ")
                line += "\n  \(donors.filled) from donors by \(agreement)"
            }
            return line
        }
        return (lines + ["\(patientsBefore) patients, \(patientsAfter) after complete-case rules"]).joined(
            separator: "\n")
    }
}
