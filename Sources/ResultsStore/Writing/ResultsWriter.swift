import Foundation

/// Writes a results file that appears whole or not at all.
///
/// The file grows under a name of its own ending in `.partial` in the folder of the target. ``finish()`` closes it,
/// brings it to the disk and renames it over the target; a file that stood there before stays untouched until then.
/// A killed process leaves only the `.partial`, which ``ResultsFile`` refuses and no later writer minds.
///
/// ```swift
/// try ResultsWriter.write(to: "study.h5") { writer in
///     try writer.add(cohort)
///     let doses = try writer.stream(
///         ResultVariableOutline("dose", ["patient", "day"], .float, unit: "mg", longName: "Daily dose"),
///         under: "/trajectories", block: [1024, 90])
///     for block in blocks { try doses.write(.float(block.cells), at: [block.first, 0], count: [block.size, 90]) }
/// }
/// ```
///
/// Sendable: calls from any thread are taken one after the other. The bytes depend on the order of the calls, so keep
/// that order fixed; equal calls make equal files.
public final class ResultsWriter: @unchecked Sendable {
    /// Where the finished file will stand.
    public let path: String
    private let unfinished: UnfinishedFile
    private let lock = NSLock()
    // All below is guarded by the lock.
    private var file: HDF5File?
    private var groups: [(path: String, group: OpenGroup)] = []
    private var streams: [ResultsStream] = []

    /// Begins a file. Nothing stands at the path until ``finish()``.
    /// - Throws: ``ResultsError/isFolder(path:)`` or ``ResultsError/cannotWrite(path:reason:)`` before anything is written.
    public init(to path: String) throws {
        self.path = path
        self.unfinished = try UnfinishedFile(target: path)
        let file = try HDF5File.create(unfinished.partial)
        self.file = file
        do {
            let root = try file.root()
            try root.handle.writeAttribute("Conventions", .string([ResultsFormat.conventions]), isSingle: true)
            groups = [("/", OpenGroup(root))]
        } catch {
            unfinished.discard()
            throw error
        }
    }

    /// Checks that a file can be written at a path, as far as that can be known beforehand. Nothing is created.
    /// - Throws: ``ResultsError/cannotWrite(path:reason:)``
    public static func checkTarget(_ path: String) throws {
        do { _ = try UnfinishedFile(target: path) } catch ResultsError.isFolder {
            let file = path.hasSuffix("/") ? "\(path)study.h5" : "\(path)/study.h5"
            throw ResultsError.cannotWrite(path: path, reason: "it is a folder; name a file, such as '\(file)'")
        }
    }

    deinit {
        if file != nil { unfinished.discard() }
    }

    /// Writes a whole tree, whose first group is the root.
    ///
    /// - Throws: ``ResultsError/invalidContent(problems:)`` with every problem, before anything is written; what
    ///   ``init(to:)`` throws.
    public static func write(_ root: ResultGroup, to path: String) throws {
        let problems = root.problems()
        guard problems.isEmpty else { throw ResultsError.invalidContent(problems: problems) }
        try write(to: path) { try $0.addToRoot(root) }
    }

    /// Writes a file by a sequence of calls. If the body throws, nothing is left but what stood there before.
    ///
    /// - Throws: what ``init(to:)``, the body and ``finish()`` throw.
    public static func write<Result>(to path: String, _ body: (ResultsWriter) throws -> Result) throws -> Result {
        let writer = try ResultsWriter(to: path)
        do {
            let result = try body(writer)
            try writer.finish()
            return result
        } catch {
            writer.discard()
            throw error
        }
    }

    /// Adds what a root group holds: its attributes, dimensions, variables and groups. May be called several times.
    ///
    /// - Throws: ``ResultsError/invalidContent(problems:)`` with every problem, a name that is taken among them;
    ///   nothing is written then. ``ResultsError/writerClosed(path:)``.
    public func addToRoot(_ root: ResultGroup) throws {
        try locked {
            let open = try openGroup("/")
            var problems = root.problems()
            let taken = root.dimensions.map(\.name) + root.variables.map(\.name) + root.groups.map(\.name)
            problems += Self.taken(taken, in: open)
            if !open.dimensions.isEmpty && !root.dimensions.isEmpty {
                problems.append("/: the root has its dimensions already")
            }
            guard problems.isEmpty else { throw ResultsError.invalidContent(problems: problems) }
            try open.write(root)
            for group in root.groups { try write(group, in: open) }
        }
    }

    /// Adds a group with all below it.
    /// - Parameter parent: the path of the group to hold it, which is there already.
    /// - Throws: as ``addToRoot(_:)``, and ``ResultsError/missingGroup(group:path:existing:)`` for the parent.
    public func add(_ group: ResultGroup, under parent: String = "/") throws {
        try locked {
            let open = try openGroup(parent)
            var problems = group.problems(at: open.file.path(of: group.name)) + Self.taken([group.name], in: open)
            if let problem = TextRules.nameProblem(group.name) { problems.append("\(open.file.path): \(problem)") }
            guard problems.isEmpty else { throw ResultsError.invalidContent(problems: problems) }
            try write(group, in: open)
        }
    }

