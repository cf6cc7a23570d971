import NumericsCore
import Regimes

/// Sixteen days of virtual patients.
final class DiabetesLanes: EpisodeLanes {
    private let settings: DiabetesSettings
    private let patients: [VirtualPatient]
    /// The places of the patients among all, for grouping, and of their groups.
    private let places: [Int]
    private let groups: [Int]
    private let key: StreamKey
    private let dynamics = GlucoseDynamics()
    private let sensor: GlucoseSensor
    private var record = GlucoseRecord()
    private var who = [Int](repeating: 0, count: laneCount)
    private var minute = [Int](repeating: 0, count: laneCount)
    private var latestMeal = [Int](repeating: .min, count: laneCount)
    /// The day's meals, `[lane * most + meal]`.
    private var mealMinutes = [Int](repeating: 0, count: laneCount * DiabetesMeals.most)
    private var mealGrams = [Double](repeating: 0, count: laneCount * DiabetesMeals.most)
    /// What the sensor showed last, and glucose at the decision before.
    private var shown = Lane(repeating: 0)
    private var glucose = Lane(repeating: 0)
    /// Insulin on board: what was given above the basal rate, on its way through two stages, in U.
    private var board = (first: Lane(repeating: 0), second: Lane(repeating: 0))
    private let scratch: LanePointer
    let observation: LanePointer
    let allowed: LanePointer
    private(set) var reward = Lane(repeating: 0)
    private(set) var ending = Lane(repeating: 0)
    private let levels: [ActionSpace.Level]

    static let stepMinutes = 5
    static let dayMinutes = 1440
    static let target = 140.0
    /// The mean time in each of the two stages of insulin on board.
    static let stageMinutes = 60.0

    init(_ environment: DiabetesEnvironment, seed: UInt64) {
        settings = environment.settings
        (patients, places, groups) = (environment.patients, environment.places, environment.groups)
        key = StreamKey(seed: seed, purpose: .environment)
        sensor = GlucoseSensor(settings.sensor, noise: settings.noise, seed: seed)
        levels = environment.facts.actions.levels
        func lanes(_ count: Int, _ value: Double) -> LanePointer {
            let pointer = LanePointer.allocate(capacity: count)
            pointer.initialize(repeating: Lane(repeating: value), count: count)
            return pointer
        }
        scratch = lanes(2, 0)
        observation = lanes(DiabetesVariable.allCases.count, 0)
        allowed = lanes(levels.count, 1)
    }

    deinit {
        for pointer in [scratch, observation, allowed] { pointer.deallocate() }
    }

    @inline(__always) private func seen(_ variable: DiabetesVariable) -> Lane { observation[variable.rawValue] }
    @inline(__always) private func show(_ variable: DiabetesVariable, _ value: Lane, _ lanes: LaneMask) {
        observation[variable.rawValue].replace(with: value, where: lanes)
    }

    func begin(_ episodes: [Int], in lanes: LaneMask) {
        for lane in LaneSet(lanes) {
            let episode = episodes[lane]
            who[lane] = episode % patients.count
            let patient = patients[who[lane]]
            dynamics.begin(patient, lane: lane)
            sensor.begin(episode, lane: lane)
            var stream = EpisodeStream.make(key, episode: episode)
            settings.meals.day(
                &stream, minutes: &mealMinutes, grams: &mealGrams, from: lane * DiabetesMeals.most)
            (minute[lane], latestMeal[lane]) = (0, .min)
            let start = dynamics.glucose[lane]
            // The published sensor reads once before the reading that is seen.
            if settings.reading == .published { _ = sensor.next(lane) }
            (shown[lane], glucose[lane]) = (read(start, lane), start)
            func put(_ variable: DiabetesVariable, _ value: Double) { observation[variable.rawValue][lane] = value }
            put(.glucoseSensor, shown[lane])
            put(.sensorBefore, settings.reading == .published ? 0 : shown[lane])
            put(.basalRate, patient.basalRate)
            put(.carbohydrateRatio, patient[.cr])
            put(.correctionFactor, patient[.cf])
            put(.weight, patient[.bw])
        }
        let zero = Lane(repeating: 0)
        board.first.replace(with: zero, where: lanes)
        board.second.replace(with: zero, where: lanes)
        for variable in [DiabetesVariable.sensorRate, .insulinOnBoard, .carbohydrate, .sensorIntegral] {
            show(variable, zero, lanes)
        }
        record.begin(glucose, GlucoseRisk.symmetric(glucose, scratch), in: lanes)
        ending.replace(with: zero, where: lanes)
        describe(lanes)
    }

