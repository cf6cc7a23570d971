import NumericsCore

/// The outcomes of the same patients under both arms, as only a simulation knows them.
public struct PotentialOutcomes: Sendable {
    /// What would happen to each of n patients under treatment.
    public let treated: SurvivalData
    /// What would happen to the same patients, in the same order, under control.
    public let control: SurvivalData

    /// - Throws: ``InvalidInput`` for different numbers of patients and for delayed entry.
    public init(treated: SurvivalData, control: SurvivalData) throws(InvalidInput) {
        try treated.requireNoDelayedEntry(for: "potential outcomes")
        try control.requireNoDelayedEntry(for: "potential outcomes")
        guard treated.count == control.count else {
            throw InvalidInput(.length("control outcomes", found: control.count, rows: treated.count))
        }
        self.treated = treated
        self.control = control
    }

    var count: Int { treated.count }
}

/// What each group gains from treatment, the gap between groups, and, where twins are known, the true gap beside it.
///
/// Within each group the arms are compared by one measure; groups are compared by the difference of that effect, and the
/// test of interaction is Cochran's Q of the groups' effects. The truth is the same measure between the two potential
/// outcomes of the very same patients, so that estimate − truth is what randomisation, censoring and the analysis add.
public struct TreatmentBenefit: Sendable {
    /// How the arms are compared within a group.
    public enum Measure: Hashable, Sendable {
        /// Risk under treatment minus risk under control by the time, of Kaplan–Meier curves.
        case riskDifference(at: Double)
        /// Restricted mean time under treatment minus that under control, up to the time.
        case restrictedMeanDifference(to: Double)
        /// The Cox coefficient of treatment, below 0 where treatment delays the event.
        case logHazardRatio
    }

    /// The effect in one group.
    public struct Effect: Hashable, Sendable {
        /// Patients under treatment.
        public let treatedCount: Int
        /// Patients under control.
        public let controlCount: Int
        /// Events under treatment.
        public let treatedEvents: Int
        /// Events under control.
        public let controlEvents: Int
        /// The effect as the trial estimates it, with standard error and normal interval.
        public let estimate: Estimate
        /// The effect in these patients by their twins, with the error that it has as an effect in the population they
        /// are drawn from; no error for a hazard ratio. Undefined without twins.
        public let truth: Estimated<Estimate>
        /// Estimate minus truth, with the error of the estimate: the truth in these patients is known.
        public let bias: Estimated<Estimate>
    }

    /// The difference in effect between a group and the group of reference.
    public struct BenefitGap: Hashable, Sendable {
        /// The group that is compared.
        public let label: String
        /// The group that it is compared with.
        public let reference: String
        /// Effect in the group minus effect in the reference, as estimated.
        public let estimate: Estimated<Estimate>
        /// The same by the twins.
        public let truth: Estimated<Estimate>
        /// Estimate minus truth, with the error of the estimate.
        public let bias: Estimated<Estimate>
        /// Two-sided, of no difference in effect, adjusted for the other groups.
        public let adjustedPValue: Estimated<Double>
    }

    /// How the arms were compared.
    public let measure: Measure
    /// The groups, compared by the estimated effect.
    public let byGroup: Stratified<Effect>
    /// The test that the effect is the same in all groups.
    public let interaction: Estimated<Heterogeneity>

    private let level: ConfidenceLevel

