import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by the closed form for log-normal clearances, by order statistics, by simulation of the interval's coverage,
/// and by named failures.
@Suite("Dose search")
struct DoseSearchTests {
    /// AUC = dose / CL with CL = 3 exp(0.4 z): P(AUC ≥ 20) = p at the dose 20 · 3 exp(0.4 z_p).
    static func clearances(_ count: Int, seed: UInt64 = 5) -> [Double] {
        (0..<UInt32(count)).map { patient in
            let stream = RandomStream(seed: seed, purpose: .randomEffects, replicate: 0, patient: patient)
            return 3 * Elementary.exp(0.4 * stream.normal(at: 0))
        }
    }

    static func exactDose(_ probability: Double) -> Double { 60 * Elementary.exp(0.4 * Normal.quantile(probability)) }

    static func search(_ wanted: DoseSearch.Wanted = .smallest, probability: Double = 0.9) throws -> DoseSearch {
        try DoseSearch(
            target: wanted == .smallest ? .atLeast(20) : .atMost(20), probability: probability, wanted: wanted)
    }

    @Test("The smallest dose is the order statistic of the subjects' own doses, and the closed form is in its interval")
    func smallest() throws {
        let clearances = Self.clearances(4000)
        let found = try Self.search().run(in: 10...1000, tolerance: 1e-6) { dose in clearances.map { dose / $0 } }
        let own = clearances.map { 20 * $0 }.sorted()
        let dose = try #require(found.dose)
        #expect(dose >= own[3599] * (1 - 1e-15) && dose - own[3599] <= 1e-6)
        let attainment = try #require(found.attainment)
        #expect(attainment.attained == 3600 && attainment.subjects == 4000)
        let (lower, upper) = (try #require(found.lower), try #require(found.upper))
        #expect(lower < Self.exactDose(0.9) && Self.exactDose(0.9) < upper)
        // p ± 1.96 √(0.9 · 0.1 / 4000): subjects 3562.8 and 3637.2, rounded up.
        #expect(abs(lower - own[3562]) < 2e-6 && abs(upper - own[3637]) < 2e-6)
        #expect(relativeError(dose, Self.exactDose(0.9)) < 0.03)
    }

    @Test("The largest safe dose is the mirror image")
    func largest() throws {
        let clearances = Self.clearances(4000)
        let search = try Self.search(.largest)
        let found = try search.run(in: 10...1000, tolerance: 1e-6) { dose in clearances.map { dose / $0 } }
        let own = clearances.map { 20 * $0 }.sorted()
        let dose = try #require(found.dose)
        #expect(dose <= own[400] * (1 + 1e-15) && own[400] - dose <= 1e-6)
        let (lower, upper) = (try #require(found.lower), try #require(found.upper))
        #expect(lower < Self.exactDose(0.1) && Self.exactDose(0.1) < upper)
        #expect(lower < dose && dose < upper)
    }

    @Test("The interval has its confidence: 95 % of 400 populations, within 4 standard errors")
    func coverage() throws {
        var covered = 0
        for seed in 0..<400 as Range<UInt64> {
            let clearances = Self.clearances(200, seed: seed)
            let found = try Self.search().run(in: 1...2000, tolerance: 0.01) { dose in clearances.map { dose / $0 } }
            let exact = Self.exactDose(0.9)
            if (found.lower ?? 0) <= exact && exact <= (found.upper ?? .infinity) { covered += 1 }
        }
        #expect(abs(Double(covered) / 400 - 0.95) < 4 * (0.95 * 0.05 / 400).squareRoot())
    }

    @Test("On a grid it is the first dose that is enough, found without trying all")
    func grid() throws {
        let clearances = Self.clearances(1000)
        let doses = (1...64).map { 5 * Double($0) }
        let found = try Self.search().run(doses) { dose in clearances.map { dose / $0 } }
        let curve = TargetAttainment.curve(doses, target: .atLeast(20)) { dose in clearances.map { dose / $0 } }
        #expect(found.attainment == curve.first { $0.probability >= 0.9 })
        #expect(found.evaluated.count < 20)
        #expect(found.evaluated.allSatisfy(curve.contains))
        let largest = try Self.search(.largest).run(doses) { dose in clearances.map { dose / $0 } }
        #expect(largest.attainment?.dose == doses.last { dose in clearances.count { dose / $0 <= 20 } >= 900 })
    }

    @Test("Where no dose is enough there is none; where the first one is, the lower end is open")
    func ends() throws {
        let clearances = Self.clearances(500)
        let none = try Self.search().run([1, 2, 3]) { dose in clearances.map { dose / $0 } }
        #expect(none.attainment == nil && none.dose == nil && none.lower == nil && none.upper == nil)
        #expect(none.evaluated.map(\.dose) == [3])
        let first = try Self.search().run(in: 500...900, tolerance: 1) { dose in clearances.map { dose / $0 } }
        #expect(first.dose == 500 && first.lower == nil && first.upper == 500)
        let single = try Self.search().run([500]) { dose in clearances.map { dose / $0 } }
        #expect(single.dose == 500)
        let last = try Self.search(.largest).run(in: 1...3, tolerance: 1) { dose in clearances.map { dose / $0 } }
        #expect(last.dose == 3 && last.lower == 3 && last.upper == nil)
    }

    @Test("Attainment: share, error, Wilson's interval, and subjects without a metric")
    func attainment() {
        let found = TargetAttainment(dose: 5, metrics: [1, 2, 3, .nan], target: .atLeast(2))
        #expect(found.attained == 2 && found.subjects == 4 && found.unknown == 1)
        #expect(found.probability == 0.5 && found.standardError == 0.25)
        // Wilson for 2 of 4: 0.5 ± 0.35; as R's prop.test(2, 4, correct = FALSE) prints: 0.1500 to 0.8500.
        let interval = found.interval()
        #expect(abs(interval.lowerBound - 0.150_039_0) < 1e-6 && abs(interval.upperBound - 0.849_961_0) < 1e-6)
        let all = TargetAttainment(dose: 5, metrics: [1, 1, 1], target: .within(0...2)).interval()
        #expect(all.upperBound == 1 && all.lowerBound < 0.5 && all.lowerBound > 0.4)
        let nobody = TargetAttainment(dose: 5, metrics: [], target: .atMost(2))
        #expect(nobody.probability == 0 && nobody.standardError == 0 && nobody.interval() == 0...1)
        #expect(Target.atMost(2).isMet(by: 2) && !Target.atMost(2).isMet(by: .nan))
        #expect(Target.within(1...2).isMet(by: 1) && !Target.within(1...2).isMet(by: 2.1))
    }

    @Test("What cannot be searched is said")
    func refused() throws {
        func message(_ body: () throws -> some Any) -> String? {
            #expect(throws: DoseSearchError.self, performing: body)?.description
        }
        #expect(
            message { try DoseSearch(target: .atLeast(1), probability: 1) }
                == "the probability is 1.0, but must lie between 0 and 1")
        #expect(
            message { try DoseSearch(target: .atLeast(1), probability: 0.5, confidence: 0) }
                == "the confidence is 0.0, but must lie between 0 and 1")
        let search = try Self.search()
        #expect(
            message { try search.run([2, 1]) { _ in [1] } }
                == "the doses [2.0, 1.0] cannot be searched: they must be finite and growing, at least one")
        #expect(
            message { try search.run(in: 1...2, tolerance: 0) { _ in [1] } }
                == "doses from 1.0 to 2.0 with a tolerance of 0.0 cannot be searched: the bounds must be finite and the"
                + " tolerance positive")
        #expect(
            message { try search.run([1, 2]) { _ in [] } }
                == "0 metrics came back at the dose 2.0, but at least one subject must be simulated at each")
        #expect(
            message { try search.run([1, 2]) { $0 == 1 ? [30] : [30, 30] } }
                == "1 metrics came back at the dose 1.0, but the 2 subjects of the other doses must be simulated at "
                + "each")
        #expect(
            message { try search.run(in: 0...4, tolerance: 1) { $0 == 2 ? [0, 0] : [$0 * 10, 30] } }
                == "1 of 2 subjects reach the target at the dose 0.0 and 0 at 2.0, but attainment must grow with the dose:"
                + " look at the curve of attainment, and use the same random numbers at every dose")
    }
}
