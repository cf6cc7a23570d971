import Foundation

/// Bytes to and from a client.
package protocol ByteChannel: AnyObject {
    /// Waits for bytes and stores as many as there are and fit.
    ///
    /// - Returns: how many; 0 at the end of the stream.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ServerError) -> Int

    /// Writes all bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(ServerError)
}

/// Two open files, such as standard input and output.
package final class FileChannel: ByteChannel {
    private let input: Int32
    private let output: Int32

    /// - Parameters:
    ///   - input: a file descriptor to read from; it stays open.
    ///   - output: one to write to.
    package init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
        // A client that is gone is an error to be told of and not a signal to die of.
        signal(SIGPIPE, SIG_IGN)
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(ServerError) -> Int {
        while true {
            let count = Foundation.read(input, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw .disconnected("cannot read: \(String(cString: strerror(errno)))") }
        }
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws(ServerError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Foundation.write(output, rest.baseAddress, rest.count)
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno != EINTR {
                throw .disconnected("cannot write: \(String(cString: strerror(errno)))")
            }
        }
    }
}
