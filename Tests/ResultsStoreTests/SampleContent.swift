import ResultsStore

/// A small tree that uses everything a results file can hold; the Python tests open a file of it.
enum SampleContent {
    static let root = ResultGroup(
        attributes: [
            ResultAttribute("title", "Warfarin by genotype"), ResultAttribute("seed", "18446744073709551615"),
        ],
        groups: [provenance, trial, survival, empty])

    private static let provenance = ResultGroup(
        "provenance", attributes: [ResultAttribute("host", "büro-3")],
        variables: [
            ResultVariable("scenario", "name: coag\n# Dosis in µg\n", longName: "Scenario file"),
            ResultVariable("elapsed", 12.5, unit: "s", longName: "Time taken"),
        ])

    private static let trial = ResultGroup(
        "trial", attributes: [ResultAttribute("estimator", "mean"), ResultAttribute("level", 0.95)],
        dimensions: [
            ResultDimension("replicate", size: 4),
            ResultDimension("arm", labels: ["fixed", "génotype", "学習"], longName: "Treatment arm"),
            ResultDimension("visit", numbers: [3, 5, 7, 10, 14], unit: "d", longName: "Day of the visit"),
        ],
        variables: [
            ResultVariable(
                "time_in_range", ["replicate", "arm"],
                [0.5, 0.25, -0.0, 0.1, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, 1.7e308, 2, 3, 4],
                unit: "percent",
                longName: "Time with INR 2 to 3"),
            ResultVariable(
                "inr", ["replicate", "arm", "visit"], .float((0..<60).map { Float($0) / 7 }), unit: "1",
                longName: "International normalised ratio", isCompressed: true),
            ResultVariable(
                "events", ["arm"], .int32([.min, 0, .max]), unit: "1", longName: "Bleedings", missingCode: -1),
            ResultVariable(
                "is_open", ["arm", "visit"], .int8((0..<15).map { Int8($0 % 3 - 1) }), unit: "1",
                longName: "Whether the visit took place",
                attributes: [
                    ResultAttribute("flag_values", .integers([-1, 0, 1])),
                    ResultAttribute("flag_meanings", "unknown no yes"),
                ]),
            ResultVariable("colour", ["arm"], ["#000", "", "naïve 🎨"], longName: "Colour of the arm's curve"),
        ],
        groups: [
            ResultGroup(
                "interim", dimensions: [ResultDimension("look", identifiers: [1, 2], longName: "Interim look")],
                variables: [ResultVariable("boundary", ["look"], [2.8, 1.98], unit: "1", longName: "Critical value")])
        ])

    private static let survival = ResultGroup(
        "survival",
        dimensions: [
            ResultDimension("time", numbers: [0, 0.5, 1], unit: "d", longName: "Time since randomisation"),
            ResultDimension("row", size: 2, isExtendible: true),
        ],
        variables: [
            ResultVariable("survival", ["time"], [1, 0.9, 0.8], unit: "1", longName: "Kaplan-Meier estimate"),
            ResultVariable("risk", ["row", "time"], [1, 2, 3, 4, 5, 6], unit: "1", longName: "Risk score"),
        ])

    private static let empty = ResultGroup(
        "none",
        dimensions: [ResultDimension("nobody", size: 0), ResultDimension("nothing", labels: [], longName: "No label")],
        variables: [
            ResultVariable("doses", ["nobody"], [Double](), unit: "mg", longName: "Doses of nobody"),
            ResultVariable("ids", ["nothing", "nobody"], [Int32](), longName: "Numbers of nobody"),
            ResultVariable("labels", ["nobody"], [String](), longName: "Names of nobody"),
        ])
}
