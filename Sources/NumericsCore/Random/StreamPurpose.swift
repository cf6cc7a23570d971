/// What a random stream is used for.
///
/// A purpose separates streams: every purpose has a Philox key of its own, so that adding a purpose, or drawing more
/// numbers for one, leaves the numbers of all others as they were. Two arms that treat the same patient share all
/// purposes and therefore differ by their treatment only.
///
/// A code belongs to its purpose for ever. Append new constants with a new code and list them in
/// ``StreamPurpose/allBuiltIn``; never reuse or renumber one, since that would change published results.
public struct StreamPurpose: Hashable, Sendable {
    /// The name shown in provenance and messages.
    public let name: String
    /// The number mixed into the key. Built-in purposes are below 2³², purposes of a library's user at or above.
    public let code: UInt64

    private init(_ name: String, builtIn code: UInt32) {
        self.name = name
        self.code = UInt64(code)
    }

    /// A purpose of your own. `userCode` needs to differ from your other purposes only: it cannot meet a built-in code.
    public init(name: String, userCode: UInt32) {
        self.name = name
        self.code = (1 << 32) | UInt64(userCode)
    }

    /// Purposes are equal when their codes are: the name is for people.
    public static func == (a: StreamPurpose, b: StreamPurpose) -> Bool { a.code == b.code }
    /// Hashes the code alone, as equality compares it.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

extension StreamPurpose: CustomStringConvertible {
    /// ``name``, as provenance and messages show it.
    public var description: String { name }
}

extension StreamPurpose {
    /// Covariates drawn from distributions or copulas.
    public static let covariates = StreamPurpose("covariates", builtIn: 1)
    /// Which real record a virtual patient is resampled from.
    public static let resampling = StreamPurpose("resampling", builtIn: 2)
    /// Missing cells filled in, the donor of a hot deck among them.
    public static let missingData = StreamPurpose("missingData", builtIn: 3)
    /// Between-patient random effects of a model.
    public static let randomEffects = StreamPurpose("randomEffects", builtIn: 4)
    /// Residual error of an observation.
    public static let residualError = StreamPurpose("residualError", builtIn: 5)
    /// Between-occasion random effects of a model.
    public static let occasionEffects = StreamPurpose("occasionEffects", builtIn: 6)
    /// When a patient enters the trial.
    public static let enrolment = StreamPurpose("enrolment", builtIn: 7)
    /// Which arm a patient is allocated to in the trial as it would be run.
    public static let randomisation = StreamPurpose("randomisation", builtIn: 8)
    /// Which doses are missed or shifted.
    public static let adherence = StreamPurpose("adherence", builtIn: 9)
    /// When a patient leaves the trial.
    public static let dropout = StreamPurpose("dropout", builtIn: 10)
    /// The cumulative hazard at which an event happens: shared by all arms, so that twins differ by hazard only.
    public static let eventThreshold = StreamPurpose("eventThreshold", builtIn: 11)
    /// Actions of a behaviour policy that explores.
    public static let exploration = StreamPurpose("exploration", builtIn: 12)
    /// Choices inside a learner: minibatches, starting values, candidate actions.
    public static let learning = StreamPurpose("learning", builtIn: 13)
    /// Bootstrap resamples of an estimator.
    public static let bootstrap = StreamPurpose("bootstrap", builtIn: 14)
    /// The halves of the patients on which a regime is learned and judged.
    public static let split = StreamPurpose("split", builtIn: 15)
    /// Departures of a clinician from the dose that a regime recommends.
    public static let override = StreamPurpose("override", builtIn: 16)
    /// Randomness of an analysis: permutation tests, multiple imputation.
    public static let analysis = StreamPurpose("analysis", builtIn: 17)
    /// Population parameters drawn from what is known of them.
    public static let parameterUncertainty = StreamPurpose("parameterUncertainty", builtIn: 18)
    /// Which class of a mixture a patient belongs to.
    public static let mixture = StreamPurpose("mixture", builtIn: 19)
    /// Scrambles and permutations of sampling designs.
    public static let samplingDesign = StreamPurpose("samplingDesign", builtIn: 20)
    /// The patients of a window of time in whom a score is watched for drift.
    public static let monitoring = StreamPurpose("monitoring", builtIn: 21)
    /// Chance inside an environment of treatment: noise, transitions, where an episode starts.
    public static let environment = StreamPurpose("environment", builtIn: 22)
    /// The draws of a policy that chooses at random.
    public static let policy = StreamPurpose("policy", builtIn: 23)
    /// How long it takes until a recommendation that is followed is carried out.
    public static let delay = StreamPurpose("delay", builtIn: 24)
    /// Which option a patient of a sequential trial is allocated to at the second stage.
    public static let secondRandomisation = StreamPurpose("secondRandomisation", builtIn: 25)

    /// Every built-in purpose in the order of its code. A new constant needs a line here.
    public static let allBuiltIn: [StreamPurpose] = [
        .covariates, .resampling, .missingData, .randomEffects, .residualError, .occasionEffects, .enrolment,
        .randomisation, .adherence, .dropout, .eventThreshold, .exploration, .learning, .bootstrap, .split, .override,
        .analysis, .parameterUncertainty, .mixture, .samplingDesign, .monitoring,
        .environment, .policy, .delay, .secondRandomisation,
    ]
}
