import Foundation
import ResultsStore

extension StudyFindings {
    /// Reads what the file has; groups that it lacks leave their part empty.
    /// - Throws: a ``ResultsError`` if it cannot be read or holds an array in another shape.
    package init(_ file: ResultsFile) throws {
        let root = try file.outline()
        let title = root.attributes.first { $0.name == "title" }?.value
        if case .text(let text) = title, !text.isEmpty {
            self.title = text
        } else {
            self.title = URL(fileURLWithPath: file.path).deletingPathExtension().lastPathComponent
        }
        self.file = file.path
        layoutVersion = file.layoutVersion
        cohort = try CohortFindings(file, root)
        if let strata = try FindingsGroup("/strata", in: file) { try read(strata: strata) }
        if let survival = try FindingsGroup("/survival", in: file) { try read(survival: survival) }
        if let harms = try FindingsGroup("/harms", in: file) {
            knowsHarms = true
            self.harms = try HarmFindings.all(harms)
        }
        if let gaps = try FindingsGroup("/benefit_gaps", in: file) {
            benefitGaps = try BenefitGapFindings.all(gaps)
            interactions = try InteractionFindings.all(gaps)
        }
        access = try FindingsGroup("/access", in: file).map(AccessFindings.all) ?? []
        clinic = try FindingsGroup("/clinic", in: file).map(ClinicFindings.all) ?? []
        if let screening = try FindingsGroup("/access/screening", in: file) {
            self.screening = try ScreeningFindings.all(screening)
            screeningRemarks = try screening.texts("remarks", ["remark"]) ?? []
        }
        if let dosing = try FindingsGroup("/access/dosing", in: file) {
            self.dosing = try DosingFindings.all(dosing)
            doseNeeded = dosing.textAttribute("dose_needed")
        }
        trial = try FindingsGroup("/operating_characteristics", in: file).flatMap(TrialFindings.init)
        published = try FindingsGroup("/published", in: file).map(PublishedFindings.all) ?? []
        regret = try FindingsGroup("/regret", in: file).flatMap(RegretFindings.init)
        sequential = try FindingsGroup("/smart_characteristics", in: file).map(SequentialFindings.init)
        drift = try FindingsGroup("/drift", in: file).map(DriftFindings.init)
        if let regimes = try FindingsGroup("/regimes", in: file) { try read(regimes: regimes) }
        solverFailures = try FailureFindings.all(file, root)
        decisionsWithoutDose = try DoselessFindings.all(file, root)
        provenance = try FindingsGroup("/provenance", in: file).map(ProvenanceFindings.init)
        primaryEndpoint =
            trial?.endpoint ?? sequential?.endpoint ?? (endpoints.first { !$0.isTimeToEvent } ?? endpoints.first)?.name
    }

    private mutating func read(strata: FindingsGroup) throws {
        referenceArm = strata.textAttribute("reference_arm")
        let arms = strata.labels("arm")
        let titles = try strata.texts("arm_title", ["arm"]) ?? arms
        self.arms = zip(arms, titles).map { ArmFindings(name: $0, title: $1) }
        let endpoints = strata.labels("endpoint")
        let names = try strata.texts("endpoint_title", ["endpoint"]) ?? endpoints
        let units = try strata.texts("endpoint_unit", ["endpoint"])
        let scales = try strata.texts("endpoint_scale", ["endpoint"])
        self.endpoints = endpoints.indices.map {
            EndpointFindings(
                name: endpoints[$0], title: names[$0], unit: units?[$0] ?? "1",
                isTimeToEvent: scales?[$0] == "time to event")
        }
        stratifiers = strata.labels("stratifier")
        groups = strata.labels("stratum").map(GroupFindings.init(label:))
        levels = try cells("level", strata)
        effects = try cells("effect", strata)
        levelGaps = try gaps("level", strata)
        effectGaps = try gaps("effect", strata)
    }

