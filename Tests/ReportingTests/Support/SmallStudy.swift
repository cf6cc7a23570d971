import Foundation
import ResultsStore

/// A results file small enough to check by eye, made by hand: two arms, one benefit and one harm, two groups of which one
/// is too small for a number.
struct SmallStudy {
    var title = "A small study"
    var arms = ["usual", "new"]
    /// Every group below the root by name; tests change or remove them.
    var groups: [ResultGroup]

    init() {
        groups = [
            Self.cohort, Self.truth, Self.strata(arms: arms), Self.survival, Self.trial, Self.characteristics,
            Self.regimes,
            Self.published,
        ]
    }

    /// The content as a results file has it.
    var root: ResultGroup { ResultGroup(attributes: [ResultAttribute("title", title)], groups: groups) }

    /// Writes the file into a folder.
    func write(to folder: borrowing TemporaryFolder, named name: String = "small.h5") throws -> ResultsFile {
        let path = folder.path(name)
        try ResultsWriter.write(root, to: path)
        return try ResultsFile(path)
    }

    /// The group of that name, to be changed.
    subscript(name: String) -> ResultGroup {
        get { groups.first { $0.name == name } ?? ResultGroup(name) }
        set {
            groups.removeAll { $0.name == name }
            groups.append(newValue)
        }
    }

    /// Changes the cells of one number.
    mutating func change(_ variable: String, in group: String, _ change: (inout [Double]) -> Void) {
        guard let index = self[group].variables.firstIndex(where: { $0.name == variable }),
            case .double(var cells) = self[group].variables[index].values
        else { return }
        change(&cells)
        self[group].variables[index].values = .double(cells)
    }

    static let stratum = ResultDimension("stratum", labels: ["all", "sex=female", "sex=male"], longName: "group")
    static let axes = ["arm", "endpoint", "stratum"]

    static func arm(_ names: [String] = ["usual", "new"]) -> ResultDimension {
        ResultDimension("arm", labels: names, longName: "treatment arm")
    }

    private static var cohort: ResultGroup {
        ResultGroup(
            "cohort", dimensions: [ResultDimension("patient", size: 100)],
            variables: [ResultVariable("age", ["patient"], (0..<100).map(Double.init), unit: "year", longName: "age")],
            groups: [
                ResultGroup(
                    "flow",
                    dimensions: [
                        ResultDimension("criterion", labels: ["adult", "not pregnant"], longName: "criterion")
                    ],
                    variables: [
                        ResultVariable("screened", [], [60], longName: "records screened"),
                        ResultVariable("eligible", [], [50], longName: "records eligible"),
                        ResultVariable("excluded", ["criterion"], [7, 3], longName: "records excluded"),
                        ResultVariable("unknown", ["criterion"], [0, 2], longName: "of those, unknown"),
                    ]),
                ResultGroup(
                    "missing", dimensions: [ResultDimension("column", labels: ["age"], longName: "column")],
                    variables: [ResultVariable("count", ["column"], [4], longName: "records without a value")]),
            ])
    }

    private static var truth: ResultGroup {
        ResultGroup(
            "truth",
            dimensions: [
                arm(), ResultDimension("patient", size: 100),
                ResultDimension("failure_kind", labels: ["step too small", "too many steps"], longName: "kind"),
            ],
            variables: [
                ResultVariable(
                    "failure", ["arm", "patient"], (0..<200).map { $0 == 150 || $0 == 199 ? 2 : 0 },
                    longName: "solver failure"),
                ResultVariable("failures_by_kind", ["arm", "failure_kind"], [0, 0, 0, 2], longName: "patients"),
                ResultVariable(
                    "decisions_without_dose", ["arm", "patient"],
                    (0..<200).map { [3: 1, 50: 3, 99: 1][$0] ?? 0 }, longName: "visits without an amount"),
            ])
    }

