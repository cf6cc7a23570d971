/// The messages between a client and the server of an environment: version 1.
///
/// A message is a header of eight bytes and a body. All numbers are little-endian.
///
///     header   UInt32 length of the body in bytes | UInt8 kind | three bytes 0
///
/// The client asks and the server answers each request by one reply, in their order. `n` is the number of lanes of the latest
/// reset, O the number of observations, C of action components, L of levels, G of groupings, M of measures.
package enum ServerProtocol {
    package static let version: UInt32 = 1
    package static let headerBytes = 8
    /// The most lanes of a reset, unless a server is told otherwise.
    package static let maximumLanes = 1 << 18
    /// The greatest number of a first episode: a whole number that every client can write.
    package static let maximumEpisode = 1 << 53
    /// Requests whose bodies do not grow with the lanes are at most this long.
    static let smallBody = 64

    /// What a client asks.
    package enum Request: UInt8, CaseIterable, Sendable {
        /// `UInt32 version`. The first message; the reply is ``Reply/facts``.
        case hello = 1
        /// `UInt64 seed | Int64 first episode | UInt32 n | UInt32 autoreset mode`. Lane i starts the episode first + i; its
        /// k-th after that is first + i + k n. The reply is ``Reply/turn``.
        case reset = 2
        /// `UInt8[n]`: 1 where a lane starts its next episode, whether or not the present one is over; 0 elsewhere.
        case renew = 3
        /// `Int32[n]`: a level for each lane.
        case stepLevels = 4
        /// `Float64[n][C]`: values for the components, where the environment is continuous.
        case stepValues = 5
        /// Without a body. The server says ``Reply/closed`` and ends.
        case close = 6
    }

    /// What the server answers.
    package enum Reply: UInt8, CaseIterable, Sendable {
        /// JSON: ``FactsMessage``.
        case facts = 129
        /// See ``TurnLayout``.
        case turn = 130
        /// Without a body.
        case closed = 131
        /// JSON: ``ErrorMessage``.
        case error = 255
    }

    /// What happens to a lane whose episode is over: the modes of Gymnasium 1.
    package enum Autoreset: UInt32, CaseIterable, Sendable {
        /// The next step ignores the lane's action, starts its next episode and pays 0.
        case nextStep = 0
        /// The same step starts the next episode; the reply shows its first observation and the record the last of the old one.
        case sameStep = 1
        /// A step is refused until a renewal or a reset starts another.
        case disabled = 2
    }
}

/// Where the parts of a ``ServerProtocol/Reply/turn`` stand, as bytes from the start of its header:
///
///     UInt32 n | UInt32 records | UInt32 missing observations | UInt32 0
///     Float64[n][O]  observations, NaN where missing
///     Float64[n]     rewards of the latest step
///     UInt8[n]       1 where an event has ended the episode
///     UInt8[n]       1 where the horizon, or a failure of the equations, has ended it
///     UInt8[n][L]    1 where a level is allowed at the present decision
///     zeros up to a multiple of 8
///     records        of the episodes that this step has ended, by lane
///
/// All fields of a record have eight bytes:
///
///     Int64 lane | Int64 episode | Int64 decisions | Int64 ending (1 + k event k, -1 horizon, -2 failed)
///     Float64 discounted return | Float64 sum of the rewards
///     Int64[G] groups | Float64[M] measures | Float64[O] the last observation
package struct TurnLayout: Sendable, Hashable {
    package let lanes: Int
    package let observations: Int
    package let levels: Int
    package let groupings: Int
    package let measures: Int

    package init(lanes: Int, observations: Int, levels: Int, groupings: Int, measures: Int) {
        self.lanes = lanes
        self.observations = observations
        self.levels = levels
        self.groupings = groupings
        self.measures = measures
    }

    package static let observationsStart = ServerProtocol.headerBytes + 16
    package var rewardsStart: Int { Self.observationsStart + 8 * lanes * observations }
    package var terminatedStart: Int { rewardsStart + 8 * lanes }
    package var truncatedStart: Int { terminatedStart + lanes }
    package var allowedStart: Int { truncatedStart + lanes }
    package var recordsStart: Int { (allowedStart + lanes * levels + 7) / 8 * 8 }
    package var recordBytes: Int { 8 * (6 + groupings + measures + observations) }
    /// The bytes of a reply in which every lane has a record.
    package var capacity: Int { recordsStart + lanes * recordBytes }
}
