import ResultsStore

extension EstimateFindings {
    /// The cells of `name`, `name_standard_error`, `name_lower` and `name_upper`; nil if there is no `name`.
    static func all(_ name: String, _ dimensions: [String], _ group: FindingsGroup) throws -> [EstimateFindings]? {
        guard let values = try group.numbers(name, dimensions) else { return nil }
        let errors = try group.numbers("\(name)_standard_error", dimensions)
        let lower = try group.numbers("\(name)_lower", dimensions)
        let upper = try group.numbers("\(name)_upper", dimensions)
        return values.indices.map {
            EstimateFindings(
                value: known(values[$0]), standardError: known(errors?[$0]), lower: known(lower?[$0]),
                upper: known(upper?[$0]))
        }
    }
}

extension CohortFindings {
    init?(_ file: ResultsFile, _ root: ResultGroupOutline) throws {
        guard let cohort = root.groups.first(where: { $0.name == "cohort" }) else { return nil }
        patients = cohort.dimensions.first { $0.name == "patient" }?.size ?? 0
        // Only records can lack a value.
        let missing = cohort.groups.first { $0.name == "missing" }
        isFromRecords = missing?.dimensions.contains { $0.size > 0 } ?? false
        guard let flow = try FindingsGroup("/cohort/flow", in: file) else { return }
        screened = integer(try flow.number("screened"))
        eligible = integer(try flow.number("eligible"))
        let excluded = try flow.numbers("excluded", ["criterion"])
        let unknown = try flow.numbers("unknown", ["criterion"])
        criteria = flow.labels("criterion").enumerated().map { index, name in
            Criterion(name: name, excluded: integer(excluded?[index]) ?? 0, unknown: integer(unknown?[index]) ?? 0)
        }
    }
}

extension DiscriminationFindings {
    /// Nil where the file judges no score.
    init?(_ survival: FindingsGroup) throws {
        guard let score = try survival.text("score") else { return nil }
        self.score = score
        endpoint = try survival.text("score_event") ?? ""
        let days = survival.coordinates("auc_day")
        let strata = survival.size("stratum")
        let auc = try EstimateFindings.all("auc", ["arm", "auc_day"], survival) ?? []
        let cases = try survival.numbers("auc_cases", ["arm", "auc_day"])
        let integrated = try EstimateFindings.all("integrated_auc", ["arm", "stratum"], survival) ?? []
        let concordance = try EstimateFindings.all("harrell_c", ["arm", "stratum"], survival) ?? []
        self.days = days
        arms = survival.labels("arm").enumerated().map { index, name in
            let horizons = index * days.count..<(index + 1) * days.count
            let groups = index * strata..<(index + 1) * strata
            return Arm(
                arm: name, auc: Array(auc[horizons.clamped(to: auc.indices)]),
                cases: horizons.map { integer(cases?[$0]) },
                integratedAUC: Array(integrated[groups.clamped(to: integrated.indices)]),
                harrellC: Array(concordance[groups.clamped(to: concordance.indices)]))
        }
    }
}

extension TrialFindings {
    init?(_ group: FindingsGroup) throws {
        let axes = ["hypothesis", "stratum"]
        controlArm = group.textAttribute("control_arm") ?? "control"
        treatedArm = group.textAttribute("treated_arm") ?? "treated"
        guard let endpoint = group.textAttribute("endpoint") else { return nil }
        self.endpoint = endpoint
        alpha = group.numberAttribute("alpha")
        followUpDays = group.numberAttribute("follow_up_days")
        let names = [
            "replicates", "rejected", "rejected_mc_error", "mean_estimate", "mean_estimate_mc_error", "bias",
            "coverage",
            "coverage_mc_error",
        ]
        let columns = try names.map { try group.numbers($0, axes) }
        let truth = try group.numbers("true_effect", ["stratum"])
        let truthErrors = try group.numbers("true_effect_mc_error", ["stratum"])
        let strata = group.labels("stratum")
        characteristics = group.labels("hypothesis").enumerated().flatMap { row, hypothesis in
            strata.enumerated().map { position, stratum in
                let cell = columns.map { known($0?[row * strata.count + position]) }
                let isNull = hypothesis == Self.equalArms
                return Characteristic(
                    hypothesis: hypothesis, group: stratum, replicates: integer(cell[0]) ?? 0, rejected: cell[1],
                    rejectedMCError: cell[2], meanEstimate: cell[3], meanEstimateMCError: cell[4],
                    trueEffect: isNull ? 0 : known(truth?[position]),
                    trueEffectMCError: isNull ? nil : known(truthErrors?[position]), bias: cell[5], coverage: cell[6],
                    coverageMCError: cell[7])
            }
        }
    }
}