    private static func strata(arms: [String]) -> ResultGroup {
        let nan = Double.nan
        return ResultGroup(
            "strata", attributes: [ResultAttribute("reference_arm", "usual")],
            dimensions: [
                arm(arms), ResultDimension("endpoint", labels: ["score", "death"], longName: "endpoint"), stratum,
                ResultDimension("stratifier", labels: ["sex"], longName: "column"),
            ],
            variables: estimates("level", axes, [50, 52, nan, 10, 11, nan, 55, 54, nan, 8, 9, nan], halfWidth: 2)
                + estimates("effect", axes, [0, 0, nan, 0, 0, nan, 5, 2, nan, -2, -2, nan], halfWidth: 1) + [
                    counts("level_count", [100, 95, 5, 100, 95, 5, 100, 95, 5, 100, 95, 5]),
                    counts("effect_count", [100, 95, 5, 100, 95, 5, 98, 93, 5, 98, 93, 5]),
                    ResultVariable(
                        "level_events", axes, .int32([-1, -1, -1, 10, 10, 0, -1, -1, -1, 8, 8, 0]), unit: "1",
                        longName: "events", missingCode: -1),
                    reasons("level_reason"), reasons("effect_reason"),
                ] + gaps("level") + gaps("effect") + [
                    ResultVariable("endpoint_unit", ["endpoint"], ["percent", "d"], longName: "unit"),
                    ResultVariable(
                        "endpoint_title", ["endpoint"], ["percent of good days", "death"], longName: "title"),
                    ResultVariable("endpoint_scale", ["endpoint"], ["continuous", "time to event"], longName: "kind"),
                    ResultVariable("arm_title", ["arm"], ["usual care", "the new regime"], longName: "arm in words"),
                ])
    }

    /// A number with the standard error and the 95 % bounds of a normal interval of that half-width.
    static func estimates(_ name: String, _ axes: [String], _ values: [Double], halfWidth: Double) -> [ResultVariable] {
        [
            ResultVariable(name, axes, values, unit: "1", longName: name),
            ResultVariable(
                "\(name)_standard_error", axes, values.map { $0 - $0 + halfWidth / 1.96 }, unit: "1", longName: name),
            ResultVariable("\(name)_lower", axes, values.map { $0 - halfWidth }, unit: "1", longName: name),
            ResultVariable("\(name)_upper", axes, values.map { $0 + halfWidth }, unit: "1", longName: name),
        ]
    }

    private static func counts(_ name: String, _ cells: [Int32]) -> ResultVariable {
        ResultVariable(name, axes, cells, longName: "patients")
    }

    private static func reasons(_ name: String) -> ResultVariable {
        ResultVariable(
            name, axes, (0..<12).map { $0 % 3 == 2 ? "fewer than 10 patients" : "" }, longName: "why there is no number"
        )
    }

    private static func gaps(_ name: String) -> [ResultVariable] {
        let axes = ["arm", "endpoint", "stratifier"]
        return [
            ResultVariable("\(name)_gap", axes, [2, 1, 3, 0.5], unit: "1", longName: "gap"),
            ResultVariable("\(name)_gap_largest", axes, ["female", "male", "male", "female"], longName: "largest"),
            ResultVariable("\(name)_gap_smallest", axes, ["male", "female", "female", "male"], longName: "smallest"),
            ResultVariable("\(name)_interaction_p", axes, [0.5, 0.25, 0.0001, 0.75], unit: "1", longName: "p"),
        ]
    }

    private static var survival: ResultGroup {
        let nan = Double.nan
        return ResultGroup(
            "survival", attributes: [ResultAttribute("reference_arm", "usual")],
            dimensions: [
                ResultDimension("event", labels: ["death"], longName: "event"), arm(),
                ResultDimension("day", numbers: [0, 10, 20], unit: "d", longName: "day"), stratum,
                ResultDimension("auc_day", numbers: [10, 20], unit: "d", longName: "horizon"),
            ],
            variables: [
                ResultVariable(
                    "survival", ["event", "arm", "day"], [1, 0.95, 0.9, 1, 0.97, 0.92], unit: "1", longName: "survival"),
                ResultVariable(
                    "survival_standard_error", ["event", "arm", "day"], [0, 0.02, 0.03, 0, 0.02, 0.03], unit: "1",
                    longName: "error"),
                ResultVariable("at_risk", ["event", "arm", "day"], [100, 95, 90, 100, 97, 92], longName: "at risk"),
                ResultVariable("log_rank_chi_square", ["event", "arm"], [nan, 0.3], unit: "1", longName: "log-rank"),
                ResultVariable("log_rank_p", ["event", "arm"], [nan, 0.58], unit: "1", longName: "p"),
                ResultVariable(
                    "hazard_ratio", ["event", "arm", "stratum"], [nan, nan, nan, 0.8, 0.9, nan], unit: "1",
                    longName: "ratio"),
                ResultVariable(
                    "hazard_ratio_standard_error", ["event", "arm", "stratum"], [nan, nan, nan, 0.5, 0.5, nan],
                    unit: "1",
                    longName: "error"),
                ResultVariable(
                    "hazard_ratio_lower", ["event", "arm", "stratum"], [nan, nan, nan, 0.4, 0.45, nan], unit: "1",
                    longName: "lower"),
                ResultVariable(
                    "hazard_ratio_upper", ["event", "arm", "stratum"], [nan, nan, nan, 1.6, 1.8, nan], unit: "1",
                    longName: "upper"),
                ResultVariable(
                    "hazard_ratio_reason", ["event", "arm", "stratum"],
                    [
                        "the arm is the reference", "the arm is the reference", "the arm is the reference", "", "",
                        "no event",
                    ],
                    longName: "why"),
                ResultVariable("auc_cases", ["arm", "auc_day"], [5, 10, 3, 8], longName: "cases"),
                ResultVariable("score", "risk_score", longName: "score"),
                ResultVariable("score_event", "death", longName: "event"),
            ] + estimates("auc", ["arm", "auc_day"], [0.7, 0.75, 0.65, 0.7], halfWidth: 0.1)
                + estimates("integrated_auc", ["arm", "stratum"], [0.72, 0.72, nan, 0.68, 0.68, nan], halfWidth: 0.1)
                + estimates("harrell_c", ["arm", "stratum"], [0.71, 0.71, nan, 0.69, 0.69, nan], halfWidth: 0.1))
    }

