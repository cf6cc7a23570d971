import NumericsCore
import Regimes
import Testing

@testable import Environments

/// Backed by invariants: bits, balance of groups, hard caps; and by the law of the meals.
@Suite struct DiabetesEnvironmentTests {
    @Test("The same bits for any number of threads, and another seed gives others")
    func threads() throws {
        let environment = try DiabetesEnvironment(variant: "random-meals")
        let policy = try environment.policy(.random)
        let one = try environment.simulate(policy, episodes: 600, seed: 5, threads: 1)
        for threads in [2, 3] {
            #expect(try environment.simulate(policy, episodes: 600, seed: 5, threads: threads) == one)
        }
        #expect(try environment.simulate(policy, episodes: 600, seed: 6, threads: 2) != one)
    }

    @Test(
        "An episode is the same in any lane, beside others or alone", arguments: DiabetesSettings.variants.map(\.name))
    func lanes(_ variant: String) throws {
        let environment = try DiabetesEnvironment(variant: variant)
        let alone = try DiabetesDay(environment, DiabetesRule.basalBolus, episode: 17, lane: 0)
        let moved = try DiabetesDay(environment, DiabetesRule.basalBolus, episode: 17, lane: 13)
        #expect(alone.rewards == moved.rewards)
        var sum = RunningMoments()
        for episode in 0..<20 {
            sum.add(try DiabetesDay(environment, DiabetesRule.basalBolus, episode: episode).value)
        }
        let totals = try environment.simulate(DiabetesRule.basalBolus, episodes: 20, seed: 1, threads: 1)
        #expect(totals.value == sum.mean)
        #expect(totals.failed == 0)
    }

