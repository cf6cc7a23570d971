import ModelLanguage
import NumericsCore

/// A covariate drawn from a distribution for every patient.
///
/// ```swift
/// CovariateDraw("weight_kg", unit: "kg", .normal(mean: 75, standardDeviation: 15, lower: 40, upper: 160))
/// CovariateDraw("carrier", .bernoulli(probability: .byLevel("race", ["White": 0.0, "Black": 0.10])), follows: .record)
/// ```
public struct CovariateDraw: Sendable, Hashable {
    /// A parameter of a distribution: one number for all, or a number for each patient.
    public enum Parameter: Sendable, Hashable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
        /// The same number for every patient.
        case value(Double)
        /// The patient's value of a column that exists or was drawn before.
        case column(String)
        /// A number for each level of a category, and one for patients without a level and for levels not named.
        case byLevel(String, [String: Double], otherwise: Double? = nil)
        /// An expression over the columns that exist or were drawn before.
        case expression(SourceText)

        /// One number for all, so that `mean: 75.0` can be written.
        public init(floatLiteral value: Double) { self = .value(value) }
        /// One number for all, so that `mean: 75` can be written.
        public init(integerLiteral value: Int) { self = .value(Double(value)) }
    }

    /// The distributions. Bounds truncate: the shape between them is kept, nothing piles up on them.
    public enum Law: Sendable, Hashable {
        /// Mean and standard deviation before truncation, in the column's unit.
        case normal(mean: Parameter, standardDeviation: Parameter, lower: Double? = nil, upper: Double? = nil)
        /// exp of a normal number: the median in the column's unit, and the standard deviation of the logarithm.
        case logNormal(median: Parameter, logStandardDeviation: Parameter, lower: Double? = nil, upper: Double? = nil)
        /// Equal chances from `lower` to `upper`, in the column's unit.
        case uniform(lower: Parameter, upper: Parameter)
        /// Levels with weights that need not add up to 1.
        case categorical(levels: [String], weights: [Parameter])
        /// 1 with the probability, else 0.
        case bernoulli(probability: Parameter)
        /// Any other distribution, the same for all patients. Of a categorical one the index is drawn, as a number.
        case described(Distribution)
    }

    /// Whose number it is.
    public enum Owner: Sendable, Hashable {
        /// Patients made from one record differ.
        case patient
        /// All patients made from one record share it, as they share what is known of the person.
        case record
    }

    /// The name of the new column, which also picks its random stream.
    public var name: String
    /// The unit of a number; `1` for everything else.
    public var unit: String
    /// What the column is, in words; may be empty.
    public var longName: String
    /// The distribution of one patient's value.
    public var law: Law
    /// Whether patients made from one record share the value.
    public var owner: Owner

    /// A draw that is checked when it is made, by ``Cohort/drawing(_:seed:replicate:)``.
    public init(_ name: String, unit: String = "1", longName: String = "", _ law: Law, follows owner: Owner = .patient)
    {
        self.name = name
        self.unit = unit
        self.longName = longName
        self.law = law
        self.owner = owner
    }
}

extension Cohort {
    /// A cohort without records: patients from distributions alone.
    ///
    /// - Parameters:
    ///   - count: 0 to 2³² − 1 patients; record and patient are then the same.
    ///   - draws: the covariates, in order, so that a later one may depend on an earlier one.
    ///   - seed: the study's seed.
    ///   - replicate: the number of the replicate; another one has other patients.
    /// - Throws: ``CohortError`` for a count out of range, and what ``drawing(_:seed:replicate:)`` throws.
    public init(
        count: Int, drawing draws: [CovariateDraw], seed: UInt64, replicate: UInt32 = 0
    ) throws {
        guard count >= 0, count <= Int(UInt32.max) else {
            throw CohortError.badNumber(what: "cohort size", found: "\(count)", allowed: "from 0 to \(UInt32.max)")
        }
        self = try Cohort(count: count).drawing(draws, seed: seed, replicate: replicate)
    }

    /// The cohort with covariates drawn, in order, so that a later one may depend on an earlier one.
    ///
    /// Each number comes from the stream (seed, covariates, `replicate`, patient or record, the column's name): adding a
    /// patient or a covariate changes nobody's numbers. A patient for whom a parameter is missing has a missing value.
    ///
    /// - Throws: ``CohortError`` for a column that exists already or is unknown, and for a parameter that a distribution
    ///   cannot have, with the patient's record; `SourceErrors` for an expression that cannot be compiled.
    public func drawing(_ draws: [CovariateDraw], seed: UInt64, replicate: UInt32 = 0) throws -> Cohort {
        var cohort = self
        let key = StreamKey(seed: seed, purpose: .covariates)
        for draw in draws {
            try draw.check()
            try cohort.append(draw.column(for: cohort, key, replicate))
        }
        return cohort
    }
}

