import Foundation

/// A file under construction beside its target, which takes the target's place in one step or leaves nothing.
package struct UnfinishedFile: Sendable {
    /// Where the finished file shall stand, links resolved.
    package let target: String
    /// Where it is built: in the same folder, so that renaming is one step, under a name nobody else uses.
    package let partial: String

    /// Checks everything that can be known before the first byte is written.
    package init(target path: String) throws {
        if path.hasSuffix(ResultsFormat.partialSuffix) {
            throw ResultsError.cannotWrite(
                path: path, reason: "names ending in '.partial' are kept for unfinished files; choose another")
        }
        var status = stat()
        var target = path
        if stat(path, &status) == 0 {
            let kind = status.st_mode & S_IFMT
            if kind == S_IFDIR { throw ResultsError.isFolder(path: path) }
            if kind != S_IFREG {
                throw ResultsError.cannotWrite(path: path, reason: "it is a device, pipe or socket and no plain file")
            }
            // Renaming over a symbolic link would replace the link and leave the file it points to.
            target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        }
        let folder = Self.folder(of: target)
        guard stat(folder, &status) == 0 else {
            throw ResultsError.cannotWrite(path: path, reason: "there is no folder '\(folder)'; create it first")
        }
        guard status.st_mode & S_IFMT == S_IFDIR, !path.hasSuffix("/") else {
            throw ResultsError.cannotWrite(path: path, reason: "'\(folder)' is not a folder")
        }
        guard access(folder, W_OK) == 0 else {
            throw ResultsError.cannotWrite(path: path, reason: "folder '\(folder)': \(Self.reason())")
        }
        self.target = target
        // Random and not the process's number: numbers repeat, across hosts that share a folder and over time.
        let tag = String(UInt64.random(in: .min ... .max), radix: 36)
        self.partial = "\(target).\(tag)\(ResultsFormat.partialSuffix)"
    }

    /// Writes a file of any kind, whole or not at all.
    package static func write(_ data: Data, to path: String) throws {
        let file = try UnfinishedFile(target: path)
        do {
            try data.write(to: URL(fileURLWithPath: file.partial))
        } catch {
            file.discard()
            throw ResultsError.cannotWrite(path: path, reason: "\(error.localizedDescription)")
        }
        do {
            try file.commit()
        } catch {
            file.discard()
            throw error
        }
    }

    /// Brings the closed file to the disk and puts it in the target's place.
    package func commit() throws {
        try Self.synchronise(partial)
        guard rename(partial, target) == 0 else {
            throw ResultsError.system(call: "rename", path: target, reason: Self.reason())
        }
        try Self.synchronise(Self.folder(of: target))
    }

    /// Removes the file under construction, if there is one.
    package func discard() {
        unlink(partial)
    }

    private static func synchronise(_ path: String) throws {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw ResultsError.system(call: "open", path: path, reason: reason()) }
        defer { close(descriptor) }
        // Some network file systems cannot synchronise folders and say EINVAL; there is nothing more to do there.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw ResultsError.system(call: "fsync", path: path, reason: reason())
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func reason() -> String {
        String(cString: strerror(errno))
    }
}
