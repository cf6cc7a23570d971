/// Cuts a stream of bytes into messages.
final class MessageReader {
    private let channel: any ByteChannel
    /// Bytes read and not yet used are its first ``filled``.
    private var buffer: UnsafeMutableRawBufferPointer
    private var filled = 0

    /// A message whose body lies in the reader's memory until the next is read, aligned to eight bytes.
    struct Message {
        let request: ServerProtocol.Request
        let body: UnsafeRawBufferPointer
    }

    init(_ channel: any ByteChannel) {
        self.channel = channel
        buffer = .allocate(byteCount: 4096, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// The next message.
    ///
    /// - Parameters:
    ///   - used: how many bytes the message before took.
    ///   - limit: the longest body that can be meant now: no more is read or stored, whatever a header says.
    /// - Returns: Nil where the stream ends between two messages.
    func next(after used: Int, limit: Int) throws(ServerError) -> Message? {
        discard(used)
        guard try fill(to: ServerProtocol.headerBytes) else {
            if filled == 0 { return nil }
            throw .malformed("the stream ends after \(filled) of the 8 bytes of a header")
        }
        let length = Int(UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: 0, as: UInt32.self)))
        let kind = buffer[4]
        guard buffer[5] == 0, buffer[6] == 0, buffer[7] == 0 else {
            throw .malformed(
                "header: found bytes \(buffer[5]), \(buffer[6]), \(buffer[7]) at the end, allowed: three zeros")
        }
        guard let request = ServerProtocol.Request(rawValue: kind) else {
            throw .malformed(
                "message: found kind \(kind), allowed: \(ServerProtocol.Request.allCases.map { "\($0.rawValue) \($0)" }.joined(separator: ", "))"
            )
        }
        guard length <= limit else {
            throw .malformed("\(request): found a body of \(length) bytes, allowed: at most \(limit) at this point")
        }
        guard try fill(to: ServerProtocol.headerBytes + length) else {
            throw .malformed(
                "\(request): the stream ends after \(filled - ServerProtocol.headerBytes) of the body's \(length) bytes"
            )
        }
        let start = ServerProtocol.headerBytes
        return Message(request: request, body: UnsafeRawBufferPointer(rebasing: buffer[start..<start + length]))
    }

    /// Moves what follows the latest message to the front.
    private func discard(_ used: Int) {
        guard used > 0, let base = buffer.baseAddress else { return }
        if used < filled { base.copyMemory(from: base + used, byteCount: filled - used) }
        filled -= used
    }

    /// Reads until there are so many bytes. False where the stream ends before.
    private func fill(to count: Int) throws(ServerError) -> Bool {
        if count > buffer.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count + 4096, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
            buffer.deallocate()
            buffer = larger
        }
        while filled < count {
            let read = try channel.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            if read == 0 { return false }
            filled += read
        }
        return true
    }
}