extension CovariateDraw {
    fileprivate func column(for cohort: Cohort, _ key: StreamKey, _ replicate: UInt32) throws -> CohortColumn {
        let parameters = try parameters.map { try $0.values(for: cohort) }
        let substream = nameSubstream(name)
        var values: [Double] = []
        values.reserveCapacity(cohort.count)
        for patient in 0..<cohort.count {
            let owner = owner == .patient ? patient : cohort.sourceRow[patient]
            var stream = RandomStream(
                key: key, replicate: replicate, patient: UInt32(truncatingIfNeeded: owner), substream: substream)
            let own = parameters.map { $0[patient] }
            do { values.append(try sample(own, &stream)) } catch let error as InvalidDistribution {
                throw CohortError.badDistribution(
                    column: name, sourceRow: cohort.sourceRow[patient], problems: error.problems)
            }
        }
        return CohortColumn(name, unit: unit, longName: longName, kind: kind, values: values)
    }

    private var kind: CohortColumn.Kind {
        switch law {
        case .categorical(let levels, _): .category(levels: levels)
        case .bernoulli: .flag
        case .normal, .logNormal, .uniform, .described: .number
        }
    }

    private var parameters: [Parameter] {
        switch law {
        case .normal(let mean, let deviation, _, _): [mean, deviation]
        case .logNormal(let median, let deviation, _, _): [median, deviation]
        case .uniform(let lower, let upper): [lower, upper]
        case .categorical(_, let weights): weights
        case .bernoulli(let probability): [probability]
        case .described: []
        }
    }

    /// One number; missing where a parameter is.
    private func sample(_ own: [Double], _ stream: inout RandomStream) throws -> Double {
        guard !own.contains(where: \.isNaN) else { return .nan }
        switch law {
        case .normal(_, _, let lower, let upper):
            return try normal(own[0], own[1], lower, upper).validated().sample(from: &stream)
        case .logNormal(_, _, let lower, let upper):
            guard own[0] > 0 else {
                throw CohortError.badNumber(what: "\(name), median", found: "\(own[0])", allowed: "a positive number")
            }
            let logBounds = [lower, upper].map { $0.map { $0 > 0 ? Elementary.log($0) : -.infinity } }
            let logarithm = normal(Elementary.log(own[0]), own[1], logBounds[0], logBounds[1])
            return Elementary.exp(try logarithm.validated().sample(from: &stream))
        case .uniform: return try Distribution.uniform(lower: own[0], upper: own[1]).validated().sample(from: &stream)
        case .categorical: return try Distribution.categorical(weights: own).validated().sample(from: &stream)
        case .described(let distribution): return try distribution.validated().sample(from: &stream)
        case .bernoulli: return try Distribution.bernoulli(probability: own[0]).validated().sample(from: &stream)
        }
    }

    private func normal(_ mean: Double, _ deviation: Double, _ lower: Double?, _ upper: Double?) -> Distribution {
        guard lower != nil || upper != nil else { return .normal(mean: mean, standardDeviation: deviation) }
        return .truncatedNormal(
            mean: mean, standardDeviation: deviation, lower: lower ?? -.infinity, upper: upper ?? .infinity)
    }

    /// Refuses what is wrong whoever the patient is.
    fileprivate func check() throws(CohortError) {
        guard case .categorical(let levels, let weights) = law else { return }
        guard !levels.isEmpty, Set(levels).count == levels.count else {
            throw .badNumber(what: "\(name), levels", found: "\(levels)", allowed: "one or more, all different")
        }
        guard levels.count == weights.count else {
            throw .badNumber(
                what: "\(name), weights", found: "\(weights.count)", allowed: "\(levels.count), one for each level")
        }
    }
}

extension CovariateDraw.Parameter {
    /// The parameter of every patient; NaN where it is missing.
    fileprivate func values(for cohort: Cohort) throws -> [Double] {
        switch self {
        case .value(let value): return [Double](repeating: value, count: cohort.count)
        case .column(let name):
            let column = try cohort.column(name)
            guard column.kind == .number || column.kind == .flag else {
                throw CohortError.wrongKind(column: name, found: column.kind.words, allowed: "a number or a flag")
            }
            return column.values
        case .byLevel(let name, let byLevel, let otherwise):
            let column = try cohort.column(name)
            guard let levels = column.levels else {
                throw CohortError.wrongKind(column: name, found: column.kind.words, allowed: "a category")
            }
            for level in byLevel.keys.sorted() where !levels.contains(level) {
                throw CohortError.unknownLevel(column: name, level: level, allowed: levels)
            }
            return column.values.map { code in
                let level = Int(exactly: code).map { levels[$0] }
                return level.flatMap { byLevel[$0] } ?? otherwise ?? .nan
            }
        case .expression(let source): return try RowRule(expression: source, for: cohort).values(of: cohort)
        }
    }
}