    private static var trial: ResultGroup {
        ResultGroup(
            "trial", dimensions: [ResultDimension("replicate", identifiers: [1, 2, 3, 4], longName: "run"), stratum],
            variables: [
                ResultVariable(
                    "estimate", ["replicate", "stratum"], [4, 1, .nan, 5, 2, .nan, 6, 3, .nan, 5, 2, .nan], unit: "1",
                    longName: "estimate")
            ])
    }

    private static var characteristics: ResultGroup {
        let axes = ["hypothesis", "stratum"]
        func number(_ name: String, _ cells: [Double]) -> ResultVariable {
            ResultVariable(name, axes, cells, unit: "1", longName: name)
        }
        return ResultGroup(
            "operating_characteristics",
            attributes: [
                ResultAttribute("control_arm", "usual"), ResultAttribute("treated_arm", "new"),
                ResultAttribute("endpoint", "score"), ResultAttribute("alpha", 0.05),
                ResultAttribute("follow_up_days", 20.0),
            ],
            dimensions: [
                ResultDimension("hypothesis", labels: ["as designed", "equal arms"], longName: "truth"), stratum,
            ],
            variables: [
                ResultVariable("replicates", axes, [400, 400, 0, 400, 400, 0], longName: "trials"),
                number("rejected", [0.8, 0.7, .nan, 0.05, 0.06, .nan]),
                number("rejected_mc_error", [0.02, 0.023, .nan, 0.011, 0.012, .nan]),
                number("mean_estimate", [5.1, 2.1, .nan, 0.02, -0.02, .nan]),
                number("mean_estimate_mc_error", [0.12, 0.15, .nan, 0.12, 0.14, .nan]),
                number("bias", [0.1, 0.1, .nan, 0.02, -0.02, .nan]),
                number("coverage", [0.95, 0.94, .nan, 0.95, 0.96, .nan]),
                number("coverage_mc_error", [0.011, 0.012, .nan, 0.011, 0.01, .nan]),
                ResultVariable("true_effect", ["stratum"], [5, 2, .nan], unit: "1", longName: "truth"),
                ResultVariable("true_effect_mc_error", ["stratum"], [0.5, 0.5, .nan], unit: "1", longName: "error"),
            ])
    }

    private static var regimes: ResultGroup {
        ResultGroup(
            "regimes", dimensions: [arm()],
            variables: [ResultVariable("title", ["arm"], ["usual care", "the new regime"], longName: "arm in words")],
            groups: [
                ResultGroup(
                    "new",
                    attributes: [
                        ResultAttribute("method", "fitted Q iteration"), ResultAttribute("training_patients", 80.0),
                    ])
            ])
    }

    private static var published: ResultGroup {
        let axes = ["comparison"]
        return ResultGroup(
            "published", dimensions: [ResultDimension("comparison", size: 2)],
            variables: [
                ResultVariable("treated", axes, ["new", "new"], longName: "treated"),
                ResultVariable("control", axes, ["usual", "usual"], longName: "control"),
                ResultVariable("endpoint", axes, ["score", "score"], longName: "endpoint"),
                ResultVariable("stratum", axes, ["all", "sex=female"], longName: "group"),
                ResultVariable("published", axes, [4, -1], unit: "1", longName: "published"),
                ResultVariable("published_lower", axes, [1, .nan], unit: "1", longName: "lower"),
                ResultVariable("published_upper", axes, [7, .nan], unit: "1", longName: "upper"),
                ResultVariable("sign_agrees", axes, [1, 0], longName: "agrees"),
                ResultVariable(
                    "source", axes, ["Someone, Journal 2001;1:1", "Another, Journal 2002;2:2"], longName: "source"),
            ] + estimates("simulated", axes, [5, 0.5], halfWidth: 1))
    }
}
