import EnvironmentServer
import Environments
import Foundation
import Testing

/// A stream of bytes in memory: what a client sends, in pieces of any size, and what it is answered.
final class MemoryChannel: ByteChannel {
    private var input: [UInt8]
    private let piece: Int
    private(set) var output: [UInt8] = []

    init(_ input: [UInt8], piece: Int = .max) {
        self.input = input
        self.piece = piece
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, input.count, piece)
        buffer.copyBytes(from: input[..<count])
        input.removeFirst(count)
        return count
    }

    func write(_ bytes: UnsafeRawBufferPointer) { output += bytes }
}

/// The messages of a client.
enum Ask {
    static func message(_ kind: UInt8, _ body: [UInt8] = []) -> [UInt8] {
        bytes(UInt32(body.count)) + [kind, 0, 0, 0] + body
    }

    static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    static let hello = message(1, bytes(UInt32(1)))
    static let close = message(6)

    static func reset(seed: UInt64 = 1, first: Int64 = 0, lanes: UInt32, mode: UInt32 = 0) -> [UInt8] {
        message(2, bytes(seed) + bytes(first) + bytes(lanes) + bytes(mode))
    }

    static func renew(_ mask: [UInt8]) -> [UInt8] { message(3, mask) }
    static func levels(_ levels: [Int32]) -> [UInt8] { message(4, levels.flatMap { bytes($0) }) }
    static func values(_ values: [Double]) -> [UInt8] { message(5, values.flatMap { bytes($0.bitPattern) }) }
}

/// A reply, and a turn's arrays read from it by what the documentation says of the layout.
struct Answer: Equatable {
    var kind: UInt8
    var body: [UInt8]

    /// Cuts the output of a session into its messages.
    static func all(in output: [UInt8]) throws -> [Answer] {
        var (answers, rest) = ([Answer](), output[...])
        while !rest.isEmpty {
            try #require(rest.count >= 8)
            let start = rest.startIndex
            let length = rest[start..<start + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
            try #require(rest.count >= 8 + length)
            #expect(Array(rest[start + 5..<start + 8]) == [0, 0, 0])
            answers.append(Answer(kind: rest[start + 4], body: Array(rest[start + 8..<start + 8 + length])))
            rest = rest[(start + 8 + length)...]
        }
        return answers
    }

    func error() throws -> ErrorMessage {
        #expect(kind == 255)
        return try JSONDecoder().decode(ErrorMessage.self, from: Data(body))
    }

    /// A record of an episode that is over.
    struct Record: Equatable {
        var lane: Int
        var episode: Int
        var decisions: Int
        var ending: Int
        var discounted: Double
        var sum: Double
        var groups: [Int]
        var measures: [Double]
        var observation: [Double]
    }

    struct Turn: Equatable {
        var observations: [[Double]] = []
        var rewards: [Double] = []
        var terminated: [UInt8] = []
        var truncated: [UInt8] = []
        var allowed: [[UInt8]] = []
        var missing = 0
        var records: [Record] = []
    }

    func turn(_ facts: EnvironmentFacts) throws -> Turn {
        try #require(kind == 130)
        var place = 0
        func bytes(_ count: Int) -> ArraySlice<UInt8> {
            defer { place += count }
            return body[place..<place + count]
        }
        func word() -> Int { bytes(4).reversed().reduce(0) { $0 << 8 | Int($1) } }
        func bits() -> UInt64 { bytes(8).reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        func double() -> Double { Double(bitPattern: bits()) }
        func int() -> Int { Int(Int64(bitPattern: bits())) }
        let (lanes, records) = (word(), word())
        var turn = Turn()
        turn.missing = word()
        #expect(word() == 0)
        turn.observations = (0..<lanes).map { _ in facts.observations.map { _ in double() } }
        turn.rewards = (0..<lanes).map { _ in double() }
        turn.terminated = Array(bytes(lanes))
        turn.truncated = Array(bytes(lanes))
        turn.allowed = (0..<lanes).map { _ in Array(bytes(facts.actions.levels.count)) }
        while place % 8 != 0 { #expect(bytes(1).first == 0) }
        turn.records = (0..<records).map { _ in
            Record(
                lane: int(), episode: int(), decisions: int(), ending: int(), discounted: double(), sum: double(),
                groups: facts.groupings.map { _ in int() }, measures: facts.measures.map { _ in double() },
                observation: facts.observations.map { _ in double() })
        }
        #expect(place == body.count)
        return turn
    }
}

/// A client whose requests depend on the replies: it steps the batch of a session itself.
struct Dialogue {
    let facts: EnvironmentFacts
    private let batch: EpisodeBatch

    init(
        _ environment: any Environment, seed: UInt64 = 1, first: Int = 0, lanes: Int,
        mode: ServerProtocol.Autoreset = .nextStep, threads: Int = 1
    ) throws {
        facts = environment.facts
        batch = try EpisodeBatch(
            environment, seed: seed, firstEpisode: first, lanes: lanes, mode: mode, threads: threads)
    }

    /// The bytes of the latest reply.
    var bytes: [UInt8] { Array(batch.bytes) }
    func turn() throws -> Answer.Turn { try Answer.all(in: bytes)[0].turn(facts) }

    func levels(_ levels: [Int32]) throws -> Answer.Turn {
        try levels.withUnsafeBytes { try batch.step(levels: $0) }
        return try turn()
    }

    func values(_ values: [Double]) throws -> Answer.Turn {
        try values.withUnsafeBytes { try batch.step(values: $0) }
        return try turn()
    }

    func renew(_ mask: [UInt8]) throws -> Answer.Turn {
        try mask.withUnsafeBytes { try batch.renew($0) }
        return try turn()
    }
}

/// Serves a client that has written all its requests beforehand.
func serve(
    _ environment: any Environment, _ requests: [UInt8]..., threads: Int = 1, piece: Int = .max
) throws -> (answers: [Answer], error: ServerError?) {
    let channel = MemoryChannel(requests.flatMap(\.self), piece: piece)
    let session = ServerSession(
        environment, channel: channel, trialist: "1.2.3", threads: threads, maximumLanes: 1000)
    do {
        try session.run()
        return (try Answer.all(in: channel.output), nil)
    } catch let error as ServerError {
        return (try Answer.all(in: channel.output), error)
    }
}
