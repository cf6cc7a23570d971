import NumericsCore
import Outcomes

/// A simulated two-arm trial, with every kind of outcome that an estimator may want.
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
    init(patients: Int, replicate: UInt32, seed: UInt64) throws {
        let key = StreamKey(seed: seed, purpose: StreamPurpose(name: "coverage", userCode: 1))
        var times: [Double] = []
        var events: [Bool] = []
        var markerTimes: [Double] = []
        var markerEvents: [Bool] = []
        var (arm, marker, value, response, counts, personTime) = (
            [Double](), [Double](), [Double](), [Bool](), [Int](), [Double]()
        )
        for patient in 0..<patients {
            var stream = RandomStream(key: key, replicate: replicate, patient: UInt32(patient))
            let treated = Double(patient % 2)
            let censoring = stream.nextExponential(rate: Self.censoringRate)
            let hazard = stream.nextExponential() / Elementary.exp(Self.logHazardRatio * treated)
            let time = Self.scale * Elementary.pow(hazard, 1 / Self.shape)
            let score = stream.nextNormal()
            let markerTime = stream.nextExponential(rate: Self.markerRate * Elementary.exp(Self.markerEffect * score))
            let logit = Elementary.log(Self.controlRisk / (1 - Self.controlRisk)) + Self.logOddsRatio * treated
            let exposure = 0.5 + stream.nextUniform()
            arm.append(treated)
            marker.append(score)
            times.append(min(time, censoring))
            events.append(time <= censoring)
            markerTimes.append(min(markerTime, censoring))
            markerEvents.append(markerTime <= censoring)
            value.append(Self.meanGain * treated + (1 + treated) * stream.nextNormal())
            response.append(stream.nextUniform() < 1 / (1 + Elementary.exp(-logit)))
            personTime.append(exposure)
            counts.append(
                stream.nextPoisson(mean: exposure * Self.eventRate * Elementary.exp(Self.logRateRatio * treated)))
        }
        self.arm = arm
        self.marker = marker
        data = try SurvivalData(times: times, events: events)
        markerData = try SurvivalData(times: markerTimes, events: markerEvents)
        self.value = value
        self.response = response
        self.counts = counts
        self.personTime = personTime
    }

    /// The arm as a covariate.
    var armColumn: CovariateColumn { CovariateColumn("arm", arm) }

    /// The rows of an arm.
    func rows(_ treated: Double) -> [Int] { arm.indices.filter { arm[$0] == treated } }

    /// The event times of an arm.
    func data(_ treated: Double) throws -> SurvivalData { try data.subset(rows(treated)) }
}