    @Test("Thirty episodes are thirty patients, three in a row are the three groups")
    func patients() throws {
        let environment = try DiabetesEnvironment(variant: "time-in-range")
        let totals = try environment.simulate(DiabetesRule.basalOnly, episodes: 60, seed: 1, threads: 1)
        #expect(totals.by[0].map(\.count) == [20, 20, 20])
        #expect(totals.by[1].map(\.count) == [Int](repeating: 2, count: 30))
        #expect(
            environment.patients.prefix(4).map(\.name) == ["child#001", "adolescent#001", "adult#001", "child#002"])
        let some = try DiabetesEnvironment(variant: "time-in-range", population: "adult")
        #expect(some.patients.count == 10 && some.facts.variant == "time-in-range:adult")
        let day = try DiabetesDay(some, DiabetesRule.basalOnly, episode: 3)
        #expect(day.groups == [2, 11])
    }

    @Test("Doses stay within ten times the basal rate and three usual boluses, and what is no number is no dose")
    func caps() throws {
        let environment = try DiabetesEnvironment(variant: "random-meals", population: "adult#001")
        let day = try DiabetesDay(environment, Fixed(values: [1000, 1000]), episode: 0)
        let most = try DiabetesDay(environment, Fixed(values: [10, 3]), episode: 0)
        #expect(day.rewards == most.rewards)
        #expect(day.ending == .event(0))
        let missing = try DiabetesDay(environment, Fixed(values: [.nan, .nan]), episode: 0)
        #expect(missing.measures["insulin"] == 0)
        let steady = try DiabetesDay(environment, Fixed(values: [1, 0]), episode: 0)
        // 1.267 U/h is 1.25 U/h by the pump, for 24 hours.
        #expect(abs((steady.measures["insulin"] ?? 0) - 30) < 1e-9)
    }

    /// The events of DTRGym: −100 outside 10–600 mg/dL and nothing else in that decision, +100 at the end of the day.
    @Test("A day ends with 100, a patient outside 10–600 mg/dL with −100")
    func ends() throws {
        let environment = try DiabetesEnvironment(variant: "simglucose", population: "child#008")
        let high = try DiabetesDay(environment, DiabetesRule.basalOnly, episode: 0)
        #expect(high.ending == .event(1) && high.rewards.last == -100 && high.final > 600)
        let low = try DiabetesDay(environment, DiabetesRule.basalBolus, episode: 0)
        #expect(low.ending == .event(0) && low.rewards.last == -100 && low.final < 10)
        let adult = try DiabetesEnvironment(variant: "simglucose", population: "adult#001")
        let whole = try DiabetesDay(adult, DiabetesRule.basalBolus, episode: 0)
        #expect(whole.ending == .truncated && whole.rewards.last == 100 && whole.steps == 288)
    }

    @Test(
        "Without an event the reward of time in range is the share in range less the share below 70 and twice that below 54"
    )
    func timeInRange() throws {
        let environment = try DiabetesEnvironment(variant: "time-in-range", population: "adult")
        let day = try DiabetesDay(environment, DiabetesRule.basalOnly, episode: 0)
        // The measure counts the start, which is in range, too.
        let inRange = ((day.measures["percent_in_range"] ?? 0) / 100 * 289 - 1) / 288
        #expect((day.measures["percent_below_70"] ?? 1) == 0)
        #expect(abs(day.value - inRange) < 1e-12)
    }

    @Test("A bolus is allowed where carbohydrate is announced, and there alone")
    func masks() throws {
        let environment = try DiabetesEnvironment(variant: "random-meals")
        let episodes = DiabetesLanes(environment, seed: 2)
        let action = LanePointer.allocate(capacity: 2)
        action.initialize(repeating: Lane(repeating: 1), count: 2)
        defer { action.deallocate() }
        let every = LaneMask(repeating: true)
        episodes.begin(Array(0..<laneCount), in: every)
        var meals = 0
        for _ in 0..<200 {
            for (index, level) in environment.facts.actions.levels.enumerated() {
                for lane in 0..<laneCount {
                    let isMeal = episodes.observation[DiabetesVariable.carbohydrate.rawValue][lane] > 0
                    if isMeal, index == 0 { meals += 1 }
                    #expect(episodes.allowed[index][lane] == (level.values[1] == 0 || isMeal ? 1 : 0))
                }
            }
            episodes.step(action, in: every)
        }
        #expect(meals > 16)
    }

    /// The size of a meal is normal, rounded and not negative, so the mean of the large ones is that of the law; the spread of
    /// a normal number between ±2 deviations is 0.8796.
    @Test("Meals of 6000 days: how often, when and how much, within 4 standard errors")
    func meals() {
        var count = [Double](repeating: 0, count: DiabetesMeals.most)
        var grams = [RunningMoments](repeating: RunningMoments(), count: DiabetesMeals.most)
        var times = grams
        let key = StreamKey(seed: 4, purpose: .environment)
        let days = 6000
        for day in 0..<days {
            var stream = EpisodeStream.make(key, episode: day)
            var minute = [Int](repeating: 0, count: DiabetesMeals.most)
            var amount = [Double](repeating: 0, count: DiabetesMeals.most)
            DiabetesMeals.random.day(&stream, minutes: &minute, grams: &amount, from: 0)
            for (index, habit) in DiabetesMeals.habits.enumerated() {
                let range = Int(60 * habit.limits.lowerBound)...Int(60 * habit.limits.upperBound)
                #expect(range.contains(minute[index]))
                times[index].add(Double(minute[index]) / 60)
                if amount[index] > 0 {
                    count[index] += 1
                    grams[index].add(amount[index])
                }
            }
        }
        for index in [0, 2, 4] {
            let habit = DiabetesMeals.habits[index]
            let share = count[index] / Double(days)
            #expect(abs(share - 0.95) < 4 * (0.95 * 0.05 / Double(days)).squareRoot())
            #expect(abs((grams[index].mean ?? 0) - habit.grams) < 4 * (grams[index].standardError ?? 0))
            #expect(
                abs((grams[index].standardDeviation ?? 0) / habit.gramSpread - 1) < 4 / Double(2 * days).squareRoot())
            #expect(abs((times[index].mean ?? 0) - habit.hour) < 4 * (times[index].standardError ?? 0))
            #expect(abs((times[index].standardDeviation ?? 0) / habit.spread - 0.8796) < 0.03)
        }
        for index in [1, 3, 5] {
            // A snack of a size of 0 g is none: P(N(10, 5) < 0.5) = Φ(−1.9).
            let share = 0.3 * (1 - Normal.cdf(-1.9))
            #expect(abs(count[index] / Double(days) - share) < 4 * (share * (1 - share) / Double(days)).squareRoot())
        }
    }

    /// Insulin on board of a bolus given at once: e^(−t/60) (1 + t/60) of it after t minutes, up to the five minutes of a step.
    @Test("What is observed: announced carbohydrate a decision after the meal, the time since, and insulin on board")
    func observed() throws {
        let environment = try DiabetesEnvironment(variant: "simglucose", population: "adult#001")
        let episodes = DiabetesLanes(environment, seed: 2)
        let action = LanePointer.allocate(capacity: 2)
        defer { action.deallocate() }
        var mask = LaneMask(repeating: false)
        mask[5] = true
        func seen(_ variable: DiabetesVariable) -> Double { episodes.observation[variable.rawValue][5] }
        episodes.begin([Int](repeating: 0, count: laneCount), in: mask)
        #expect(seen(.minutesSinceMeal) == 1440 && seen(.hour) == 0 && seen(.sensorIntegral) == 0)
        let rate = seen(.basalRate)
        for decision in 0..<97 {
            #expect(seen(.carbohydrate) == (decision == 85 ? 45 : 0))
            if decision == 85 { #expect(seen(.minutesSinceMeal) == 5 && seen(.hour) == 85.0 / 12) }
            action.initialize(repeating: Lane(repeating: rate), count: 1)
            (action + 1).initialize(to: Lane(repeating: decision == 85 ? 4 : 0))
            episodes.step(action, in: mask)
        }
        // An hour after the decision.
        #expect(abs(seen(.insulinOnBoard) - 4 * 2 / 2.718281828459045) < 0.05)
        #expect(seen(.stomach) > 10 && seen(.plasmaInsulin) > 0 && seen(.glucose) > 100)
    }

    @Test("Unknown variants, patients, rules and doses are refused with what is allowed")
    func refusals() throws {
        let entry = try EnvironmentEntry.named("type1-diabetes")
        #expect(entry.variants.first == "random-meals")
        func message(_ body: () throws -> Void) -> String {
            do { try body() } catch { return "\(error)" }
            return "nothing"
        }
        #expect(
            message { _ = try entry.make(variant: "meal") }
                == "type1-diabetes: variant: found 'meal', allowed: random-meals, time-in-range, simglucose, "
                + "simglucose-random, dexcom, navigator, published-pump-units, announced-rate")
        #expect(
            message { _ = try entry.make(variant: "simglucose:child#011") }
                .hasPrefix(
                    "type1-diabetes: patients: found 'child#011', allowed: child, adolescent, adult, child#001, "))
        let environment = try entry.make()
        #expect(
            message { _ = try environment.policy(PolicyChoice("rule:loop")) }
                == "type1-diabetes: rule: found 'loop', allowed: basal-only, basal-bolus, pid")
        #expect(
            message { _ = try environment.policy(PolicyChoice("constant:11,0")) }
                .hasSuffix("basal_multiple from 0.0 to 10.0, bolus_multiple from 0.0 to 3.0"))
        #expect(
            message { _ = try DiabetesRule.pid.makeWorker(observing: ["cgm"], choosing: environment.facts.actions) }
                == "policy: it reads 'basal_rate', which is not observed here; observed: cgm")
        let names = environment.facts.observed
        #expect(
            message { _ = try DiabetesRule.pid.makeWorker(observing: names, choosing: ActionSpace(names: ["a"])) }
                == "policy: rule pid gives insulin, which is no action here")
    }

    @Test("A table that cannot be read says where")
    func tables() throws {
        func message(_ text: String) -> String {
            do { _ = try VirtualPatients.read(text) } catch { return "\(error)" }
            return "nothing"
        }
        let lines = VirtualPatientTable.text.split(separator: "\n").map(String.init)
        #expect(message("") == "virtual patients: no patient; a header and a line for each patient are needed")
        #expect(
            message(lines[0].replacing(",kabs", with: ",kbs") + "\n" + lines[1])
                == "virtual patients: column 'kabs' is missing")
        #expect(
            message(lines[0] + "\n" + lines[1] + "\n" + lines[2].replacing("0.12473", with: "fast"))
                == "virtual patients, line 3, kabs: found 'fast', a finite number is needed")
        #expect(
            message(lines[0] + "\n" + lines[1].replacing(",adolescent,", with: ",infant,"))
                == "virtual patients, line 2, group: found 'infant', allowed: child, adolescent, adult")
        #expect(try VirtualPatients.read(VirtualPatientTable.text).count == 30)
    }
}

/// The same values at each decision, checked by nobody.
private struct Fixed: Policy {
    let values: [Double]

    func makeWorker(observing _: [String], choosing actions: ActionSpace) -> any PolicyWorker {
        Worker(values: values, actions: actions)
    }

    private final class Worker: PolicyWorker {
        let values: [Double]
        let actions: ActionSpace

        init(values: [Double], actions: ActionSpace) { (self.values, self.actions) = (values, actions) }

        func weigh(_: PolicyPoint, into weights: LanePointer) {
            for index in actions.levels.indices { weights[index] = Lane(repeating: 0) }
        }

        func decide(_: PolicyPoint, into action: LanePointer, scratch _: LanePointer) {
            for (index, value) in values.enumerated() { action[index] = Lane(repeating: value) }
        }
    }
}
