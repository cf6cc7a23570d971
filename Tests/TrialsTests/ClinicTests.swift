import ModelLanguage
import NumericsCore
import Regimes
import Testing

@testable import Trials

/// Backed by hand computation on a model that keeps what it is given, and by replaying the clinician from the streams'
/// stated keys.
@Suite struct ClinicTests {
    private let trial = TinyTrial()

    private func program(_ text: String, _ inputs: [InputSymbol]? = nil) throws -> RowProgram {
        try RowProgram(expression: SourceText(name: "test", text: text), inputs: inputs ?? trial.variables.symbols)
    }

    /// A clinic that follows with a probability, as an expression.
    private func clinic(_ follow: String) throws -> Clinic { Clinic(follow: try program(follow)) }

    /// Starts with 1 and recommends one more than what is in force at each later visit.
    private func rising(_ clinic: Clinic?) throws -> Arm {
        var arm = try trial.arm("dose <- 1", then: "dose <- dose + 1")
        arm.clinic = clinic
        return arm
    }

    private func chance(_ patient: Int, _ visit: Int) -> Double {
        RandomStream(seed: trial.seed, purpose: .override, replicate: 0, patient: UInt32(patient))
            .uniform(at: UInt64(visit))
    }

    /// Amounts, each so many times.
    private static func sum(_ doses: (amount: Double, times: Double)...) -> Double {
        doses.reduce(0) { $0 + $1.amount * $1.times }
    }

    // MARK: Following

