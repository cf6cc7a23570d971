import CZlib
import Foundation

/// The files in a ZIP archive: NumPy's `.npz`, a Python wheel. Stored and deflated entries (PKWARE APPNOTE 6.3, sections 4.3 and
/// 4.4); no encryption, no parts, no 64-bit sizes.
struct ZipArchive {
    struct Entry: Hashable {
        let name: String
        let method: Int
        let checksum: UInt32
        let packedSize: Int
        let size: Int
        /// Where the local header begins.
        let place: Int
    }

    let name: String
    let entries: [Entry]
    private let bytes: [UInt8]

    /// The greatest size of an unpacked entry: a small archive must not fill the memory.
    static let greatestSize = 1 << 30

    /// - Parameter name: what messages call it.
    /// - Throws: ``TablesError``.
    init(_ bytes: [UInt8], name: String) throws(TablesError) {
        self.name = name
        self.bytes = bytes
        guard let end = Self.endRecord(bytes) else {
            throw TablesError(name, "no ZIP archive: its directory is missing, so that it may have been cut off")
        }
        let count = Self.number(bytes, end + 10, 2)
        var place = Self.number(bytes, end + 16, 4)
        var entries: [Entry] = []
        for _ in 0..<count {
            guard place + 46 <= bytes.count, Self.number(bytes, place, 4) == 0x0201_4B50 else {
                throw TablesError(name, "the directory of the archive is damaged")
            }
            let lengths = [28, 30, 32].map { Self.number(bytes, place + $0, 2) }
            guard place + 46 + lengths.reduce(0, +) <= bytes.count else {
                throw TablesError(name, "the directory of the archive is damaged")
            }
            entries.append(
                Entry(
                    name: String(decoding: bytes[place + 46..<place + 46 + lengths[0]], as: UTF8.self),
                    method: Self.number(bytes, place + 10, 2), checksum: UInt32(Self.number(bytes, place + 16, 4)),
                    packedSize: Self.number(bytes, place + 20, 4), size: Self.number(bytes, place + 24, 4),
                    place: Self.number(bytes, place + 42, 4)))
            place += 46 + lengths.reduce(0, +)
        }
        self.entries = entries
    }

    /// The entry with a name, or the first that ends with it after a slash.
    func entry(_ name: String) -> Entry? {
        entries.first { $0.name == name } ?? entries.first { $0.name.hasSuffix("/" + name) }
    }

    /// An entry's unpacked bytes, whose checksum is right.
    ///
    /// - Throws: ``TablesError``.
    func contents(_ entry: Entry) throws(TablesError) -> [UInt8] {
        let file = "\(name)/\(entry.name)"
        guard entry.size <= Self.greatestSize else {
            throw TablesError(file, "\(entry.size) bytes; allowed: at most \(Self.greatestSize)")
        }
        guard entry.place + 30 <= bytes.count, Self.number(bytes, entry.place, 4) == 0x0403_4B50 else {
            throw TablesError(file, "its header in the archive is damaged")
        }
        let first =
            entry.place + 30 + Self.number(bytes, entry.place + 26, 2) + Self.number(bytes, entry.place + 28, 2)
        guard first + entry.packedSize <= bytes.count else { throw TablesError(file, "the archive was cut off") }
        let packed = bytes[first..<first + entry.packedSize]
        let unpacked: [UInt8]?
        switch entry.method {
        case 0: unpacked = entry.size == entry.packedSize ? Array(packed) : nil
        case 8: unpacked = Self.inflated(packed, size: entry.size)
        default:
            throw TablesError(file, "packed by method \(entry.method); allowed: 0 (stored), 8 (deflated)")
        }
        guard let unpacked, Self.checksum(unpacked) == entry.checksum else {
            throw TablesError(file, "its bytes in the archive are damaged")
        }
        return unpacked
    }

    /// Nil where the bytes are no deflated data of this size.
    private static func inflated(_ packed: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
        var packed = Array(packed)
        var isWhole = false
        let result = [UInt8](unsafeUninitializedCapacity: size) { target, count in
            packed.withUnsafeMutableBufferPointer { source in
                var stream = z_stream()
                guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
                    return
                }
                defer { inflateEnd(&stream) }
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(size)
                isWhole = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 0
            }
            count = isWhole ? size : 0
        }
        return isWhole ? result : nil
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count))) }
    }

    /// Where the record at the archive's end begins; a comment of up to 65,535 bytes may follow it.
    private static func endRecord(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 22 else { return nil }
        return stride(from: bytes.count - 22, through: max(0, bytes.count - 22 - 65_535), by: -1).first {
            number(bytes, $0, 4) == 0x0605_4B50
        }
    }

    /// A little-endian number; its bytes lie within the archive.
    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
}
