import Foundation
import Regimes
import ResultsStore

/// Files of logged episodes: HDF5 by the extensions `h5` and `hdf5`, comma-separated text otherwise.
package enum EpisodeFile {
    private static func isHDF5(_ path: String) -> Bool { path.hasSuffix(".h5") || path.hasSuffix(".hdf5") }

    /// - Parameters:
    ///   - actions: what may have been chosen; nil to take it from the file.
    ///   - discount: γ; nil to take it from the file, and 1 where it says nothing.
    /// - Throws: ``EpisodeFileErrors``, and ``ResultsError`` for a file that cannot be read.
    package static func read(_ path: String, actions: ActionSpace?, discount: Double?) throws -> LoggedEpisodes {
        if isHDF5(path) { return try EpisodeHDF5.read(path, actions: actions, discount: discount) }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ResultsError.missingFile(path: path)
        }
        guard !isFolder.boolValue, let data = FileManager.default.contents(atPath: path) else {
            throw ResultsError.isFolder(path: path)
        }
        return try EpisodeCSV.read([UInt8](data), file: path, actions: actions, discount: discount ?? 1)
    }

    /// Writes the file whole, or not at all.
    package static func write(_ log: LoggedEpisodes, to path: String) throws {
        if isHDF5(path) {
            try EpisodeHDF5.write(log, to: path)
        } else {
            try UnfinishedFile.write(Data(EpisodeCSV.text(of: log).utf8), to: path)
        }
    }
}
