import CHDF5

/// An array (HDF5: data set) of an open file.
struct HDF5Array: Sendable {
    /// The array itself, for its attributes.
    let handle: HDF5Handle
    /// Where it stands, from the root.
    let path: String

    /// Wraps an array that is open.
    init(handle: HDF5Handle, path: String) throws {
        self.handle = handle
        self.path = path
    }

    /// Creates an array without writing its cells.
    init(
        _ name: String, in group: HDF5Group, element: ResultElementType, shape: [Int], isExtendible: Bool,
        storage: HDF5Storage, fill: ResultValues? = nil
    ) throws {
        let path = group.path(of: name)
        let object = "variable '\(path)'"
        let type = try element.makeType(isInFile: true, object)
        let space = try HDF5Space.array(shape, isExtendible: isExtendible, object)
        let creation = try HDF5Properties.arrayCreation(object, of: element, storage: storage)
        if let fill {
            let fillType = try fill.elementType.makeType(isInFile: false, object)
            _ = try fill.withCells { cell in
                try fillType.use { type in
                    try creation.check("H5Pset_fill_value") { H5Pset_fill_value($0, type, cell) }
                }
            }
        }
        let access = try HDF5Properties.arrayAccess(object, cacheBytes: 8 * 1024 * 1024)
        self.path = path
        self.handle = try HDF5Handle("H5Dcreate2", object, closing: { H5Dclose($0) }) {
            group.handle.use { owner in
                type.use { type in
                    space.use { space in
                        creation.use { creation in
                            access.use { H5Dcreate2(owner, name, type, space, trialist_h5_default(), creation, $0) }
                        }
                    }
                }
            }
        }
    }

    /// The extents now, whether the first one may grow; nil for an array that holds nothing at all.
    func shape() throws -> (shape: [Int], isExtendible: Bool)? {
        try HDF5Space.shape(of: try space())
    }

    /// The type of its cells, or nil for one that this version cannot read.
    func elementType() throws -> ResultElementType? {
        let type = try HDF5Handle("H5Dget_type", handle.object, closing: { H5Tclose($0) }) {
            handle.use { H5Dget_type($0) }
        }
        return try ResultElementType(ofFileType: type)
    }

    /// Whether its cells are packed by any filter.
    func isCompressed() throws -> Bool {
        let creation = try HDF5Handle("H5Dget_create_plist", handle.object, closing: { H5Pclose($0) }) {
            handle.use { H5Dget_create_plist($0) }
        }
        return try creation.check("H5Pget_nfilters") { H5Pget_nfilters($0) } > 0
    }

    /// Grows or shrinks an extendible array.
    func setExtent(_ shape: [Int]) throws {
        let extents = shape.map { hsize_t($0) }
        try handle.check("H5Dset_extent") { H5Dset_extent($0, extents) }
    }

    /// Writes all cells, or one block of them.
    func write(_ values: ResultValues, block: (offset: [Int], count: [Int])? = nil) throws {
        let spaces = try block.map { try selection($0.offset, $0.count) }
        let type = try values.elementType.makeType(isInFile: false, handle.object)
        _ = try values.withCells { cells in
            try type.use { type in
                try withSpaces(spaces) { memory, file in
                    try handle.check("H5Dwrite") { H5Dwrite($0, type, memory, file, trialist_h5_default(), cells) }
                }
            }
        }
    }

    /// Reads all cells, or one block of them.
    func read(
        _ element: ResultElementType, count: Int, block: (offset: [Int], count: [Int])? = nil
    ) throws -> ResultValues {
        let spaces = try block.map { try selection($0.offset, $0.count) }
        return try ResultValues.read(
            element, count: count, object: handle.object, space: try spaces?.memory ?? space()
        ) { type, memory in
            try type.use { type in
                try withSpaces(spaces) { memorySpace, file in
                    _ = try handle.check("H5Dread") {
                        H5Dread($0, type, memorySpace, file, trialist_h5_default(), memory)
                    }
                }
            }
        }
    }

    private func space() throws -> HDF5Handle {
        try HDF5Handle("H5Dget_space", handle.object, closing: { H5Sclose($0) }) { handle.use { H5Dget_space($0) } }
    }

    private func selection(_ offset: [Int], _ count: [Int]) throws -> (memory: HDF5Handle, file: HDF5Handle) {
        let file = try space()
        try HDF5Space.select(offset: offset, count: count, in: file)
        return (try HDF5Space.array(count, handle.object), file)
    }

    private func withSpaces<Result>(
        _ spaces: (memory: HDF5Handle, file: HDF5Handle)?, _ body: (hid_t, hid_t) throws -> Result
    ) throws -> Result {
        guard let spaces else { return try body(trialist_h5_whole(), trialist_h5_whole()) }
        return try spaces.memory.use { memory in try spaces.file.use { try body(memory, $0) } }
    }
}
