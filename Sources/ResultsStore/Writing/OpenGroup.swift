/// A group of a file under construction: what later variables need to know of it.
final class OpenGroup {
    /// The group in the file.
    let file: HDF5Group
    /// Its dimensions in order.
    private(set) var dimensions: [ResultDimension] = []
    /// The names that are taken.
    private(set) var names: [String] = []
    private var scales: [String: HDF5Array] = [:]
    // Variables over an extendible dimension, whose final sizes must agree.
    private var growing: [(dimension: String, variable: HDF5Array)] = []

    init(_ file: HDF5Group) {
        self.file = file
    }

    /// Writes the attributes, dimensions and variables of a group, not the groups below.
    func write(_ group: ResultGroup) throws {
        try file.handle.write(group.attributes)
        for dimension in group.dimensions { try write(dimension) }
        for variable in group.variables { try write(variable) }
    }

    /// Creates a group below this one.
    func createGroup(_ name: String) throws -> OpenGroup {
        names.append(name)
        return OpenGroup(try file.createGroup(name))
    }

    /// Creates and writes a variable.
    func write(_ variable: ResultVariable) throws {
        let array = try create(variable.outline, block: nil)
        try array.write(variable.values)
    }

    /// Creates a variable with its scales attached and its attributes written, but no cells.
    func create(_ variable: ResultVariableOutline, block: [Int]?) throws -> HDF5Array {
        let axes = variable.dimensions.compactMap { name in dimensions.first { $0.name == name } }
        let isExtendible = axes.first?.isExtendible ?? false
        let shape = axes.map(\.size)
        let storage = HDF5Storage.forArray(
            shape: shape, isExtendible: isExtendible, isCompressed: variable.isCompressed,
            elementBytes: variable.elementType.byteCount, block: block)
        let fill = variable.fill
        let array = try HDF5Array(
            variable.name, in: file, element: variable.elementType, shape: shape, isExtendible: isExtendible,
            storage: storage, fill: fill)
        names.append(variable.name)
        for (axis, name) in variable.dimensions.enumerated() {
            if let scale = scales[name] { try array.attach(scale, toAxis: axis) }
        }
        // netCDF writes fill values as lists of one.
        if let fill { try array.handle.writeAttribute("_FillValue", fill, isSingle: false) }
        try array.handle.write(unit: variable.unit, longName: variable.longName, variable.attributes)
        if isExtendible, let first = variable.dimensions.first { growing.append((first, array)) }
        return array
    }

    /// The extents of a variable over the dimensions as they were declared.
    func shape(of variable: ResultVariableOutline) -> [Int] {
        variable.dimensions.compactMap { name in dimensions.first { $0.name == name }?.size }
    }

    /// Gives the extendible dimensions the size their variables have grown to; variables of unequal size are an error.
    func settleExtendibleDimensions() throws {
        for dimension in dimensions where dimension.isExtendible {
            let variables = growing.filter { $0.dimension == dimension.name }.map(\.variable)
            let sizes = try variables.map { try $0.shape()?.shape.first ?? 0 }
            guard let size = sizes.first else { continue }
            if let odd = sizes.firstIndex(where: { $0 != size }) {
                throw ResultsError.invalidBlock(
                    variable: variables[odd].path,
                    problem: "\(sizes[odd]) positions along '\(dimension.name)', but '\(variables[0].path)' has \(size)"
                )
            }
            guard let scale = scales[dimension.name], size != dimension.size else { continue }
            try scale.setExtent([size])
            try scale.handle.rewriteFixedText("NAME", HDF5Array.scaleName(withoutCoordinatesOfSize: size))
        }
    }

    private func write(_ dimension: ResultDimension) throws {
        let coordinates = dimension.coordinates
        let scale: HDF5Array
        if let coordinates {
            scale = try HDF5Array(
                dimension.name, in: file, element: coordinates.values.elementType, shape: [dimension.size],
                isExtendible: false, storage: .contiguous)
            try scale.write(coordinates.values)
            try scale.makeScale(named: dimension.name)
            try scale.handle.write(unit: coordinates.unit, longName: coordinates.longName, coordinates.attributes)
        } else {
            // No cell of it is ever written, so it takes no room in the file.
            let storage: HDF5Storage =
                dimension.isExtendible ? .chunked([16 * 1024], isCompressed: false) : .contiguous
            scale = try HDF5Array(
                dimension.name, in: file, element: .float, shape: [dimension.size],
                isExtendible: dimension.isExtendible, storage: storage)
            try scale.makeScale(named: HDF5Array.scaleName(withoutCoordinatesOfSize: dimension.size))
        }
        scales[dimension.name] = scale
        dimensions.append(dimension)
        names.append(dimension.name)
    }
}

extension ResultVariableOutline {
    /// What marks a missing cell: NaN for numbers, the missing code for integers.
    var fill: ResultValues? {
        switch elementType {
        case .double: .double([.nan])
        case .float: .float([.nan])
        case .int32: missingCode.map { .int32([$0]) }
        case .int8: missingCode.map { .int8([Int8(truncatingIfNeeded: $0)]) }
        case .string: nil
        }
    }
}

extension HDF5Handle {
    /// Writes the attributes of a variable or of coordinates.
    fileprivate func write(unit: String, longName: String, _ attributes: [ResultAttribute]) throws {
        try writeAttribute("long_name", .string([longName]), isSingle: true)
        try writeAttribute("units", .string([unit]), isSingle: true)
        try write(attributes)
    }

    /// Writes attributes in order.
    func write(_ attributes: [ResultAttribute]) throws {
        for attribute in attributes {
            try writeAttribute(attribute.name, attribute.value.values, isSingle: attribute.value.isSingle)
        }
    }
}
