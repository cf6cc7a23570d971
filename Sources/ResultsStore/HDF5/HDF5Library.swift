import CHDF5
import Foundation

/// The one door to the C library: every call passes `check`, under one lock of the whole process.
///
/// HDF5 may be built with or without thread safety; the lock makes both the same. In builds without it the stack of
/// errors is one for all threads, so a call and the reading of its errors are one critical section.
enum HDF5 {
    // Recursive, because a handle may close itself while a call of the same thread is under way.
    private static let lock = NSRecursiveLock()

    // HDF5's own handler at exit would flush files that are about to be thrown away, and race with threads that still
    // write; ours are closed explicitly or are worthless. It must be refused before anything else is called.
    private static let isStarted: Bool = H5dont_atexit() >= 0 && H5open() >= 0

    // Printing errors is switched off before every call, since thread-safe builds keep that switch for each thread.
    private static func silence() {
        _ = isStarted
        H5Eset_auto2(trialist_h5_error_stack(), nil, nil)
    }

    /// Runs one call under the lock; a negative status becomes an error that names the call, the object and what HDF5
    /// itself said.
    @discardableResult
    static func check<Status: SignedInteger>(
        _ call: String, _ object: String, _ body: () throws -> Status
    ) throws -> Status {
        lock.lock()
        defer { lock.unlock() }
        silence()
        let status = try body()
        guard status >= 0 else { throw ResultsError.library(call: call, object: object, stack: errorStack()) }
        return status
    }

    /// Runs a call whose failure changes nothing, such as closing what is thrown away.
    static func ignoringFailure(_ body: () -> herr_t) {
        lock.lock()
        defer { lock.unlock() }
        silence()
        if body() < 0 { H5Eclear2(trialist_h5_error_stack()) }
    }

    /// The errors of the last failed call, from the call that we made down to the cause; cleared on the way.
    private static func errorStack() -> [String] {
        var lines: [String] = []
        withUnsafeMutablePointer(to: &lines) { pointer in
            _ = H5Ewalk2(
                trialist_h5_error_stack(), H5E_WALK_DOWNWARD,
                { _, entry, context in
                    guard let entry = entry?.pointee, let context else { return 0 }
                    let function = entry.func_name.map { String(cString: $0) } ?? "?"
                    let message = entry.desc.map { String(cString: $0) } ?? "no description"
                    // Messages of the file driver end in line breaks.
                    let line = "\(function): \(message.split(whereSeparator: \.isNewline).joined(separator: " "))"
                    context.assumingMemoryBound(to: [String].self).pointee.append(line)
                    return 0
                }, pointer)
        }
        H5Eclear2(trialist_h5_error_stack())
        return lines
    }
}

/// An HDF5 identifier that closes itself. The number is only ever seen inside `use`.
///
/// Sendable because it never changes after it was made but for closing, which happens under the lock of ``HDF5``.
final class HDF5Handle: @unchecked Sendable {
    /// What it stands for, as error messages name it.
    let object: String
    private let identifier: hid_t
    private let closing: @Sendable (hid_t) -> herr_t
    private var isOpen = true

    /// Opens or creates by the given call.
    init(
        _ call: String, _ object: String, closing: @escaping @Sendable (hid_t) -> herr_t, opening: () throws -> hid_t
    ) throws {
        self.identifier = try HDF5.check(call, object, opening)
        self.object = object
        self.closing = closing
    }

    /// Lends the identifier, which stays open at least until the body returns.
    func use<Result>(_ body: (hid_t) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(self) { try body(identifier) }
    }

    /// One checked call on the identifier.
    @discardableResult
    func check<Status: SignedInteger>(_ call: String, _ body: (hid_t) throws -> Status) throws -> Status {
        try use { identifier in try HDF5.check(call, object) { try body(identifier) } }
    }

    /// Closes now and reports a failure, for files whose last bytes are written on closing.
    func close(_ call: String) throws {
        guard isOpen else { return }
        isOpen = false
        try HDF5.check(call, object) { closing(identifier) }
    }

    deinit {
        guard isOpen else { return }
        HDF5.ignoringFailure { closing(identifier) }
    }
}
