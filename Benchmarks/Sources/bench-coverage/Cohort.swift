import NumericsCore
import Outcomes

/// A simulated two-arm trial, with every kind of outcome that an estimator may want. Both event times come from the engine.
///
/// ```
/// event time        Weibull: S(t | arm) = exp(−(t/scale)^shape · exp(β·arm)), β = log ½
/// marker time       exponential: hazard rate·exp(γ·marker), marker standard normal
/// censoring         exponential, the same for both
/// ```
struct Cohort {
    static let shape = 1.5
    static let scale = 10.0
    static let logHazardRatio = -0.693_147_180_559_945_3
    static let censoringRate = 0.03
    static let markerRate = 0.08
    static let markerEffect = 0.8
    /// Milestone, horizon and evaluation time: about the median of the control arm.
    static let time = 8.0
    static let horizon = 12.0
    static let meanGain = 0.5
    static let controlRisk = 0.3
    static let logOddsRatio = 0.8
    static let eventRate = 0.6
    static let logRateRatio = -0.5

    /// 0 control, 1 treated, in turn.
    let arm: [Double]
    let marker: [Double]
    let data: SurvivalData
    let markerData: SurvivalData
    /// Normal with standard deviation 1 in the control arm and 2 in the treated.
    let value: [Double]
    let response: [Bool]
    let counts: [Int]
    let personTime: [Double]

    /// The cohort of a replicate; patient i has the same numbers in cohorts of any size.
    init(patients: Int, replicate: UInt32, seed: UInt64, clock: EventClock) throws {
        let key = StreamKey(seed: seed, purpose: StreamPurpose(name: "coverage", userCode: 1))
        var people: [EventClock.Patient] = []
        var (censoring, value, counts, personTime) = ([Double](), [Double](), [Int](), [Double]())
        var response: [Bool] = []
        for patient in 0..<patients {
            var stream = RandomStream(key: key, replicate: replicate, patient: UInt32(patient))
            let treated = Double(patient % 2)
            censoring.append(stream.nextExponential(rate: Self.censoringRate))
            let threshold = stream.nextExponential()
            let score = stream.nextNormal()
            people.append(
                EventClock.Patient(arm: treated, marker: score, thresholds: [threshold, stream.nextExponential()]))
            let logit = Elementary.log(Self.controlRisk / (1 - Self.controlRisk)) + Self.logOddsRatio * treated
            let exposure = 0.5 + stream.nextUniform()
            value.append(Self.meanGain * treated + (1 + treated) * stream.nextNormal())
            response.append(stream.nextUniform() < 1 / (1 + Elementary.exp(-logit)))
            personTime.append(exposure)
            counts.append(
                stream.nextPoisson(mean: exposure * Self.eventRate * Elementary.exp(Self.logRateRatio * treated)))
        }
        let times = clock.times(of: people)
        arm = people.map(\.arm)
        marker = people.map(\.marker)
        data = try Self.followUp(times.map(\.event), censoring)
        markerData = try Self.followUp(times.map(\.marked), censoring)
        self.value = value
        self.response = response
        self.counts = counts
        self.personTime = personTime
    }

    /// What is seen of event times: the earlier of each and its censoring.
    private static func followUp(_ times: [Double], _ censoring: [Double]) throws -> SurvivalData {
        try SurvivalData(
            times: zip(times, censoring).map { min($0, $1) }, events: zip(times, censoring).map { $0 <= $1 })
    }

    /// The arm as a covariate.
    var armColumn: CovariateColumn { CovariateColumn("arm", arm) }

    /// The rows of an arm.
    func rows(_ treated: Double) -> [Int] { arm.indices.filter { arm[$0] == treated } }

    /// The event times of an arm.
    func data(_ treated: Double) throws -> SurvivalData { try data.subset(rows(treated)) }
}
