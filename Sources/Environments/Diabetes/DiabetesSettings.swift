/// What a variant of the diabetes problem is made of.
struct DiabetesSettings: Sendable, Hashable {
    var meals = DiabetesMeals.random
    var sensor = GlucoseSensor.Make.guardian
    var noise = GlucoseSensor.Noise.drawn
    var reading = Reading.latest
    var pump = InsulinPump.insulet
    var doses = Doses.relative
    var reward = Reward.risk
    var announcement = Announcement.grams

    /// What a decision sees of the sensor.
    enum Reading: Sendable, Hashable {
        /// Its latest reading.
        case latest
        /// As published: the mean over five minutes of what the sensor showed, which with a reading each five minutes is four
        /// fifths of the one before. What came before the first is taken as 0 where a rate of change is needed.
        case published
    }

    /// What an action is.
    enum Doses: Sendable, Hashable {
        /// Multiples of the patient's basal rate and of the bolus that the patient's own ratio and factor give.
        case relative
        /// A basal rate in U/h and a bolus in U.
        case absolute
    }

    /// What a decision pays.
    enum Reward: Sendable, Hashable {
        /// As in DTRGym: see ``GlucoseRisk/reward(_:rise:insulin:_:)``.
        case risk
        /// The share of the day in 70–180 mg/dL less what is below: see ``GlucoseRisk/timeInRange(_:decisions:)``.
        case timeInRange
    }

    /// How carbohydrate is announced.
    enum Announcement: Sendable, Hashable {
        /// All that has come onto the plate since the latest decision, in g.
        case grams
        /// The same divided by the five minutes: what simglucose reports (issues 35 and 78), read as grams.
        case gramsPerMinute
    }

    /// The named variants, the default first. A new one is a line here.
    static let variants: [(name: String, settings: DiabetesSettings)] = [
        ("random-meals", DiabetesSettings()),
        ("time-in-range", DiabetesSettings(reward: .timeInRange)),
        (
            "simglucose",
            DiabetesSettings(
                meals: .fixed, noise: .published, reading: .published, pump: .publishedUnits, doses: .absolute)
        ),
        ("simglucose-random", DiabetesSettings(reading: .published, pump: .publishedUnits, doses: .absolute)),
        ("dexcom", DiabetesSettings(sensor: .dexcom)),
        ("navigator", DiabetesSettings(sensor: .navigator)),
        ("published-pump-units", DiabetesSettings(pump: .publishedUnits)),
        ("announced-rate", DiabetesSettings(announcement: .gramsPerMinute)),
    ]
}
