import CHDF5

/// Extents of arrays and the blocks selected in them.
enum HDF5Space {
    /// The space of an array; no extents make a single cell. An extendible one may grow along its first axis.
    static func array(_ shape: [Int], isExtendible: Bool = false, _ object: String) throws -> HDF5Handle {
        guard !shape.isEmpty else {
            return try HDF5Handle("H5Screate", object, closing: { H5Sclose($0) }) { H5Screate(H5S_SCALAR) }
        }
        let extents = shape.map { hsize_t($0) }
        var limits = extents
        if isExtendible { limits[0] = trialist_h5_unlimited() }
        return try HDF5Handle("H5Screate_simple", object, closing: { H5Sclose($0) }) {
            H5Screate_simple(Int32(extents.count), extents, limits)
        }
    }

    /// The extents of a space, and whether its first axis may grow; nil for a space that holds nothing at all.
    static func shape(of space: HDF5Handle) throws -> (shape: [Int], isExtendible: Bool)? {
        if space.use({ H5Sget_simple_extent_type($0) }) == H5S_NULL { return nil }
        let rank = Int(try space.check("H5Sget_simple_extent_ndims") { H5Sget_simple_extent_ndims($0) })
        var extents = [hsize_t](repeating: 0, count: rank)
        var limits = extents
        try space.check("H5Sget_simple_extent_dims") { H5Sget_simple_extent_dims($0, &extents, &limits) }
        return (extents.map { Int(clamping: $0) }, limits.first == trialist_h5_unlimited())
    }

    /// Selects one block of an array.
    static func select(offset: [Int], count: [Int], in space: HDF5Handle) throws {
        let start = offset.map { hsize_t($0) }
        let extent = count.map { hsize_t($0) }
        try space.check("H5Sselect_hyperslab") { H5Sselect_hyperslab($0, H5S_SELECT_SET, start, nil, extent, nil) }
    }
}
