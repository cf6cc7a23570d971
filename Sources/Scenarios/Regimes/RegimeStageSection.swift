/// `stages[i]`: a decision, who comes to it, and the models of it.
package struct RegimeStageSection: Sendable {
    package var name: String
    package var treatment = ""
    package var isDose = false
    package var blip = "~ 1"
    package var treatmentModel: String?
    package var treatmentFree: String?
    package var splines: [(column: String, freedom: Int)] = []
    package var reached: String?
    /// By action; an empty action is that of a binary treatment which is not the reference.
    package var allowed: [(action: String, condition: String)] = []
    package var reward: String?
    package var time: String?
    package var start: String?
    package var range: ClosedRange<Double>?
    package var bins: Int?
    package var isGamma = false
    package var rule: String?

    static let keys = Keys([
        .optional("name", .text, "What results call the stage; 'stage 1' and so on by default."),
        .required("treatment", .text, "The column of what was given."),
        .optional(
            "kind", .choice(["actions", "dose"]), "actions by default; dose for a number with a quadratic effect."),
        .required("blip", .text, "What the effect of treatment depends on: ~ x. With a dose a: ~ a*x."),
        .optional("treatment_model", .text, "What the choice of treatment depended on: ~ x; nothing by default."),
        .optional("treatment_free", .text, "The outcome under the reference: ~ x; as the blip by default."),
        .optional(
            "splines", .named(.integer(1...20)),
            "Columns for whose linear term a natural spline stands, with its degrees of freedom: {age: 3}."),
        .optional(
            "reached", .text, "Who came to this stage: a column of 1 and 0, or a condition; everybody by default."),
        .optional(
            "allowed", .either([.text, .coded(.text)]),
            "Who may have the treatment (a condition), or who may have which action ({B: egfr > 30})."),
        .optional("reward", .text, "What was gained from this stage to the next."),
        .optional("time", .text, "The time spent in this stage, of survival on the log scale."),
        .optional("start", .text, "When this stage began, of a restricted mean."),
        .optional("range", .range, "The smallest and largest dose that may be recommended; those seen by default."),
        .optional("bins", .integer(2...50), "Bins of a dose in overlap and qpom weights; 3 by default."),
        .optional("family", .choice(["gaussian", "gamma"]), "Of the treatment model of a dose."),
        .optional("rule", .text, "What rules of owl, bowl and tree may look at: ~ x + z; as the blip by default."),
    ])

    init(_ value: YAMLValue, number: Int) {
        let members = value.mapping(Self.keys)
        name = members["name"]?.text ?? "stage \(number)"
        treatment = members["treatment"]?.text ?? ""
        isDose = members["kind"]?.choice(["actions", "dose"]) == "dose"
        blip = members["blip"]?.text ?? blip
        treatmentModel = members["treatment_model"]?.text
        treatmentFree = members["treatment_free"]?.text
        splines =
            members["splines"]?.entries(areNames: false).compactMap { entry in
                entry.value.integer(in: 1...20).map { (entry.key, $0) }
            } ?? []
        reached = members["reached"]?.text
        if let allowed = members["allowed"] {
            self.allowed =
                allowed.isMapping
                ? allowed.entries(areNames: false).compactMap { entry in entry.value.text.map { (entry.key, $0) } }
                : allowed.text.map { [("", $0)] } ?? []
        }
        reward = members["reward"]?.text
        time = members["time"]?.text
        start = members["start"]?.text
        range = members["range"]?.range(of: "doses")
        bins = members["bins"]?.integer(in: 2...50)
        isGamma = members["family"]?.choice(["gaussian", "gamma"]) == "gamma"
        rule = members["rule"]?.text
        if !isDose {
            for key in ["range", "bins", "family"] {
                members[key]?.refuse("'\(key)' is of a dose; write kind: dose, or leave it out")
            }
        }
    }
}
