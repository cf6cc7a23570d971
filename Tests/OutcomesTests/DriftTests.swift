import NumericsCore
import Outcomes
import Testing

@Suite struct DriftTests {
    // MARK: Two samples

    @Test(
        "R's ks.test: distance, exact and asymptotic p-value, without and with ties",
        arguments: CalibrationReference.all)
    func agreesWithR(_ reference: CalibrationReference) throws {
        let group = try reference.set.column("group")
        let lp = reference.set.r.lp
        let (a, b) = (
            lp.indices.filter { group[$0] == 1 }.map { lp[$0] }, lp.indices.filter { group[$0] == 0 }.map { lp[$0] }
        )
        let r = reference.r.ks
        // R subtracts from 1: its smallest p-values are rounding, of the order of 1e-13.
        func same(_ p: Double, _ expected: Double) -> Bool { agree(p, expected, 1e-9, floor: 1e-3) }
        let exact = try KolmogorovSmirnov(reference: b, current: a, kind: .exact)
        #expect(agree(exact.statistic, r.d, 1e-12))
        #expect(same(exact.pValue, r.exact))
        #expect(same(try KolmogorovSmirnov(reference: b, current: a, kind: .asymptotic).pValue, r.asymptotic))
        // R rounds half to even.
        let coarse = { (values: [Double]) in values.map { (2 * $0).rounded(.toNearestOrEven) } }
        let tied = try KolmogorovSmirnov(reference: coarse(b), current: coarse(a), kind: .exact)
        #expect(agree(tied.statistic, r.tiedD, 1e-12))
        #expect(same(tied.pValue, r.tiedExact))
        #expect(
            same(
                try KolmogorovSmirnov(reference: coarse(b), current: coarse(a), kind: .asymptotic).pValue,
                r.tiedAsymptotic))
    }

    @Test("Kolmogorov–Smirnov by hand: complete separation has 2 of C(n + m, n) orders; equal samples have p = 1")
    func smallSamples() throws {
        let apart = try KolmogorovSmirnov(reference: [1, 2, 3, 4], current: [5, 6, 7])
        #expect(apart.statistic == 1 && apart.kind == .exact)
        #expect(agree(apart.pValue, 2.0 / 35, 1e-13))
        let equal = try KolmogorovSmirnov(reference: [1, 1, 2], current: [2, 1, 1])
        #expect(equal.statistic == 0 && equal.pValue == 1)
        #expect(try KolmogorovSmirnov(reference: [3], current: [3, 3, 3]).pValue == 1)
        let large = try KolmogorovSmirnov(
            reference: (0..<200).map(Double.init), current: (0..<200).map { Double($0) + 0.5 })
        #expect(large.kind == .asymptotic && agree(large.pValue, 1, 1e-12))
    }

    @Test("The stability index by hand; its statistic has the mean of χ² without a shift (4 SE of 500 samples)")
    func stability() throws {
        let reference = Grouping(["a", "a", "b", "b"])
        let index = try PopulationStability(reference: reference, current: Grouping(["a", "b", "b", "b"]))
        #expect(agree(try require(index.index), 0.25 * Elementary.log(3), 1e-13))
        #expect(index.bins.map(\.current) == [1, 3])
        let same = try PopulationStability(reference: reference, current: reference)
        #expect(try require(same.index) == 0)
        #expect(try require(same.test).pValue == 1)
        let byValue = try PopulationStability(
            reference: (1...100).map(Double.init), current: (1...100).map(Double.init), bins: 4)
        #expect(byValue.bins.map(\.reference) == [25, 25, 25, 25])
        #expect(byValue.bins.map(\.label) == ["≤ 25.75", "> 25.75 to 50.5", "> 50.5 to 75.25", "> 75.25"])
        var sum = 0.0
        var sequence = TestSequence(seed: 14)
        for _ in 0..<500 {
            let a = (0..<2_000).map { _ in sequence.uniform() }
            let b = (0..<1_000).map { _ in sequence.uniform() }
            sum += try require(PopulationStability(reference: a, current: b).test).statistic
        }
        // χ² on 9 degrees of freedom has variance 18.
        #expect(abs(sum / 500 - 9) < 4 * (18.0 / 500).squareRoot())
    }

    // MARK: Charts

    @Test("Run lengths: the published tables of CUSUM and EWMA to 1 %, Shewhart in closed form")
    func publishedRunLengths() throws {
        func length(_ rule: ControlChart.Rule, _ shift: Double, _ side: ControlChart.Side = .both) throws -> Double {
            try require(ControlChart(rule, side: side).averageRunLength(shift: shift))
        }
        #expect(agree(try length(.shewhart(limit: 3), 0), 370.398347, 1e-7))
        #expect(agree(try length(.shewhart(limit: 3), 1), 43.8950, 1e-5))
        // Lucas and Crosier 1982, Technometrics 24:199, table 1, two-sided, slack 1/2.
        for (limit, shift, expected) in [(4.0, 0.0, 168.0), (4, 1, 8.38), (5, 0, 465), (5, 0.5, 38.0), (5, 1, 10.4)] {
            #expect(agree(try length(.cusum(slack: 0.5, limit: limit), shift), expected, 1e-2), "\(limit), \(shift)")
        }
        // Lucas and Saccucci 1990, Technometrics 32:1, table 3.
        for (weight, limit, shift, expected) in [
            (0.4, 3.054, 0.0, 500.0), (0.25, 2.998, 0, 500), (0.2, 2.962, 0, 500), (0.1, 2.814, 0, 500),
            (0.05, 2.615, 0, 500), (0.1, 2.814, 1, 10.3), (0.4, 3.054, 0.5, 71.2),
        ] {
            #expect(
                agree(try length(.ewma(weight: weight, limit: limit), shift), expected, 1e-2), "\(weight), \(shift)")
        }
        // A one-sided CUSUM alarms half as often.
        #expect(
            agree(
                try length(.cusum(slack: 0.5, limit: 4), 0, .lower), try 2 * length(.cusum(slack: 0.5, limit: 4), 0),
                1e-9))
        #expect(
            try ControlChart(.shewhart(limit: 50)).averageRunLength().undefined?.reason
                == "the chart hardly ever alarms: its run length has no number")
    }

    @Test(
        "Measured run lengths of every chart and side are the computed ones (4 SE of 2000 runs, and 1 % of the chain)")
    func measuredRunLengths() throws {
        for rule in [
            ControlChart.Rule.shewhart(limit: 2), .cusum(slack: 0.5, limit: 2.5), .ewma(weight: 0.2, limit: 2),
        ] {
            for side in ControlChart.Side.allCases {
                for shift in [0, -0.8] where !(shift < 0 && side == .upper) {
                    let chart = try ControlChart(rule, side: side)
                    let measured = try chart.measuredRunLength(runs: 2_000, shift: shift, seed: 5)
                    let computed = try require(chart.averageRunLength(shift: shift))
                    let error = try require(measured.standardError)
                    #expect(
                        abs(measured.value - computed) < 4 * error + 0.01 * computed, "\(rule) \(side) \(shift)")
                }
            }
        }
        let chart = try ControlChart(.cusum(slack: 0.5, limit: 4))
        #expect(
            try chart.measuredRunLength(runs: 20, seed: 1) == chart.measuredRunLength(runs: 20, seed: 1))
    }

    @Test("Charts by hand")
    func states() throws {
        let cusum = try ControlChart(.cusum(slack: 0.5, limit: 2), side: .lower)
        var state = ControlChart.State()
        var downs: [Double] = []
        for z in [-1, -1.5, 2, -3, -1] {
            state = cusum.advanced(state, by: z)
            downs.append(state.down)
        }
        #expect(downs == [0.5, 1.5, 0, 2.5, 3] && state.isAlarm)
        let ewma = try ControlChart(.ewma(weight: 0.5, limit: 3))
        #expect(agree(ewma.limit, 3 / 3.0.squareRoot(), 1e-14))
        #expect(ewma.advanced(ewma.advanced(.init(), by: 2), by: -4).up == -1.5)
    }

    // MARK: A score that gets worse at a known time

    /// 400 patients of whom 100 have the event, with normal scores that part by √2·Φ⁻¹(AUC).
    private func window(_ auc: Double, _ stream: inout RandomStream) throws -> Estimated<Estimate> {
        let shift = 2.0.squareRoot() * Normal.quantile(auc)
        let events = (0..<400).map { $0 < 100 }
        let scores = events.map { stream.nextNormal() + ($0 ? shift : 0) }
        let data = try SurvivalData(times: events.map { $0 ? 1 : 2 }, events: events)
        return try TimeDependentAUC(data, scores: scores, times: [1]).points[0].auc
    }

    private func mean(_ values: [Double]) -> (value: Double, error: Double) {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * (n - 1))).squareRoot())
    }

    /// Windows until the first alarm with an AUC of 0.90 throughout, in 150 sequences.
    private func falseRuns(_ chart: ControlChart, _ scale: DriftMonitor.Scale) throws -> (value: Double, error: Double)
    {
        try mean(
            (0..<150 as Range<UInt32>).map { replicate in
                var stream = RandomStream(seed: 71, purpose: .analysis, replicate: replicate, patient: 0)
                var state = ControlChart.State()
                var length = 0
                while !state.isAlarm, length < 2_000 {
                    let one = try DriftMonitor(windows: [[0]], target: 0.90, chart: chart, scale: scale) { _ in
                        try window(0.90, &stream)
                    }
                    state = chart.advanced(state, by: try require(one.windows[0].z))
                    length += 1
                }
                return Double(length)
            })
    }

    /// With logits the false alarms are as rare as the chart's run length says (4 SE of 150 sequences, and 15 % for what is
    /// left of the skewness): 118 ± 9 windows measured, 117.6 nominal. On the AUC's own scale there are half as many, every
    /// 251 ± 21 windows: a low AUC states a larger error.
    @Test("Simulation: AUC stays at 0.90; the measured time between false alarms against the nominal")
    func falseAlarms() throws {
        let chart = try ControlChart(.cusum(slack: 0.5, limit: 3), side: .lower)
        let nominal = try require(chart.averageRunLength())
        let logit = try falseRuns(chart, .logit)
        let plain = try falseRuns(chart, .estimate)
        #expect(abs(logit.value - nominal) < 4 * logit.error + 0.15 * nominal)
        #expect(plain.value > nominal)
    }

    /// The nominal delay is that of a chart at 0 for the mean z after the fall; the chart stands a little higher when the
    /// fall comes, so that the delay may be shorter by a fraction of a window, never longer (4 SE of 150 sequences):
    /// 1.84 ± 0.07 windows measured, 1.96 nominal.
    @Test("Simulation: AUC falls from 0.90 to 0.85 at window 12; the measured delay of the alarm against the nominal")
    func delay() throws {
        let chart = try ControlChart(.cusum(slack: 0.5, limit: 3), side: .lower)
        var delays: [Double] = []
        var after: [Double] = []
        for replicate in 0..<150 as Range<UInt32> {
            var stream = RandomStream(seed: 72, purpose: .analysis, replicate: replicate, patient: 0)
            let monitor = try DriftMonitor(
                windows: (0..<40).map { [$0] }, target: 0.90, chart: chart, scale: .logit
            ) { rows in try window(rows[0] < 12 ? 0.90 : 0.85, &stream) }
            after += try monitor.windows[12...].map { try require($0.z) }
            let first = try #require(monitor.alarms.first { $0 >= 12 }, "no alarm in 28 windows after the fall")
            // Sequences with a false alarm before the fall are not asked for their delay.
            if monitor.firstAlarm == first { delays.append(Double(first - 12 + 1)) }
        }
        let measured = mean(delays)
        let nominal = try require(chart.averageRunLength(shift: mean(after).value))
        #expect(delays.count > 120)
        #expect(measured.value < nominal + 4 * measured.error)
        #expect(measured.value > nominal - 0.5 - 4 * measured.error)
    }

    @Test("Windows of calendar time; an empty window and one without an error leave the chart as it is")
    func windows() throws {
        let windows = try CalendarWindows(dates: [0, 31, 29, 95, 90, 60], length: 30)
        #expect(windows.rows == [[0, 2], [1], [5], [3, 4]])
        let monitor = try DriftMonitor(
            windows: [[0], [], [1], [2]], target: 2, chart: ControlChart(.cusum(slack: 0, limit: 3))
        ) { rows in
            rows == [1]
                ? .value(
                    Estimate(
                        value: 4, standardError: .undefined(.init(code: "x", reason: "none")),
                        interval: .undefined(.init(code: "x", reason: "none"))))
                : .value(Estimate(normal: 4, standardError: 1, scale: .identity))
        }
        #expect(monitor.windows.map(\.state.up) == [2, 2, 2, 4])
        #expect(monitor.alarms == [3] && monitor.firstAlarm == 3)
        #expect(monitor.windows[1].estimate.undefined?.reason == "no patient is in the window")
        #expect(monitor.windows[2].z.undefined?.code == "x")
        let ratio = try DriftMonitor(windows: [[0]], target: 1, chart: ControlChart(.shewhart(limit: 3))) { _ in
            .value(Estimate(normal: 2, standardError: 0.5, scale: .log))
        }
        #expect(agree(try require(ratio.windows[0].z), 2 * Elementary.log(2), 1e-14))
    }

    @Test("Failure: empty samples, bins, limits, windows, targets; an empty bin has no finite index")
    func inputIsChecked() throws {
        func message(_ body: () throws -> Void) -> String? {
            #expect(throws: InvalidInput.self, performing: body)?.description
        }
        #expect(
            message { _ = try KolmogorovSmirnov(reference: [], current: [.nan]) } == """
                reference: found no rows, allowed is at least one patient
                row 1, current: found nan, allowed is a finite number
                """)
        #expect(
            message { _ = try PopulationStability(reference: [1], current: [2], bins: 1) }
                == "bins: found 1, allowed is at least 2")
        #expect(
            message { _ = try PopulationStability(reference: Grouping(["a"]), current: Grouping(["b"])) }
                == "categories: found b, allowed is a")
        #expect(
            try PopulationStability(reference: [1, 2, 3, 4], current: [1, 1], bins: 2).index.undefined?.reason
                == "no current patient is in bin \"> 2.5\": the index is infinite")
        #expect(try PopulationStability(reference: [1, 1], current: [1]).test.undefined?.code == "one-bin")
        #expect(
            message { _ = try ControlChart(.cusum(slack: -1, limit: 0)) } == """
                limit: found 0.0, allowed is a finite number > 0
                slack: found -1.0, allowed is a finite number ≥ 0
                """)
        #expect(
            message { _ = try ControlChart(.ewma(weight: 2, limit: 1)) }
                == "weight: found 2.0, allowed is a number over 0 and at most 1")
        #expect(
            message { _ = try CalendarWindows(dates: [0, 1e9], length: 1) }
                == "window length: found 1000000001.0 windows, allowed is at most 100000 windows")
        #expect(
            message { _ = try CalendarWindows(dates: [0, 1], length: 1, start: 0.5) }
                == "window start: found 0.5, allowed is at or before 0.0")
        #expect(
            message {
                _ = try DriftMonitor(windows: [[0]], target: 0, chart: ControlChart(.shewhart(limit: 3))) { _ in
                    .value(Estimate(normal: 2, standardError: 1, scale: .log))
                }
            } == "target: found 0.0, allowed is a number > 0 for a ratio")
        #expect(
            message {
                _ = try DriftMonitor(windows: [[0]], target: 1, chart: ControlChart(.shewhart(limit: 3)), scale: .logit)
                {
                    _ in .value(Estimate(normal: 0.9, standardError: 0.1))
                }
            } == "target: found 1.0, allowed is a number between 0 and 1 for logits")
    }
}