    func step(_ action: LanePointer, in lanes: LaneMask) {
        let (basal, bolus) = doses(action)
        let rate = settings.pump.rate(basal: basal, bolus: bolus)
        let isWhole = all(lanes)
        if !isWhole { dynamics.save() }
        let zero = Lane(repeating: 0)
        var (sum, shownSum, announced) = (zero, zero, zero)
        for _ in 0..<Self.stepMinutes {
            let meal = served(lanes)
            announced += meal
            dynamics.minute(meal: meal, insulin: rate)
            let now = dynamics.glucose
            sum += now
            for lane in LaneSet(lanes) {
                minute[lane] += 1
                if minute[lane] % settings.sensor.sampleMinutes == 0 { shown[lane] = read(now[lane], lane) }
            }
            shownSum += shown
        }
        if !isWhole { dynamics.restore(where: .!lanes) }
        let fifth = Lane(repeating: 1 / Double(Self.stepMinutes))
        finish(sum * fifth, rate, lanes)
        carry(rate, lanes)
        let integral = seen(.sensorIntegral)
        let (before, minutes) = (seen(.glucoseSensor), Lane(repeating: Double(Self.stepMinutes)))
        show(.sensorIntegral, integral + (before - Lane(repeating: Self.target)) * minutes, lanes)
        let sensed = settings.reading == .published ? shownSum * fifth : shown
        show(.sensorBefore, before, lanes)
        show(.glucoseSensor, sensed, lanes)
        show(.sensorRate, (sensed - before) * fifth, lanes)
        show(.carbohydrate, settings.announcement == .grams ? announced : announced * fifth, lanes)
        describe(lanes)
    }

    func group(of grouping: Int, lane: Int) -> Int { grouping == 0 ? groups[who[lane]] : places[who[lane]] }
    func measure(_ index: Int, lane: Int) -> Double { record.measure(index, lane: lane) }

    /// The glucose of the latest decision's five minutes, for tests.
    func latestGlucose(_ lane: Int) -> Double { glucose[lane] }
}

extension DiabetesLanes {
    /// The basal rate in U/h and the bolus in U that an action asks for, within the hard caps.
    private func doses(_ action: LanePointer) -> (basal: Lane, bolus: Lane) {
        @inline(__always) func capped(_ x: Lane, _ most: Double) -> Lane {
            let (zero, limit) = (Lane(repeating: 0), Lane(repeating: most))
            var y = x
            y.replace(with: limit, where: y .> limit)
            y.replace(with: zero, where: .!(y .> zero))
            return y
        }
        switch settings.doses {
        case .absolute: return (capped(action[0], 30), capped(action[1], 30))
        case .relative:
            let usual = DiabetesRule.bolus(
                carbohydrate: seen(.carbohydrate), sensor: seen(.glucoseSensor), ratio: seen(.carbohydrateRatio),
                factor: seen(.correctionFactor))
            return (
                capped(action[0], DiabetesSettings.Doses.mostBasal) * seen(.basalRate),
                capped(capped(action[1], DiabetesSettings.Doses.mostBolus) * usual, 30)
            )
        }
    }

    /// What comes onto the plates in the next minute, in g.
    private func served(_ lanes: LaneMask) -> Lane {
        var meal = Lane(repeating: 0)
        for lane in LaneSet(lanes) {
            let first = lane * DiabetesMeals.most
            for place in first..<first + DiabetesMeals.most
            where mealMinutes[place] == minute[lane] && mealGrams[place] > 0 {
                meal[lane] += mealGrams[place]
                latestMeal[lane] = minute[lane]
            }
        }
        return meal
    }

