import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// The response of a linear system to a unit bolus: Σ weight · exp(−rate · t), and what follows from it by
/// superposition.
struct ExponentialSum {
    var terms: [(weight: Double, rate: Double)]

    func bolus(_ t: Double) -> Double {
        t < 0 ? 0 : terms.reduce(0) { $0 + $1.weight * Elementary.exp(-$1.rate * t) }
    }

    /// A unit amount at a constant rate over `duration`.
    func infusion(_ t: Double, over duration: Double) -> Double {
        guard t > 0 else { return 0 }
        return terms.reduce(0) { sum, term in
            let inside = -Elementary.expm1(-term.rate * min(t, duration)) / term.rate / duration
            return sum + term.weight * inside * Elementary.exp(-term.rate * max(0, t - duration))
        }
    }

    /// `t` after the last of infinitely many unit boluses, `interval` apart.
    func steadyState(_ t: Double, every interval: Double) -> Double {
        terms.reduce(0) {
            $0 + $1.weight * Elementary.exp(-$1.rate * t) / -Elementary.expm1(-$1.rate * interval)
        }
    }

    /// The response behind a first-order absorption of rate `ka`.
    func absorbed(_ ka: Double) -> ExponentialSum {
        let through = terms.map { (weight: $0.weight * ka / (ka - $0.rate), rate: $0.rate) }
        return ExponentialSum(terms: through + [(-through.reduce(0) { $0 + $1.weight }, ka)])
    }

    static func oneCompartment(cl: Double, v: Double) -> ExponentialSum { ExponentialSum(terms: [(1 / v, cl / v)]) }

    /// Central concentration after a bolus into the central compartment (Gibaldi & Perrier, Pharmacokinetics, 2nd ed.,
    /// 1982, eqs 2.17–2.19).
    static func twoCompartments(cl: Double, v1: Double, q: Double, v2: Double) -> ExponentialSum {
        let (k10, k12, k21) = (cl / v1, q / v1, q / v2)
        let sum = k10 + k12 + k21
        let root = (sum * sum - 4 * k10 * k21).squareRoot()
        let alpha = (sum + root) / 2
        let beta = k10 * k21 / alpha
        return ExponentialSum(terms: [
            ((alpha - k21) / (alpha - beta) / v1, alpha), ((k21 - beta) / (alpha - beta) / v1, beta),
        ])
    }
}

/// Backed by the closed forms of linear compartment models.
@Suite("Closed forms")
struct ClosedFormTests {
    static let oneCompartment = """
        d/dt(depot) <- -ka * depot
        d/dt(central) <- ka * depot - cl / v * central
        cp <- central / v
        """
    static let twoCompartments = """
        d/dt(depot) <- -ka * depot
        d/dt(central) <- ka * depot - (cl + q) * central / v1 + q * peripheral / v2
        d/dt(peripheral) <- q * central / v1 - q * peripheral / v2
        cp <- central / v1
        """
    static let times = [0.25, 0.5, 1, 2, 3, 4.75, 6, 8, 12, 17.3, 24, 36, 48]

    /// Random patients of both models, each with the concentration expected after a dose.
    private func compare(
        seed: UInt64, _ times: [Double] = times, dose: (inout Choices) -> DosingRecord,
        expected: (ExponentialSum, DosingRecord, Double) -> Double, isOral: Bool = false, tolerance: Double = 2e-9
    ) throws {
        var choices = Choices(seed: seed)
        for text in [Self.oneCompartment, Self.twoCompartments] {
            let model = try Simulate.model(text, outputs: ["cp"])
            var forms: [ExponentialSum] = []
            let patients = (0..<16).map { _ in
                let (cl, v, q, v2) = (
                    choices.number(0.5...12), choices.number(5...60), choices.number(0.2...9), choices.number(5...90)
                )
                let ka = choices.number(0.3...3)
                let isOne = text == Self.oneCompartment
                let form =
                    isOne ? .oneCompartment(cl: cl, v: v) : ExponentialSum.twoCompartments(cl: cl, v1: v, q: q, v2: v2)
                forms.append(isOral ? form.absorbed(ka) : form)
                return TestPatient(
                    inputs: isOne ? ["cl": cl, "v": v, "ka": ka] : ["cl": cl, "v1": v, "q": q, "v2": v2, "ka": ka],
                    doses: [dose(&choices)])
            }
            let courses = try Simulate.courses(model, patients, at: times)
            for ((patient, form), course) in zip(zip(patients, forms), courses) {
                let largest = times.map { expected(form, patient.doses[0], $0) }.max() ?? 1
                for (time, value) in zip(times, course[0]) {
                    let error = abs(value - expected(form, patient.doses[0], time)) / largest
                    #expect(error < tolerance, "\(patient) at \(time)")
                }
            }
        }
    }

