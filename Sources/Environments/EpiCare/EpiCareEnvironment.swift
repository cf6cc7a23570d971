import NumericsCore
import Regimes

/// Care for a disease that is not seen (EpiCare: Hargrave, Spaeth and Grosenick 2024).
///
/// At each of at most eight visits one of sixteen treatments is given, which costs 1 to 4. The patient goes into remission (+64,
/// an event) with a probability that depends on disease and treatment, or has a new disease, drawn by the treatment's and the
/// patient's multipliers, and new symptoms, which cost ½ each; a symptom beyond .999 is an adverse event (−64). Eight symptoms
/// are observed to one decimal, at the first visit in full. Variants are the package's problems of seeds 1 to 8; in `seed1`
/// patients differ from each other, in `seed1-unmodified` they do not.
///
/// Rules, after the package: `smart` draws with fixed probabilities, the likeliest treatment eight times as often as the least
/// likely; `standard-of-care` takes what has paid best in this patient, of the treatments that raise no symptom above .8;
/// `oracle` knows the disease and takes the best for one visit.
struct EpiCareEnvironment: Environment {
    let facts: EnvironmentFacts
    let problem: EpiCareProblem
    let isModified: Bool
    private let tables: EpiCareTables

    /// - Parameters:
    ///   - seed: of the problem, 1 to 8.
    ///   - isModified: whether patients differ.
    init(seed: Int, isModified: Bool) throws {
        problem = try EpiCareProblem(seed: seed)
        tables = EpiCareTables(problem)
        self.isModified = isModified
        let treatments = 0..<EpiCareProblem.treatments
        facts = EnvironmentFacts(
            name: "epicare", variant: Self.variant(seed: seed, isModified: isModified),
            observations: (1...EpiCareProblem.symptoms).map { ObservedVariable("symptom_\($0)", low: 0, high: 1) },
            hidden: [ObservedVariable(Self.disease, low: 0, high: Double(EpiCareProblem.diseases - 1))]
                + treatments.map { ObservedVariable(Self.belief($0)) },
            actions: ActionSpace(names: treatments.map { "treatment_\($0)" }), horizon: EpiCareProblem.visits,
            ends: ["adverse", "remission"],
            groupings: [Grouping(Self.disease, groups: (0..<EpiCareProblem.diseases).map { "\($0)" })],
            measures: ["score"], rules: ["oracle", "smart", "standard-of-care"])
    }

    /// The hidden variable with the number of the disease.
    static let disease = "disease"

    /// The hidden variable with what the standard of care believes that a treatment pays in this patient: at the start what is
    /// expected of anybody, then half-way to what each visit paid.
    static func belief(_ treatment: Int) -> String { "belief_\(treatment)" }

    static func variant(seed: Int, isModified: Bool) -> String { "seed\(seed)" + (isModified ? "" : "-unmodified") }

    func makeEpisodes(seed: UInt64) -> any EpisodeLanes {
        EpiCareLanes(tables, isModified: isModified, seed: seed)
    }

    func rule(_ name: String) throws -> any Policy {
        switch name {
        case "smart": EpiCareRule(.fixed(smartWeights))
        case "standard-of-care": EpiCareRule(.bestBelief(harmful: harmful))
        case "oracle": EpiCareRule(.byDisease(oracle))
        default: throw EnvironmentError.unknownRule(name, environment: facts.name, allowed: facts.rules)
        }
    }

    /// Softmax of what is expected, scaled so that the best stands to the worst as 8 to 1.
    var smartWeights: [Double] {
        let expected = (0..<EpiCareProblem.treatments).map(problem.populationReward)
        let best = expected.max() ?? 0
        let range = best - (expected.min() ?? 0)
        let weights = expected.map { range > 0 ? Elementary.exp(($0 - best) / range * Elementary.log(8)) : 1 }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    /// For each symptom the treatments that raise it, as bits.
    private var harmful: [UInt32] {
        (0..<EpiCareProblem.symptoms).map { symptom in
            (0..<EpiCareProblem.treatments).reduce(0) { bits, treatment in
                problem.effects[treatment * EpiCareProblem.symptoms + symptom] > 0
                    ? bits | 1 << UInt32(treatment) : bits
            }
        }
    }

    /// The best treatment of each disease for one visit, the first of equally good ones.
    private var oracle: [Int] {
        (0..<EpiCareProblem.diseases).map { disease in
            let rewards = (0..<EpiCareProblem.treatments).map { problem.visitReward(disease, $0) }
            return rewards.indices.reduce(0) { rewards[$1] > rewards[$0] ? $1 : $0 }
        }
    }

    static let entry = EnvironmentEntry(
        "epicare", "care for one of sixteen diseases that is not seen, by sixteen treatments in eight visits",
        variants: [true, false].flatMap { isModified in
            EpiCareArrays.seeds.indices.map { variant(seed: $0 + 1, isModified: isModified) }
        }
    ) { name in
        let isModified = !name.hasSuffix("-unmodified")
        let seed = EpiCareArrays.seeds.indices.first { variant(seed: $0 + 1, isModified: isModified) == name } ?? 0
        return try EpiCareEnvironment(seed: seed + 1, isModified: isModified)
    }
}
