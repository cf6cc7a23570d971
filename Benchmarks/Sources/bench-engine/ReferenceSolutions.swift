import Foundation
import Pharmacology

/// Courses of a few subjects from an independent solution.
struct ReferenceSolutions {
    /// The outputs' names in lower case.
    let columns: [String]
    /// The subjects' etas.
    let etas: [[Double]]
    /// The rows of each subject: time, then the columns.
    let courses: [[[Double]]]

    /// The files cannot be made sense of.
    struct Unreadable: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path): found no table of numbers with columns ID, time, …" }
    }

    init(_ name: String, folder: String) throws {
        let parameters = try Self.table("\(folder)/References/\(name)_parameters.csv")
        let solutions = try Self.table("\(folder)/References/\(name)_solutions.csv")
        let places = parameters.header.indices.filter { parameters.header[$0].wholeMatch(of: /e\d+/) != nil }
        etas = parameters.rows.map { row in places.map { row[$0] } }
        columns = Array(solutions.header.dropFirst(2))
        courses = parameters.rows.map { subject in
            solutions.rows.filter { $0[0] == subject[0] }.map { Array($0.dropFirst()) }
        }
    }

    private static func table(_ path: String) throws -> (header: [String], rows: [[Double]]) {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
        let cells = lines.map { $0.split(separator: ",") }
        let rows = cells.dropFirst().map { $0.compactMap { Double($0) } }
        guard let header = cells.first, !rows.isEmpty, rows.allSatisfy({ $0.count == header.count }) else {
            throw Unreadable(path: path)
        }
        return (header.map { $0.lowercased() }, rows)
    }
}

extension PreparedWorkload {
    /// The largest relative error of an output over the reference subjects.
    ///
    /// Values below 1e-6 of the output's largest are left out, as a relative error of next to nothing says nothing.
    func achievedError(of output: String) -> Double {
        guard let column = outputs.firstIndex(of: output) else { return .nan }
        let largest = reference.courses.joined().reduce(0) { max($0, abs($1[column + 1])) }
        var worst = 0.0
        population.run(subjects(reference.etas)) { block in
            for subject in 0..<block.count {
                for row in reference.courses[block.first + subject] where abs(row[column + 1]) > 1e-6 * largest {
                    let sample = Int((row[0] / workload.step).rounded())
                    let found = block.value(subject: subject, sample: sample, output: column)
                    let error = abs(found / row[column + 1] - 1)
                    // What is not a number is no small error.
                    if !(error <= worst) { worst = error }
                }
            }
        }
        return worst
    }
}