    @Test("A bolus into one and two compartments")
    func bolus() throws {
        try compare(seed: 1) { choices in
            DosingRecord(time: choices.number(0...6), compartment: 1, amount: choices.number(1...500))
        } expected: { form, dose, t in
            dose.amount * form.bolus(t - dose.time)
        }
    }

    @Test("An infusion into one and two compartments")
    func infusion() throws {
        try compare(seed: 2) { choices in
            DosingRecord(
                time: choices.number(0...6), compartment: 1, amount: choices.number(1...500),
                duration: choices.number(0.1...9))
        } expected: { form, dose, t in
            dose.amount * form.infusion(t - dose.time, over: dose.duration)
        }
    }

    @Test("An oral dose into one and two compartments")
    func oral() throws {
        try compare(
            seed: 3, dose: { DosingRecord(time: $0.number(0...6), compartment: 0, amount: $0.number(1...500)) },
            expected: { form, dose, t in dose.amount * form.bolus(t - dose.time) }, isOral: true)
    }

    @Test("Repeated doses add up, and reach the steady state of the closed form")
    func repeatedDosing() throws {
        let model = try Simulate.model(Self.twoCompartments, outputs: ["cp"])
        let form = ExponentialSum.twoCompartments(cl: 6, v1: 20, q: 4, v2: 25).absorbed(0.9)
        let doses = (0..<80).map { DosingRecord(time: 12 * Double($0), compartment: 0, amount: 100) }
        let patient = TestPatient(inputs: ["cl": 6, "v1": 20, "q": 4, "v2": 25, "ka": 0.9], doses: doses)
        let times = [3, 11, 12, 30.5, 100, 948, 949, 955.5]
        let values = try Simulate.course(model, patient, at: times)[0]
        for (time, value) in zip(times, values) {
            let sum = doses.reduce(0.0) { $0 + 100 * form.bolus(time - $1.time) }
            #expect(relativeError(value, sum) < 1e-9, "\(time)")
        }
        // After 79 intervals of 12 h the slowest exponential (0.1 /h) has left nothing of the beginning.
        for (time, value) in zip(times, values) where time >= 948 {
            #expect(relativeError(value, 100 * form.steadyState(time - 948, every: 12)) < 1e-9, "\(time)")
        }
    }

