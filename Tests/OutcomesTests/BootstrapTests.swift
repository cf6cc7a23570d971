import NumericsCore
import Outcomes
import Testing

@Suite struct BootstrapTests {
    private func sample(_ count: Int) -> [Double] {
        var sequence = TestSequence(seed: 8)
        return (0..<count).map { _ in -Elementary.log(sequence.uniform()) }
    }

    private func mean(_ values: [Double]) -> @Sendable ([Int]) -> Estimated<Double> {
        { rows in .value(rows.reduce(0) { $0 + values[$1] } / Double(rows.count)) }
    }

    /// The bootstrap variance of a mean is Σ(x − x̄)²/n² exactly; a standard deviation of R replicates has a relative error
    /// of √(1/2R), 1.6 % at 2000. Four of them.
    @Test(
        "Closed form: the standard error of a mean, within four Monte Carlo errors; percentile and basic are mirrored")
    func meanOfASample() throws {
        let values = sample(80)
        let bootstrap = try Bootstrap(count: 80, replicates: 2000, seed: 3, metric: mean(values))
        let centre = values.reduce(0, +) / 80
        let exact = (values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }).squareRoot() / 80
        #expect(agree(try require(bootstrap.standardError), exact, 4 * 0.016))
        #expect(abs(try require(bootstrap.bias)) < 4 * exact / 2000.0.squareRoot())
        let percentile = try require(bootstrap.interval(.percentile))
        let basic = try require(bootstrap.interval(.basic))
        let value = try require(bootstrap.value)
        #expect(agree(basic.lower, 2 * value - percentile.upper, 1e-14))
        #expect(agree(basic.upper, 2 * value - percentile.lower, 1e-14))
        #expect(agree(value, centre, 1e-14))
        #expect(bootstrap.undefinedReplicates == 0)
    }

    /// For a mean the acceleration is a sixth of the skewness over √n (Efron 1987, section 4).
    @Test("Second route: the accelerated interval from its formulas by hand")
    func accelerated() throws {
        let values = sample(40)
        let bootstrap = try Bootstrap(count: 40, replicates: 999, seed: 4, jackknife: true, metric: mean(values))
        let found = try require(bootstrap.interval(.biasCorrectedAccelerated))
        let value = try require(bootstrap.value)
        let replicates = try bootstrap.replicates.map { try require($0) }.sorted()
        let z0 = Normal.quantile(Double(replicates.filter { $0 < value }.count) / 999)
        let squares = values.reduce(0) { $0 + ($1 - value) * ($1 - value) }
        let cubes = values.reduce(0) { $0 + ($1 - value) * ($1 - value) * ($1 - value) }
        let a = cubes / (6 * squares * squares.squareRoot())
        func bound(_ z: Double) -> Double {
            let place = 1000 * Normal.cdf(z0 + (z0 + z) / (1 - a * (z0 + z)))
            let below = Int(place)
            return replicates[below - 1] + (place - Double(below)) * (replicates[below] - replicates[below - 1])
        }
        #expect(agree(found.lower, bound(-1.959963984540054), 1e-9))
        #expect(agree(found.upper, bound(1.959963984540054), 1e-9))
        let percentile = try require(bootstrap.interval())
        #expect(found.upper > percentile.upper)
    }

    @Test(
        "The same bits for any number of threads; strata keep their sizes; one seed draws the same rows for two metrics"
    )
    func threadsAndStrata() throws {
        let values = sample(30)
        let one = try Bootstrap(count: 30, replicates: 64, seed: 5, threads: 1, metric: mean(values))
        for threads in [0, 2, 7] {
            let other = try Bootstrap(count: 30, replicates: 64, seed: 5, threads: threads, metric: mean(values))
            #expect(other.replicates == one.replicates)
        }
        let doubled = try Bootstrap(count: 30, replicates: 64, seed: 5, metric: mean(values.map { 2 * $0 }))
        #expect(zip(doubled.replicates, one.replicates).allSatisfy { $0.value == $1.value.map { 2 * $0 } })
        let group = (0..<30).map { $0 < 7 ? 0 : 1 }
        let shares = try Bootstrap(count: 30, replicates: 64, seed: 5, strata: Grouping(group)) { rows in
            .value(Double(rows.filter { group[$0] == 0 }.count))
        }
        #expect(shares.replicates.allSatisfy { $0.value == 7 })
        #expect(try require(shares.standardError) == 0)
    }

    /// At 400 replicates a standard deviation is known to 3.5 %: four of these and the bootstrap's own 1/√n.
    @Test(
        "Simulation: the error of C, of AUC(t) and of Gönen and Heller's K beside that of the influence function, to 20 %"
    )
    func discrimination() throws {
        let set = try ReferenceSet.named("gbsg2")
        let data = try set.survival()
        let lp = set.r.lp
        let c = try require(Concordance(data, scores: lp).estimate)
        let bootstrap = try Bootstrap(count: data.count, replicates: 400, seed: 6) { rows in
            try Concordance(data.subset(rows), scores: rows.map { lp[$0] }, withError: false).estimate.map(\.value)
        }
        #expect(try require(bootstrap.value) == c.value)
        #expect(agree(try require(bootstrap.standardError), try require(c.standardError), 0.2))
        let auc = try require(TimeDependentAUC(data, scores: lp, times: [1000]).points[0].auc)
        let points = try Bootstrap(count: data.count, replicates: 400, seed: 6) { rows in
            try TimeDependentAUC(data.subset(rows), scores: rows.map { lp[$0] }, times: [1000], withErrors: false)
                .points[0].auc.map(\.value)
        }
        #expect(agree(try require(points.standardError), try require(auc.standardError), 0.2))
        #expect(try require(require(points.estimate()).interval).lower < auc.value)
    }

    @Test("Undefined: replicates without a value are counted; too few for the level; no jackknife; no value")
    func undefined() throws {
        let some = try Bootstrap(count: 3, replicates: 200, seed: 7) { rows in
            rows.contains(0) ? .value(Double(rows[0])) : .undefined(.init(code: "none", reason: "patient 1 is missing"))
        }
        // Without a given one of three patients: (2/3)³ = 0.296 of 200, within four errors of 6.5.
        #expect(abs(some.undefinedReplicates - 59) < 26)
        #expect(
            some.interval(.biasCorrectedAccelerated).undefined?.reason
                == "the accelerated interval needs the jackknife: ask for it")
        let few = try Bootstrap(count: 3, replicates: 10, seed: 7) { .value(Double($0[0])) }
        #expect(
            few.interval().undefined?.reason == "10 replicates have a value: too few for an error or interval")
        let never = try Bootstrap(count: 3, replicates: 10, seed: 7) { _ in
            .undefined(.init(code: "none", reason: "never"))
        }
        #expect(never.interval().undefined?.reason == "never")
        #expect(never.standardError.undefined?.code == "few-replicates")
    }

    @Test("Failure: numbers that are not allowed, all at once; an error of the metric goes through")
    func inputIsChecked() throws {
        let problem = #expect(throws: InvalidInput.self) {
            try Bootstrap(count: 0, replicates: 1, seed: 0, strata: Grouping([1]), threads: -1) { _ in .value(0) }
        }
        #expect(
            problem?.description == """
                patients: found 0, allowed is at least 1
                replicates: found 1, allowed is 2 to 4294967295
                threads: found -1, allowed is 0 or more
                bootstrap stratum: found 1 rows, allowed is 0 rows, one for each patient
                """)
        #expect(throws: Undefined(code: "x", reason: "y")) {
            try Bootstrap(count: 2, replicates: 5, seed: 0) { _ in throw Undefined(code: "x", reason: "y") }
        }
    }
}