    /// Adds a variable to a group that is there already, over the group's dimensions.
    ///
    /// - Throws: as ``addToRoot(_:)``, and ``ResultsError/missingGroup(group:path:existing:)`` for the group.
    public func add(_ variable: ResultVariable, to group: String) throws {
        try locked {
            let open = try openGroup(group)
            let whole = ResultGroup(dimensions: open.dimensions, variables: [variable])
            let problems = whole.problems(at: open.file.path) + Self.taken([variable.name], in: open)
            guard problems.isEmpty else { throw ResultsError.invalidContent(problems: problems) }
            try open.write(variable)
        }
    }

    /// Creates a variable that is then written block by block, so that memory holds one block at a time.
    /// - Parameters:
    ///   - variable: its declaration, over dimensions of the group.
    ///   - group: the path of a group that is there already.
    ///   - block: the extents of the blocks to come, which become the chunks of a compressed or extendible variable;
    ///     nil for a choice of half a mebibyte.
    /// - Throws: as ``addToRoot(_:)``, and ``ResultsError/missingGroup(group:path:existing:)`` for the group.
    public func stream(
        _ variable: ResultVariableOutline, under group: String, block: [Int]? = nil
    ) throws -> ResultsStream {
        try locked {
            let open = try openGroup(group)
            var problems = GroupRules(path: open.file.path).problems(of: variable, over: open.dimensions)
            problems += Self.taken([variable.name], in: open)
            if let problem = TextRules.nameProblem(variable.name) { problems.append("\(open.file.path): \(problem)") }
            if let block, block.count != variable.dimensions.count || block.contains(where: { $0 < 1 }) {
                problems.append(
                    "\(open.file.path(of: variable.name)): the block \(block) needs one positive extent "
                        + "for each of \(variable.dimensions.count) dimensions")
            }
            guard problems.isEmpty else { throw ResultsError.invalidContent(problems: problems) }
            let shape = open.shape(of: variable)
            let isExtendible = open.dimensions.first { $0.name == variable.dimensions.first }?.isExtendible ?? false
            let stream = ResultsStream(
                array: try open.create(variable, block: block), elementType: variable.elementType, shape: shape,
                isExtendible: isExtendible, writer: self)
            streams.append(stream)
            return stream
        }
    }

    /// Completes the file and puts it in its place. Afterwards the writer is closed.
    /// - Throws: ``ResultsError/invalidBlock(variable:problem:)`` if a streamed variable lacks cells; the file is then
    ///   given up and what stood at the path stays.
    public func finish() throws {
        try locked {
            guard let file else { throw ResultsError.writerClosed(path: path) }
            do {
                for stream in streams { try stream.checkComplete() }
                for (_, group) in groups { try group.settleExtendibleDimensions() }
                let version = ResultValues.int32([Int32(ResultsFormat.layoutVersion)])
                try openGroup("/").file.handle.writeAttribute(
                    ResultsFormat.layoutVersionName, version, isSingle: true)
                try file.flush()
                release()
                try file.close()
                try unfinished.commit()
            } catch {
                release()
                unfinished.discard()
                throw error
            }
        }
    }

    /// Gives the file up; what stood at the path stays. Does nothing to a writer that is closed.
    public func discard() {
        lock.lock()
        defer { lock.unlock() }
        guard let file else { return }
        release()
        // What cannot be closed, on a full disk for example, is removed all the same.
        try? file.close()
        unfinished.discard()
    }

    /// Runs a stream's call in turn with all others; refused once the file is closed.
    func locked<Result>(_ body: () throws -> Result) throws -> Result {
        lock.lock()
        defer { lock.unlock() }
        guard file != nil else { throw ResultsError.writerClosed(path: path) }
        return try body()
    }

    private func release() {
        file = nil
        groups = []
        streams = []
    }

    private func write(_ group: ResultGroup, in parent: OpenGroup) throws {
        let open = try parent.createGroup(group.name)
        groups.append((open.file.path, open))
        try open.write(group)
        for child in group.groups { try write(child, in: open) }
    }

    private func openGroup(_ path: String) throws -> OpenGroup {
        let wanted = ResultPath.normalised(path)
        guard let found = groups.first(where: { $0.path == wanted }) else {
            throw ResultsError.missingGroup(group: wanted, path: self.path, existing: groups.map(\.path))
        }
        return found.group
    }

    private static func taken(_ names: [String], in group: OpenGroup) -> [String] {
        names.filter { group.names.contains($0) }.map { "\(group.file.path): the name '\($0)' is taken already" }
    }
}
