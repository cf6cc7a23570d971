import ModelLanguage
import NumericsCore
import Regimes

/// What stands between a regime's recommendation and the patient's dose: clinicians who follow it or not, at once or
/// late, and who tire of alerts.
///
/// A recommendation is what the arm's regime decides at a visit. Under ``Otherwise/previous`` there is none at the first
/// visit, where nothing is in force that could be kept: treatment begins as decided.
package struct Clinic: Sendable {
    /// What is done where a recommendation is not followed.
    package enum Otherwise: Sendable {
        /// The treatment in force goes on.
        case previous
        /// Another regime decides, from the same history; it keeps a memory of its own.
        case regime(any Regime)
    }

    /// When a recommendation that is followed comes into force. The first visit knows no delay: nobody waits untreated.
    package enum Delay: Sendable, Hashable {
        case visits(Int)
        /// Days, drawn anew for each recommendation.
        case days(Distribution)
    }

    /// Which recommendations alert, and what many alerts do.
    package struct Alerts: Sendable, Hashable {
        package enum Threshold: Sendable, Hashable {
            /// As a share of what would be given otherwise.
            case share(Double)
            /// In the unit of the doses.
            case amount(Double)
        }

        /// At most `count` alerts of a patient in any `days` days; a further one is suppressed.
        package struct Budget: Sendable, Hashable {
            package var count: Int
            /// Infinite for the whole trial.
            package var days: Double

            package init(count: Int, days: Double) { (self.count, self.days) = (count, days) }
        }

        /// logit p = logit p₀ − `weight` · (alerts shown for the patient in the `days` days before).
        package struct Fatigue: Sendable, Hashable {
            package var weight: Double
            package var days: Double

            package init(weight: Double, days: Double) { (self.weight, self.days) = (weight, days) }
        }

        /// A recommendation alerts when what it gives differs by more than this from what is given otherwise.
        package var threshold: Threshold
        package var budget: Budget?
        package var fatigue: Fatigue?

        package init(threshold: Threshold, budget: Budget? = nil, fatigue: Fatigue? = nil) {
            (self.threshold, self.budget, self.fatigue) = (threshold, budget, fatigue)
        }
    }

    /// What is done beside the dose when a condition holds at a visit.
    package struct CoIntervention: Sendable {
        /// Not 0 where it is done; a missing value is no.
        package var condition: RowProgram
        /// Changes actions and memory.
        package var statements: RowProgram?
        /// The amount of a single dose, and the compartment that takes it, on the day of the visit.
        package var rescue: (amount: RowProgram, compartment: Int)?

        package init(
            condition: RowProgram, statements: RowProgram?, rescue: (amount: RowProgram, compartment: Int)? = nil
        ) {
            (self.condition, self.statements, self.rescue) = (condition, statements, rescue)
        }
    }

    /// The probability that a recommendation is followed, from the decision variables as the regime left them; nil: 1.
    package var follow: RowProgram?
    package var otherwise: Otherwise
    package var delay: Delay?
    package var alerts: Alerts?
    package var coInterventions: [CoIntervention]

    package init(
        follow: RowProgram?, otherwise: Otherwise = .previous, delay: Delay? = nil, alerts: Alerts? = nil,
        coInterventions: [CoIntervention] = []
    ) {
        self.follow = follow
        self.otherwise = otherwise
        self.delay = delay
        self.alerts = alerts
        self.coInterventions = coInterventions
    }

    /// What the conditions and statements of co-interventions read beside the decision variables: 1 where the
    /// recommendation was not followed, where it alerted, where its alert was suppressed, where it waits; and the amount
    /// that was recommended.
    package static let facts = ["overridden", "alerted", "suppressed", "delayed", "recommended"]

    /// The inputs of the programs of co-interventions.
    package static func inputs(_ variables: DecisionVariables) -> [InputSymbol] {
        variables.symbols + facts.map { InputSymbol($0) }
    }
}

/// What became of the recommendations for one patient.
///
/// `recommendations = followed + overridden + suppressed`, and `delayed` are some of the followed.
package struct ClinicCounts: Sendable, Hashable {
    /// Decisions of the regime that the clinic could follow or not.
    package var recommendations = 0
    /// Of those, the ones that differ from what is done otherwise.
    package var changes = 0
    package var followed = 0
    package var overridden = 0
    package var delayed = 0
    /// Alerts raised, shown or not.
    package var alerts = 0
    /// Alerts that the budget kept back, with the recommendation.
    package var suppressed = 0
    package var coInterventions = 0
    /// Recommendations whose probability of being followed was no number from 0 to 1: they were not followed.
    package var undecided = 0

    package init() {}

    /// The names and values in the order of results files.
    package static let columns: [(name: String, title: String, value: KeyPath<ClinicCounts, Int> & Sendable)] = [
        ("recommendations", "recommendations of the regime", \.recommendations),
        ("changes", "of those, different from what is done otherwise", \.changes),
        ("followed", "recommendations followed, at once or late", \.followed),
        ("overridden", "recommendations overridden by the clinician", \.overridden),
        ("delayed", "recommendations followed late", \.delayed),
        ("alerts", "alerts raised", \.alerts),
        ("suppressed", "alerts suppressed by the budget", \.suppressed),
        ("co_interventions", "co-interventions", \.coInterventions),
        ("undecided", "recommendations without a probability of being followed, not followed", \.undecided),
    ]
}
