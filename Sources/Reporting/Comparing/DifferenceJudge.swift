import ResultsStore

/// Finds the error of each number that differs and says what becomes of the difference.
struct DifferenceJudge<First: ResultContent, Second: ResultContent> {
    private let file: First
    private let baseline: Second
    private let within: Double?
    private let outline: ResultGroupOutline
    private let otherOutline: ResultGroupOutline

    init(file: First, baseline: Second, within: Double?) throws {
        self.file = file
        self.baseline = baseline
        self.within = within
        outline = try file.outline("/")
        otherOutline = try baseline.outline("/")
    }

    /// Dimensions along which single patients or runs stand.
    private static var chanceDimensions: Set<String> { ["patient", "enrolled", "replicate"] }

    /// Whether the dimension or variable at a path is over patients or replicates, in the file that has it.
    func isChance(_ path: String) -> Bool {
        let (parent, name) = ResultPath.split(path)
        if Self.chanceDimensions.contains(name) { return true }
        return [outline, otherOutline].contains { root in
            group(parent, in: root)?.variables.first { $0.name == name }.map(isChance) ?? false
        }
    }

    func difference(_ found: VariableDifference) throws -> Comparison.Difference {
        let (parent, name) = ResultPath.split(found.path)
        let group = group(parent, in: outline)
        let variable = group?.variables.first { $0.name == name }
        var difference = Comparison.Difference(
            path: found.path, verdict: .drift, mismatch: found.mismatch, cells: found.cellCount,
            differing: found.differingCount, largestAbsolute: found.largestAbsolute,
            largestRelative: found.largestRelative, place: [])
        var position = found.firstDifference ?? []
        if found.mismatch == nil, let group, let variable, !isChance(variable),
            let error = errorName(of: variable, in: group)
        {
            let worst = try ErrorDistance(
                file: file, baseline: baseline, path: parent, name: name, shape: group.shape(of: variable), error: error
            ).worst
            difference.largestInErrors = worst.distance
            difference.inOneOnly = worst.inOneOnly
            difference.largestAbsolute = worst.absolute
            if worst.distance > 0 { position = worst.position }
        }
        let isDimension = group?.dimensions.contains { $0.name == name } ?? false
        let axes = isDimension ? [name] : variable?.dimensions ?? []
        difference.place = zip(axes, position).map { axis, index in
            label(of: group?.dimensions.first { $0.name == axis }, at: index)
        }
        difference.verdict = verdict(on: difference, variable, group, isDimension: isDimension)
        return difference
    }

    private func verdict(
        on difference: Comparison.Difference, _ variable: ResultVariableOutline?, _ group: ResultGroupOutline?,
        isDimension: Bool
    ) -> Comparison.Verdict {
        guard let within else { return .drift }
        if isChance(difference.path) { return .ignored }
        if difference.mismatch != nil || isDimension { return .drift }
        if let errors = difference.largestInErrors {
            return errors <= within && difference.inOneOnly == 0 ? .within : .drift
        }
        guard let variable, let group else { return .drift }
        if follows(variable, in: group) { return .follows }
        return variable.elementType == .string ? .drift : .unjudged
    }

    private func isChance(_ variable: ResultVariableOutline) -> Bool {
        !Self.chanceDimensions.isDisjoint(with: variable.dimensions)
    }

    /// The variable that holds the error of a number, over the same dimensions.
    private func errorName(of variable: ResultVariableOutline, in group: ResultGroupOutline) -> String? {
        guard variable.elementType != .string else { return nil }
        return ["\(variable.name)_standard_error", "\(variable.name)_mc_error"].first { name in
            group.variables.contains { $0.name == name && $0.dimensions == variable.dimensions }
        }
    }

    /// Whether a variable is named after a number of its group that has an error.
    private func follows(_ variable: ResultVariableOutline, in group: ResultGroupOutline) -> Bool {
        group.variables.contains { number in
            variable.name.hasPrefix(number.name + "_") && errorName(of: number, in: group) != nil
        }
    }

    private func group(_ path: String, in root: ResultGroupOutline) -> ResultGroupOutline? {
        ResultPath.components(path).reduce(Optional(root)) { group, name in
            group?.groups.first { $0.name == name }
        }
    }

    /// The label or number at a position of a dimension, or the position.
    private func label(of dimension: ResultDimension?, at index: Int) -> String {
        switch dimension?.coordinates?.values.slice(index..<index + 1) {
        case .string(let texts): texts.first ?? "\(index)"
        case .double(let numbers): numbers.first.map(Rounding.plain) ?? "\(index)"
        case .int32(let integers): integers.first.map { "\($0)" } ?? "\(index)"
        default: "\(index)"
        }
    }
}
