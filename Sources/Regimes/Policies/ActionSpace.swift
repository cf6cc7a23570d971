import NumericsCore

/// What a policy may choose from at a decision: one number for each component, such as a dose, and the levels among which
/// learners choose.
public struct ActionSpace: Sendable, Hashable, Codable {
    /// One number of an action: its name and the range that the environment takes.
    public struct Component: Sendable, Hashable, Codable {
        /// `dose`
        public var name: String
        /// The smallest value.
        public var low: Double
        /// The greatest value.
        public var high: Double

        /// A number and its range.
        public init(name: String, low: Double, high: Double) {
            self.name = name
            self.low = low
            self.high = high
        }
    }

    /// A named choice: one value for each component.
    public struct Level: Sendable, Hashable, Codable {
        /// `half`
        public var name: String
        /// One for each component.
        public var values: [Double]

        /// A choice and its values.
        public init(name: String, values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    /// The numbers of an action.
    public var components: [Component]
    /// At most ``maximumLevels``.
    public var levels: [Level]
    /// Whether the values between the levels are actions too.
    public var isContinuous: Bool

    /// As many as a log has bits for.
    public static let maximumLevels = 64

    /// A space from its parts.
    public init(components: [Component], levels: [Level], isContinuous: Bool = false) {
        self.components = components
        self.levels = levels
        self.isContinuous = isContinuous
    }

    /// Choices without a meaning in numbers: the only component is the number of the choice.
    public init(names: [String]) {
        components = [Component(name: Self.nominal, low: 0, high: Double(max(0, names.count - 1)))]
        levels = names.enumerated().map { Level(name: $1, values: [Double($0)]) }
        isContinuous = false
    }

    /// The values that a text names: a level by its name or number, or numbers for the components, `0.7,0.3`.
    ///
    /// - Returns: Nil where the text names no action of this space.
    public func values(named text: String) -> [Double]? {
        if let level = levels.first(where: { $0.name == text }) { return level.values }
        // Names that are numbers may be written otherwise: 1 is 1.0.
        let named = levels.map { Double($0.name) }
        if let number = Double(text), let level = named.firstIndex(of: number) { return levels[level].values }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        let numbers = parts.compactMap(\.self)
        if numbers.count == components.count, numbers.count == parts.count {
            if levels.contains(where: { $0.values == numbers }) { return numbers }
            let isInside = zip(numbers, components).allSatisfy { $0 >= $1.low && $0 <= $1.high }
            if isContinuous, isInside { return numbers }
        }
        // A level by its place, for who does not know its name; a number among numbers is no place.
        guard let number = Int(text), levels.indices.contains(number), named.contains(nil) else { return nil }
        return levels[number].values
    }

    /// The number of the level with these values; nil for values between levels.
    public func level(of values: [Double]) -> Int? { levels.firstIndex { $0.values == values } }

    /// Whether the numbers of an action say nothing but which of the choices it is.
    package var isNominal: Bool {
        components.count == 1 && levels.enumerated().allSatisfy { $1.values == [Double($0)] }
            && components[0].name == Self.nominal
    }

    private static let nominal = "action"

    /// The names of the levels, for messages.
    public var names: [String] { levels.map(\.name) }

    /// The level that is nearest to a lane's values, each measured by its component's range.
    package func nearestLevel(to action: LanePointer, lane: Int) -> Int {
        var best = (level: 0, distance: Double.infinity)
        for (index, level) in levels.enumerated() {
            var distance = 0.0
            for (place, component) in components.enumerated() {
                let width = component.high > component.low ? component.high - component.low : 1
                let away = (action[place][lane] - level.values[place]) / width
                distance += away * away
            }
            if distance < best.distance { best = (index, distance) }
        }
        return best.level
    }
}
