// Groupings made from what a table holds: several columns at once, numbers cut into bands, and cells that are empty.

/// What becomes of combinations of groups that no patient has.
public enum EmptyCombinations: String, CaseIterable, Sendable {
    /// They are groups without patients, so that every result says that there are none.
    case reported
    /// They are not groups.
    case leftOut
}

extension Grouping {
    /// The most combinations that are made where empty ones are reported.
    public static let combinationLimit = 10_000

    /// Intersectional groups: every combination of the groups of several groupings, such as race by sex by age band.
    ///
    /// The first grouping varies slowest. O(n log n).
    ///
    /// - Parameters:
    ///   - groupings: one or more, each of the same n patients.
    ///   - separator: stands between the labels of a combination.
    ///   - empty: what becomes of combinations without patients.
    /// - Throws: ``InvalidInput`` for no grouping, groupings of different patients, labels that the separator makes
    ///   equal, and more than ``combinationLimit`` combinations where empty ones are reported.
    public init(
        crossing groupings: [Grouping], separator: String = ", ", empty: EmptyCombinations = .reported
    ) throws(InvalidInput) {
        guard let first = groupings.first else {
            throw InvalidInput(.init(column: "groupings", found: "none", allowed: "at least one"))
        }
        var problems: [InvalidInput.Problem] = []
        for (index, other) in groupings.enumerated() where other.count != first.count {
            problems.append(.length("grouping \(index + 1)", found: other.count, rows: first.count))
        }
        if empty == .reported {
            var combinations = 1
            for grouping in groupings where combinations <= Self.combinationLimit {
                combinations *= min(grouping.labels.count, Self.combinationLimit + 1)
            }
            if combinations > Self.combinationLimit {
                problems.append(
                    .init(
                        column: "groupings", found: "more than \(Self.combinationLimit) combinations",
                        allowed: "fewer, or empty combinations left out"))
            }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        var codes = first.codes
        var labels = first.labels
        if empty == .leftOut { (codes, labels) = Self.present(codes, labels) }
        for other in groupings.dropFirst() {
            let width = other.labels.count
            var crossed = [String]()
            crossed.reserveCapacity(labels.count * width)
            for label in labels { for next in other.labels { crossed.append(label + separator + next) } }
            for row in codes.indices { codes[row] = codes[row] * width + other.codes[row] }
            (codes, labels) = empty == .leftOut ? Self.present(codes, crossed) : (codes, crossed)
        }
        try self.init(codes: codes, labels: labels)
    }

    /// The codes and labels with the groups without patients left out.
    private static func present(_ codes: [Int], _ labels: [String]) -> (codes: [Int], labels: [String]) {
        var isPresent = [Bool](repeating: false, count: labels.count)
        for code in codes { isPresent[code] = true }
        var renumbered = [Int](repeating: 0, count: labels.count)
        var kept: [String] = []
        for code in labels.indices where isPresent[code] {
            renumbered[code] = kept.count
            kept.append(labels[code])
        }
        return (codes.map { renumbered[$0] }, kept)
    }

    /// Groups by value, those without a value a group of their own, which comes last and only when there are any.
    ///
    /// - Parameter label: the name of the group without a value.
    /// - Throws: ``InvalidInput`` when a value is written like `label`.
    public init<Value: Hashable & Comparable>(_ values: [Value?], missing label: String) throws(InvalidInput) {
        let known = Grouping(values.compactMap(\.self))
        var position = 0
        var codes: [Int] = []
        codes.reserveCapacity(values.count)
        for value in values {
            codes.append(value == nil ? known.labels.count : known.codes[position])
            if value != nil { position += 1 }
        }
        try self.init(codes: codes, labels: known.labels + (known.count < values.count ? [label] : []))
    }

    /// Bands of a number: below the first cut, from each cut up to but not including the next, and from the last cut on.
    ///
    /// The labels are `< 40`, `[40, 65)` and `≥ 65`; bands without patients are groups too. O(n log k) for k cuts.
    ///
    /// - Parameters:
    ///   - values: n numbers, nil where there is none.
    ///   - cuts: at least one finite number, strictly ascending, in the unit of the values.
    ///   - label: the name of the group without a value, which comes last and only when there are any.
    /// - Throws: ``InvalidInput`` for values that are not finite and cuts that do not ascend.
    public init(bands values: [Double?], cuts: [Double], missing label: String = "missing") throws(InvalidInput) {
        var problems = InvalidInput.Problem.notFinite("cut", cuts)
        if cuts.isEmpty { problems.append(.init(column: "cuts", found: "none", allowed: "at least one")) }
        for index in cuts.indices.dropFirst() where cuts[index] <= cuts[index - 1] {
            problems.append(
                .init(
                    row: index + 1, column: "cut", found: "\(cuts[index]) after \(cuts[index - 1])",
                    allowed: "strictly ascending cuts"))
        }
        for (row, value) in values.enumerated() where value.map({ !$0.isFinite }) ?? false {
            problems.append(
                .init(row: row + 1, column: "value", found: "\(value ?? 0)", allowed: "a finite number or none"))
        }
        guard problems.isEmpty, let first = cuts.first, let last = cuts.last else { throw InvalidInput(problems) }
        var labels = ["< \(Self.short(first))"]
        for index in cuts.indices.dropFirst() {
            labels.append("[\(Self.short(cuts[index - 1])), \(Self.short(cuts[index])))")
        }
        labels.append("≥ \(Self.short(last))")
        let bands = labels.count
        let codes = values.map { value in value.map { x in cuts.partitioningIndex { $0 > x } } ?? bands }
        if codes.contains(bands) { labels.append(label) }
        try self.init(codes: codes, labels: labels)
    }

    /// Bands of about equal size: cuts at the quantiles 1/k, …, (k − 1)/k of the known values, by linear interpolation
    /// between order statistics (R's type 7), equal cuts once. O(n log n).
    ///
    /// - Parameters:
    ///   - values: n numbers, nil where there is none; at least one known.
    ///   - count: k, at least 2; fewer bands come out where many values are equal.
    /// - Throws: as ``init(bands:cuts:missing:)``; ``InvalidInput`` for fewer than two bands and no known value.
    public init(quantiles values: [Double?], count: Int, missing label: String = "missing") throws(InvalidInput) {
        let known = values.compactMap(\.self).filter(\.isFinite).sorted()
        var problems: [InvalidInput.Problem] = []
        if count < 2 { problems.append(.init(column: "bands", found: "\(count)", allowed: "2 or more")) }
        if known.isEmpty { problems.append(.init(column: "value", found: "no value", allowed: "at least one")) }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        var cuts: [Double] = []
        for index in 1..<count {
            let place = Double(known.count - 1) * (Double(index) / Double(count))
            let below = Int(place)
            let above = min(below + 1, known.count - 1)
            let cut = known[below] + (place - Double(below)) * (known[above] - known[below])
            if cuts.last.map({ $0 < cut }) ?? true { cuts.append(cut) }
        }
        try self.init(bands: values, cuts: cuts, missing: label)
    }

    /// The shortest decimal, whole numbers without `.0`.
    private static func short(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
