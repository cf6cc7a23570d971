import NumericsCore

/// How far the distribution of a variable or a score has moved from a reference, in bins.
///
/// ```
/// PSI = Σ_b (c_b − r_b)·log(c_b/r_b)
/// ```
///
/// over the shares r of the reference and c of the current patients. Below 0.1 is usually called stable and over 0.25 a
/// shift, whatever the numbers of patients; without any shift PSI/(1/n + 1/m) is close to χ² on B − 1 degrees of freedom,
/// which ``test`` uses and which small samples exceed 0.1 by chance alone.
/// Sources: Jeffreys 1946, Proc R Soc A 186:453; Yurdakul and Naranjo 2020, J Risk Model Valid 14(4):89.
public struct PopulationStability: Hashable, Sendable {
    /// One bin or category.
    public struct Bin: Hashable, Sendable {
        /// `≤ 3.5`, `> 3.5 to 7.0`, `> 7.0`, or the category's name.
        public let label: String
        /// Patients of the reference in it.
        public let reference: Int
        /// Current patients in it.
        public let current: Int
    }

    /// In ascending order, or in the order of the categories.
    public let bins: [Bin]
    /// PSI, 0 or more. Undefined when a bin is empty on one side: the index is then infinite.
    public let index: Estimated<Double>
    /// The test of no shift. Undefined as the index, and with one bin.
    public let test: Estimated<ChiSquareTest>

    /// Bins cut at quantiles of the reference; fewer than asked for where many values are equal.
    ///
    /// - Parameters:
    ///   - reference: n ≥ 1 finite values.
    ///   - current: m ≥ 1 finite values.
    ///   - bins: at least 2; ten is usual.
    /// - Throws: ``InvalidInput`` for arguments that are not allowed.
    public init(reference: [Double], current: [Double], bins: Int = 10) throws(InvalidInput) {
        var problems = TwoSamples.problems(reference, current)
        if bins < 2 { problems.append(.init(column: "bins", found: "\(bins)", allowed: "at least 2")) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        let cuts = RiskGroups(reference, groups: bins)
        self.init(
            labels: (0..<cuts.count).map { Self.label(cuts.cuts, $0) }, reference: reference.map(cuts.group),
            current: current.map(cuts.group))
    }

    private static func label(_ cuts: [Double], _ bin: Int) -> String {
        switch (bin > 0 ? cuts[bin - 1] : nil, bin < cuts.count ? cuts[bin] : nil) {
        case (nil, nil): "all"
        case (nil, let high?): "≤ \(high)"
        case (let low?, nil): "> \(low)"
        case (let low?, let high?): "> \(low) to \(high)"
        }
    }

    /// Categories as they are.
    ///
    /// - Throws: ``InvalidInput`` when the groupings have other labels, or no patient.
    public init(reference: Grouping, current: Grouping) throws(InvalidInput) {
        var problems: [InvalidInput.Problem] = []
        if reference.labels != current.labels {
            problems.append(
                .init(
                    column: "categories", found: current.labels.joined(separator: ", "),
                    allowed: reference.labels.joined(separator: ", ")))
        }
        for (column, grouping) in [("reference", reference), ("current", current)] where grouping.count == 0 {
            problems.append(.init(column: column, found: "no rows", allowed: "at least one patient"))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.init(labels: reference.labels, reference: reference.codes, current: current.codes)
    }

    private init(labels: [String], reference: [Int], current: [Int]) {
        var counts = (
            reference: [Int](repeating: 0, count: labels.count), current: [Int](repeating: 0, count: labels.count)
        )
        for code in reference { counts.reference[code] += 1 }
        for code in current { counts.current[code] += 1 }
        // A category that neither side has is no bin.
        let bins = labels.indices.filter { counts.reference[$0] + counts.current[$0] > 0 }.map {
            Bin(label: labels[$0], reference: counts.reference[$0], current: counts.current[$0])
        }
        self.bins = bins
        let (n, m) = (Double(reference.count), Double(current.count))
        if let empty = bins.first(where: { $0.reference == 0 || $0.current == 0 }) {
            let side = empty.reference == 0 ? "reference" : "current"
            index = .undefined(
                .init(
                    code: "empty-bin", reason: "no \(side) patient is in bin \"\(empty.label)\": the index is infinite")
            )
        } else {
            index = .value(
                max(
                    0,
                    bins.reduce(0) { sum, bin in
                        let (r, c) = (Double(bin.reference) / n, Double(bin.current) / m)
                        return sum + (c - r) * (Elementary.log(c) - Elementary.log(r))
                    }))
        }
        test = index.flatMap { index in
            bins.count > 1
                ? .value(ChiSquareTest(statistic: index / (1 / n + 1 / m), degreesOfFreedom: bins.count - 1))
                : .undefined(.init(code: "one-bin", reason: "all values are in one bin: there is nothing to compare"))
        }
    }
}

/// What is checked of two samples of one variable.
enum TwoSamples {
    static func problems(_ reference: [Double], _ current: [Double]) -> [InvalidInput.Problem] {
        [("reference", reference), ("current", current)].flatMap { column, values in
            values.isEmpty
                ? [.init(column: column, found: "no rows", allowed: "at least one patient")]
                : InvalidInput.Problem.notFinite(column, values)
        }
    }
}
