import Foundation
import Outcomes
import Testing

@testable import Evaluation

/// Backed by R (References/fit-options-R.json, simulated patients).
@Suite("Options of fits, names of groups, and models without covariates")
struct FitOptionsTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "References")

    private func reference(_ key: String) throws -> [[String: Any]] {
        let data = try Data(contentsOf: Self.folder.appending(path: "fit-options-R.json"))
        let all = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        return try all[key] as? [[String: Any]] ?? [#require(all[key] as? [String: Any])]
    }

    private func fit(
        _ kind: FitRequest.Kind, _ entry: [String: Any], _ change: (inout FitRequest) -> Void = { _ in }
    ) throws -> ModelFit {
        var request = FitRequest(kind, try Formula(#require(entry["formula"] as? String)))
        change(&request)
        let bytes = Array(try Data(contentsOf: Self.folder.appending(path: "fit-table.csv")))
        return try ModelFit(request, to: DataTable(csv: bytes, file: "fit-table.csv"))
    }

    private func curves(_ entry: [String: Any]) throws -> ModelFit {
        let level = try ConfidenceLevel(#require(entry["level"] as? Double))
        return try fit(.kaplanMeier, entry) {
            $0.level = level
            $0.intervals = ["log": .log, "log-log": .logLog, "plain": .plain][entry["interval"] as? String] ?? .log
            $0.quantiles = entry["probabilities"] as? [Double]
            $0.horizon = entry["tau"] as? Double
        }
    }

    @Test("Quantiles, restricted means and bands of any level are those of survfit")
    func kaplanMeier() throws {
        for entry in try reference("km") {
            let fit = try curves(entry)
            let groups = fit.by?.values.first
            let names = entry["name"] as? [String]
            let parts = try names?.map { name in
                // One column stands before its groups once.
                try #require(groups?[name] ?? groups?[name.split(separator: "=").last.map(String.init) ?? ""])
            }
            let quantiles = parts?.flatMap { $0.quantiles ?? [] } ?? fit.quantiles ?? []
            let means = parts?.map(\.restrictedMean) ?? [fit.restrictedMean]
            for (found, key) in [
                (quantiles.map(\.value.estimate), "quantile"), (quantiles.map(\.value.lower), "lower"),
                (quantiles.map(\.value.upper), "upper"), (means.map(\.?.value.estimate), "mean"),
                (means.map(\.?.value.se), "se"),
            ] {
                let expected = try #require(entry[key] as? [Any]).map { $0 as? Double }
                #expect(found.map { $0 == nil } == expected.map { $0 == nil }, "\(key)")
                #expect(agree(found.compactMap { $0 }, expected.compactMap { $0 }, 1e-12), "\(key)")
            }
            let rows = parts?.flatMap(\.kaplanMeier) ?? fit.kaplanMeier ?? []
            let survival = try #require(entry["survival"] as? [Double])
            #expect(agree(rows.map(\.estimate), survival, 1e-12))
            let band = try #require(entry["band"] as? [Any])
            let both = zip(rows, band).compactMap { row, lower in
                row.lower.flatMap { a in (lower as? Double).map { (a, $0) } }
            }
            #expect(both.count > rows.count - 10 && agree(both.map(\.0), both.map(\.1), 1e-9))
        }
    }

    @Test("A Cox model without covariates has its log likelihood, by ties and strata")
    func null() throws {
        for entry in try reference("cox") {
            let ties = try #require(CoxModel.Ties(rawValue: entry["ties"] as? String ?? ""))
            let fit = try fit(.cox, entry) { $0.ties = ties }
            #expect(fit.coefficients?.isEmpty == true && fit.test == nil)
            #expect(fit.n == entry["n"] as? Int && fit.events == entry["events"] as? Int)
            #expect(agree([try #require(fit.logLikelihood)], [try #require(entry["log_likelihood"] as? Double)], 1e-12))
            #expect(!fit.text.contains("estimate") && !fit.text.contains("without covariates"))
        }
    }

    @Test("Scales and groups of several columns have R's names")
    func names() throws {
        for entry in try reference("aft") {
            let rows = try #require(fit(.aft, entry).coefficients)
            let names = try #require(entry["name"] as? [String])
            #expect(rows.map(\.name) == names)
            #expect(agree(rows.compactMap(\.estimate), try #require(entry["estimate"] as? [Double]), 1e-6))
            #expect(agree(rows.compactMap(\.se), try #require(entry["se"] as? [Double]), 1e-6))
        }
        let entry = try #require(reference("logrank").first)
        let tested = try fit(.logRank, entry)
        #expect(tested.groups?.map(\.group) == entry["name"] as? [String])
        #expect(agree(try #require(tested.groups).map(\.expected), try #require(entry["expected"] as? [Double]), 1e-9))
        #expect(agree([try #require(tested.test?.statistic)], [try #require(entry["chisq"] as? Double)], 1e-9))
    }

    @Test("JSON in pieces is the text of the encoder, and rows of text are those of printf")
    func writing() throws {
        for entry in try reference("km") {
            let fit = try curves(entry)
            var text = ""
            try fit.writeJSON { text += $0 }
            #expect(try text == fit.reportJSON())
            #expect(text.contains("\"quantiles\"") && text.contains("\"restricted_mean\""))
            let row = try #require(
                (fit.by?.values.first?.values.first?.kaplanMeier ?? fit.kaplanMeier)?.first { $0.events > 0 })
            #expect(fit.text.contains(String(format: "%10.4f", row.estimate)))
        }
        let crossed = try fit(.kaplanMeier, ["formula": "Surv(time, status) ~ arm + female"])
        #expect(crossed.text.contains("\narm=Drug A, female=FALSE: 29 rows, 25 events, median 88\n"))
        let cox = try fit(.cox, ["formula": "Surv(time, status) ~ age"])
        var text = ""
        try cox.writeJSON { text += $0 }
        #expect(try text == cox.reportJSON())
    }

    @Test("A likelihood that rises for ever is refused by the covariate's name, with what to do")
    func monotone() throws {
        let table = try DataTable("time,status,x\n1,1,1\n2,1,1\n3,1,1\n4,0,0\n5,0,0\n6,0,0\n")
        let error = #expect(throws: EvaluationErrors.self) {
            _ = try ModelFit(FitRequest(.cox, Formula("Surv(time, status) ~ x")), to: table)
        }
        let words = error?.description ?? ""
        #expect(words.contains("the coefficient of \"x\" has no finite estimate"))
        #expect(words.hasSuffix("leave it out; a penalty also makes it finite: `PenalizedCox` of the library"))
    }
}
