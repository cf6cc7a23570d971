import NumericsCore

/// How a learned policy reads what is observed: standardised, missing values told apart, and the time where it matters.
///
/// ```
/// z = clip((x − mean) / deviation, −5, 5)
/// ```
///
/// A missing value counts as average. An indicator follows the values for each variable that was missing while the policy was
/// learned, and the number of the decision over `time` for a policy that may change with time. Beyond five deviations a
/// policy has seen nothing, and polynomials would run away.
package struct PolicyInputs: Sendable, Hashable, Codable {
    package var names: [String]
    package var means: [Double]
    /// 0 for a variable that did not vary; it counts as 0.
    package var deviations: [Double]
    /// The places of the variables for which an indicator of missing values is an input too.
    package var indicators: [Int]
    /// The decisions by which their number is divided; nil where the time is no input.
    package var time: Double?

    package init(names: [String], means: [Double], deviations: [Double], indicators: [Int] = [], time: Double? = nil) {
        self.names = names
        self.means = means
        self.deviations = deviations
        self.indicators = indicators
        self.time = time
    }

    /// Inputs z in all.
    package var count: Int { names.count + indicators.count + (time == nil ? 0 : 1) }

    package static let limit = 5.0

    /// Where the variables stand among what is observed.
    package func places(among observed: [String]) throws(PolicyError) -> [Int] {
        var places: [Int] = []
        for name in names {
            guard let place = observed.firstIndex(of: name) else { throw .unobserved(name, observed: observed) }
            places.append(place)
        }
        return places
    }

    /// Whether the parts fit each other, for what comes from a file.
    package var fits: Bool {
        means.count == names.count && deviations.count == names.count
            && indicators.allSatisfy(names.indices.contains) && (time.map { $0 > 0 } ?? true)
            && (means + deviations).allSatisfy(\.isFinite)
    }

    /// Writes the inputs of one patient.
    ///
    /// - Parameters:
    ///   - value: a variable's value by its place in ``names``.
    ///   - z: ``count`` places.
    package func fill(decision: Double, into z: UnsafeMutablePointer<Double>, _ value: (Int) -> Double) {
        for index in names.indices {
            let x = value(index)
            let deviation = deviations[index]
            let scaled = x.isNaN || deviation == 0 ? 0 : (x - means[index]) / deviation
            z[index] = max(-Self.limit, min(Self.limit, scaled))
        }
        for (place, index) in indicators.enumerated() { z[names.count + place] = value(index).isNaN ? 1 : 0 }
        if let time { z[count - 1] = decision / time }
    }

    /// Writes the inputs of sixteen patients, with the bits of ``fill(decision:into:_:)``.
    package func fill(_ point: PolicyPoint, places: [Int], into z: LanePointer) {
        let (low, high) = (Lane(repeating: -Self.limit), Lane(repeating: Self.limit))
        for index in names.indices {
            let x = point.observation[places[index]]
            var scaled = Lane(repeating: 0)
            if deviations[index] != 0 {
                scaled.replace(
                    with: (x - Lane(repeating: means[index])) / Lane(repeating: deviations[index]), where: x .== x)
            }
            scaled.replace(with: low, where: scaled .< low)
            scaled.replace(with: high, where: scaled .> high)
            z[index] = scaled
        }
        for (place, index) in indicators.enumerated() {
            let x = point.observation[places[index]]
            var isMissing = Lane(repeating: 0)
            isMissing.replace(with: Lane(repeating: 1), where: x .!= x)
            z[names.count + place] = isMissing
        }
        if let time { z[count - 1] = point.decision / Lane(repeating: time) }
    }
}

/// What every learned policy says of itself: what it reads, the levels its scores stand for, and those that it may never
/// choose, such as doses above a cap.
package struct PolicyFrame: Sendable, Hashable, Codable {
    package var inputs: PolicyInputs
    /// The names of the levels in the order of the scores.
    package var levels: [String]
    /// Whether each level may be chosen at all.
    package var permitted: [Bool]

    package init(inputs: PolicyInputs, levels: [String], permitted: [Bool]? = nil) {
        self.inputs = inputs
        self.levels = levels
        self.permitted = permitted ?? levels.map { _ in true }
    }

    package var fits: Bool {
        inputs.fits && permitted.count == levels.count && !levels.isEmpty
            && levels.count <= ActionSpace.maximumLevels
    }

    /// Whether the levels are those that are to be chosen from.
    func check(_ actions: ActionSpace) throws(PolicyError) {
        for name in levels where !actions.names.contains(name) {
            throw .unknownAction(name, allowed: actions.names)
        }
        guard levels == actions.names else {
            throw .unsuitable(
                "it chooses from \(levels.joined(separator: ", ")), and here from \(actions.names.joined(separator: ", "))"
            )
        }
    }
}
