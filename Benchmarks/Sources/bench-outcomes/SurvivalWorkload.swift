import Foundation
import NumericsCore
import Outcomes

/// Patients of a proportional hazards model with ten covariates: half of the hazard's spread is in the score, two fifths of
/// the patients are censored.
struct SurvivalWorkload {
    let times: [Double]
    let events: [Bool]
    let covariates: [CovariateColumn]
    /// A score that knows the truth with an error.
    let score: [Double]
    /// Twenty times between the 5 % and the 80 % quantile of follow-up.
    let evaluationTimes: [Double]
    /// The risks by each evaluation time under the hazard that the score stands for, as a model would hand them over.
    let risks: [Double]

    init(_ count: Int) {
        var columns = [[Double]](repeating: [], count: 10)
        var (times, events, score) = ([Double](), [Bool](), [Double]())
        for patient in 0..<count {
            var stream = RandomStream(seed: 20, purpose: .analysis, replicate: 0, patient: UInt32(patient))
            var linear = 0.0
            for column in columns.indices {
                let value = stream.nextNormal()
                columns[column].append(value)
                linear += value * (column % 2 == 0 ? 0.3 : -0.2)
            }
            let event = -Elementary.log(stream.nextUniform(in: 0...1)) / Elementary.exp(linear)
            let censoring = -1.5 * Elementary.log(stream.nextUniform(in: 0...1))
            times.append(min(event, censoring, 5))
            events.append(event <= min(censoring, 5))
            score.append(linear + 0.5 * stream.nextNormal())
        }
        self.times = times
        self.events = events
        self.score = score
        covariates = columns.enumerated().map { CovariateColumn("x\($0 + 1)", $1) }
        let sorted = times.sorted()
        evaluationTimes = (0..<20).map { step in
            sorted[Int((0.05 + 0.75 * Double(step) / 19) * Double(count - 1))]
        }
        let grid = evaluationTimes
        risks = score.flatMap { score in
            let hazard = Elementary.exp(score)
            return grid.map { -Elementary.expm1(-$0 * hazard) }
        }
    }

    /// The table for other programs.
    func writeTable(to path: String) throws {
        var text = "time,status,score," + covariates.map(\.name).joined(separator: ",") + "\n"
        for row in times.indices {
            text += "\(times[row]),\(events[row] ? 1 : 0),\(score[row])"
            for column in covariates { text += ",\(column.values[row])" }
            text += "\n"
        }
        try Data(text.utf8).write(to: URL(filePath: path))
    }
}