    private func cells(_ name: String, _ strata: FindingsGroup) throws -> [CellFindings] {
        let axes = ["arm", "endpoint", "stratum"]
        guard let estimates = try EstimateFindings.all(name, axes, strata) else { return [] }
        let counts = try strata.numbers("\(name)_count", axes)
        let events = try strata.numbers("\(name)_events", axes)
        let reasons = try strata.texts("\(name)_reason", axes)
        return Self.product(strata.labels("arm"), strata.labels("endpoint"), strata.labels("stratum")).enumerated()
            .map { cell, place in
                CellFindings(
                    arm: place.0, endpoint: place.1, group: place.2, estimate: estimates[cell],
                    count: integer(counts?[cell]), events: integer(events?[cell]), reason: reasons?[cell] ?? "")
            }
    }

    private func gaps(_ name: String, _ strata: FindingsGroup) throws -> [GapFindings] {
        let axes = ["arm", "endpoint", "stratifier"]
        guard let gaps = try strata.numbers("\(name)_gap", axes) else { return [] }
        let largest = try strata.texts("\(name)_gap_largest", axes)
        let smallest = try strata.texts("\(name)_gap_smallest", axes)
        let tests = try strata.numbers("\(name)_interaction_p", axes)
        return Self.product(strata.labels("arm"), strata.labels("endpoint"), strata.labels("stratifier")).enumerated()
            .map { cell, place in
                GapFindings(
                    arm: place.0, endpoint: place.1, stratifier: place.2, gap: known(gaps[cell]),
                    largest: largest?[cell] ?? "", smallest: smallest?[cell] ?? "", interactionP: known(tests?[cell]))
            }
    }

    private mutating func read(survival: FindingsGroup) throws {
        let events = survival.labels("event")
        let arms = survival.labels("arm")
        if self.arms.isEmpty { self.arms = arms.map { ArmFindings(name: $0, title: $0) } }
        if groups.isEmpty { groups = survival.labels("stratum").map(GroupFindings.init(label:)) }
        referenceArm = referenceArm ?? survival.textAttribute("reference_arm")
        let axes = ["event", "arm", "stratum"]
        if let ratios = try EstimateFindings.all("hazard_ratio", axes, survival) {
            let reasons = try survival.texts("hazard_ratio_reason", axes)
            hazardRatios = Self.product(events, arms, survival.labels("stratum")).enumerated().map { cell, place in
                CellFindings(
                    arm: place.1, endpoint: place.0, group: place.2, estimate: ratios[cell],
                    reason: reasons?[cell] ?? "")
            }
        }
        if let statistics = try survival.numbers("log_rank_chi_square", ["event", "arm"]) {
            let tests = try survival.numbers("log_rank_p", ["event", "arm"])
            logRankTests = Self.product(events, arms, [""]).enumerated().map { cell, place in
                LogRankFindings(
                    endpoint: place.0, arm: place.1, chiSquare: known(statistics[cell]), p: known(tests?[cell]))
            }
        }
        timeContrasts = try TimeContrastFindings.all(survival)
        discrimination = try DiscriminationFindings(survival)
    }

    private mutating func read(regimes: FindingsGroup) throws {
        let arms = regimes.labels("arm")
        if self.arms.isEmpty {
            let titles = try regimes.texts("title", ["arm"]) ?? arms
            self.arms = zip(arms, titles).map { ArmFindings(name: $0, title: $1) }
        }
        learned = regimes.groups.map { group in
            LearnedFindings(
                arm: group.name, method: group.textAttribute("method") ?? "learned",
                trainingPatients: integer(group.numberAttribute("training_patients")))
        }
    }

    /// All combinations, the last varying fastest, as the cells of an array lie.
    private static func product(_ a: [String], _ b: [String], _ c: [String]) -> [(String, String, String)] {
        a.flatMap { x in b.flatMap { y in c.map { z in (x, y, z) } } }
    }
}

extension GroupFindings {
    /// `all`, or `column=level`.
    init(label: String) {
        self.label = label
        let parts = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        stratifier = parts.count == 2 ? parts[0] : ""
        level = parts.count == 2 ? parts[1] : label
    }
}

/// The number, or nil for NaN.
func known(_ number: Double?) -> Double? { number.flatMap { $0.isNaN ? nil : $0 } }

/// The whole number, or nil where there is none.
func integer(_ number: Double?) -> Int? { number.flatMap { Int(exactly: $0.rounded()) } }
