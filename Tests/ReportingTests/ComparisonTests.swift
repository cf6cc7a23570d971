import Foundation
import ResultsStore
import Testing

@testable import Reporting

/// Backed by changes made by hand to a small study, so that each distance is known.
struct ComparisonTests {
    let study = SmallStudy()

    private func compare(
        _ changed: SmallStudy, within: Double? = nil
    ) throws -> Comparison {
        try Comparison(changed.root, baseline: study.root, within: within, names: ("new.h5", "old.h5"))
    }

    @Test("A study compared with itself has no drift", arguments: [nil, 0, 3] as [Double?])
    func itself(within: Double?) throws {
        let comparison = try compare(study, within: within)
        #expect(!comparison.hasDrift)
        #expect(comparison.text == "No drift: new.h5 against old.h5, 105 variables, the same bits")
    }

    @Test("A changed number is found, located and measured in standard errors")
    func changedNumber() throws {
        var changed = study
        // Half-width 2, so each error is 1.0204 and the combined one 1.4431; the second cell is 3 of 1.4431 away.
        changed.change("level", in: "strata") {
            $0[0] += 1
            $0[6] += 4.3292
        }
        let comparison = try compare(changed)
        #expect(comparison.hasDrift)
        #expect(
            comparison.text == """
                Drift: new.h5 against old.h5, 1 of 105 variables differ
                  variable       differ  of  largest  in SE  in one only
                  /strata/level       2  12     4.33   3.00            0  at new, score, all
                  in SE: the largest difference in combined Monte Carlo standard errors, where the number has one
                """)
    }

    @Test("A tolerance decides by standard errors", arguments: [(2.9, true), (3.1, false)])
    func tolerance(within: Double, drifts: Bool) throws {
        var changed = study
        changed.change("level", in: "strata") { $0[6] += 4.3292 }
        let comparison = try compare(changed, within: within)
        #expect(comparison.hasDrift == drifts)
        #expect(comparison.differences.map(\.verdict) == [drifts ? .drift : .within])
    }

    @Test("With a tolerance the text says what was judged, what follows and what was passed over")
    func toleranceText() throws {
        var changed = study
        changed.change("level", in: "strata") { $0[0] += 0.5 }
        changed.change("level_lower", in: "strata") { $0[0] += 0.5 }
        changed.change("log_rank_p", in: "survival") { $0[1] = 0.5 }
        changed.change("age", in: "cohort") { $0[9] = 1 }
        #expect(
            try compare(changed, within: 5).text == """
                No drift: new.h5 against old.h5, all numbers within 5 standard errors; 1 without an error are not judged
                  variable              differ  of  largest  in SE  in one only   verdict
                  /strata/level              1  12    0.500   0.35            0    within  at usual, score, all
                  /survival/log_rank_p       1   2   0.0800      -            -  unjudged  at death, new
                  in SE: the largest difference in combined Monte Carlo standard errors, where the number has one
                  not shown: 1 arrays over patients or replicates, 1 that follow from a number shown or within
                """)
    }

    @Test("A ratio is measured on the logarithm, which its error is of")
    func ratio() throws {
        var changed = study
        // Errors 0.5 each: ln 2 / √0.5 = 0.9803.
        changed.change("hazard_ratio", in: "survival") { $0[3] = 1.6 }
        changed.change("hazard_ratio_lower", in: "survival") { $0[3] = 0.8 }
        changed.change("hazard_ratio_upper", in: "survival") { $0[3] = 3.2 }
        let difference = try #require(try compare(changed).differences.first { $0.path == "/survival/hazard_ratio" })
        #expect(abs((difference.largestInErrors ?? 0) - 0.980_258) < 1e-6)
        #expect(difference.place == ["death", "new", "all"])
    }

    @Test("An error that only one file has stands for both")
    func oneError() throws {
        var (changed, baseline) = (study, study)
        changed.change("level", in: "strata") { $0[6] += 4.3292 }
        baseline["strata"].variables.removeAll { $0.name == "level_standard_error" }
        let comparison = try Comparison(changed.root, baseline: baseline.root, names: ("new.h5", "old.h5"))
        let level = try #require(comparison.differences.first { $0.path == "/strata/level" })
        #expect(abs((level.largestInErrors ?? 0) - 3) < 1e-4 && comparison.extra == ["/strata/level_standard_error"])
    }

    @Test("A number that vanished is drift under any tolerance")
    func vanished() throws {
        var changed = study
        changed.change("level", in: "strata") { $0[0] = .nan }
        let comparison = try compare(changed, within: 1e9)
        #expect(comparison.hasDrift && comparison.differences.first?.inOneOnly == 1)
    }

    @Test("Two different numbers without any error are infinitely many errors apart")
    func noError() throws {
        var changed = study
        changed.change("survival", in: "survival") { $0[0] = 0.5 }
        let comparison = try compare(changed, within: 5)
        #expect(comparison.hasDrift && comparison.differences.first?.largestInErrors == .infinity)
    }

    @Test("A group in one file only is drift under any tolerance")
    func missingGroups() throws {
        var changed = study
        changed.groups.removeAll { $0.name == "regimes" }
        changed.groups.append(ResultGroup("notes"))
        let comparison = try compare(changed, within: 5)
        #expect(comparison.hasDrift && comparison.missing == ["/regimes"] && comparison.extra == ["/notes"])
        #expect(
            comparison.text == """
                Drift: new.h5 against old.h5, 0 of 103 variables differ beyond 5 standard errors, 2 only in one
                  only in old.h5: /regimes
                  only in new.h5: /notes
                """)
    }

    @Test("Another label, unit or text is drift under any tolerance")
    func labels() throws {
        var changed = study
        changed["strata"].dimensions[0] = SmallStudy.arm(["usual", "newer"])
        changed["published"].variables[4].unit = "percent"
        let comparison = try compare(changed, within: 5)
        #expect(comparison.hasDrift)
        #expect(
            comparison.text == """
                Drift: new.h5 against old.h5, 2 of 105 variables differ beyond 5 standard errors
                  /published/published: unit 'percent' against '1'
                  variable     differ  of  largest  in SE  in one only  verdict
                  /strata/arm       1   2     text      -            -    drift  at newer
                  in SE: the largest difference in combined Monte Carlo standard errors, where the number has one
                """)
    }

    @Test("Another number of patients is drift exactly, and none with a tolerance")
    func morePatients() throws {
        var changed = study
        changed["cohort"].dimensions = [ResultDimension("patient", size: 3)]
        changed["cohort"].variables = [ResultVariable("age", ["patient"], [1, 2, 3], unit: "year", longName: "age")]
        #expect(try compare(changed).hasDrift)
        let comparison = try compare(changed, within: 5)
        #expect(!comparison.hasDrift && comparison.differences.allSatisfy { $0.verdict == .ignored })
    }

    @Test("The provenance is no drift")
    func provenance() throws {
        var changed = study
        changed.groups.append(
            ResultGroup("provenance", variables: [ResultVariable("host", "another", longName: "host")]))
        #expect(try !compare(changed).hasDrift)
    }

    @Test("The worst comes first: what cannot be compared, then by standard errors")
    func order() throws {
        var changed = study
        changed.change("level", in: "strata") { $0[0] += 1 }
        changed.change("effect", in: "strata") { $0[6] += 4 }
        changed.change("published", in: "published") { $0[0] = 5 }
        changed["strata"].variables[1].unit = "percent"
        #expect(
            try compare(changed).differences.map(\.path) == [
                "/strata/level_standard_error", "/strata/effect", "/strata/level", "/published/published",
            ])
    }

    @Test("A change of any single number is found where it was made", arguments: 0..<60)
    func anyCell(seed: Int) throws {
        var changed = study
        let places = study.groups.flatMap { group in group.variables.map { (group.name, $0) } }
        let numeric = places.filter { if case .double = $0.1.values { true } else { false } }
        let (group, variable) = numeric[seed * 7 % numeric.count]
        let cell = seed * 13 % variable.values.count
        changed.change(variable.name, in: group) { $0[cell] = $0[cell].isNaN ? 1 : $0[cell] + 0.125 }
        let differences = try compare(changed).differences
        #expect(differences.map(\.path) == ["/\(group)/\(variable.name)"], "seed \(seed)")
        #expect(
            differences.map(\.differing) == [1] && differences.first?.place.count == variable.dimensions.count,
            "seed \(seed)")
    }

    @Test("The JSON form says the same")
    func json() throws {
        var changed = study
        changed.change("survival", in: "survival") { $0[0] = 0.5 }
        let text = try compare(changed, within: 5).json()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["drift"] as? Bool == true && object["within"] as? Double == 5)
        let first = try #require((object["differences"] as? [[String: Any]])?.first)
        #expect(first["path"] as? String == "/survival/survival" && first["largest_in_errors"] as? String == "inf")
        #expect(first["verdict"] as? String == "drift" && first["place"] as? [String] == ["death", "usual", "0"])
    }

    @Test("Files are compared as their contents are")
    func files() throws {
        let folder = try TemporaryFolder()
        var changed = study
        changed.change("level", in: "strata") { $0[0] += 1 }
        let comparison = try Comparison(
            changed.write(to: folder, named: "new.h5"), baseline: study.write(to: folder, named: "old.h5"))
        #expect(comparison.differences.map(\.path) == ["/strata/level"] && comparison.file == folder.path("new.h5"))
    }
}
