import NumericsCore
import Testing

@testable import Trials

/// Backed by invariants of permuted blocks, closed forms of the design, and frequencies within four standard errors.
@Suite struct RandomisationTests {
    /// Allocations, with how often each stands in a block.
    static let designs: [([Int], Int)] = [
        ([1, 1], 2), ([2, 1], 1), ([2, 1], 3), ([1, 1, 1], 2), ([3, 2], 2), ([1, 1], 1),
    ]

    private func strata(_ count: Int, of kinds: Int) -> [Int] {
        (0..<count).map { ($0 * $0 + $0 / 3) % kinds }
    }

    @Test("Every complete block of every stratum holds each arm as often as the allocation says", arguments: designs)
    func everyBlockIsBalanced(_ allocation: [Int], _ repeats: Int) {
        let design = Randomisation(allocation: allocation, repeats: repeats)
        #expect(design.blockSize == allocation.reduce(0, +) * repeats)
        for replicate in 0..<20 as Range<UInt32> {
            let strata = strata(200, of: 3)
            let arms = design.assign(strata: strata, seed: 4, replicate: replicate)
            for stratum in 0..<3 {
                let members = strata.indices.filter { strata[$0] == stratum }.map { arms[$0] }
                #expect(members.count > 3 * design.blockSize)
                for start in stride(from: 0, through: members.count - design.blockSize, by: design.blockSize) {
                    let block = members[start..<start + design.blockSize]
                    let counts = allocation.indices.map { arm in block.count { $0 == arm } }
                    #expect(counts == allocation.map { $0 * repeats })
                }
            }
        }
    }

    @Test("Two to one: within four standard errors at every position, and exactly over whole blocks")
    func allocationAtEveryPosition() {
        let design = Randomisation(allocation: [2, 1], repeats: 2)
        let replicates = 3000
        var treated = [Int](repeating: 0, count: 6)
        for replicate in 0..<UInt32(replicates) {
            let arms = design.assign(strata: [Int](repeating: 0, count: 6), seed: 9, replicate: replicate)
            for (position, arm) in arms.enumerated() { treated[position] += arm }
        }
        #expect(treated.reduce(0, +) == 2 * replicates)
        let error = (1.0 / 3 * 2 / 3 / Double(replicates)).squareRoot()
        for count in treated { #expect(abs(Double(count) / Double(replicates) - 1.0 / 3) < 4 * error) }
    }

    @Test("All orders of a block are equally likely: chi-square below the 0.001 quantile")
    func ordersAreUniform() {
        let design = Randomisation(allocation: [1, 1], repeats: 2)
        var counts: [[Int]: Int] = [:]
        let replicates = 6000
        for replicate in 0..<UInt32(replicates) {
            counts[design.assign(strata: [7, 7, 7, 7], seed: 1, replicate: replicate), default: 0] += 1
        }
        // Four places choose two: six orders.
        #expect(counts.count == 6)
        let expected = Double(replicates) / 6
        let statistic = counts.values.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        // 20.515 is the 0.999 quantile of chi-square with five degrees of freedom.
        #expect(statistic < 20.515)
    }

    @Test("Later patients and other strata change nobody's arm")
    func othersChangeNothing() {
        let design = Randomisation(allocation: [1, 1], repeats: 2)
        let strata = strata(100, of: 2)
        let arms = design.assign(strata: strata, seed: 3, replicate: 5)
        let longer = design.assign(strata: strata + self.strata(50, of: 2), seed: 3, replicate: 5)
        #expect(Array(longer.prefix(100)) == arms)
        // A third stratum's patients between the others.
        var mixed: [Int] = []
        for stratum in strata { mixed += [9, stratum, 9] }
        let beside = design.assign(strata: mixed, seed: 3, replicate: 5)
        #expect(mixed.indices.filter { mixed[$0] != 9 }.map { beside[$0] } == arms)
    }

    @Test("Strata, replicates and seeds have orders of their own")
    func streamsAreSeparate() {
        let design = Randomisation(allocation: [1, 1], repeats: 20)
        let one = design.assign(strata: [Int](repeating: 1, count: 40), seed: 3, replicate: 0)
        #expect(design.assign(strata: [Int](repeating: 2, count: 40), seed: 3, replicate: 0) != one)
        #expect(design.assign(strata: [Int](repeating: 1, count: 40), seed: 3, replicate: 1) != one)
        #expect(design.assign(strata: [Int](repeating: 1, count: 40), seed: 4, replicate: 0) != one)
        #expect(design.assign(strata: [], seed: 3, replicate: 0).isEmpty)
    }
}

/// Backed by the closed forms of a Poisson process.
@Suite struct EnrolmentTests {
    let enrolment = Enrolment(perDay: 2.5)

    @Test("Waiting times are exponential: mean and distribution within four standard errors and the 0.001 KS limit")
    func waitingTimesAreExponential() {
        let days = enrolment.days(count: 20_000, seed: 8, replicate: 3)
        let waits = zip([0] + days, days).map { $1 - $0 }
        #expect(waits.allSatisfy { $0 > 0 })
        // An exponential's standard deviation is its mean.
        #expect(abs(meanAndError(waits).mean - 0.4) < 4 * 0.4 / Double(waits.count).squareRoot())
        #expect(kolmogorovDistance(waits) { 1 - Elementary.exp(-2.5 * $0) } < 1.95)
    }

    @Test("Patients per week have the mean and the variance of a Poisson count: within four standard errors")
    func countsArePoisson() {
        let days = enrolment.days(count: 40_000, seed: 8, replicate: 0)
        let weeks = Int(days[39_999] / 7)
        var counts = [Double](repeating: 0, count: weeks)
        for day in days where Int(day / 7) < weeks { counts[Int(day / 7)] += 1 }
        let (mean, error) = meanAndError(counts)
        let expected = 2.5 * 7
        #expect(abs(mean - expected) < 4 * error)
        // The variance of a Poisson count estimated from n weeks has the standard error √((λ + 2λ²)/n).
        let variance = error * error * Double(weeks)
        #expect(abs(variance - expected) < 4 * ((expected + 2 * expected * expected) / Double(weeks)).squareRoot())
    }

    @Test("More patients change nobody's day; another replicate has other days")
    func daysBelongToThePatients() {
        let days = enrolment.days(count: 50, seed: 8, replicate: 0)
        #expect(Array(enrolment.days(count: 90, seed: 8, replicate: 0).prefix(50)) == days)
        #expect(enrolment.days(count: 50, seed: 8, replicate: 1) != days)
        #expect(enrolment.days(count: 0, seed: 8, replicate: 1).isEmpty)
    }
}
