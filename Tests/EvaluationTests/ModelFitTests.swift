import Outcomes
import Testing

@testable import Evaluation

/// Backed by R (References/evaluation-R.json): 1e-8 where a likelihood is maximised to the last digits, 1e-6 where R
/// stops earlier.
@Suite("Models fitted to a table")
struct ModelFitTests {
    private func fit(
        _ kind: FitRequest.Kind, _ formula: String, _ table: String, _ change: (inout FitRequest) -> Void = { _ in }
    ) throws -> ModelFit {
        var request = FitRequest(kind, try Formula(formula))
        change(&request)
        return try ModelFit(request, to: RReference.table(table))
    }

    private func expect(_ fit: ModelFit, _ name: String, _ tolerance: Double) throws {
        let entry = try RReference.entry(name)
        let rows = try #require(fit.coefficients)
        if let names = entry["name"] as? [String] { #expect(rows.map(\.name) == names) }
        #expect(agree(rows.compactMap(\.estimate), try #require(entry["estimate"] as? [Double]), tolerance))
        #expect(agree(rows.compactMap(\.se), try #require(entry["se"] as? [Double]), tolerance))
        if let value = entry["log_likelihood"] as? Double {
            #expect(agree([try #require(fit.logLikelihood)], [value], tolerance))
        }
    }

    @Test("Cox models: ties, strata, levels, products, clusters")
    func cox() throws {
        let formula = "Surv(time, status) ~ age + karno + strata(trt)"
        try expect(fit(.cox, formula, "veteran"), "cox_efron", 1e-8)
        try expect(fit(.cox, formula, "veteran") { $0.ties = .breslow }, "cox_breslow", 1e-8)
        try expect(fit(.cox, "Surv(time, status) ~ log(age) + factor(grade) * hormon", "gbsg2"), "cox_factor", 1e-7)
        try expect(
            fit(.cox, "Surv(time, status) ~ age + karno", "veteran") { $0.ties = .exact }, "cox_exact", 1e-7)
        try expect(fit(.cox, "Surv(time, status) ~ age + karno + cluster(diagtime)", "veteran"), "cox_cluster", 1e-7)
    }

    @Test("Accelerated failure times, whose last row is the logarithm of the scale")
    func aft() throws {
        let formula = "Surv(time, status) ~ age + karno"
        var request = FitRequest(.aft, try Formula(formula))
        for (family, name) in [(AFTModel.Family.weibull, "weibull"), (AFTModel.Family.logNormal, "lognormal")] {
            request.family = family
            let fit = try ModelFit(request, to: RReference.table("veteran"))
            let entry = try RReference.entry(name)
            let rows = try #require(fit.coefficients)
            #expect(agree(rows.compactMap(\.estimate), try #require(entry["estimate"] as? [Double]), 1e-6))
            #expect(agree(rows.compactMap(\.se), try #require(entry["se"] as? [Double]), 1e-6))
            #expect(agree(try #require(fit.scale), [try #require(entry["scale"] as? Double)], 1e-6))
            #expect(agree([try #require(fit.logLikelihood)], [try #require(entry["log_likelihood"] as? Double)], 1e-9))
        }
    }

    @Test("A Fine-Gray model of the second cause")
    func fineGray() throws {
        try expect(fit(.fineGray, "Surv(time, event) ~ age + logbili", "pbc") { $0.cause = 2 }, "finegray", 1e-6)
    }

    @Test("A stratified log-rank test, and curves with their medians")
    func curves() throws {
        let logRank = try fit(.logRank, "Surv(time, status) ~ trt + strata(prior)", "veteran")
        let expected = try RReference.entry("logrank")
        #expect(agree([try #require(logRank.test?.statistic)], [try #require(expected["chisq"] as? Double)], 1e-9))
        #expect(agree([try #require(logRank.test?.p)], [try #require(expected["p"] as? Double)], 1e-8))
        let km = try fit(.kaplanMeier, "Surv(time, status) ~ trt", "veteran")
        let groups = try #require(km.by?["trt"])
        let curves = try ["0", "1"].map { try #require(groups[$0]) }
        let entry = try RReference.entry("km")
        #expect(km.n == 137 && km.kaplanMeier?.isEmpty == false && groups.count == 2)
        #expect(agree(curves.compactMap(\.median.estimate), try #require(entry["median"] as? [Double]), 1e-12))
        #expect(agree(curves.compactMap(\.median.lower), try #require(entry["lower"] as? [Double]), 1e-12))
        #expect(agree(curves.compactMap(\.median.upper), try #require(entry["upper"] as? [Double]), 1e-12))
    }

    @Test("Rows with something missing are left out and counted; text has levels")
    func missing() throws {
        let table = try DataTable("time,status,sex\n1,1,F\n2,0,M\n3,1,M\nNA,1,F\n4,1,F\n5,1,\n6,0,M\n7,1,F\n")
        let fit = try ModelFit(FitRequest(.cox, Formula("Surv(time, status) ~ sex")), to: table)
        #expect(fit.n == 6 && fit.missing == 2 && fit.events == 4)
        #expect(fit.coefficients?.map(\.name) == ["sexM"])
    }

    @Test(
        "What cannot be fitted is refused with its place",
        arguments: [
            ("Surv(time, status) ~ agee", "t.csv: error: found no column 'agee'; columns: time, status, sex"),
            ("time ~ sex", "formula: error: found no Surv() on the left of ~; write Surv(time, status) ~ …"),
            (
                "Surv(time, sex) ~ status",
                "t.csv, row 2: error: sex: found 'M', allowed: 1 for an event and 0 for a censored time (or name the event's code: sex == M)"
            ),
            (
                "Surv(sex, status) ~ 1",
                "t.csv, row 1: error: sex: found 'F', allowed: a number\nt.csv, row 2: error: sex: found 'M', allowed: a number"
            ),
            (
                "Surv(time, status) ~ 1",
                "formula 'Surv(time, status) ~ 1': error: found no covariate after ~, allowed: at least one"
            ),
        ])
    func refusals(_ formula: String, _ message: String) throws {
        let table = try DataTable("time,status,sex\n1,1,F\n2,0,M\n")
        let error = #expect(throws: EvaluationErrors.self) {
            _ = try ModelFit(FitRequest(.cox, Formula(formula)), to: table)
        }
        #expect(error?.description == message)
    }

    @Test("The JSON names its keys as documented")
    func json() throws {
        let text = try fit(.cox, "Surv(time, status) ~ age", "veteran").reportJSON()
        for key in ["coefficients", "estimate", "events", "log_likelihood", "null_log_likelihood", "missing", "ties"] {
            #expect(text.contains("\"\(key)\""))
        }
    }
}
