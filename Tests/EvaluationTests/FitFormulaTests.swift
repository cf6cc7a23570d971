import Foundation
import Testing

@testable import Evaluation

/// Backed by R (References/fit-R.json, simulated patients): names, order and values of the coefficients of formulas of every
/// kind, also those without an estimate.
@Suite("Formulas fitted to a table")
struct FitFormulaTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References")

    private func reference() throws -> [String: Any] {
        let data = try Data(contentsOf: Self.folder.appending(path: "fit-R.json"))
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func table() throws -> DataTable {
        try DataTable(csv: Array(Data(contentsOf: Self.folder.appending(path: "fit-table.csv"))), file: "fit-table.csv")
    }

    private func expect(_ kind: FitRequest.Kind, _ entry: [String: Any], scale: Double? = nil) throws {
        let formula = try #require(entry["formula"] as? String)
        var request = FitRequest(kind, try Formula(formula))
        request.scale = scale
        request.weights = entry["weights"] as? String
        let fit = try ModelFit(request, to: table())
        let rows = try #require(fit.coefficients)
        #expect(rows.map(\.name) == entry["name"] as? [String], "\(formula)")
        let estimates = try #require(entry["estimate"] as? [Any])
        let errors = try #require(entry["se"] as? [Any])
        #expect(rows.map { $0.estimate == nil } == estimates.map { $0 is NSNull }, "\(formula)")
        for (found, expected) in [(rows.map(\.estimate), estimates), (rows.map(\.se), errors)] {
            #expect(agree(found.compactMap { $0 }, expected.compactMap { $0 as? Double }, 1e-8), "\(formula)")
        }
        for (found, key) in [(fit.logLikelihood, "log_likelihood"), (fit.nullLogLikelihood, "null_log_likelihood")] {
            #expect(agree([try #require(found)], [try #require(entry[key] as? Double)], 1e-9), "\(formula)")
        }
        #expect(fit.n == entry["n"] as? Int && fit.events == entry["events"] as? Int, "\(formula)")
    }

    @Test("Cox models and accelerated failure times have R's coefficients by R's names")
    func coefficients() throws {
        let all = try reference()
        for entry in try #require(all["cox"] as? [[String: Any]]) { try expect(.cox, entry) }
        for entry in try #require(all["aft"] as? [[String: Any]]) { try expect(.aft, entry) }
        try expect(.cox, try #require(all["weighted"] as? [String: Any]))
        try expect(.cox, try #require(all["weighted_cluster"] as? [String: Any]))
        try expect(.aft, try #require(all["fixed_scale"] as? [String: Any]), scale: 0.5)
    }

    @Test("Groups may be comparisons and strata")
    func groups() throws {
        let all = try reference()
        let curves = try #require(all["km"] as? [String: Any])
        let km = try ModelFit(
            FitRequest(.kaplanMeier, Formula(try #require(curves["formula"] as? String))), to: table())
        let groups = try #require(km.by?["age > 60, grade"])
        let labels = ["FALSE", "TRUE"].flatMap { old in (1...3).map { "\(old), \($0)" } }
        #expect(groups.count == 6)
        let medians = try labels.map { try #require(groups[$0]?.median.estimate) }
        #expect(agree(medians, try #require(curves["median"] as? [Double]), 1e-12))
        let tested = try #require(all["logrank"] as? [String: Any])
        let logRank = try ModelFit(
            FitRequest(.logRank, Formula(try #require(tested["formula"] as? String))), to: table())
        #expect(logRank.groups?.map(\.group) == ["FALSE", "TRUE"])
        #expect(agree([try #require(logRank.test?.statistic)], [try #require(tested["chisq"] as? Double)], 1e-9))
    }

    @Test("A coefficient without an estimate is null in JSON, with its reason")
    func aliased() throws {
        let fit = try ModelFit(FitRequest(.cox, Formula("Surv(time, status) ~ age + I(2 * age + 1)")), to: table())
        let text = try fit.reportJSON()
        #expect(text.contains("\"estimate\" : null") && text.contains("\"code\" : \"aliased\""))
        #expect(fit.test?.df == 1)
        #expect(fit.text.contains("-  it is a linear combination of the covariates before it"))
    }

    @Test(
        "What a model would pass over is refused",
        arguments: [
            (
                FitRequest.Kind.aft, "Surv(time, status) ~ age + cluster(pair)",
                "found cluster() in aft, allowed: cluster() in cox"
            ),
            (
                .kaplanMeier, "Surv(time, status) ~ arm + cluster(pair)",
                "found cluster() in km, allowed: cluster() in cox"
            ),
            (
                .fineGray, "Surv(time, status) ~ age + strata(site)",
                "found strata() in finegray, allowed: covariates; factor(x) has an effect of each level"
            ),
            (
                .fineGray, "Surv(time, status == 2) ~ age",
                "found no Surv(time, cause) on the left of ~, whose cause is 0 for censored; --cause says which is meant"
            ),
        ])
    func unused(_ kind: FitRequest.Kind, _ formula: String, _ message: String) throws {
        #expect(throws: EvaluationErrors(message, at: "formula '\(formula)'")) {
            _ = try ModelFit(FitRequest(kind, Formula(formula)), to: table())
        }
    }

    @Test("Values that an expression cannot take are named with their rows")
    func domains() throws {
        let small = try DataTable("time,status,x,g\n1,1,0,a\n2,0,3,b\n3,1,1,a\n")
        let cases = [
            (
                "Surv(time, status) ~ log(x - 1)",
                "t.csv, row 1: error: log(x - 1): found -1.0, allowed: a number above 0\n"
                    + "t.csv, row 3: error: log(x - 1): found 0.0, allowed: a number above 0"
            ),
            ("Surv(time, status) ~ I(1/x)", "t.csv, row 1: error: 1/x: found inf, allowed: a finite number"),
            (
                "Surv(time, x) ~ g",
                "t.csv, row 2: error: x: found '3', allowed: 1 for an event and 0 for a censored time (or name the "
                    + "event's code: x == 3)"
            ),
            (
                "Surv(time, x - 1) ~ g",
                "t.csv, row 1: error: x - 1: found -1.0, allowed: 1 for an event and 0 for a censored time\n"
                    + "t.csv, row 2: error: x - 1: found 2.0, allowed: 1 for an event and 0 for a censored time"
            ),
            (
                "Surv(time, status) ~ I(g + 1)",
                (1...3).map { "t.csv, row \($0): error: g: found '\($0 == 2 ? "b" : "a")', allowed: a number" }
                    .joined(separator: "\n")
            ),
        ]
        for (formula, message) in cases {
            let error = #expect(throws: EvaluationErrors.self) {
                _ = try ModelFit(FitRequest(.cox, Formula(formula)), to: small)
            }
            #expect(error?.description == message)
        }
    }

    @Test("An infinity in a column of numbers is named, and does not make levels of it")
    func infinities() throws {
        let table = try DataTable("time,status,x,y\n1,1,Inf,1\n2,0,3,1e400\n3,1,1,nan\n")
        for (formula, message) in [
            ("Surv(time, status) ~ x", "t.csv, row 1: error: x: found 'Inf', allowed: a number"),
            (
                "Surv(time, status) ~ factor(y)",
                "t.csv, row 2: error: y: found '1e400', allowed: a number\n"
                    + "t.csv, row 3: error: y: found 'nan', allowed: a number"
            ),
        ] {
            let error = #expect(throws: EvaluationErrors.self) {
                _ = try ModelFit(FitRequest(.cox, Formula(formula)), to: table)
            }
            #expect(error?.description == message)
        }
    }

    @Test("Times that differ by rounding are tied, as R's timefix ties them")
    func roundedTimes() throws {
        let exact = try DataTable("time,status,x\n0.3,1,1\n0.3,1,4\n0.3,0,2\n0.5,1,2\n0.7,0,1\n0.9,1,3\n")
        let rounded = try DataTable(
            "time,status,x\n0.30000000000000004,1,1\n0.3,1,4\n0.299999999,0,2\n0.5,1,2\n0.7,0,1\n0.9,1,3\n")
        let formula = "Surv(time, status) ~ x"
        for kind in [FitRequest.Kind.cox, .kaplanMeier] {
            let fits = try [exact, rounded].map { try ModelFit(FitRequest(kind, Formula(formula)), to: $0) }
            #expect(fits[0].coefficients?.map(\.estimate) == fits[1].coefficients?.map(\.estimate))
            #expect(fits[0].logLikelihood == fits[1].logLikelihood)
            #expect(fits[0].kaplanMeier?.map(\.estimate) == fits[1].kaplanMeier?.map(\.estimate))
        }
        let merged = RoundedTimes([1, 1 + 1e-9, 1 + 2e-9, 1.5, 100], [0.5])
        #expect([1 + 2e-9, 1.5, 100, 0.5].map { merged($0) } == [1, 1.5, 100, 0.5])
        #expect(RoundedTimes([1, 2, 3], nil).isIdentity)
    }

    @Test("Levels of text stand in R's order, not in that of their codes")
    func levels() throws {
        let words = [
            "X-linked", "autosomal", "B", "Ab", "aB", "ab", "_x", "<50", ">=50", "10", "2", "é", "e", "f", "US:NIH",
            "US other", "U-S",
        ]
        // sort() of R 4.2.2 with ICU 72.
        #expect(
            words.sorted { LevelOrder($0) < LevelOrder($1) } == [
                "_x", "<50", ">=50", "10", "2", "ab", "aB", "Ab", "autosomal", "B", "e", "é", "f", "U-S", "US other",
                "US:NIH", "X-linked",
            ])
    }
}