    @Test("Theophylline's closed form holds within 1e-6 relative at the default tolerances' hundredth")
    func theophylline() throws {
        // Typical values of nlme's fit of the Theoph data of R: CL 0.0397 L/h/kg, ke 0.0859 /h, ka 1.593 /h.
        let (ke, ka, cl) = (Elementary.exp(-2.4547), Elementary.exp(0.4655), Elementary.exp(-3.2272))
        let model = try Simulate.model(
            """
            ini({ lke <- -2.4547
                  lka <- 0.4655
                  lcl <- -3.2272 })
            model({ ke <- exp(lke)
                    ka <- exp(lka)
                    v <- exp(lcl) / ke
                    d/dt(depot) <- -ka * depot
                    d/dt(central) <- ka * depot - ke * central
                    cp <- central / v })
            """, outputs: ["cp"])
        let times = [0.25, 0.57, 1.12, 2.02, 3.82, 5.1, 7.03, 9.05, 12.12, 24.37]
        let patient = TestPatient(doses: [DosingRecord(time: 0, compartment: 0, amount: 4.02)])
        let hundredth = SolverOptions(relativeTolerance: 1e-8, absoluteTolerance: 1e-10)
        for (options, bound) in [(hundredth, 1e-8), (SolverOptions(), 1e-6)] {
            for record in [false, true] {
                let course =
                    record
                    ? try Simulate.recordedCourses(model, [patient], at: times, options)[0]
                    : try Simulate.course(model, patient, at: times, options)
                for (t, value) in zip(times, course[0]) {
                    let closed = 4.02 * ke * ka / (cl * (ka - ke)) * (Elementary.exp(-ke * t) - Elementary.exp(-ka * t))
                    #expect(
                        relativeError(value, closed) < bound, "\(t), recorded: \(record), \(options.relativeTolerance)")
                }
            }
        }
    }

    @Test("An oral dose in each lane at its own time follows the Bateman function, recorded on the way")
    func bateman() throws {
        let model = try Simulate.model(
            """
            ini({ lka <- log(1.1)
                  cl <- 2
                  v <- 20 })
            model({ ka <- exp(lka)
                    f(depot) <- 0.8
                    d/dt(depot) <- -ka * depot
                    d/dt(central) <- ka * depot - k * central
                    k <- cl / v
                    cp <- central / v })
            """, outputs: ["cp"])
        #expect(model.model.states == ["depot", "central"])
        // `k` stands below its first use, so it is an input there: what the language says.
        #expect(model.model.covariates == ["k"])
        let patients = (0..<16).map {
            TestPatient(inputs: ["k": 0.1], doses: [DosingRecord(time: Double($0) * 0.25, compartment: 0, amount: 100)])
        }
        let times = (1...48).map { Double($0) * 0.5 }
        let options = SolverOptions(relativeTolerance: 1e-9, absoluteTolerance: 1e-12)
        let courses = try Simulate.recordedCourses(model, patients, at: times, options)
        let form = ExponentialSum.oneCompartment(cl: 2, v: 20).absorbed(1.1)
        for (patient, course) in zip(patients, courses) {
            for (time, value) in zip(times, course[0]) {
                #expect(abs(value - 80 * form.bolus(time - patient.doses[0].time)) < 2e-8, "\(patient) at \(time)")
            }
        }
    }

    @Test("A model without compartments is its formula in time")
    func noCompartments() throws {
        let model = try Simulate.model("y <- a + (b - a) * exp(-k * t)", outputs: ["y"])
        let patient = TestPatient(inputs: ["a": 2, "b": 9, "k": 0.3])
        let times = [0, 0.1, 3, 250]
        let expected = times.map { 2 + 7 * Elementary.exp(-0.3 * $0) }
        #expect(try Simulate.course(model, patient, at: times)[0] == expected)
        #expect(
            try Simulate.recordedCourses(model, [patient], at: Array(times.dropFirst()))[0][0]
                == Array(expected.dropFirst()))
    }

    @Test("Outputs that read the time read the sample's own, so that a switch shows on its side")
    func timeOfSamples() throws {
        let model = try Simulate.model("now <- t + 0\non <- (t >= 5.3)\nd/dt(a) <- cos(t)", outputs: ["now", "on"])
        let times = (1...200).map { Double($0) * 0.1 } + [21.7]
        let recorded = try Simulate.recordedCourses(model, [TestPatient()], at: times, SolverOptions())[0]
        #expect(recorded[0] == times)
        #expect(recorded[1] == times.map { $0 >= 5.3 ? 1 : 0 })
        #expect(try Simulate.course(model, at: times, SolverOptions())[0] == times)
    }

    /// The pair's estimate can see a jump inside a step a hundred times too small (where it falls between stages 3 and 4 the
    /// weights of the stages behind it sum to 0.003, those of the solution to 0.46), so that is what can be promised.
    @Test("Switches in the equations that no event marks are stepped over within 200 times the tolerance")
    func switches() throws {
        let model = try Simulate.model(
            "d/dt(a) <- rate * (t > on) * (t <= off)\nd/dt(b) <- ifelse(t < off, 1, -1)", outputs: ["a", "b"])
        var choices = Choices(seed: 4)
        let patients = (0..<16).map { _ in
            TestPatient(
                inputs: ["rate": choices.number(0.5...4), "on": choices.number(2...9), "off": choices.number(14...30)])
        }
        for tolerance in [1e-5, 1e-8] {
            let options = SolverOptions(relativeTolerance: tolerance, absoluteTolerance: tolerance)
            for (patient, course) in zip(patients, try Simulate.courses(model, patients, at: [40], options)) {
                let (rate, on, off) = (
                    patient.inputs["rate"] ?? 0, patient.inputs["on"] ?? 0, patient.inputs["off"] ?? 0
                )
                #expect(relativeError(course.values[0][0], rate * (off - on)) < 200 * tolerance, "\(patient)")
                #expect(abs(course.values[0][1] - (2 * off - 40)) < 200 * tolerance * 30, "\(patient)")
            }
        }
    }
}
