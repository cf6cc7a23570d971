import CHDF5

/// Attributes of any file object.
extension HDF5Handle {
    /// Writes a new attribute; `isSingle` makes it one item and not a list of one.
    func writeAttribute(_ name: String, _ values: ResultValues, isSingle: Bool) throws {
        let object = "attribute '\(name)' of \(object)"
        let space = try HDF5Space.array(isSingle ? [] : [values.count], object)
        let fileType = try values.elementType.makeType(isInFile: true, object)
        let attribute = try HDF5Handle("H5Acreate2", object, closing: { H5Aclose($0) }) {
            use { owner in
                fileType.use { type in
                    space.use { H5Acreate2(owner, name, type, $0, trialist_h5_default(), trialist_h5_default()) }
                }
            }
        }
        let memoryType = try values.elementType.makeType(isInFile: false, object)
        _ = try values.withCells { cells in
            try memoryType.use { type in try attribute.check("H5Awrite") { H5Awrite($0, type, cells) } }
        }
    }

    /// Writes a text of fixed length, the form HDF5's dimension scales use for their names.
    func rewriteFixedText(_ name: String, _ text: String) throws {
        let object = "attribute '\(name)' of \(object)"
        try check("H5Adelete") { H5Adelete($0, name) }
        let type = try HDF5Handle("H5Tcopy", object, closing: { H5Tclose($0) }) { H5Tcopy(trialist_h5_c_string()) }
        let bytes = Array(text.utf8) + [0]
        try type.check("H5Tset_size") { H5Tset_size($0, bytes.count) }
        let space = try HDF5Space.array([], object)
        let attribute = try HDF5Handle("H5Acreate2", object, closing: { H5Aclose($0) }) {
            use { owner in
                type.use { type in
                    space.use { H5Acreate2(owner, name, type, $0, trialist_h5_default(), trialist_h5_default()) }
                }
            }
        }
        _ = try type.use { type in try attribute.check("H5Awrite") { H5Awrite($0, type, bytes) } }
    }

    /// Whether it has an attribute of that name.
    func hasAttribute(_ name: String) throws -> Bool {
        try check("H5Aexists") { H5Aexists($0, name) } > 0
    }

    /// The names of its attributes in the order of their creation.
    func attributeNames() throws -> [String] {
        var address: UInt64 = 0
        var count: UInt64 = 0
        try check("H5Oget_info2") { trialist_h5_object_facts($0, &address, &count) }
        return try (0..<count).map { position in
            try name(call: "H5Aget_name_by_idx") { identifier, buffer, size in
                H5Aget_name_by_idx(
                    identifier, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, position, buffer, size, trialist_h5_default())
            }
        }
    }

    /// The value of an attribute. Integers of other widths, which other programs may have added, become doubles.
    func readAttribute(_ name: String) throws -> ResultAttributeValue {
        let object = "attribute '\(name)' of \(object)"
        let attribute = try HDF5Handle("H5Aopen", object, closing: { H5Aclose($0) }) {
            use { H5Aopen($0, name, trialist_h5_default()) }
        }
        let type = try HDF5Handle("H5Aget_type", object, closing: { H5Tclose($0) }) {
            attribute.use { H5Aget_type($0) }
        }
        let space = try HDF5Handle("H5Aget_space", object, closing: { H5Sclose($0) }) {
            attribute.use { H5Aget_space($0) }
        }
        let shape = try HDF5Space.shape(of: space)?.shape ?? [0]
        let count = shape.reduce(1, multipliedSaturating)
        if try type.isFixedText() {
            return .text(try attribute.fixedText(type: type, count: count))
        }
        let isOtherInteger = type.use { H5Tget_class($0) } == H5T_INTEGER
        guard let element = try ResultElementType(ofFileType: type) ?? (isOtherInteger ? .double : nil) else {
            throw ResultsError.unsupportedContent(object: object, found: "a type that is neither number nor text")
        }
        let values = try ResultValues.read(
            element == .int8 ? .int32 : element == .float ? .double : element, count: count, object: object,
            space: space
        ) { type, memory in
            _ = try type.use { type in try attribute.check("H5Aread") { H5Aread($0, type, memory) } }
        }
        return ResultAttributeValue(values, isSingle: shape.isEmpty)
    }

    private func isFixedText() throws -> Bool {
        guard use({ H5Tget_class($0) }) == H5T_STRING else { return false }
        return try check("H5Tis_variable_str") { H5Tis_variable_str($0) } == 0
    }

    private func fixedText(type: HDF5Handle, count: Int) throws -> String {
        let size = type.use { H5Tget_size($0) }
        var bytes = [UInt8](repeating: 0, count: max(1, multipliedSaturating(size, max(count, 1))))
        try type.use { type in _ = try check("H5Aread") { H5Aread($0, type, &bytes) } }
        return String(decoding: bytes.prefix(size).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// A name that the library writes into a buffer of our size.
    func name(
        call: String, _ body: (hid_t, UnsafeMutablePointer<CChar>?, Int) -> Int
    ) throws -> String {
        let length = try check(call) { body($0, nil, 0) }
        var buffer = [CChar](repeating: 0, count: length + 1)
        try check(call) { body($0, &buffer, buffer.count) }
        return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension ResultAttributeValue {
    /// The value that holds the cells of an attribute.
    init(_ values: ResultValues, isSingle: Bool) {
        switch values {
        case .string(let texts): self = isSingle ? .text(texts.first ?? "") : .texts(texts)
        case .double(let numbers): self = isSingle ? .number(numbers.first ?? .nan) : .numbers(numbers)
        case .float(let numbers): self = .numbers(numbers.map { Double($0) })
        case .int32(let integers): self = isSingle ? .integer(integers.first ?? 0) : .integers(integers)
        case .int8(let integers): self = .integers(integers.map { Int32($0) })
        }
    }
}
