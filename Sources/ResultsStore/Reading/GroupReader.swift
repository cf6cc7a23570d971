/// Reads one group: tells its dimensions from its variables and gives both back as they were written.
struct GroupReader {
    private let group: HDF5Group
    private let scales: [(name: String, array: HDF5Array)]
    private let groups: [(name: String, group: HDF5Group)]
    private let names: [UInt64: String]
    /// The variables in order.
    let variables: [(name: String, array: HDF5Array)]

    /// Opens the members of a group.
    init(_ group: HDF5Group) throws {
        var scales: [(String, HDF5Array)] = []
        var variables: [(String, HDF5Array)] = []
        var groups: [(String, HDF5Group)] = []
        var names: [UInt64: String] = [:]
        for name in try group.memberNames() {
            switch try group.member(name) {
            case .group(let member): groups.append((name, member))
            case .array(let array) where try array.isScale():
                scales.append((name, array))
                names[try array.address()] = name
            case .array(let array): variables.append((name, array))
            }
        }
        self.group = group
        self.scales = scales
        self.variables = variables
        self.groups = groups
        self.names = names
    }

    /// The groups directly below, in order.
    func subgroups() -> [(name: String, group: HDF5Group)] {
        groups
    }

    /// The group with all below it.
    func group(named name: String) throws -> ResultGroup {
        ResultGroup(
            name, attributes: try attributes(of: group.handle), dimensions: try dimensions(),
            variables: try variables.map { try variable($0.array, named: $0.name) },
            groups: try groups.map { try GroupReader($0.group).group(named: $0.name) })
    }

    /// The group with all below it, without cells.
    func outline(named name: String) throws -> ResultGroupOutline {
        ResultGroupOutline(
            name: name, attributes: try attributes(of: group.handle), dimensions: try dimensions(),
            variables: try variables.map { try outline(of: $0.array, named: $0.name) },
            groups: try groups.map { try GroupReader($0.group).outline(named: $0.name) })
    }

    /// One variable of the group.
    func variable(_ array: HDF5Array, named name: String) throws -> ResultVariable {
        try outline(of: array, named: name).filled(with: values(of: array))
    }

    /// The cells of an array, or of one block of it.
    func values(of array: HDF5Array, block: (offset: [Int], count: [Int])? = nil) throws -> ResultValues {
        let shape = try extents(of: array).shape
        let element = try elementType(of: array)
        if let block { try Block.check(offset: block.offset, count: block.count, shape: shape, of: array.path) }
        let cells = (block?.count ?? shape).reduce(1, multipliedSaturating)
        return try array.read(element, count: cells, block: shape.isEmpty ? nil : block)
    }

    private func outline(of array: HDF5Array, named name: String) throws -> ResultVariableOutline {
        let axes = try extents(of: array).shape.indices
        let dimensions = try axes.map { axis in
            guard let address = try array.scaleAddress(ofAxis: axis), let name = names[address] else {
                throw ResultsError.unsupportedContent(
                    object: array.handle.object, found: "an array whose axis \(axis) has no dimension of its group")
            }
            return name
        }
        let element = try elementType(of: array)
        var missingCode: Int32?
        if element == .int32 || element == .int8, try array.handle.hasAttribute("_FillValue"),
            case .int32(let codes) = try array.handle.readAttribute("_FillValue").values
        {
            missingCode = codes.first
        }
        return ResultVariableOutline(
            name, dimensions, element, unit: try text("units", of: array), longName: try text("long_name", of: array),
            attributes: try attributes(of: array.handle), missingCode: missingCode,
            isCompressed: try array.isCompressed())
    }

    private func dimensions() throws -> [ResultDimension] {
        try scales.map { name, scale in
            let (shape, isExtendible) = try extents(of: scale)
            if try scale.scaleName().hasPrefix(HDF5Array.nameWithoutCoordinates) {
                return ResultDimension(name, size: shape.first ?? 0, isExtendible: isExtendible)
            }
            return ResultDimension(
                name,
                coordinates: ResultCoordinates(
                    try values(of: scale), unit: try text("units", of: scale),
                    longName: try text("long_name", of: scale), attributes: try attributes(of: scale.handle)))
        }
    }

    private func extents(of array: HDF5Array) throws -> (shape: [Int], isExtendible: Bool) {
        guard let extents = try array.shape() else {
            throw ResultsError.unsupportedContent(object: array.handle.object, found: "an array without extents")
        }
        return extents
    }

    private func elementType(of array: HDF5Array) throws -> ResultElementType {
        guard let element = try array.elementType() else {
            throw ResultsError.unsupportedContent(
                object: array.handle.object,
                found: "an array of a type other than "
                    + ResultElementType.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return element
    }

    private func text(_ name: String, of array: HDF5Array) throws -> String {
        guard try array.handle.hasAttribute(name), case .text(let text) = try array.handle.readAttribute(name) else {
            return ""
        }
        return text
    }

    private func attributes(of handle: HDF5Handle) throws -> [ResultAttribute] {
        try handle.attributeNames().filter { !ResultsFormat.ownAttributes.contains($0) }.map { name in
            ResultAttribute(name, try handle.readAttribute(name))
        }
    }
}
