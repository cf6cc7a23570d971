import Foundation

/// An array as NumPy writes it (`.npy`, format 1 to 3): numbers, whole numbers or booleans, as doubles in C order.
struct NumpyArray {
    let shape: [Int]
    let values: [Double]

    /// - Parameter name: what messages call it.
    /// - Throws: ``TablesError``.
    init(_ bytes: [UInt8], name: String) throws(TablesError) {
        guard bytes.count >= 12, bytes[0..<6].elementsEqual([0x93] + Array("NUMPY".utf8)),
            (1...3).contains(bytes[6])
        else { throw TablesError(name, "no array of NumPy (.npy, format 1 to 3)") }
        let wide = bytes[6] > 1
        let length = (0..<(wide ? 4 : 2)).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        let start = (wide ? 12 : 10) + length
        guard start <= bytes.count else { throw TablesError(name, "the header was cut off") }
        let header = String(decoding: bytes[(wide ? 12 : 10)..<start], as: UTF8.self)
        guard let type = Self.value("descr", in: header, from: "'", to: "'"),
            let dimensions = Self.value("shape", in: header, from: "(", to: ")")
        else { throw TablesError(name, "the header names no type and no shape: \(header.prefix(80))") }
        let sizes = dimensions.split(separator: ",").map { Int($0.trimmingCharacters(in: .whitespaces)) }
        let shape = sizes.compactMap(\.self)
        var count = 1
        for size in shape {
            let product = count.multipliedReportingOverflow(by: size)
            count = product.overflow || size < 0 ? -1 : product.partialValue
        }
        guard shape.count == sizes.count, count >= 0 else {
            throw TablesError(name, "shape: found (\(dimensions)), allowed: whole numbers from 0")
        }
        guard let kind = Kind(rawValue: type) else {
            let allowed = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw TablesError(name, "type: found \(type), allowed: \(allowed)")
        }
        guard (bytes.count - start) / kind.size >= count else {
            throw TablesError(name, "\(bytes.count - start) bytes for \(count) numbers of type \(type)")
        }
        let stored = kind.read(bytes, start, count)
        self.shape = shape
        values = header.contains("'fortran_order': True") ? Self.transposed(stored, shape) : stored
    }

    /// The text between two marks after a key.
    private static func value(_ key: String, in header: String, from: String, to: String) -> String? {
        guard let place = header.range(of: "'\(key)':"),
            let first = header.range(of: from, range: place.upperBound..<header.endIndex),
            let last = header.range(of: to, range: first.upperBound..<header.endIndex)
        else { return nil }
        return String(header[first.upperBound..<last.lowerBound])
    }

    /// From the order in which the first index runs fastest.
    private static func transposed(_ values: [Double], _ shape: [Int]) -> [Double] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropFirst() { strides[axis] = strides[axis - 1] * shape[axis - 1] }
        return values.indices.map { index in
            var (rest, place) = (index, 0)
            for axis in shape.indices.reversed() {
                place += rest % shape[axis] * strides[axis]
                rest /= shape[axis]
            }
            return values[place]
        }
    }

    private enum Kind: String, CaseIterable {
        case double = "<f8"
        case float = "<f4"
        case long = "<i8"
        case integer = "<i4"
        case byte = "|i1"
        case unsigned = "|u1"
        case truth = "|b1"

        var size: Int {
            switch self {
            case .double, .long: 8
            case .float, .integer: 4
            case .byte, .unsigned, .truth: 1
            }
        }

        func read(_ bytes: [UInt8], _ start: Int, _ count: Int) -> [Double] {
            bytes.withUnsafeBytes { raw in
                func all<Value>(_: Value.Type, _ number: (Value) -> Double) -> [Double] {
                    (0..<count).map {
                        number(raw.loadUnaligned(fromByteOffset: start + $0 * size, as: Value.self))
                    }
                }
                return switch self {
                case .double: all(UInt64.self) { Double(bitPattern: UInt64(littleEndian: $0)) }
                case .float: all(UInt32.self) { Double(Float(bitPattern: UInt32(littleEndian: $0))) }
                case .long: all(Int64.self) { Double(Int64(littleEndian: $0)) }
                case .integer: all(Int32.self) { Double(Int32(littleEndian: $0)) }
                case .byte: all(Int8.self) { Double($0) }
                case .unsigned, .truth: all(UInt8.self) { Double($0) }
                }
            }
        }
    }
}
