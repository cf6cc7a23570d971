import Environments
import Regimes

/// One client's session with an environment: reads requests and answers each until the client closes.
package final class ServerSession {
    private let environment: any Environment
    private let channel: any ByteChannel
    private let trialist: String
    private let threads: Int
    private let maximumLanes: Int
    private var isGreeted = false
    private var batch: EpisodeBatch?

    /// - Parameters:
    ///   - trialist: the version to tell.
    ///   - threads: how many threads share the lanes; the replies do not depend on it.
    package init(
        _ environment: any Environment, channel: any ByteChannel, trialist: String, threads: Int,
        maximumLanes: Int = ServerProtocol.maximumLanes
    ) {
        self.environment = environment
        self.channel = channel
        self.trialist = trialist
        self.threads = threads
        self.maximumLanes = maximumLanes
    }

    /// Serves until the client closes or its stream ends between two messages.
    ///
    /// - Throws: ``ServerError/malformed(_:)`` after the client has been told of it, ``ServerError/disconnected(_:)``.
    package func run() throws {
        let reader = MessageReader(channel)
        var used = 0
        do {
            while let message = try reader.next(after: used, limit: bodyLimit) {
                used = ServerProtocol.headerBytes + message.body.count
                do {
                    if try answer(message) { return }
                } catch ServerError.refused(let text) {
                    try send(ServerError.refused(text))
                }
            }
        } catch ServerError.malformed(let text) {
            // Whoever sends nonsense may be gone already; what was wrong is thrown all the same.
            try? send(ServerError.malformed(text))
            throw ServerError.malformed(text)
        }
    }

    /// The longest body that a request can have now.
    private var bodyLimit: Int {
        let lanes = batch?.layout.lanes ?? 0
        return max(ServerProtocol.smallBody, lanes * max(4, 8 * environment.facts.actions.components.count))
    }

    /// Answers a request.
    ///
    /// - Returns: Whether it was the last.
    private func answer(_ message: MessageReader.Message) throws -> Bool {
        let body = message.body
        guard isGreeted || message.request == .hello else {
            throw ServerError.malformed("\(message.request): found as the first message, allowed: hello")
        }
        switch message.request {
        case .hello: try greet(body)
        case .reset:
            let batch = try reset(body)
            self.batch = batch
            try channel.write(batch.bytes)
        case .renew: try turn(message.request) { try $0.renew(body) }
        case .stepLevels: try turn(message.request) { try $0.step(levels: body) }
        case .stepValues: try turn(message.request) { try $0.step(values: body) }
        case .close:
            try expect(message.request, body, bytes: 0)
            try send(.closed, [])
            return true
        }
        return false
    }

    private func greet(_ body: UnsafeRawBufferPointer) throws {
        try expect(.hello, body, bytes: 4)
        let version = UInt32(littleEndian: body.loadUnaligned(as: UInt32.self))
        guard version == ServerProtocol.version else {
            throw ServerError.malformed(
                "hello: found protocol version \(version), allowed: \(ServerProtocol.version); use the client of this release"
            )
        }
        isGreeted = true
        try send(.facts, FactsMessage(environment.facts, trialist: trialist, maximumLanes: maximumLanes).json())
    }

    private func reset(_ body: UnsafeRawBufferPointer) throws -> EpisodeBatch {
        try expect(.reset, body, bytes: 24)
        let seed = UInt64(littleEndian: body.loadUnaligned(as: UInt64.self))
        let first = Int64(littleEndian: body.loadUnaligned(fromByteOffset: 8, as: Int64.self))
        let lanes = UInt32(littleEndian: body.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
        let mode = UInt32(littleEndian: body.loadUnaligned(fromByteOffset: 20, as: UInt32.self))
        var problems: [String] = []
        if first < 0 || first > ServerProtocol.maximumEpisode {
            problems.append("first episode: found \(first), allowed: 0 to \(ServerProtocol.maximumEpisode)")
        }
        if lanes < 1 || lanes > maximumLanes {
            problems.append("lanes: found \(lanes), allowed: 1 to \(maximumLanes)")
        }
        let autoreset = ServerProtocol.Autoreset(rawValue: mode)
        if autoreset == nil {
            let allowed = ServerProtocol.Autoreset.allCases.map { "\($0.rawValue) \($0)" }.joined(separator: ", ")
            problems.append("autoreset mode: found \(mode), allowed: \(allowed)")
        }
        guard problems.isEmpty, let autoreset else {
            throw ServerError.refused("reset: \(problems.joined(separator: "; "))")
        }
        return try EpisodeBatch(
            environment, seed: seed, firstEpisode: Int(first), lanes: Int(lanes), mode: autoreset, threads: threads)
    }

    private func turn(_ request: ServerProtocol.Request, _ work: (EpisodeBatch) throws -> Void) throws {
        guard let batch else { throw ServerError.refused("\(request): no episode has begun; send reset first") }
        try work(batch)
        try channel.write(batch.bytes)
    }

    private func expect(_ request: ServerProtocol.Request, _ body: UnsafeRawBufferPointer, bytes: Int) throws {
        guard body.count == bytes else {
            throw ServerError.malformed("\(request): found a body of \(body.count) bytes, allowed: \(bytes)")
        }
    }

    private func send(_ error: ServerError) throws { try send(.error, FactsMessage.bytes(ErrorMessage(error))) }

    private func send(_ kind: ServerProtocol.Reply, _ body: [UInt8]) throws {
        var message: [UInt8] = []
        withUnsafeBytes(of: UInt32(body.count).littleEndian) { message.append(contentsOf: $0) }
        message += [kind.rawValue, 0, 0, 0]
        message += body
        try message.withUnsafeBytes { try channel.write($0) }
    }
}
