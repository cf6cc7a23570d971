import Evaluation
extension RegimeEstimate {
    static func classified(_ request: RegimeRequest, _ problem: RegimeProblem) throws -> RegimeEstimate { throw EvaluationErrors("x", at: "x") }
    static func policyTree(_ request: RegimeRequest, _ problem: RegimeProblem) throws -> RegimeEstimate { throw EvaluationErrors("x", at: "x") }
    static func byTrees(_ request: RegimeRequest, _ problem: RegimeProblem, depth: Int, leaf: Int) throws -> RegimeEstimate { throw EvaluationErrors("x", at: "x") }
}
