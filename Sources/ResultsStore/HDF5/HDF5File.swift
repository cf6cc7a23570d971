import CHDF5

/// An HDF5 file that is open.
struct HDF5File: Sendable {
    private let handle: HDF5Handle

    /// Creates a file; one that exists already is an error.
    static func create(_ path: String) throws -> HDF5File {
        let object = "file '\(path)'"
        let creation = try HDF5Properties.fileCreation(object)
        let access = try HDF5Properties.fileAccess(object)
        return HDF5File(
            handle: try HDF5Handle("H5Fcreate", object, closing: { H5Fclose($0) }) {
                creation.use { creation in
                    access.use { H5Fcreate(path, trialist_h5_new_only(), creation, $0) }
                }
            })
    }

    /// Opens a file for reading.
    static func open(_ path: String) throws -> HDF5File {
        let object = "file '\(path)'"
        let access = try HDF5Properties.fileAccess(object)
        return HDF5File(
            handle: try HDF5Handle("H5Fopen", object, closing: { H5Fclose($0) }) {
                access.use { H5Fopen(path, trialist_h5_read_only(), $0) }
            })
    }

    /// Whether a file begins as HDF5 files do.
    static func hasSignature(_ path: String) throws -> Bool {
        try HDF5.check("H5Fis_hdf5", "file '\(path)'") { H5Fis_hdf5(path) } > 0
    }

    /// The group at the root.
    func root() throws -> HDF5Group {
        HDF5Group(
            handle: try HDF5Handle("H5Gopen2", "group '/'", closing: { H5Gclose($0) }) {
                handle.use { H5Gopen2($0, "/", trialist_h5_default()) }
            }, path: "/")
    }

    /// Hands everything to the operating system.
    func flush() throws {
        try handle.check("H5Fflush") { H5Fflush($0, H5F_SCOPE_GLOBAL) }
    }

    /// Closes the file and all that is open in it.
    func close() throws {
        try handle.close("H5Fclose")
    }
}

/// A group of an open file.
struct HDF5Group: Sendable {
    /// The group itself, for its attributes.
    let handle: HDF5Handle
    /// Where it stands, from the root.
    let path: String

    /// What stands in a group.
    enum Member {
        case group(HDF5Group)
        case array(HDF5Array)
    }

    /// The path of a member.
    func path(of name: String) -> String {
        path == "/" ? "/\(name)" : "\(path)/\(name)"
    }

    /// Creates a group in this one.
    func createGroup(_ name: String) throws -> HDF5Group {
        let memberPath = path(of: name)
        let object = "group '\(memberPath)'"
        let creation = try HDF5Properties.groupCreation(object)
        return HDF5Group(
            handle: try HDF5Handle("H5Gcreate2", object, closing: { H5Gclose($0) }) {
                handle.use { owner in
                    creation.use { H5Gcreate2(owner, name, trialist_h5_default(), $0, trialist_h5_default()) }
                }
            }, path: memberPath)
    }

    /// The names of its members in the order of their creation.
    func memberNames() throws -> [String] {
        var information = H5G_info_t()
        try handle.check("H5Gget_info") { H5Gget_info($0, &information) }
        // Tools that copy files may drop the order; the names' order is then the best there is.
        let index = information.max_corder > 0 || information.nlinks == 0 ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME
        return try (0..<information.nlinks).map { position in
            try handle.name(call: "H5Lget_name_by_idx") { identifier, buffer, size in
                H5Lget_name_by_idx(
                    identifier, ".", index, H5_ITER_INC, position, buffer, size, trialist_h5_default())
            }
        }
    }

    /// Opens a member; anything else than a group or an array is refused.
    func member(_ name: String) throws -> Member {
        let memberPath = path(of: name)
        let object = "object '\(memberPath)'"
        let opened = try HDF5Handle("H5Oopen", object, closing: { H5Oclose($0) }) {
            handle.use { H5Oopen($0, name, trialist_h5_default()) }
        }
        switch opened.use({ H5Iget_type($0) }) {
        case H5I_GROUP: return .group(HDF5Group(handle: opened, path: memberPath))
        case H5I_DATASET: return .array(try HDF5Array(handle: opened, path: memberPath))
        default: throw ResultsError.unsupportedContent(object: object, found: "neither a group nor a variable")
        }
    }
}
