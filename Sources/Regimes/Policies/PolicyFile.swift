import Foundation

/// A policy in a file: what it is, what it reads and chooses, how it was learned, and where it may be used. JSON, so that
/// everybody can read it.
public struct PolicyFile: Sendable {
    /// The environment or scenario that it was learned in.
    public var environment: String
    /// The environment's variant.
    public var variant: String
    /// What it reads, with the range that was seen while it was learned.
    public var inputs: [Input]
    /// What it chooses from.
    public var actions: ActionSpace
    /// How it was made, as names and values: method, seed, episodes, engine steps, version.
    public var training: [String: String]
    package var policy: any FrozenPolicy

    /// A variable that the policy reads.
    public struct Input: Sendable, Hashable, Codable {
        /// The variable's name in the environment.
        public var name: String
        /// The 1st and 99th percentile while learning; outside of them the policy has seen next to nothing.
        public var low: Double
        /// See ``low``.
        public var high: Double
        /// The share of decisions at which it was missing.
        public var missing: Double

        /// An input and where it was seen.
        public init(name: String, low: Double, high: Double, missing: Double) {
            self.name = name
            self.low = low
            self.high = high
            self.missing = missing
        }
    }

    package init(
        environment: String, variant: String, inputs: [Input], actions: ActionSpace, training: [String: String],
        policy: any FrozenPolicy
    ) {
        self.environment = environment
        self.variant = variant
        self.inputs = inputs
        self.actions = actions
        self.training = training
        self.policy = policy
    }

    /// The number of the format.
    static let format = 1
}

/// A policy that a file can hold.
package protocol FrozenPolicy: Policy, Codable {
    /// The name of its kind in a file, `linear-q`.
    static var kind: String { get }
}

/// The kinds of policy that files hold. A new one is a line here.
package enum PolicyKinds {
    package static let all: [any FrozenPolicy.Type] = [
        TreePolicy.self,
        LinearQPolicy.self,
        ForestQPolicy.self,
        NetworkPolicy.self,
        TablePolicy.self,
        LinearBanditPolicy.self,
        ConstantPolicy.self,
        PointsPolicy.self,
        DoseTablePolicy.self,
    ]
}

extension PolicyFile: Codable {
    private enum Key: String, CodingKey {
        case format = "trialist_policy"
        case kind, environment, variant, inputs, actions, training, policy
    }

    /// Decodes any kind of ``PolicyKinds``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let format = try container.decode(Int.self, forKey: .format)
        guard format == Self.format else {
            throw PolicyFileError.format(found: format, allowed: Self.format)
        }
        let name = try container.decode(String.self, forKey: .kind)
        guard let kind = PolicyKinds.all.first(where: { $0.kind == name }) else {
            throw PolicyFileError.kind(found: name, allowed: PolicyKinds.all.map { $0.kind })
        }
        func decode<Kind: FrozenPolicy>(_ kind: Kind.Type) throws -> any FrozenPolicy {
            try container.decode(kind, forKey: .policy)
        }
        policy = try decode(kind)
        environment = try container.decode(String.self, forKey: .environment)
        variant = try container.decode(String.self, forKey: .variant)
        inputs = try container.decode([Input].self, forKey: .inputs)
        actions = try container.decode(ActionSpace.self, forKey: .actions)
        training = try container.decode([String: String].self, forKey: .training)
        guard !actions.levels.isEmpty, actions.levels.count <= ActionSpace.maximumLevels,
            actions.levels.allSatisfy({ $0.values.count == actions.components.count })
        else { throw PolicyFileError.actions }
    }

    /// Encodes the policy with its kind.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.format, forKey: .format)
        try container.encode(type(of: policy).kind, forKey: .kind)
        try container.encode(environment, forKey: .environment)
        try container.encode(variant, forKey: .variant)
        try container.encode(inputs, forKey: .inputs)
        try container.encode(actions, forKey: .actions)
        try container.encode(training, forKey: .training)
        try container.encode(policy, forKey: .policy)
    }
}

extension PolicyFile {
    /// Reads a file.
    ///
    /// - Throws: ``PolicyFileError``.
    public static func read(_ path: String) throws(PolicyFileError) -> PolicyFile {
        guard let data = FileManager.default.contents(atPath: path) else { throw .missing(path: path) }
        return try PolicyFile(data, path: path)
    }

    /// A policy from the bytes of its file.
    ///
    /// - Parameter path: what messages call it.
    package init(_ data: Data, path: String) throws(PolicyFileError) {
        do {
            self = try JSONDecoder().decode(PolicyFile.self, from: data)
        } catch let error as PolicyFileError {
            throw .unreadable(path: path, reason: "\(error)")
        } catch let error as DecodingError {
            throw .unreadable(path: path, reason: PolicyFileError.reason(of: error))
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
    }

    /// What the file holds.
    package func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Writes the file whole, or not at all.
    public func write(_ path: String) throws(PolicyFileError) {
        do {
            try Data(text().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw .cannotWrite(path: path, reason: "\(error.localizedDescription)")
        }
    }
}

/// What is wrong with a policy file.
public enum PolicyFileError: Error, Sendable, Hashable, CustomStringConvertible {
    case missing(path: String)
    case unreadable(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    case format(found: Int, allowed: Int)
    case kind(found: String, allowed: [String])
    case actions

    /// What was found, where, and what is allowed.
    public var description: String {
        switch self {
        case .missing(let path): "policy \(path): no such file"
        case .unreadable(let path, let reason): "policy \(path): \(reason)"
        case .cannotWrite(let path, let reason): "policy \(path): cannot be written: \(reason)"
        case .format(let found, let allowed): "trialist_policy: found \(found), allowed: \(allowed)"
        case .kind(let found, let allowed): "kind: found '\(found)', allowed: \(allowed.joined(separator: ", "))"
        case .actions:
            "actions: 1 to \(ActionSpace.maximumLevels) levels are needed, each with a value for every component"
        }
    }

    /// The place and the reason of a decoding error in words.
    static func reason(of error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            context.codingPath.isEmpty ? "" : context.codingPath.map(\.stringValue).joined(separator: ".") + ": "
        }
        return switch error {
        case .keyNotFound(let key, let context): "\(place(context))'\(key.stringValue)' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "\(place(context))\(context.debugDescription)"
        @unknown default: "\(error)"
        }
    }
}
