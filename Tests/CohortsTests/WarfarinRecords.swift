import Foundation
import NumericsCore

@testable import Cohorts

/// The consortium's file as the scenario declares it, read from the scenario's own folder.
enum WarfarinRecords {
    static func bytes() throws -> [UInt8] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return [UInt8](try Data(contentsOf: root.appending(path: "scenarios/warfarin-coag/data/iwpc_warfarin.csv")))
    }

    static let columns: [ColumnDeclaration] =
        [
            ColumnDeclaration("id", .identifier, allowsMissing: false),
            ColumnDeclaration("sex", .category(levels: ["male", "female"])),
            ColumnDeclaration("race", .category(levels: ["White", "Asian", "Black or African American"])),
            ColumnDeclaration("decades", header: "age_decade", .decade(as: .decades)),
            ColumnDeclaration("age", header: "age_decade", .decade(as: .midpoint)),
            ColumnDeclaration("age_lower", header: "age_decade", .decade(as: .lowerBound)),
            ColumnDeclaration("height_cm", .number(unit: "cm", lower: 100, upper: 230)),
            ColumnDeclaration("weight_kg", .number(unit: "kg", lower: 25, upper: 250)),
            ColumnDeclaration("target_inr", .number(unit: "1", lower: 1, upper: 5)),
            ColumnDeclaration("weekly_dose_mg", .number(unit: "mg/week", lower: 0, upper: 400)),
            ColumnDeclaration("inr_on_dose", .number(unit: "1", lower: 0.5, upper: 10)),
            ColumnDeclaration(
                "cyp2c9",
                .category(
                    sixGenotypes.map { .init($0) }
                        + ["*1/*5", "*1/*6", "*1/*11", "*1/*13", "*1/*14"].map { .init($0, label: "other") })),
            ColumnDeclaration("vkorc1", header: "vkorc1_1639", .category(levels: ["G/G", "A/G", "A/A"])),
        ]
        + ["stable", "amiodarone", "carbamazepine", "phenytoin", "rifampin"].map { ColumnDeclaration($0, .flag) }

    static let sixGenotypes = ["*1/*1", "*1/*2", "*1/*3", "*2/*2", "*2/*3", "*3/*3"]

    static func cohort() throws -> Cohort {
        try Cohort(csv: bytes(), file: "data/iwpc_warfarin.csv", columns: columns)
    }

    /// Reached a stable dose, and everything is known that the clinical algorithm needs.
    static let dosable = [
        EligibilityCriterion("stable", columns: ["stable"]) { $0[0] == 1 },
        EligibilityCriterion("dose known", columns: ["weekly_dose_mg"]) { _ in true },
        EligibilityCriterion("height, weight and age known", columns: ["height_cm", "weight_kg", "age"]) { _ in true },
    ]
}

/// One patient's values in words and numbers; nil and NaN where missing.
struct WarfarinPatient {
    private let cohort: Cohort
    private let patient: Int

    init(_ cohort: Cohort, _ patient: Int) {
        self.cohort = cohort
        self.patient = patient
    }

    func number(_ name: String) -> Double { (try? cohort.column(name).values[patient]) ?? .nan }
    func text(_ name: String) -> String? { try? cohort.column(name).text(patient) }

    private func takes(_ drug: String) -> Double { number(drug) == 1 ? 1 : 0 }

    private var inducer: Double { max(takes("carbamazepine"), takes("phenytoin"), takes("rifampin")) }

    /// The consortium's clinical algorithm, mg/week (N Engl J Med 2009;360:753, appendix); age in decades.
    var clinicalDose: Double {
        let races: [String: Double] = ["White": 0, "Asian": -0.6752, "Black or African American": 0.4060]
        var score: Double = 4.0376 - 0.2546 * number("decades")
        score += 0.0118 * number("height_cm")
        score += 0.0134 * number("weight_kg")
        score += races[text("race") ?? ""] ?? 0.0443
        score += 1.2799 * inducer - 0.5695 * takes("amiodarone")
        return score * score
    }

    /// The consortium's genotype algorithm, mg/week. A rare CYP2C9 allele has no term in it and scores 0 as *1/*1 does.
    var genotypeDose: Double {
        let races: [String: Double] = ["White": 0, "Asian": -0.1092, "Black or African American": -0.2760]
        let vkorc1: [String: Double] = ["G/G": 0, "A/G": -0.8677, "A/A": -1.6974]
        let cyp2c9: [String: Double] = [
            "*1/*1": 0, "other": 0, "*1/*2": -0.5211, "*1/*3": -0.9357, "*2/*2": -1.0616, "*2/*3": -1.9206,
            "*3/*3": -2.3312,
        ]
        var score: Double = 5.6044 - 0.2614 * number("decades")
        score += 0.0087 * number("height_cm")
        score += 0.0128 * number("weight_kg")
        score += vkorc1[text("vkorc1") ?? ""] ?? -0.4854
        score += cyp2c9[text("cyp2c9") ?? ""] ?? -0.2188
        score += races[text("race") ?? ""] ?? -0.1032
        score += 1.1816 * inducer - 0.5503 * takes("amiodarone")
        return score * score
    }

    /// Mean steady-state concentration of S-warfarin on the stable dose, mg/L (Hamberg 2007, Clin Pharmacol Ther 81:529):
    /// half of the racemic dose is S-warfarin.
    func concentration(age: Double) -> Double {
        let reductions: [String: Double] = [
            "*1/*2": 0.315, "*1/*3": 0.453, "*2/*2": 0.722, "*2/*3": 0.690, "*3/*3": 0.852,
        ]
        let reduction = reductions[text("cyp2c9") ?? ""] ?? 0
        let clearance: Double = 0.314 * (1 - 0.0091 * (age - 71)) * (1 - reduction)
        return number("weekly_dose_mg") / 7 / 2 / 24 / clearance
    }

    /// EC50 in mg/L that gives this INR at steady state, where both chains stand at 1 - E:
    /// INR = 1 + 20 (1 - (1 - E)²)^3.61.
    func ec50(inr: Double, age: Double) -> Double {
        let inhibited: Double = Elementary.pow((inr - 1) / 20, 1 / 3.61)
        let effect = 1 - (1 - inhibited).squareRoot()
        return concentration(age: age) * Elementary.pow((1 - effect) / effect, 1 / 0.424)
    }

    /// The INR at steady state by the model run forward.
    func inr(ec50: Double, age: Double) -> Double {
        let power = Elementary.pow(concentration(age: age), 0.424)
        let remaining = 1 - power / (Elementary.pow(ec50, 0.424) + power)
        return 1 + 20 * Elementary.pow(1 - remaining * remaining, 3.61)
    }
}
