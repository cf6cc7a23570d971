import CHDF5

/// Element types and the way of their cells between Swift arrays and the C library.
extension ResultElementType {
    /// A type for the file (`isInFile`) or for memory, as a handle of its own.
    func makeType(isInFile: Bool, _ object: String) throws -> HDF5Handle {
        let handle = try HDF5Handle("H5Tcopy", object, closing: { H5Tclose($0) }) {
            switch self {
            case .double: H5Tcopy(isInFile ? trialist_h5_file_double() : trialist_h5_native_double())
            case .float: H5Tcopy(isInFile ? trialist_h5_file_float() : trialist_h5_native_float())
            case .int32: H5Tcopy(isInFile ? trialist_h5_file_int32() : trialist_h5_native_int32())
            case .int8: H5Tcopy(isInFile ? trialist_h5_file_int8() : trialist_h5_native_int8())
            case .string: H5Tcopy(trialist_h5_c_string())
            }
        }
        if self == .string {
            try handle.check("H5Tset_size") { H5Tset_size($0, trialist_h5_variable_length()) }
            try handle.check("H5Tset_cset") { H5Tset_cset($0, H5T_CSET_UTF8) }
        }
        return handle
    }

    /// The element type that reads a type found in a file, or nil if none does without loss.
    init?(ofFileType type: HDF5Handle) throws {
        let size = type.use { H5Tget_size($0) }
        switch type.use({ H5Tget_class($0) }) {
        case H5T_FLOAT where size == 8: self = .double
        case H5T_FLOAT where size == 4: self = .float
        case H5T_INTEGER where size == 4 && type.use({ H5Tget_sign($0) }) == H5T_SGN_2: self = .int32
        case H5T_INTEGER where size == 1 && type.use({ H5Tget_sign($0) }) == H5T_SGN_2: self = .int8
        case H5T_STRING where try type.check("H5Tis_variable_str", { H5Tis_variable_str($0) }) > 0: self = .string
        default: return nil
        }
    }
}

extension ResultValues {
    /// Lends the cells as the C library wants them: numbers as they are, strings as pointers to NUL-terminated UTF-8.
    func withCells<Result>(_ body: (UnsafeRawPointer) throws -> Result) throws -> Result? {
        func lend<Element>(_ array: [Element]) throws -> Result? {
            try array.withUnsafeBytes { bytes in try bytes.baseAddress.map(body) }
        }
        switch self {
        case .double(let array): return try lend(array)
        case .float(let array): return try lend(array)
        case .int32(let array): return try lend(array)
        case .int8(let array): return try lend(array)
        case .string(let array): return try Self.withPointers(to: array) { try lend($0) }
        }
    }

    /// One buffer for all texts and an array of pointers into it, so that a million labels cost two allocations.
    private static func withPointers<Result>(
        to texts: [String], _ body: ([UnsafePointer<UInt8>]) throws -> Result
    ) throws -> Result {
        var bytes: [UInt8] = []
        var starts: [Int] = []
        starts.reserveCapacity(texts.count)
        for text in texts {
            starts.append(bytes.count)
            bytes.append(contentsOf: text.utf8)
            bytes.append(0)
        }
        return try bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return try body([]) }
            return try body(starts.map { base + $0 })
        }
    }

    /// Cells that the C library fills. `fill` gets the memory for `count` cells and the type they shall have there.
    static func read(
        _ element: ResultElementType, count: Int, object: String, space: HDF5Handle,
        _ fill: (HDF5Handle, UnsafeMutableRawPointer) throws -> Void
    ) throws -> ResultValues {
        guard count > 0 else { return .empty(element) }
        let type = try element.makeType(isInFile: false, object)
        func numbers<Number>(_ zero: Number) throws -> [Number] {
            var array = [Number](repeating: zero, count: count)
            try array.withUnsafeMutableBytes { bytes in
                if let base = bytes.baseAddress { try fill(type, base) }
            }
            return array
        }
        switch element {
        case .double: return .double(try numbers(0))
        case .float: return .float(try numbers(0))
        case .int32: return .int32(try numbers(0))
        case .int8: return .int8(try numbers(0))
        case .string:
            return .string(try texts(count: count, type: type, space: space) { try fill(type, $0) })
        }
    }

    /// Texts that the library allocates, copies out of and frees again.
    private static func texts(
        count: Int, type: HDF5Handle, space: HDF5Handle, _ fill: (UnsafeMutableRawPointer) throws -> Void
    ) throws -> [String] {
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        return try pointers.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return [] }
            try fill(base)
            let texts = bytes.bindMemory(to: UnsafeMutablePointer<CChar>?.self).map { pointer in
                pointer.map { String(cString: $0) } ?? ""
            }
            try space.use { space in
                _ = try type.check("H5Dvlen_reclaim") { H5Dvlen_reclaim($0, space, trialist_h5_default(), base) }
            }
            return texts
        }
    }
}
