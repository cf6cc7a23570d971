import NumericsCore

/// A decision tree that a clinician can read: yes goes to the left, no to the right, a leaf names a level.
public struct TreePolicy: Sendable, Hashable, Codable {
    /// A node: a question `variable <= threshold`, or a leaf.
    public indirect enum Node: Sendable, Hashable {
        /// - Parameter missingGoesLeft: where a missing value leads.
        case question(variable: String, threshold: Double, missingGoesLeft: Bool, yes: Node, no: Node)
        /// A level by its name.
        case leaf(String)
    }

    /// Where every decision starts.
    public var root: Node

    /// A tree from its root.
    public init(root: Node) { self.root = root }
}

extension TreePolicy.Node: Codable {
    private enum Key: String, CodingKey {
        case variable = "if", threshold = "at_most", missing, yes = "then", no = "else", choose
    }

    /// Decodes a question or a leaf.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if let level = try container.decodeIfPresent(String.self, forKey: .choose) {
            self = .leaf(level)
            return
        }
        self = .question(
            variable: try container.decode(String.self, forKey: .variable),
            threshold: try container.decode(Double.self, forKey: .threshold),
            missingGoesLeft: try container.decodeIfPresent(Bool.self, forKey: .missing) ?? true,
            yes: try container.decode(Self.self, forKey: .yes), no: try container.decode(Self.self, forKey: .no))
    }

    /// Encodes a question or a leaf.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .leaf(let level): try container.encode(level, forKey: .choose)
        case .question(let variable, let threshold, let missing, let yes, let no):
            try container.encode(variable, forKey: .variable)
            try container.encode(threshold, forKey: .threshold)
            try container.encode(missing, forKey: .missing)
            try container.encode(yes, forKey: .yes)
            try container.encode(no, forKey: .no)
        }
    }
}

extension TreePolicy: FrozenPolicy {
    package static let kind = "tree"

    package var changesWithTime: Bool { false }

    package func makeWorker(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> any PolicyWorker
    {
        var places: [Place] = []
        _ = try flatten(root, observations, actions, into: &places)
        return TreeWorker(places, actions)
    }

    /// A node in an array: a question goes on at `yes` or `no`; a leaf's `variable` is −1 and `yes` its level.
    fileprivate struct Place {
        var variable = -1
        var threshold = 0.0
        var missingGoesLeft = true
        var yes = 0
        var no = 0
    }

    private func flatten(
        _ node: Node, _ observations: [String], _ actions: ActionSpace, into places: inout [Place]
    ) throws(PolicyError) -> Int {
        let index = places.count
        places.append(Place())
        switch node {
        case .leaf(let name):
            guard let level = actions.levels.firstIndex(where: { $0.name == name }) else {
                throw .unknownAction(name, allowed: actions.names)
            }
            places[index].yes = level
        case .question(let name, let threshold, let missing, let yes, let no):
            guard let variable = observations.firstIndex(of: name) else {
                throw .unobserved(name, observed: observations)
            }
            let left = try flatten(yes, observations, actions, into: &places)
            let right = try flatten(no, observations, actions, into: &places)
            places[index] = Place(
                variable: variable, threshold: threshold, missingGoesLeft: missing, yes: left, no: right)
        }
        return index
    }
}

private final class TreeWorker: PolicyWorker {
    let actions: ActionSpace
    private let places: [TreePolicy.Place]

    init(_ places: [TreePolicy.Place], _ actions: ActionSpace) {
        self.places = places
        self.actions = actions
    }

    /// A leaf whose level is not allowed at the moment gives way to the nearest allowed level, the first of two.
    func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        let count = actions.levels.count
        for level in 0..<count { weights[level] = Lane(repeating: 0) }
        for lane in 0..<laneCount {
            var place = places[0]
            while place.variable >= 0 {
                let value = point.observation[place.variable][lane]
                let goesLeft = value.isNaN ? place.missingGoesLeft : value <= place.threshold
                place = places[goesLeft ? place.yes : place.no]
            }
            weights[AllowedLevels.nearest(to: place.yes, point, of: actions, lane: lane)][lane] = 1
        }
    }
}