extension PublishedFindings {
    static func all(_ group: FindingsGroup) throws -> [PublishedFindings] {
        let axes = ["comparison"]
        func texts(_ name: String) throws -> [String] {
            try group.texts(name, axes) ?? Array(repeating: "", count: group.size("comparison"))
        }
        let (treated, control, endpoint) = (try texts("treated"), try texts("control"), try texts("endpoint"))
        let (stratum, source) = (try texts("stratum"), try texts("source"))
        guard let published = try EstimateFindings.all("published", axes, group),
            let simulated = try EstimateFindings.all("simulated", axes, group),
            let agrees = try group.numbers("sign_agrees", axes)
        else { return [] }
        return published.indices.map {
            PublishedFindings(
                treatedArm: treated[$0], controlArm: control[$0], endpoint: endpoint[$0], group: stratum[$0],
                published: published[$0], simulated: simulated[$0], signAgrees: agrees[$0] == 1, source: source[$0])
        }
    }
}

extension FailureFindings {
    static func all(_ file: ResultsFile, _ root: ResultGroupOutline) throws -> [FailureFindings] {
        let kinds = root.labels(of: "failure_kind", in: "truth")
        return try root.rowsOfArms("failure", file).compactMap { row, arm, codes in
            let failed = codes.count { $0 != 0 }
            guard failed > 0 else { return nil }
            var findings = FailureFindings(arm: arm, failed: failed, patients: codes.count)
            if !kinds.isEmpty,
                case .int32(let counts) = try file.values(of: "/truth/failures_by_kind", rows: row..<row + 1)
            {
                findings.kinds = zip(kinds, counts).filter { $0.1 > 0 }.map { Kind(name: $0, patients: Int($1)) }
            }
            return findings
        }
    }
}

extension DoselessFindings {
    static func all(_ file: ResultsFile, _ root: ResultGroupOutline) throws -> [DoselessFindings] {
        try root.rowsOfArms("decisions_without_dose", file).compactMap { _, arm, counts in
            let affected = counts.count { $0 > 0 }
            return affected == 0
                ? nil
                : DoselessFindings(
                    arm: arm, decisions: counts.reduce(0) { $0 + Int($1) }, affected: affected, patients: counts.count)
        }
    }
}

extension ResultGroupOutline {
    fileprivate func labels(of dimension: String, in group: String) -> [String] {
        guard let found = groups.first(where: { $0.name == group })?.dimensions.first(where: { $0.name == dimension }),
            case .string(let labels) = found.coordinates?.values
        else { return [] }
        return labels
    }

    /// A whole number of each patient in `/truth`, arm by arm; nothing where the file does not have it.
    fileprivate func rowsOfArms(
        _ name: String, _ file: ResultsFile
    ) throws -> [(row: Int, arm: String, values: [Int32])] {
        guard let truth = groups.first(where: { $0.name == "truth" }),
            truth.variables.contains(where: { $0.name == name && $0.dimensions == ["arm", "patient"] })
        else { return [] }
        return try labels(of: "arm", in: "truth").enumerated().compactMap { row, arm in
            guard case .int32(let values) = try file.values(of: "/truth/\(name)", rows: row..<row + 1) else {
                return nil
            }
            return (row, arm, values)
        }
    }
}

extension ProvenanceFindings {
    init(_ group: FindingsGroup) throws {
        scenarioFile = try group.text("scenario_file")
        overrides = try group.text("overrides")
        inputSHA256 = try group.text("input_sha256")
        seed = try group.text("seed")
        trialistVersion = try group.text("trialist_version")
        codeGeneration = try group.text("code_generation")
        started = try group.text("started")
        finished = try group.text("finished")
        seconds = known(try group.number("seconds"))
        threads = integer(try group.number("threads"))
    }
}
