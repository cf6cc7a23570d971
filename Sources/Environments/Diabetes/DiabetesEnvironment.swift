import Regimes

/// Type 1 diabetes: a day of a virtual patient with meals, an insulin pump and a glucose sensor, decided each five minutes
/// (UVA/Padova simulator: Dalla Man et al. 2007, Kovatchev et al. 2009; as published in simglucose 0.2.11).
///
/// Episode e is patient e modulo the number of patients, in an order that takes the groups in turn, so that every thirty
/// episodes hold each patient once. Meals and the sensor's error are drawn for each episode.
struct DiabetesEnvironment: Environment {
    let settings: DiabetesSettings
    let facts: EnvironmentFacts
    let patients: [VirtualPatient]
    /// The places of the patients among all, and of their groups.
    let places: [Int]
    let groups: [Int]

    static let name = "type1-diabetes"

    /// - Parameters:
    ///   - variant: a name of ``DiabetesSettings/variants``.
    ///   - population: a group or a patient by name; nil for all.
    init(variant: String, population: String? = nil) throws {
        guard let settings = DiabetesSettings.variants.first(where: { $0.name == variant })?.settings else {
            throw EnvironmentError.unknownVariant(
                variant, environment: Self.name, allowed: DiabetesSettings.variants.map(\.name))
        }
        let name = population.map { "\(variant):\($0)" } ?? variant
        try self.init(settings, variant: name, population: population)
    }

    init(_ settings: DiabetesSettings, variant: String, population: String? = nil) throws {
        self.settings = settings
        let all = try VirtualPatients.all()
        places = all.indices.filter { population == nil || all[$0].group == population || all[$0].name == population }
        guard !places.isEmpty else {
            throw EnvironmentError.unknownPopulation(
                population ?? "", environment: Self.name, allowed: VirtualPatients.groups + all.map(\.name))
        }
        patients = places.map { all[$0] }
        groups = patients.map { patient in VirtualPatients.groups.firstIndex(of: patient.group) ?? 0 }
        let variables = DiabetesVariable.allCases.map(\.observed)
        facts = EnvironmentFacts(
            name: Self.name, variant: variant, observations: Array(variables[..<DiabetesVariable.firstHidden]),
            hidden: Array(variables[DiabetesVariable.firstHidden...]), actions: settings.doses.actions,
            horizon: DiabetesLanes.dayMinutes / DiabetesLanes.stepMinutes, ends: ["hypoglycaemia", "hyperglycaemia"],
            groupings: [
                Grouping("age_group", groups: VirtualPatients.groups), Grouping("patient", groups: all.map(\.name)),
            ], measures: GlucoseRecord.measures, rules: DiabetesRule.allCases.map(\.rawValue))
    }

    func rule(_ name: String) throws -> any Policy {
        guard let rule = DiabetesRule(rawValue: name) else {
            throw EnvironmentError.unknownRule(name, environment: facts.name, allowed: facts.rules)
        }
        return rule
    }

    func makeEpisodes(seed: UInt64) -> any EpisodeLanes { DiabetesLanes(self, seed: seed) }

    static let entry = EnvironmentEntry(
        name,
        "type 1 diabetes: meals, insulin pump and glucose sensor, 30 virtual patients, VARIANT:GROUP or :PATIENT for some",
        variants: DiabetesSettings.variants.map(\.name), hasPopulations: true
    ) { variant in
        let parts = variant.split(separator: ":", maxSplits: 1).map(String.init)
        return try DiabetesEnvironment(variant: parts[0], population: parts.count == 2 ? parts[1] : nil)
    }
}
