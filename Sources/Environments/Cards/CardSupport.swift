import Regimes

/// Where a policy has been seen, and so where it must not be used.
package struct CardSupport: Sendable {
    /// A variable where the policy was seen.
    package struct Input: Sendable, Encodable {
        package let name: String
        /// Whether learners and clinicians see it.
        package let isObserved: Bool
        /// The 1st and 99th percentile over the policy's decisions; nil where it was never there.
        package let low: Double?
        package let high: Double?
        package let minimum: Double?
        package let maximum: Double?
        /// The share of decisions at which it was missing.
        package let missing: Double
        /// The same percentiles while the policy was learned, where its file says so.
        package let trainedLow: Double?
        package let trainedHigh: Double?
        package let trainedMissing: Double?
        /// The share of the policy's decisions outside of what was seen while it was learned.
        package let outsideTraining: Double?

        private enum CodingKeys: String, CodingKey {
            case name, isObserved = "observed", low, high, minimum, maximum, missing, trainedLow = "trained_low",
                trainedHigh = "trained_high", trainedMissing = "trained_missing", outsideTraining = "outside_training"
        }

        /// Every key, null where there is no number.
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(isObserved, forKey: .isObserved)
            try container.encode(low, forKey: .low)
            try container.encode(high, forKey: .high)
            try container.encode(minimum, forKey: .minimum)
            try container.encode(maximum, forKey: .maximum)
            try container.encode(missing, forKey: .missing)
            try container.encode(trainedLow, forKey: .trainedLow)
            try container.encode(trainedHigh, forKey: .trainedHigh)
            try container.encode(trainedMissing, forKey: .trainedMissing)
            try container.encode(outsideTraining, forKey: .outsideTraining)
        }

        init(_ name: String, isObserved: Bool, values: [Double], trained: PolicyFile.Input?) {
            let range = VariableRange(values)
            func number(_ value: Double) -> Double? { value.isFinite ? value : nil }
            self.name = name
            self.isObserved = isObserved
            (low, high) = (number(range.low), number(range.high))
            (minimum, maximum) = (number(range.minimum), number(range.maximum))
            missing = range.missing
            (trainedLow, trainedHigh, trainedMissing) = (trained?.low, trained?.high, trained?.missing)
            outsideTraining = trained.map { trained in
                let outside = values.count { $0 < trained.low || $0 > trained.high }
                return values.isEmpty ? 0 : Double(outside) / Double(values.count)
            }
        }
    }

    package let inputs: [Input]
    /// The share of decisions that each level was chosen at; between the levels that of `other doses`.
    package let actions: [(name: String, share: Double)]
    /// Sentences about where the policy must not be used.
    package let limits: [String]

    static let between = "other doses"
    /// Below this share an action, or above it what lies outside of training, is worth a sentence.
    private static let rare = 0.01

    /// - Parameter visited: all that is observed, then what is hidden and the policy reads.
    init(_ visited: VisitedStates, file: PolicyFile?, _ facts: EnvironmentFacts) {
        inputs = visited.variables.indices.map { place in
            let name = visited.variables[place]
            return Input(
                name, isObserved: place < facts.observations.count, values: visited.values[place],
                trained: file?.inputs.first { $0.name == name })
        }
        var counts = [Int](repeating: 0, count: facts.actions.levels.count + 1)
        for level in visited.levels { counts[level < 0 ? counts.count - 1 : Int(level)] += 1 }
        let names = facts.actions.names + [Self.between]
        let total = Double(max(1, visited.count))
        actions = zip(names, counts).map { (name: $0, share: Double($1) / total) }
            .filter { $0.name != Self.between || $0.share > 0 }
        limits =
            Self.elsewhere(file, facts) + Self.hidden(inputs) + Self.missing(inputs) + Self.ranges(inputs, facts)
            + Self.limits(actions)
    }

    private static func elsewhere(_ file: PolicyFile?, _ facts: EnvironmentFacts) -> [String] {
        guard let file, (file.environment, file.variant) != (facts.name, facts.variant) else { return [] }
        return [
            "it was learned in \(file.environment) (\(file.variant)), and is shown in \(facts.name) (\(facts.variant))"
        ]
    }

    private static func hidden(_ inputs: [Input]) -> [String] {
        let hidden = inputs.filter { !$0.isObserved }.map(\.name)
        return hidden.isEmpty ? [] : ["it reads what is hidden from clinicians: \(hidden.joined(separator: ", "))"]
    }

    /// What was missing while the policy was learned counts; without a file what is missing here stands for it.
    private static func missing(_ inputs: [Input]) -> [String] {
        func names(_ shares: Range<Double>) -> String {
            inputs.filter { $0.isObserved && shares.contains($0.trainedMissing ?? $0.missing) }.map(\.name)
                .joined(separator: ", ")
        }
        let never = names(0..<Double.leastNormalMagnitude)
        let seldom = names(Double.leastNormalMagnitude..<rare)
        return (never.isEmpty ? [] : ["without \(never): never missing so far"])
            + (seldom.isEmpty ? [] : ["without \(seldom): hardly ever missing so far"])
    }

    /// The ranges outside of which next to nothing was seen, where there is anything outside.
    private static func ranges(_ inputs: [Input], _ facts: EnvironmentFacts) -> [String] {
        var limits: [String] = []
        for (input, variable) in zip(inputs, facts.observations) {
            if let low = input.trainedLow ?? input.low, let high = input.trainedHigh ?? input.high,
                variable.low < low || variable.high > high
            {
                let (below, above) = (ReadableNumber.short(low), ReadableNumber.short(high))
                let outside = low == high ? "other than \(below)" : "below \(below) or above \(above)"
                limits.append("\(input.name) \(outside): next to nothing was seen there")
            }
            if let outside = input.outsideTraining, outside > 3 * rare {
                limits.append(
                    "\(input.name): \(percent(outside)) of its decisions lie outside of what was seen in learning")
            }
        }
        return limits
    }

    private static func limits(_ actions: [(name: String, share: Double)]) -> [String] {
        let never = actions.filter { $0.share == 0 }.map(\.name)
        let seldom = actions.filter { $0.share > 0 && $0.share < rare }.map(\.name)
        var limits: [String] = []
        if !never.isEmpty { limits.append("never chosen: \(never.joined(separator: ", "))") }
        if !seldom.isEmpty {
            limits.append("chosen at less than 1 % of decisions: \(seldom.joined(separator: ", "))")
        }
        return limits
    }

    private static func percent(_ share: Double) -> String { "\(ReadableNumber.short(100 * share)) %" }
}
