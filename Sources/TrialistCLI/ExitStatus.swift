import ArgumentParser
import Cohorts
import Environments
import EnvironmentServer
import EpisodeFiles
import Evaluation
import Foundation
import Learning
import ModelLanguage
import NumericsCore
import OffPolicy
import Regimes
import ResultsStore
import Scenarios
import Simulations
import Studies
import Trials

/// The exit codes of the command line.
enum ExitStatus: Int32 {
    case done = 0
    /// `compare` found drift.
    case drift = 1
    case usage = 64
    case badInput = 65
    case missingFile = 66
    case bug = 70
    case inputOutput = 74
    case interrupted = 130

    /// The code for an error of the libraries below.
    init(of error: any Error) {
        switch error {
        // A scenario that lacks nothing but files is a matter of files.
        case let errors as ScenarioErrors:
            self = errors.problems.allSatisfy(\.isMissingFile) ? .missingFile : .badInput
        case is ShardMerge.Failure, is SourceErrors, is CohortImportErrors, is CohortError, is InputErrors,
            is EvaluationErrors, is EnvironmentError, is InvalidProblem, is PolicyError, is OffPolicyError,
            is EpisodeFileErrors, is LearningProblem, is CardProblem, is NoLearnedArm:
            self = .badInput
        case let error as TablesError: self = error.isMissing ? .missingFile : .badInput
        case is MissingFile: self = .missingFile
        case is UnreadableFile: self = .inputOutput
        case is Interrupted: self = .interrupted
        case let error as ResultsError: self = ExitStatus(of: error)
        case let error as PolicyFileError: self = ExitStatus(of: error)
        case let error as ServerError: self = ExitStatus(of: error)
        default: self = .bug
        }
    }

    private init(of error: PolicyFileError) {
        switch error {
        case .missing: self = .missingFile
        case .cannotWrite: self = .inputOutput
        default: self = .badInput
        }
    }

    private init(of error: ServerError) {
        switch error {
        case .disconnected: self = .inputOutput
        case .malformed, .refused: self = .badInput
        }
    }

    private init(of error: ResultsError) {
        switch error {
        case .missingFile: self = .missingFile
        case .cannotWrite, .system: self = .inputOutput
        case .library, .writerClosed, .invalidBlock, .invalidContent: self = .bug
        default: self = .badInput
        }
    }
}

/// Says what went wrong on standard error, without a stack trace, and ends the process with its code.
func leave(with error: any Error) -> Never {
    if let code = error as? ExitCode { exit(code.rawValue) }
    printError("\(error)")
    exit(ExitStatus(of: error).rawValue)
}

/// Brings what was printed to standard output, or says that it cannot be.
func finishOutput() {
    guard fflush(nil) != 0 else { return }
    printError("cannot write to standard output: \(String(cString: strerror(errno)))")
    exit(ExitStatus.inputOutput.rawValue)
}

/// Writes a line to standard error.
func printError(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
