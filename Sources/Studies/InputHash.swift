import ResultsStore
import Scenarios

extension Scenario {
    /// SHA-256 over everything that decides a study's numbers: text, overrides, seed, and the files that it names.
    func inputHash() throws -> String {
        var bytes = [UInt8](text.utf8)
        for override in overrides { bytes += [UInt8]("\n\(override)".utf8) }
        bytes += [UInt8]("\nseed=\(seed)\n".utf8)
        let named = [cohort.records, model.file].compactMap { $0.map { self.path(of: $0) } }
        for path in named + ruleFiles {
            bytes += try InputFile.bytes(of: path, purpose: "a file of the scenario")
        }
        var hash = SHA256()
        hash.update(bytes)
        return hash.hexadecimalDigest()
    }
}