    @Test("A clinic that follows everything at once has the bits of no clinic")
    func followsEverything() throws {
        let with = try trial.record(rising(try clinic("1")), patients: 20)
        let without = try trial.record(rising(nil), patients: 20)
        for patient in 0..<20 { #expect(with.bits(patient) == without.bits(patient)) }
        // Three of the four visits have something in force that could be kept.
        #expect(with.clinic.allSatisfy { $0.recommendations == 3 && $0.followed == 3 && $0.changes == 3 })
        #expect(without.clinic.allSatisfy { $0 == ClinicCounts() })
    }

    @Test("A clinic that follows nothing keeps the first dose")
    func followsNothing() throws {
        let path = try trial.paths(rising(try clinic("0")), patients: 1)[0]
        #expect(path.amountTaken == 10 && path.lastDose == 1)
        #expect(path.clinic.recommendations == 3 && path.clinic.overridden == 3 && path.clinic.followed == 0)
    }

    @Test("Followed where the draw of the visit is below the probability; the share within four standard errors")
    func followsByChance() throws {
        let (low, high) = (0.6, 0.8)
        let paths = try trial.paths(rising(try clinic("\(low)")), patients: 600)
        let more = try trial.paths(rising(try clinic("\(high)")), patients: 600)
        var followed = 0
        for patient in 0..<600 {
            let expected = (1...3).count { chance(patient, $0) < low }
            #expect(paths[patient].clinic.followed == expected)
            // Each visit that is followed raises the dose by one.
            #expect(paths[patient].lastDose == Double(1 + expected))
            // The same clinician under another probability follows what was followed before, and some more.
            #expect(more[patient].clinic.followed == (1...3).count { chance(patient, $0) < high })
            followed += expected
        }
        let error = (low * (1 - low) / 1800).squareRoot()
        #expect(abs(Double(followed) / 1800 - low) < 4 * error)
    }

    @Test("The probability may follow from the patient and the visit")
    func followsByExpression() throws {
        var trial = TinyTrial()
        trial.columns = [("old", { Double($0 % 2) })]
        let follow = SourceText(name: "test", text: "ifelse(old == 1 && visit < 3, 0, 1)")
        var arm = try trial.arm("dose <- 1", then: "dose <- dose + 1")
        arm.clinic = Clinic(follow: try RowProgram(expression: follow, inputs: trial.variables.symbols))
        let counts = try trial.paths(arm, patients: 4).map(\.clinic)
        #expect(counts.map(\.followed) == [3, 1, 3, 1])
        #expect(counts.map(\.overridden) == [0, 2, 0, 2])
    }

    @Test("Without a probability nothing is followed, and it is counted")
    func undecided() throws {
        let counts = try trial.paths(
            rising(try clinic("ifelse(visit == 2, 1.5, ifelse(visit == 3, action, 1))")), patients: 1)[
                0
            ].clinic
        #expect(counts.undecided == 2 && counts.overridden == 2 && counts.followed == 1)
    }

    // MARK: Otherwise

    @Test("Another regime decides otherwise, from the doses given and a memory of its own")
    func anotherRegime() throws {
        // Usual care counts its visits in a variable that the arm's regime sets to 100.
        let usual = try RuleRegime(
            start: [SourceText(name: "start", text: "action <- 1\ndose <- 1")],
            later: [SourceText(name: "later", text: "action <- action + 1\ndose <- 10 * action + dose")],
            variables: trial.variables)
        var arm = try trial.arm("dose <- 5\naction <- 100", then: "dose <- 7\naction <- 100")
        arm.clinic = Clinic(follow: try program("ifelse(visit == 0 || visit == 2, 1, 0)"), otherwise: .regime(usual))
        let watched = try trial.paths(arm, patients: 1)[0]
        // Visit 0: 5 followed. Visit 1: usual 10·2 + 5 = 25. Visit 2: 7 followed. Visit 3: usual 10·4 + 7 = 47.
        #expect(watched.amountTaken == Self.sum((5, 2), (25, 2), (7, 3), (47, 3)))
        #expect(watched.clinic.recommendations == 4 && watched.clinic.overridden == 2 && watched.clinic.changes == 4)
    }

    @Test("What is kept does not begin days without a dose again")
    func keptHold() throws {
        // Visit 1 on day 2 holds doses for three days; visits 2 and 3 would end that, and are overridden.
        var arm = try trial.arm(
            "dose <- 1\nhold_days <- 0", then: "hold_days <- ifelse(visit == 1, 3, 0)\ndose <- dose + 1")
        arm.clinic = try clinic("ifelse(visit == 1, 1, 0)")
        let path = try trial.paths(arm, patients: 1)[0]
        // Days 0 and 1: 1 each; days 2 to 4: none; days 5 to 9: 2 each.
        #expect(path.amountTaken == Self.sum((1, 2), (2, 5)))
        #expect(path.dosesDue == 7)
    }

    // MARK: Delay

    @Test("A recommendation is carried out days later; the regime sees what is in force")
    func delayInDays() throws {
        var late = Clinic(follow: nil)
        late.delay = .days(.constant(1))
        let path = try trial.paths(rising(late), patients: 1)[0]
        // Days 0 to 2: 1; 3 and 4: 2; 5 to 7: 3; 8 and 9: 4.
        #expect(path.amountTaken == Self.sum((1, 3), (2, 2), (3, 3), (4, 2)))
        #expect(path.clinic.delayed == 3 && path.clinic.followed == 3)
    }

    @Test("Or visits later: what is in force then, and what comes too late")
    func delayInVisits() throws {
        var late = Clinic(follow: nil)
        late.delay = .visits(1)
        let path = try trial.paths(rising(late), patients: 1)[0]
        // Days 0 to 3: 1; 4 to 6: the 2 of visit 1; 7 to 9: the 3 of visit 2, of which the regime saw the 2.
        #expect(path.amountTaken == Self.sum((1, 4), (2, 3), (3, 3)))
        #expect(path.lastDose == 3)
        late.delay = .visits(9)
        #expect(try trial.paths(rising(late), patients: 1)[0].amountTaken == 10)
    }

    @Test("Drawn delays: a prescription that comes earlier replaces those written before it")
    func drawnDelays() throws {
        var late = Clinic(follow: nil)
        late.delay = .days(.uniform(lower: 0, upper: 4))
        let paths = try trial.paths(rising(late), patients: 200)
        for (patient, path) in paths.enumerated() {
            // Replayed day by day: who is in force, who waits.
            var (inForce, waiting, taken) = (1.0, [(day: Double, dose: Double)](), 0.0)
            for day in 0..<10 {
                if let latest = waiting.last(where: { $0.day <= Double(day) }) {
                    inForce = latest.dose
                    waiting.removeAll { $0.day <= Double(day) }
                }
                if let visit = trial.days.firstIndex(of: Double(day)), visit > 0 {
                    let stream = RandomStream(
                        seed: trial.seed, purpose: .delay, replicate: 0, patient: UInt32(patient),
                        substream: UInt32(visit))
                    let due = Double(day) + 4 * stream.uniform(at: 0)
                    waiting.removeAll { $0.day >= due }
                    waiting.append((due, inForce + 1))
                }
                taken += inForce
            }
            #expect(abs(path.amountTaken - taken) < 1e-12, "patient \(patient)")
        }
    }

    @Test("A recommendation that changes nothing leaves what waits alone")
    func unchangedRecommendations() throws {
        var arm = try trial.arm("dose <- 1", then: "dose <- ifelse(visit == 1, 5, dose)")
        arm.clinic = Clinic(follow: nil, delay: .days(.constant(4)))
        // The 5 of day 2 comes into force on day 6, past the visit of day 4.
        #expect(try trial.paths(arm, patients: 1)[0].amountTaken == Self.sum((1, 6), (5, 4)))
    }

    // MARK: Alerts

    /// Visits every day, of which each recommends twice what is in force: an alert over any share below one.
    private func alerting(_ alerts: Clinic.Alerts, _ follow: String) throws -> (TinyTrial, Arm) {
        var trial = TinyTrial()
        trial.days = (0..<10).map(Double.init)
        var arm = try trial.arm("dose <- 1", then: "dose <- 2 * dose")
        arm.clinic = Clinic(follow: try program(follow), alerts: alerts)
        return (trial, arm)
    }

    @Test("An alert is a recommendation further from what is given otherwise than the threshold")
    func thresholds() throws {
        for (threshold, alerts) in [(Clinic.Alerts.Threshold.share(0.99), 9), (.share(1), 0), (.amount(3), 7)] {
            // Doses 1, 2, 4, …: a difference of more than 3 from the third recommendation on.
            let (trial, arm) = try alerting(Clinic.Alerts(threshold: threshold), "1")
            #expect(try trial.paths(arm, patients: 1)[0].clinic.alerts == alerts)
        }
        // Doses held are no dose: a difference of the whole.
        var arm = try trial.arm("dose <- 1\nhold_days <- 0", then: "hold_days <- ifelse(visit == 2, 1, 0)")
        arm.clinic = Clinic(follow: nil, alerts: Clinic.Alerts(threshold: .share(0.5)))
        #expect(try trial.paths(arm, patients: 1)[0].clinic.alerts == 1)
    }

    @Test("The budget suppresses alerts and with them the recommendation")
    func budgets() throws {
        for (days, shown) in [(Double.infinity, [1, 2]), (4, [1, 2, 5, 6, 9])] {
            let budget = Clinic.Alerts.Budget(count: 2, days: days)
            let (trial, arm) = try alerting(Clinic.Alerts(threshold: .share(0.5), budget: budget), "1")
            let path = try trial.paths(arm, patients: 1)[0]
            #expect(path.clinic.followed == shown.count && path.clinic.suppressed == 9 - shown.count)
            #expect(path.clinic.alerts == 9 && path.clinic.overridden == 0)
            var (dose, taken) = (1.0, 1.0)
            for day in 1..<10 {
                if shown.contains(day) { dose *= 2 }
                taken += dose
            }
            #expect(path.amountTaken == taken)
        }
    }

    @Test("Fatigue: the logit of the probability falls with the alerts of the days before")
    func fatigue() throws {
        let fatigue = Clinic.Alerts.Fatigue(weight: 0.7, days: 3)
        let (trial, arm) = try alerting(Clinic.Alerts(threshold: .share(0.5), fatigue: fatigue), "0.9")
        let paths = try trial.paths(arm, patients: 300)
        var (late, lateFollowed) = (0, 0)
        for (patient, path) in paths.enumerated() {
            var followed = 0
            for visit in 1..<10 {
                // Alerts at each visit before: those of the two days before lie within three days.
                let load = Double(min(visit - 1, 2))
                let logit = Elementary.log(0.9 / 0.1) - 0.7 * load
                let isFollowed = chance(patient, visit) < 1 / (1 + Elementary.exp(-logit))
                followed += isFollowed ? 1 : 0
                if visit >= 3 { (late, lateFollowed) = (late + 1, lateFollowed + (isFollowed ? 1 : 0)) }
            }
            #expect(path.clinic.followed == followed)
        }
        // With two alerts behind: 0.9·e^-1.4 / (0.1 + 0.9·e^-1.4) = 0.6894, within four standard errors.
        let error = (0.6894 * 0.3106 / Double(late)).squareRoot()
        #expect(abs(Double(lateFollowed) / Double(late) - 0.6894) < 4 * error)
    }

    // MARK: Co-interventions

    @Test("What a co-intervention does beside the dose, where its condition holds")
    func coInterventions() throws {
        let inputs = Clinic.inputs(trial.variables)
        let rescue = Clinic.CoIntervention(
            condition: try program("overridden && recommended > 1", inputs), statements: nil,
            rescue: (amount: try program("100 * visit", inputs), compartment: 0))
        let halve = Clinic.CoIntervention(
            condition: try program("x > 1000", inputs),
            statements: try RowProgram(SourceText(name: "do", text: "dose <- dose / 2"), inputs: inputs))
        var clinic = try self.clinic("ifelse(visit == 2, 1, 0)")
        clinic.coInterventions = [rescue, halve]
        let path = try trial.paths(rising(clinic), patients: 1)[0]
        // Overridden at visits 1 and 3: rescues of 100 and 300. Doses: days 0 to 3 of 1, days 4 to 9 of 2.
        #expect(path.clinic.coInterventions == 2)
        #expect(path.amountTaken == Self.sum((400, 1), (1, 4), (2, 6)))
        #expect(path.dosesDue == 10)
        #expect(abs(path.tracks[0][10] - path.amountTaken) < 1e-9)
        #expect(path.measured[0][2] == 104)
    }

    @Test("Statements change the dose in force from the visit on")
    func coInterventionStatements() throws {
        let inputs = Clinic.inputs(trial.variables)
        let hold = Clinic.CoIntervention(
            condition: try program("x > 5", inputs),
            statements: try RowProgram(SourceText(name: "do", text: "hold_days <- 2"), inputs: inputs))
        var clinic = Clinic(follow: nil)
        clinic.coInterventions = [hold]
        let path = try trial.paths(rising(clinic), patients: 1)[0]
        // x is 2 on day 2 and 6 on day 4: nothing on days 4 and 5, then 3 on day 6; on day 7 x is 9: 4 on day 9 alone.
        #expect(path.amountTaken == Self.sum((1, 2), (2, 2), (3, 1), (4, 1)))
        #expect(path.clinic.coInterventions == 2)
    }

    // MARK: The same bits

    @Test("The same bits for any grouping of patients and number of threads")
    func sameBits() throws {
        var trial = SameBitsTests.trial
        trial.dropoutPerDay = 0.02
        var arm = try SameBitsTests.arm(trial)
        let inputs = Clinic.inputs(trial.variables)
        arm.clinic = Clinic(
            follow: try RowProgram(
                expression: SourceText(name: "p", text: "ifelse(weight > 70, 0.9, 0.6)"),
                inputs: trial.variables.symbols),
            otherwise: .regime(try trial.arm("dose <- 2", then: "dose <- ifelse(x > 3, dose / 2, dose)").regime),
            delay: .days(.gamma(shape: 2, scale: 0.5)),
            alerts: Clinic.Alerts(
                threshold: .share(0.15), budget: .init(count: 2, days: 5), fatigue: .init(weight: 0.5, days: 4)),
            coInterventions: [
                Clinic.CoIntervention(
                    condition: try RowProgram(expression: SourceText(name: "c", text: "x > 4"), inputs: inputs),
                    statements: try RowProgram(SourceText(name: "s", text: "hold_days <- 1"), inputs: inputs))
            ])
        let cohort = try trial.cohort(40)
        func record(_ lanes: Int, _ threads: Int, _ patients: [TrialPatient]) throws -> ArmRecord {
            let runner = TrialRunner(try trial.plan(), cohort: cohort, threads: threads, stop: StopSignal())
            return try runner.run(arm, patients: patients, replicate: 2, lanesPerBlock: lanes).record
        }
        let everyone = TinyTrial.patients(40)
        let one = try record(16, 1, everyone)
        for (lanes, threads) in [(1, 2), (5, 3), (16, 2)] {
            let other = try record(lanes, threads, everyone)
            #expect((0..<40).allSatisfy { one.bits($0) == other.bits($0) })
            #expect(one.clinic == other.clinic)
        }
        let alone = try record(16, 1, [everyone[17]])
        #expect(alone.bits(0) == one.bits(17) && alone.clinic[0] == one.clinic[17])
        let all = one.clinic.reduce(into: ClinicCounts()) { $0.add($1) }
        #expect(all.recommendations == all.followed + all.overridden + all.suppressed)
        #expect(all.suppressed > 0 && all.delayed > 0 && all.overridden > 0 && all.coInterventions > 0)
    }
}

/// Backed by hand computation.
@Suite struct ClinicAccountTests {
    @Test("Totals by group, and the share followed with the error of a ratio of sums")
    func totals() throws {
        var record = try HandRecord.record([Double](repeating: 1, count: 40))
        record.clinic = (0..<40).map { patient in
            var counts = ClinicCounts()
            counts.recommendations = patient % 2 == 0 ? 4 : 2
            counts.followed = patient % 2 == 0 ? 4 : 1
            counts.overridden = patient % 2 == 0 ? 0 : 1
            return counts
        }
        let strata = try Strata(["sex"], of: HandRecord.cohort(40))
        let account = try ClinicAccount(record, strata: strata)
        #expect(account.totals[0].recommendations == 120 && account.totals[0].followed == 100)
        #expect(account.totals[1].recommendations + account.totals[2].recommendations == 120)
        // R = 5/6; residuals 4 − 4R = 2/3 and 1 − 2R = −2/3 for 40 patients: √(40/39 · 40 · 4/9)/120.
        let cell = account.followed.cells[0]
        #expect(abs(cell.value - 5.0 / 6) < 1e-15)
        let squares: Double = 40.0 / 39 * 40 * 4 / 9
        #expect(abs(cell.standardError - squares.squareRoot() / 120) < 1e-15)
        #expect(cell.lower > 0 && cell.upper < 1)
        #expect(account.isAny)
    }

    @Test("Where everything is followed the share is 1 without a spread, and nobody is no share")
    func edges() throws {
        var record = try HandRecord.record([Double](repeating: 1, count: 30))
        let strata = try Strata(["sex"], of: HandRecord.cohort(30))
        let none = try ClinicAccount(record, strata: strata)
        #expect(!none.isAny && none.followed.cells.allSatisfy { $0.value.isNaN && $0.count == 0 })
        record.clinic = (0..<30).map { _ in
            var counts = ClinicCounts()
            (counts.recommendations, counts.followed) = (3, 3)
            return counts
        }
        let all = try ClinicAccount(record, strata: strata).followed.cells[0]
        #expect(all.value == 1 && all.standardError == 0 && all.upper == 1)
    }
}
