import CHDF5

/// Dimension scales: arrays that name and label the axes of others.
extension HDF5Array {
    /// What netCDF calls the scale of an axis without coordinates; the axis's size follows in ten columns.
    static let nameWithoutCoordinates = "This is a netCDF dimension but not a netCDF variable."

    static func scaleName(withoutCoordinatesOfSize size: Int) -> String {
        let digits = String(size)
        return nameWithoutCoordinates + String(repeating: " ", count: max(1, 11 - digits.count)) + digits
    }

    /// Makes the array a dimension scale.
    func makeScale(named name: String) throws {
        try handle.check("H5DSset_scale") { H5DSset_scale($0, name) }
    }

    /// Whether it is a dimension scale.
    func isScale() throws -> Bool {
        try handle.check("H5DSis_scale") { H5DSis_scale($0) } > 0
    }

    /// The name that its scale carries.
    func scaleName() throws -> String {
        try handle.name(call: "H5DSget_scale_name") { H5DSget_scale_name($0, $1, $2) }
    }

    /// Attaches a scale to an axis.
    func attach(_ scale: HDF5Array, toAxis axis: Int) throws {
        try scale.handle.use { scale in
            _ = try handle.check("H5DSattach_scale") { H5DSattach_scale($0, scale, UInt32(axis)) }
        }
    }

    /// Where its header stands in the file, which tells one object from another.
    func address() throws -> UInt64 {
        var address: UInt64 = 0
        var attributes: UInt64 = 0
        try handle.check("H5Oget_info2") { trialist_h5_object_facts($0, &address, &attributes) }
        return address
    }

    /// The address of the first scale attached to an axis, or nil if there is none.
    func scaleAddress(ofAxis axis: Int) throws -> UInt64? {
        guard try handle.check("H5DSget_num_scales", { H5DSget_num_scales($0, UInt32(axis)) }) > 0 else { return nil }
        var address: UInt64 = 0
        try handle.check("H5DSiterate_scales") { identifier in
            H5DSiterate_scales(
                identifier, UInt32(axis), nil,
                { _, _, scale, context in
                    var attributes: UInt64 = 0
                    guard let context else { return -1 }
                    let found = context.assumingMemoryBound(to: UInt64.self)
                    return trialist_h5_object_facts(scale, &found.pointee, &attributes) < 0 ? -1 : 1
                }, &address)
        }
        return address
    }
}