    /// Compares the arms within each group.
    ///
    /// - Parameters:
    ///   - data: follow-up of n patients, each under the arm it was allocated to.
    ///   - treated: n indicators.
    ///   - grouping: the group of each patient.
    ///   - twins: both outcomes of the same patients in the same order; nil outside a simulation.
    /// - Throws: ``InvalidInput`` for columns of another length.
    public init(
        _ data: SurvivalData, treated: [Bool], grouping: Grouping, measure: Measure, twins: PotentialOutcomes? = nil,
        threshold: SmallGroupThreshold = .none, level: ConfidenceLevel = .ninetyFivePercent
    ) throws {
        var problems: [InvalidInput.Problem] = []
        if treated.count != data.count {
            problems.append(.length("treated", found: treated.count, rows: data.count))
        }
        if grouping.count != data.count {
            problems.append(.length("group", found: grouping.count, rows: data.count))
        }
        if let twins, twins.count != data.count {
            problems.append(.length("potential outcomes", found: twins.count, rows: data.count))
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        self.measure = measure
        self.level = level
        byGroup = try Stratified(grouping, events: data.events, threshold: threshold) { rows in
            try Self.effect(data, treated, rows, measure, twins, level)
        } estimate: {
            .value($0.estimate)
        }
        interaction = byGroup.heterogeneity(level: level)
    }

    /// Each other group against one of them, with the true gap and the bias beside.
    ///
    /// - Throws: ``InvalidInput`` for a label that the grouping does not have.
    public func gaps(
        to reference: String, adjustment: MultiplicityAdjustment = .holm
    ) throws(InvalidInput) -> [BenefitGap] {
        let estimated = try byGroup.comparisons(to: reference, adjustment: adjustment, level: level)
        let known = try byGroup.compared { $0.truth }.contrasts(to: reference, level: level)
        return zip(estimated, known).map { estimated, known in
            BenefitGap(
                label: known.label, reference: reference, estimate: estimated.contrast.estimate, truth: known.estimate,
                bias: Self.bias(estimated.contrast.estimate, known.estimate, level),
                adjustedPValue: estimated.adjustedPValue)
        }
    }

    private static func bias(
        _ estimate: Estimated<Estimate>, _ truth: Estimated<Estimate>, _ level: ConfidenceLevel
    ) -> Estimated<Estimate> {
        estimate.flatMap { estimate in
            truth.map { truth in
                Estimate(
                    value: estimate.value - truth.value, standardError: estimate.standardError, scale: .identity,
                    level: level)
            }
        }
    }

    private static func effect(
        _ data: SurvivalData, _ treated: [Bool], _ rows: [Int], _ measure: Measure, _ twins: PotentialOutcomes?,
        _ level: ConfidenceLevel
    ) throws -> Estimated<Effect> {
        let first = rows.filter { treated[$0] }
        let second = rows.filter { !treated[$0] }
        guard !first.isEmpty, !second.isEmpty else {
            return .undefined(
                .init(
                    code: "one-arm",
                    reason: "\(first.count) treated and \(second.count) control patients: an effect needs both"))
        }
        let arms = try (data.subset(first), data.subset(second))
        let truth: Estimated<Estimate> =
            if let twins {
                try Self.truth(twins, rows, measure, level)
            } else {
                .undefined(.init(code: "no-twins", reason: "no potential outcomes were given"))
            }
        return try compare(arms.0, arms.1, measure, level).map { estimate in
            Effect(
                treatedCount: first.count, controlCount: second.count, treatedEvents: arms.0.eventCount,
                controlEvents: arms.1.eventCount, estimate: estimate, truth: truth,
                bias: bias(.value(estimate), truth, level))
        }
    }

    private static func compare(
        _ treated: SurvivalData, _ control: SurvivalData, _ measure: Measure, _ level: ConfidenceLevel
    ) throws -> Estimated<Estimate> {
        switch measure {
        case .riskDifference(let time):
            // 1 − S on either side: the control's curve minus the treated one's.
            return difference(
                KaplanMeier(control).estimate(at: time, level: level),
                KaplanMeier(treated).estimate(at: time, level: level), level)
        case .restrictedMeanDifference(let time):
            return difference(
                KaplanMeier(treated).restrictedMean(to: time, level: level).map(\.estimate),
                KaplanMeier(control).restrictedMean(to: time, level: level).map(\.estimate), level)
        case .logHazardRatio:
            return try hazardRatio(treated, control).map { $0.linear(level: level) }
        }
    }

    private static func difference(
        _ a: Estimated<Estimate>, _ b: Estimated<Estimate>, _ level: ConfidenceLevel
    ) -> Estimated<Estimate> {
        a.flatMap { a in
            b.map { b in
                let error = a.standardError.flatMap { first in
                    b.standardError.flatMap { second in
                        let squared = first * first + second * second
                        return squared > 0 ? .value(squared.squareRoot()) : Estimated<Double>.undefined(.noSpread)
                    }
                }
                return Estimate(value: a.value - b.value, standardError: error, scale: .identity, level: level)
            }
        }
    }

    private static func hazardRatio(
        _ treated: SurvivalData, _ control: SurvivalData
    ) throws -> Estimated<CoefficientRow> {
        let both = try SurvivalData(
            times: treated.times + control.times, events: treated.events + control.events,
            entries: treated.entries.flatMap { first in control.entries.map { first + $0 } })
        let arm = treated.times.map { _ in 1.0 } + control.times.map { _ in 0.0 }
        do {
            let model = try CoxModel(both, covariates: [CovariateColumn("treated", arm)])
            return model.coefficients.first.map { .value($0) } ?? .undefined(.noSpread)
        } catch let error as CoxError {
            return .undefined(.init(code: "no-hazard-ratio", reason: error.description))
        }
    }

    private static func truth(
        _ twins: PotentialOutcomes, _ rows: [Int], _ measure: Measure, _ level: ConfidenceLevel
    ) throws -> Estimated<Estimate> {
        switch measure {
        case .riskDifference(let time):
            return paired(twins, rows, level) { times, events, row in
                if times[row] > time { return 0 }
                return events[row] ? 1 : nil
            }
        case .restrictedMeanDifference(let time):
            return paired(twins, rows, level) { times, events, row in
                times[row] >= time ? time : (events[row] ? times[row] : nil)
            }
        case .logHazardRatio:
            return try hazardRatio(twins.treated.subset(rows), twins.control.subset(rows)).map {
                let reason = Undefined(
                    code: "paired-twins", reason: "the twins are the same patients: no error is given")
                return Estimate(
                    value: $0.estimate, standardError: .undefined(reason), interval: .undefined(reason))
            }
        }
    }

    /// The mean over patients of an outcome under treatment minus the same under control.
    private static func paired(
        _ twins: PotentialOutcomes, _ rows: [Int], _ level: ConfidenceLevel,
        _ outcome: (_ times: [Double], _ events: [Bool], _ row: Int) -> Double?
    ) -> Estimated<Estimate> {
        var differences: [Double] = []
        differences.reserveCapacity(rows.count)
        for row in rows {
            guard let first = outcome(twins.treated.times, twins.treated.events, row),
                let second = outcome(twins.control.times, twins.control.events, row)
            else {
                return .undefined(
                    .init(
                        code: "twin-censored",
                        reason: "a potential outcome of row \(row + 1) is censored before the horizon"))
            }
            differences.append(first - second)
        }
        let moments = SampleMoments(differences)
        let error = moments.variance.flatMap { variance in
            variance > 0
                ? .value((variance / Double(rows.count)).squareRoot()) : Estimated<Double>.undefined(.noSpread)
        }
        return .value(Estimate(value: moments.mean, standardError: error, scale: .identity, level: level))
    }
}