    /// A reading of the lane's sensor.
    private func read(_ glucose: Double, _ lane: Int) -> Double {
        let range = settings.sensor.range
        return min(max(glucose + sensor.next(lane), range.lowerBound), range.upperBound)
    }

    /// What the five minutes paid, and whether they were the last.
    private func finish(_ new: Lane, _ rate: Lane, _ lanes: LaneMask) {
        let f = GlucoseRisk.symmetric(new, scratch)
        record.add(new, f, insulin: rate * Lane(repeating: Double(Self.stepMinutes)), in: lanes)
        var end = Lane(repeating: 0)
        for lane in LaneSet(lanes) where minute[lane] >= Self.dayMinutes {
            end[lane] = EpisodeEnding.truncated.code
        }
        let isOver = end .< Lane(repeating: 0)
        let isLow = new .< Lane(repeating: 10)
        let isHigh = new .> Lane(repeating: 600)
        end.replace(with: Lane(repeating: EpisodeEnding.event(0).code), where: isLow)
        end.replace(with: Lane(repeating: EpisodeEnding.event(1).code), where: isHigh)
        end.replace(with: Lane(repeating: EpisodeEnding.failed.code), where: .!(new .== new))
        var pay: Lane
        switch settings.reward {
        case .risk:
            pay = GlucoseRisk.reward(f, rise: new - glucose, insulin: rate * Lane(repeating: 60), scratch)
            pay.replace(with: Lane(repeating: 100), where: isOver)
            pay.replace(with: Lane(repeating: -100), where: isLow .| isHigh)
        case .timeInRange:
            let decisions = Self.dayMinutes / Self.stepMinutes
            pay = GlucoseRisk.timeInRange(new, decisions: Double(decisions))
            pay.replace(with: Lane(repeating: -1), where: isLow .| isHigh)
        }
        reward.replace(with: pay, where: lanes)
        ending.replace(with: end, where: lanes)
        glucose.replace(with: new, where: lanes)
    }

    /// Carries insulin on board over the five minutes: two stages with a mean of ``stageMinutes`` each, into which goes what is
    /// given above the basal rate.
    private func carry(_ rate: Lane, _ lanes: LaneMask) {
        let minutes = Double(Self.stepMinutes)
        let given = rate * Lane(repeating: minutes) - seen(.basalRate) * Lane(repeating: minutes / 60)
        let left = Lane(repeating: Elementary.exp(-minutes / Self.stageMinutes))
        let first = board.first + given
        let second = left * (board.second + first * Lane(repeating: minutes / Self.stageMinutes))
        board.first.replace(with: left * first, where: lanes)
        board.second.replace(with: second, where: lanes)
        show(.insulinOnBoard, board.first + board.second, lanes)
    }

    /// Brings what follows from states and clocks into the observation, and allows a bolus where carbohydrate is announced.
    private func describe(_ lanes: LaneMask) {
        for lane in LaneSet(lanes) {
            observation[DiabetesVariable.hour.rawValue][lane] = Double(minute[lane]) / 60
            let since = latestMeal[lane] == .min ? Self.dayMinutes : minute[lane] - latestMeal[lane]
            observation[DiabetesVariable.minutesSinceMeal.rawValue][lane] = Double(since)
        }
        show(.glucose, glucose, lanes)
        show(.plasmaInsulin, dynamics.plasmaInsulin, lanes)
        show(.stomach, dynamics.stomach, lanes)
        guard settings.doses == .relative else { return }
        let (zero, one) = (Lane(repeating: 0), Lane(repeating: 1))
        let open = zero.replacing(with: one, where: seen(.carbohydrate) .> zero)
        for (index, level) in levels.enumerated() where level.values[1] > 0 {
            allowed[index].replace(with: open, where: lanes)
        }
    }
}
