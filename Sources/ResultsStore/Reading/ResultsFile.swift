import Foundation

/// A finished results file, open for reading.
///
/// ```swift
/// let file = try ResultsFile("study.h5")
/// let trial = try file.group("/trial")
/// let auc = try file.variable("/survival/auc")
/// ```
public struct ResultsFile: Sendable {
    /// Where the file stands.
    public let path: String
    /// The version of its layout, 1 to ``ResultsFormat/layoutVersion``.
    public let layoutVersion: Int
    private let root: HDF5Group
    // Keeps the file open as long as anything of it may be read.
    private let file: HDF5File

    /// Opens a file and checks that it is a whole one of a version that this Trialist reads.
    /// - Throws: a ``ResultsError`` that says which of missing, a folder, unfinished, not HDF5, damaged, not of
    ///   Trialist or too new the file is.
    public init(_ path: String) throws {
        try Self.checkPlainFile(path)
        guard try HDF5File.hasSignature(path) else { throw ResultsError.notHDF5(path: path) }
        do {
            file = try Self.open(path)
            root = try file.root()
        } catch ResultsError.library(_, _, let stack) {
            throw Self.openingFailure(path, stack)
        }
        guard try root.handle.hasAttribute(ResultsFormat.layoutVersionName),
            case .integer(let version) = try root.handle.readAttribute(ResultsFormat.layoutVersionName)
        else { throw ResultsError.notResults(path: path) }
        guard (1...ResultsFormat.layoutVersion).contains(Int(version)) else {
            throw ResultsError.newerLayout(
                path: path, found: Int(version), supported: ResultsFormat.layoutVersion)
        }
        self.path = path
        self.layoutVersion = Int(version)
    }

    /// The whole content, equal to what was written.
    ///
    /// - Throws: ``ResultsError/unsupportedContent(object:found:)`` for what the store never writes,
    ///   ``ResultsError/library(call:object:stack:)`` where reading fails.
    public func content() throws -> ResultGroup {
        try GroupReader(root).group(named: "")
    }

    /// A group with all below it.
    /// - Parameter path: from the root, such as `/trial`.
    /// - Throws: ``ResultsError/missingGroup(group:path:existing:)``, and as ``content()``.
    public func group(_ path: String) throws -> ResultGroup {
        try GroupReader(find(path)).group(named: ResultPath.split(path).name)
    }

    /// A group without the cells of its variables, with all below it; `/` for the whole file.
    ///
    /// - Throws: ``ResultsError/missingGroup(group:path:existing:)``, and as ``content()``.
    public func outline(_ path: String = "/") throws -> ResultGroupOutline {
        try GroupReader(find(path)).outline(named: ResultPath.split(path).name)
    }

    /// One variable.
    /// - Parameter path: from the root, such as `/survival/auc`.
    /// - Throws: ``ResultsError/missingGroup(group:path:existing:)``,
    ///   ``ResultsError/missingVariable(variable:path:existing:)``, and as ``content()``.
    public func variable(_ path: String) throws -> ResultVariable {
        let (array, reader) = try findVariable(path)
        return try reader.variable(array, named: ResultPath.split(path).name)
    }

    /// One block of a variable in row-major order.
    /// - Parameters:
    ///   - path: from the root.
    ///   - offset: the block's first position along each dimension; empty for a single value.
    ///   - count: the block's extents along each dimension.
    /// - Throws: ``ResultsError/invalidBlock(variable:problem:)`` for a block that is not within the variable.
    public func values(of path: String, offset: [Int], count: [Int]) throws -> ResultValues {
        let (array, reader) = try findVariable(path)
        return try reader.values(of: array, block: (offset, count))
    }

    /// The paths of all groups, the root first, each before those below it.
    ///
    /// - Throws: ``ResultsError/library(call:object:stack:)`` where reading fails.
    public func groupPaths() throws -> [String] {
        func paths(_ group: HDF5Group) throws -> [String] {
            try [group.path] + GroupReader(group).subgroups().flatMap { try paths($0.group) }
        }
        return try paths(root)
    }

    private func find(_ path: String) throws -> HDF5Group {
        var group = root
        for name in ResultPath.components(path) {
            guard let next = try GroupReader(group).subgroups().first(where: { $0.name == name }) else {
                throw ResultsError.missingGroup(
                    group: ResultPath.normalised(path), path: self.path, existing: try groupPaths())
            }
            group = next.group
        }
        return group
    }

    private func findVariable(_ path: String) throws -> (HDF5Array, GroupReader) {
        let (group, name) = ResultPath.split(path)
        let reader = try GroupReader(find(group))
        guard let found = reader.variables.first(where: { $0.name == name }) else {
            throw ResultsError.missingVariable(
                variable: ResultPath.normalised(path), path: self.path, existing: reader.variables.map(\.name))
        }
        return (found.array, reader)
    }

    private static func checkPlainFile(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw ResultsError.missingFile(path: path) }
            throw ResultsError.system(call: "stat", path: path, reason: String(cString: strerror(errno)))
        }
        if status.st_mode & S_IFMT == S_IFDIR { throw ResultsError.isFolder(path: path) }
        // A pipe or device would make the library wait for ever.
        if status.st_mode & S_IFMT != S_IFREG { throw ResultsError.notHDF5(path: path) }
        if path.hasSuffix(ResultsFormat.partialSuffix) { throw ResultsError.partialFile(path: path) }
        guard access(path, R_OK) == 0 else {
            throw ResultsError.system(call: "open", path: path, reason: String(cString: strerror(errno)))
        }
    }

    /// Opens the file, with patience where it is locked: a child that the writing process was starting as it closed the file
    /// holds the lock until it runs its own program.
    private static func open(_ path: String) throws -> HDF5File {
        for _ in 0..<patience.attempts {
            do {
                return try HDF5File.open(path)
            } catch ResultsError.library(_, _, let stack) where isLocked(stack) {
                usleep(patience.microseconds)
            }
        }
        return try HDF5File.open(path)
    }

    private static let patience: (attempts: Int, microseconds: UInt32) = (50, 20_000)

    private static func isLocked(_ stack: [String]) -> Bool {
        stack.contains { $0.contains("unable to lock file") }
    }

    private static func openingFailure(_ path: String, _ stack: [String]) -> ResultsError {
        if isLocked(stack) {
            return .system(call: "open", path: path, reason: "another program has it open for writing")
        }
        let isShort = stack.contains { $0.contains("truncated file") || $0.contains("addr overflow") }
        return .damaged(path: path, detail: isShort ? "it ends before its content does" : stack.last ?? "unreadable")
    }
}
