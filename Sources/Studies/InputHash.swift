import Foundation
import ResultsStore
import Scenarios

extension Scenario {
    /// SHA-256 over everything that decides a study's numbers: text, overrides, seed, and the files that it names.
    func inputHash() throws -> String {
        var bytes = [UInt8](text.utf8)
        for override in overrides { bytes += [UInt8]("\n\(override)".utf8) }
        bytes += [UInt8]("\nseed=\(seed)\n".utf8)
        for file in [cohort.records, model.file].compactMap({ $0 }) {
            let path = self.path(of: file)
            guard let data = FileManager.default.contents(atPath: path) else {
                throw MissingFile(path: path, purpose: "a file of the scenario")
            }
            bytes += [UInt8](data)
        }
        var hash = SHA256()
        hash.update(bytes)
        return hash.hexadecimalDigest()
    }
}
