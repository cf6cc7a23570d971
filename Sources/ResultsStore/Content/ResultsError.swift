import Foundation

/// Why a results file could not be written or read.
public enum ResultsError: Error, Equatable, Sendable {
    /// There is no file at the path.
    case missingFile(path: String)
    /// A folder stands where a file is meant.
    case isFolder(path: String)
    /// The file is what an unfinished or killed run left.
    case partialFile(path: String)
    /// The file does not begin as HDF5 files do.
    case notHDF5(path: String)
    /// The file begins as HDF5 but ends too early or is damaged.
    case damaged(path: String, detail: String)
    /// The file is HDF5 but was not finished by Trialist.
    case notResults(path: String)
    /// The file was written by a newer version.
    case newerLayout(path: String, found: Int, supported: Int)
    /// There is no such group; what there is instead.
    case missingGroup(group: String, path: String, existing: [String])
    /// There is no such variable; what there is instead.
    case missingVariable(variable: String, path: String, existing: [String])
    /// The file holds something that the store never writes.
    case unsupportedContent(object: String, found: String)
    /// No file can be written at the path, which was found before anything was tried.
    case cannotWrite(path: String, reason: String)
    /// The content cannot be written as netCDF-4; every problem found.
    case invalidContent(problems: [String])
    /// A block of a streamed variable does not fit.
    case invalidBlock(variable: String, problem: String)
    /// The writer was finished or given up already.
    case writerClosed(path: String)
    /// The operating system refused.
    case system(call: String, path: String, reason: String)
    /// A call of the HDF5 library failed: on what, and the library's own words from the call down to the cause.
    case library(call: String, object: String, stack: [String])
}

extension ResultsError: CustomStringConvertible {
    /// What happened to which file or object, and what to do about it where something can be done.
    public var description: String {
        switch self {
        case .missingFile(let path): "no file at '\(path)'"
        case .isFolder(let path): "'\(path)' is a folder, not a results file; name a file, such as '\(path)/study.h5'"
        case .partialFile(let path):
            "'\(path)' is what an unfinished run left and is no result; run the study again, then delete this file"
        case .notHDF5(let path): "'\(path)' is not an HDF5 file"
        case .damaged(let path, let detail):
            "'\(path)' is cut short or damaged (\(detail)); copy it again or run the study again"
        case .notResults(let path):
            "'\(path)' is HDF5 but not a whole results file of Trialist: its root has no attribute 'layout_version'"
        case .newerLayout(let path, let found, let supported):
            "'\(path)' has layout version \(found), and this Trialist reads versions 1 to \(supported); "
                + "use the version that wrote it (see /provenance) or a newer one"
        case .missingGroup(let group, let path, let existing):
            "'\(path)' has no group '\(group)'; it has \(Self.list(existing, of: "groups"))"
        case .missingVariable(let variable, let path, let existing):
            "'\(path)' has no variable '\(variable)'; its group has \(Self.list(existing, of: "variables"))"
        case .unsupportedContent(let object, let found): "\(object) is \(found), which Trialist does not read"
        case .cannotWrite(let path, let reason): "cannot write '\(path)': \(reason)"
        case .invalidContent(let problems):
            "the results cannot be written:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
        case .invalidBlock(let variable, let problem): "variable '\(variable)': \(problem)"
        case .writerClosed(let path): "the writer of '\(path)' is closed; nothing more can be added"
        case .system(let call, let path, let reason): "\(call) failed on '\(path)': \(reason)"
        case .library(let call, let object, let stack):
            "\(call) failed on \(object): \(Self.reason(in: stack))"
        }
    }

    /// The operating system's words, if a call to it was the cause, before all that the library says.
    private static func reason(in stack: [String]) -> String {
        let whole = stack.isEmpty ? "HDF5 gave no reason" : stack.joined(separator: "; ")
        let parts = (stack.last ?? "").components(separatedBy: "error message = '")
        guard parts.count == 2, let words = parts[1].split(separator: "'").first else { return whole }
        return "\(words) (\(whole))"
    }

    private static func list(_ names: [String], of kind: String) -> String {
        names.isEmpty ? "no \(kind)" : "the \(kind) " + names.joined(separator: ", ")
    }
}
