import CHDF5

/// Property lists: how files, groups and arrays are laid out. Creation order is tracked everywhere, which netCDF asks
/// for, and no object carries a time stamp, so that equal content makes equal files.
enum HDF5Properties {
    /// A new list of one class.
    private static func list(_ object: String, ofClass property: @autoclosure () -> hid_t) throws -> HDF5Handle {
        try HDF5Handle("H5Pcreate", object, closing: { H5Pclose($0) }, opening: { H5Pcreate(property()) })
    }

    /// For creating files: the root keeps the order of its members.
    static func fileCreation(_ object: String) throws -> HDF5Handle {
        let list = try list(object, ofClass: trialist_h5_file_create())
        try list.check("H5Pset_link_creation_order") { H5Pset_link_creation_order($0, trialist_h5_creation_order()) }
        try list.check("H5Pset_attr_creation_order") { H5Pset_attr_creation_order($0, trialist_h5_creation_order()) }
        try list.check("H5Pset_obj_track_times") { H5Pset_obj_track_times($0, false) }
        return list
    }

    /// For opening and creating files: the oldest format that holds the content, all objects closed with the file, and
    /// locks used where the file system has them.
    static func fileAccess(_ object: String) throws -> HDF5Handle {
        let list = try list(object, ofClass: trialist_h5_file_access())
        try list.check("H5Pset_libver_bounds") { H5Pset_libver_bounds($0, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18) }
        try list.check("H5Pset_fclose_degree") { H5Pset_fclose_degree($0, H5F_CLOSE_STRONG) }
        try list.check("H5Pset_file_locking") { H5Pset_file_locking($0, true, true) }
        return list
    }

    /// For creating groups.
    static func groupCreation(_ object: String) throws -> HDF5Handle {
        let list = try list(object, ofClass: trialist_h5_group_create())
        try list.check("H5Pset_link_creation_order") { H5Pset_link_creation_order($0, trialist_h5_creation_order()) }
        try list.check("H5Pset_attr_creation_order") { H5Pset_attr_creation_order($0, trialist_h5_creation_order()) }
        try list.check("H5Pset_obj_track_times") { H5Pset_obj_track_times($0, false) }
        return list
    }

    /// For creating arrays.
    static func arrayCreation(_ object: String, of element: ResultElementType, storage: HDF5Storage) throws
        -> HDF5Handle
    {
        let list = try list(object, ofClass: trialist_h5_dataset_create())
        try list.check("H5Pset_attr_creation_order") { H5Pset_attr_creation_order($0, trialist_h5_creation_order()) }
        try list.check("H5Pset_obj_track_times") { H5Pset_obj_track_times($0, false) }
        switch storage {
        case .contiguous where element == .string:
            // Texts need a fill value, since a cell is a reference that must not be garbage.
            break
        case .contiguous:
            // Every cell is written by us, so filling first would only write everything twice.
            try list.check("H5Pset_fill_time") { H5Pset_fill_time($0, H5D_FILL_TIME_NEVER) }
        case .chunked(let chunk, let isCompressed):
            let extents = chunk.map { hsize_t($0) }
            try list.check("H5Pset_chunk") { H5Pset_chunk($0, Int32(extents.count), extents) }
            guard isCompressed else { break }
            try list.check("H5Pset_shuffle") { H5Pset_shuffle($0) }
            try list.check("H5Pset_deflate") { H5Pset_deflate($0, 1) }
        }
        return list
    }

    /// For opening arrays that are written in blocks: a cache that holds the chunks of one block, so that no chunk is
    /// packed twice.
    static func arrayAccess(_ object: String, cacheBytes: Int) throws -> HDF5Handle {
        let list = try list(object, ofClass: trialist_h5_dataset_access())
        // 12421 is a prime well above the number of chunks in flight; 1 drops fully written chunks first.
        try list.check("H5Pset_chunk_cache") { H5Pset_chunk_cache($0, 12421, cacheBytes, 1) }
        return list
    }
}

/// How the cells of an array lie in the file.
enum HDF5Storage: Equatable {
    /// One piece.
    case contiguous
    /// Equal blocks, each packed by itself if compressed.
    case chunked([Int], isCompressed: Bool)

    /// The storage of an array: chunks only where it may grow or is compressed. A chunk is the wanted block or, without
    /// one, as many whole rows of the first axis as fit half a mebibyte. An array that grows gets an eighth of that,
    /// since its first chunk takes its full room however little it holds.
    static func forArray(
        shape: [Int], isExtendible: Bool, isCompressed: Bool, elementBytes: Int, block: [Int]?
    ) -> HDF5Storage {
        guard !shape.isEmpty, isExtendible || (isCompressed && !shape.contains(0)) else { return .contiguous }
        if let block {
            let bounded = zip(block, shape).enumerated().map { axis, pair in
                let (wanted, size) = pair
                return max(1, axis == 0 && isExtendible ? wanted : min(wanted, size))
            }
            return .chunked(bounded, isCompressed: isCompressed)
        }
        var chunk = shape.map { max(1, $0) }
        let target = (isExtendible ? 64 : 512) * 1024 / elementBytes
        if isExtendible { chunk[0] = max(chunk[0], target) }
        for axis in chunk.indices {
            let rest = chunk[(axis + 1)...].reduce(1, multipliedSaturating)
            let whole = multipliedSaturating(chunk[axis], rest)
            if whole <= target { break }
            chunk[axis] = max(1, min(chunk[axis], target / max(rest, 1)))
        }
        return .chunked(chunk, isCompressed: isCompressed)
    }
}

/// The product, or the largest integer where it would overflow.
func multipliedSaturating(_ a: Int, _ b: Int) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? Int.max : product
}
