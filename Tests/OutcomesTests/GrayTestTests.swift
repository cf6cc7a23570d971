import Outcomes
import Testing

@Suite struct GrayTestTests {
    private func check(_ data: CompetingRisksData, _ expected: StatesReference.Gray?, _ make: (Int) throws -> GrayTest)
        throws
    {
        let expected = try #require(expected)
        for cause in 1...data.causeCount {
            let test = try require(try make(cause).test)
            #expect(agree(test.statistic, expected.statistic[cause - 1], 1e-10))
            #expect(Double(test.degreesOfFreedom) == expected.df[cause - 1])
        }
    }

    @Test("R cmprsk 2.2-11: two and four groups, rho 0, 0.5 and 1, heavy ties")
    func agreesWithCuminc() throws {
        let expected = StatesReference.shared.competing.gray
        let fine = try StatesReference.pbc()
        let coarse = try StatesReference.coarse()
        let group = try ReferenceSet.named("pbc").grouping("group")
        let age = try StatesReference.ageGroups()
        try check(fine, expected["two"]) { try GrayTest(fine, cause: $0, groups: group) }
        try check(fine, expected["twoRho"]) { try GrayTest(fine, cause: $0, groups: group, rho: 1) }
        try check(coarse, expected["four"]) { try GrayTest(coarse, cause: $0, groups: age) }
        try check(coarse, expected["fourRho"]) { try GrayTest(coarse, cause: $0, groups: age, rho: 0.5) }
    }

    @Test("R cmprsk 2.2-11: strata")
    func strataAgreeWithCuminc() throws {
        let expected = StatesReference.shared.competing.gray
        let coarse = try StatesReference.coarse()
        let set = try ReferenceSet.named("pbc")
        let group = try set.grouping("group")
        let age = try StatesReference.ageGroups()
        let edema = Grouping(try set.column("edema"))
        try check(coarse, expected["stratified"]) { try GrayTest(coarse, cause: $0, groups: group, strata: age) }
        try check(coarse, expected["stratifiedFour"]) {
            try GrayTest(coarse, cause: $0, groups: age, strata: edema, rho: 1)
        }
    }

    @Test("Identities: scores sum to 0, and neither the order of groups nor an empty one changes the test")
    func groupsMayBeReordered() throws {
        let data = try StatesReference.coarse()
        let age = try StatesReference.ageGroups()
        let test = try GrayTest(data, groups: age)
        #expect(abs(test.groups.reduce(0) { $0 + $1.score }) < 1e-10)
        #expect(test.groups.map(\.events).reduce(0, +) == data.eventCount(of: 1))
        let turned = try GrayTest(
            data, groups: Grouping(codes: age.codes.map { 4 - $0 }, labels: ["empty", "4", "3", "2", "1"]))
        #expect(agree(try require(test.test).statistic, try require(turned.test).statistic, 1e-10))
        #expect(try require(turned.test).degreesOfFreedom == 3)
    }

    @Test("Simulation: under equal incidence the statistic is chi-square, within four standard errors of its mean")
    func sizeUnderTheNull() throws {
        var sequence = TestSequence(seed: 61)
        var sum = 0.0
        let replicates = 400
        for _ in 0..<replicates {
            let times = (0..<120).map { _ in (10 * sequence.uniform()).rounded(.up) }
            let causes = times.map { _ in sequence.integer(below: 3) }
            let groups = Grouping(times.map { _ in sequence.integer(below: 2) })
            sum += try require(GrayTest(CompetingRisksData(times: times, causes: causes), groups: groups).test)
                .statistic
        }
        // χ² with one degree of freedom has mean 1 and variance 2.
        #expect(abs(sum / Double(replicates) - 1) < 4 * (2 / Double(replicates)).squareRoot())
    }

    @Test("Undefined: no event of the cause, one group")
    func undefined() throws {
        let data = try CompetingRisksData(times: [1, 2, 3], causes: [1, 0, 1], causeCount: 2)
        #expect(
            try GrayTest(data, cause: 2, groups: Grouping([0, 1, 1])).test.undefined?.reason == "there is no event")
        #expect(try GrayTest(data, groups: Grouping([1, 1, 1])).test.undefined?.code == "one-group")
    }

    @Test("Failure: length, cause, rho, delayed entry")
    func badInput() throws {
        let data = try CompetingRisksData(times: [1, 2, 3], causes: [1, 0, 1], entries: [0, 0, 1])
        func message(_ make: () throws -> GrayTest) -> String? {
            #expect(throws: InvalidInput.self) { try make() }?.description
        }
        let groups = Grouping([0, 1, 1])
        #expect(
            message { try GrayTest(data, groups: groups) }
                == "entry: found delayed entry, allowed is no entry times for Gray's test")
        let plain = try CompetingRisksData(times: [1, 2, 3], causes: [1, 0, 1])
        #expect(message { try GrayTest(plain, cause: 2, groups: groups) } == "cause: found 2, allowed is 1 to 1")
        #expect(
            message { try GrayTest(plain, groups: groups, rho: -1) }
                == "rho: found -1.0, allowed is a finite number ≥ 0")
        #expect(
            message { try GrayTest(plain, groups: Grouping([0, 1])) }
                == "group: found 2 rows, allowed is 3 rows, one for each patient")
    }
}
