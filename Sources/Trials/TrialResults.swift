import Cohorts
import Outcomes
import Regimes

/// Everything that a study found: what a results file holds and a report shows.
package struct TrialResults: Sendable {
    package var title = ""
    package var about = ""
    package var arms: [ArmName] = []
    package var endpoints: [Endpoint] = []
    package var strata: Strata
    package var cohort: Cohort
    package var flow: EligibilityFlow
    package var missing: MissingDataReport

    /// Twins: one record for each arm, the same patients in each.
    package var records: [ArmRecord] = []
    /// `levels[arm][endpoint]`
    package var levels: [[StratifiedCells]] = []
    /// The arm against which effects are taken, and `effects[arm][endpoint]` against it.
    package var reference = 0
    package var effects: [[StratifiedCells]] = []
    /// `harms[arm][harm]`, in the order of the endpoints that are harms.
    package var harms: [[HarmCell]] = []
    /// What one trial says of groups that gain differently, beside the truth; nil without a randomised trial.
    package var benefitGaps: BenefitGaps?
    /// For each arm, who was lost on the way.
    package var access: [AccessLosses] = []
    /// For each arm, what became of its recommendations; zeros for an arm without a clinic.
    package var clinic: [ClinicAccount] = []
    /// The column that holds the dose needed, and for each arm who is dosed wrong by it; empty where nothing tells the need.
    package var doseNeeded: String?
    package var dosing: [DosingErrors] = []
    /// Whom the eligibility rules left out.
    package var screening = ScreeningLosses.none("")
    package var survival: [SurvivalResults] = []
    package var discrimination: DiscriminationResults?
    package var trial: RandomisedResults?
    /// For each group, the true effect of the trial's treated arm on its endpoint, from twins.
    package var trueEffect: [EstimateCell] = []
    package var learned: [LearnedResults] = []
    package var published: [PublishedComparison] = []
    /// The sequential trial, where the study has one.
    package var sequential: SequentialResults?
    /// How far arms are from the best arm of every patient, where the scenario asks.
    package var regret: Regret?

    package init(strata: Strata, cohort: Cohort, flow: EligibilityFlow, missing: MissingDataReport) {
        self.strata = strata
        self.cohort = cohort
        self.flow = flow
        self.missing = missing
    }

    package struct ArmName: Sendable {
        package var name: String
        package var title: String
        /// What the regime is, as text: its rules, or how it was learned.
        package var regime: String

        package init(name: String, title: String, regime: String) {
            self.name = name
            self.title = title
            self.regime = regime
        }
    }

    /// One time-to-event endpoint.
    package struct SurvivalResults: Sendable {
        package var endpoint: Int
        package var days: [Double]
        /// `survival[arm][day]`, with Greenwood's standard error and the number at risk.
        package var survival: [[Double]]
        package var standardError: [[Double]]
        package var atRisk: [[Int]]
        /// For each arm against the reference; nil for the reference itself.
        package var comparisons: [SurvivalComparison?]

        package init(
            endpoint: Int, days: [Double], survival: [[Double]], standardError: [[Double]], atRisk: [[Int]],
            comparisons: [SurvivalComparison?]
        ) {
            self.endpoint = endpoint
            self.days = days
            self.survival = survival
            self.standardError = standardError
            self.atRisk = atRisk
            self.comparisons = comparisons
        }
    }

    /// A baseline score judged against a time-to-event endpoint, in each arm.
    package struct DiscriminationResults: Sendable {
        package var endpoint: Int
        package var score: String
        package var days: [Double]
        package var arms: [Discrimination]

        package init(endpoint: Int, score: String, days: [Double], arms: [Discrimination]) {
            self.endpoint = endpoint
            self.score = score
            self.days = days
            self.arms = arms
        }
    }

    /// The randomised trial over the replicates that this run, or this shard of it, holds.
    package struct RandomisedResults: Sendable {
        /// Names of the control and the treated arm, and of the endpoint.
        package var control: String
        package var treated: String
        package var endpoint: String
        package var alpha: Double
        /// The days that one trial follows its patients.
        package var followUp: Double
        /// The numbers of the replicates, from 1, growing.
        package var replicates: [Int]
        package var estimates: [TrialEstimate]
        /// The same replicates with equal arms; empty where the scenario asks for none.
        package var nullEstimates: [TrialEstimate]
        /// The first replicate, as an example of a trial; nil in a shard that does not hold it.
        package var example: Replicate?

        package init(
            control: String, treated: String, endpoint: String, alpha: Double, followUp: Double, replicates: [Int],
            estimates: [TrialEstimate], nullEstimates: [TrialEstimate], example: Replicate?
        ) {
            self.control = control
            self.treated = treated
            self.endpoint = endpoint
            self.alpha = alpha
            self.followUp = followUp
            self.replicates = replicates
            self.estimates = estimates
            self.nullEstimates = nullEstimates
            self.example = example
        }
    }

    /// The sequential trial over the replicates that this run, or this shard of it, holds.
    package struct SequentialResults: Sendable {
        /// The names of the embedded regimes, and which two are compared: the first minus the second.
        package var regimes: [String]
        package var contrast: (Int, Int)
        package var endpoint: String
        package var isHigherBetter: Bool
        package var alpha: Double
        package var patients: Int
        package var responseDay: Double
        package var followUp: Double
        /// The numbers of the replicates, from 1, growing.
        package var replicates: [Int]
        package var estimates: [SequentialEstimate]
        /// The true value of each regime and last the contrast, from twins.
        package var truth: [EstimateCell]
        package var design: Design

        /// What the sample size formula says, with the response rates and the spread of the twins.
        package struct Design: Sendable {
            /// The share of twins who respond to each regime's first option.
            package var responses: [Double]
            /// The standard deviation of the outcome, and the contrast in units of it.
            package var deviation: Double
            package var effect: Double
            /// For 80 % power; NaN where no formula is known or the effect is none.
            package var patientsNeeded: Double

            package init(responses: [Double], deviation: Double, effect: Double, patientsNeeded: Double) {
                self.responses = responses
                self.deviation = deviation
                self.effect = effect
                self.patientsNeeded = patientsNeeded
            }
        }

        package init(
            regimes: [String], contrast: (Int, Int), endpoint: String, isHigherBetter: Bool, alpha: Double,
            patients: Int,
            responseDay: Double, followUp: Double, replicates: [Int], estimates: [SequentialEstimate],
            truth: [EstimateCell], design: Design
        ) {
            self.regimes = regimes
            self.contrast = contrast
            self.endpoint = endpoint
            self.isHigherBetter = isHigherBetter
            self.alpha = alpha
            self.patients = patients
            self.responseDay = responseDay
            self.followUp = followUp
            self.replicates = replicates
            self.estimates = estimates
            self.truth = truth
            self.design = design
        }

        /// The regimes, and last the contrast, as tables name them.
        package var labels: [String] {
            regimes + ["\(regimes[contrast.0]) minus \(regimes[contrast.1])"]
        }
    }

    /// A learned arm: its policy and how it was learned.
    package struct LearnedResults: Sendable {
        package var arm: Int
        package var features: [String]
        package var found: Found
        package var trainingPatients: Int
        /// Real records of which virtual patients to learn on and to judge on are both made: 0, counted. Nil where
        /// patients are drawn from distributions; they then have streams of their own.
        package var sharedRecords: Int?

        /// What learning found.
        package enum Found: Sendable {
            case fittedQ(FittedQIteration.Result, exploration: Double)
            case policy(LearnedPolicy)
        }

        package init(arm: Int, features: [String], found: Found, trainingPatients: Int, sharedRecords: Int? = nil) {
            self.arm = arm
            self.features = features
            self.found = found
            self.trainingPatients = trainingPatients
            self.sharedRecords = sharedRecords
        }
    }

    /// A policy that a learner froze.
    package struct LearnedPolicy: Sendable {
        package var method: String
        /// The settings as one text, `name=value` a line.
        package var settings: String
        /// The policy's file.
        package var file: String
        /// The regime's card as text.
        package var card: String
        /// Decisions that were simulated to learn from.
        package var steps: Int
        /// The training curve: after so many decisions, the value and the loss.
        package var curve: [(steps: Int, value: Double, loss: Double)]

        package init(
            method: String, settings: String, file: String, card: String, steps: Int,
            curve: [(steps: Int, value: Double, loss: Double)]
        ) {
            self.method = method
            self.settings = settings
            self.file = file
            self.card = card
            self.steps = steps
            self.curve = curve
        }
    }

    /// A number that a real trial published, beside what came out here.
    package struct PublishedComparison: Sendable {
        package var treated: Int
        package var control: Int
        package var endpoint: Int
        package var stratum: String
        package var published: Double
        package var interval: ClosedRange<Double>?
        package var source: String
        /// The effect on twins.
        package var simulated: EstimateCell

        package init(
            treated: Int, control: Int, endpoint: Int, stratum: String, published: Double,
            interval: ClosedRange<Double>?,
            source: String, simulated: EstimateCell
        ) {
            self.treated = treated
            self.control = control
            self.endpoint = endpoint
            self.stratum = stratum
            self.published = published
            self.interval = interval
            self.source = source
            self.simulated = simulated
        }

        /// Whether the simulated effect has the sign of the published one.
        package var signAgrees: Bool { (published < 0) == (simulated.value < 0) }
    }
}
