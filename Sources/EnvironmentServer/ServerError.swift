/// Why a request is not carried out.
package enum ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The stream of messages cannot be understood any further: the server says so and ends.
    case malformed(String)
    /// The message was understood but asks for what is not allowed here: nothing has changed, the session goes on.
    case refused(String)
    /// The other side is gone, or the system refuses to read or write.
    case disconnected(String)

    /// The word for the kind, as clients read it.
    package var kind: String {
        switch self {
        case .malformed: "malformed"
        case .refused: "refused"
        case .disconnected: "disconnected"
        }
    }

    package var description: String {
        switch self {
        case .malformed(let text), .refused(let text), .disconnected(let text): text
        }
    }
}

/// The body of an error reply.
package struct ErrorMessage: Sendable, Hashable, Codable {
    /// `malformed` or `refused`
    package var error: String
    package var message: String

    package init(_ error: ServerError) {
        self.error = error.kind
        message = error.description
    }
}
