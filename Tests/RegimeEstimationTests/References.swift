import Evaluation
import Foundation
import Outcomes

@testable import RegimeEstimation

/// Tables and numbers of other software, beside this file; `make_references.R` and `make_svm.py` make them again.
enum References {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References")

    static func table(_ name: String) throws -> DataTable {
        let bytes = try Data(contentsOf: folder.appending(path: name))
        return try DataTable(csv: [UInt8](bytes), file: name)
    }

    static func json(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: folder.appending(path: name))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    /// All numbers of a key, whatever the nesting.
    static func numbers(_ any: Any?) -> [Double] {
        if let list = any as? [Any] { return list.flatMap { numbers($0) } }
        return (any as? NSNumber).map { [$0.doubleValue] } ?? []
    }

    static func stage(
        _ name: String = "stage", _ treatment: String, blip: String, model: String? = nil, free: String? = nil
    ) throws -> RegimeRequest.Stage {
        var stage = RegimeRequest.Stage(name: name, treatment: treatment, blip: try CovariateFormula(blip))
        stage.treatmentModel = try model.map { try CovariateFormula($0) }
        stage.treatmentFree = try free.map { try CovariateFormula($0) }
        return stage
    }

    static func twoStages() throws -> RegimeRequest {
        var request = RegimeRequest(stages: [
            try stage("first", "a1", blip: "~ x1", model: "~ x1 + z1", free: "~ x1 + z1"),
            try stage("second", "a2", blip: "~ x2 + a1", model: "~ x2 + a1", free: "~ x1 + z1 + x2 + a1"),
        ])
        request.outcome = try RowExpression("y")
        return request
    }

    static func oneStage(_ outcome: String, _ treatment: String, blip: String, free: String) throws -> RegimeRequest {
        var request = RegimeRequest(stages: [try stage("only", treatment, blip: blip, model: "~ x + w", free: free)])
        request.outcome = try RowExpression(outcome)
        return request
    }

    static func estimate(_ request: RegimeRequest, _ table: DataTable) throws -> RegimeEstimate {
        try RegimeEstimate(request, RegimeProblem(request, table: table))
    }

    /// A table of columns of numbers.
    static func table(_ columns: [(String, [Double])]) throws -> DataTable {
        var text = columns.map(\.0).joined(separator: ",") + "\n"
        for row in columns[0].1.indices { text += columns.map { "\($0.1[row])" }.joined(separator: ",") + "\n" }
        return try DataTable(csv: [UInt8](text.utf8), file: "made.csv")
    }
}
