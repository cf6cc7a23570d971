import Foundation
import Testing

private struct NoTerminal: Error {}

/// Both ends of a new terminal: the one to read from, and the one that a program takes for its own.
private func openTerminal() throws -> (reading: Int32, program: Int32) {
    // What posix_openpt, unlockpt and ptsname do, which Swift does not see here: TIOCSPTLCK, TIOCGPTN.
    let reading = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var isLocked: Int32 = 0
    var number: Int32 = 0
    guard reading >= 0, ioctl(reading, 0x4004_5431, &isLocked) == 0, ioctl(reading, 0x8004_5430, &number) == 0 else {
        throw NoTerminal()
    }
    let program = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    guard program >= 0 else { throw NoTerminal() }
    return (reading, program)
}

/// Whether the machine has pseudo-terminals: a bare root file system may lack /dev/pts.
private let hasTerminals: Bool = {
    guard let (terminal, side) = try? openTerminal() else { return false }
    close(terminal)
    close(side)
    return true
}()

/// What a run writes to a terminal that stands for its standard error.
private func onTerminal(_ environment: [String: String]) throws -> String {
    let command = try Command(with: "small-study")
    let (terminal, side) = try openTerminal()
    let process = Process()
    process.executableURL = Command.executable
    process.arguments = ["run", "small-study", "--out", "r.h5"]
    process.currentDirectoryURL = command.folder
    process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "NO_COLOR" }
        .merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(fileDescriptor: side, closeOnDealloc: false)
    try process.run()
    close(side)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    // Reading fails once the last writer has gone.
    while case let count = read(terminal, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
    close(terminal)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: bytes, as: UTF8.self)
}

// On a terminal progress is a bar that is drawn over itself and wiped away at the end.
@Suite(.serialized, .enabled(if: hasTerminals, "this machine has no pseudo-terminals")) struct TerminalTests {
    @Test func aBarInColour() throws {
        let text = try onTerminal([:])
        #expect(text.hasPrefix("\r\u{1B}[36m"))
        #expect(text.contains("█") && text.contains("100 %"))
        #expect(text.hasSuffix("\r\u{1B}[K"))
        #expect(!text.contains("\n"))
    }

    @Test func noColourWhereNoneIsWanted() throws {
        let text = try onTerminal(["NO_COLOR": "1"])
        #expect(text.contains("█") && !text.contains("\u{1B}[36m"))
        // An empty value is none: https://no-color.org
        #expect(try onTerminal(["NO_COLOR": ""]).contains("\u{1B}[36m"))
    }
}
