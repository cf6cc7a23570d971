import Outcomes
import Testing

@Suite struct GroupProportionsTestTests {
    @Test("Reference: R's chisq.test without correction and fisher.test on small tables")
    func smallTables() throws {
        for table in BiasReference.all.r.tests {
            let test = try require(GroupProportionsTest.test(events: table.events, of: table.counts))
            #expect(test.method == .exact)
            #expect(agree(test.pValue, table.fisher, 1e-10))
            #expect(agree(test.pearson.statistic, table.statistic, 1e-12))
            #expect(agree(test.smallestExpected, table.expected, 1e-12))
            let pearson = try require(
                GroupProportionsTest.test(events: table.events, of: table.counts, method: .pearson))
            #expect(agree(pearson.pValue, table.p, 1e-10))
        }
    }

    @Test(
        "Reference: the same on events by stratum, where fisher.test takes larger tables", arguments: ReferenceSet.all)
    func largeTables(_ set: ReferenceSet) throws {
        let reference = try BiasReference.of(set).test
        let grouping = try set.grouping("strat")
        let events = try set.column("status").map { $0 == 1 }
        let counts = grouping.rows.map(\.count)
        let hits = grouping.rows.map { rows in rows.filter { events[$0] }.count }
        let pearson = try require(GroupProportionsTest.test(events: hits, of: counts, method: .pearson))
        #expect(agree(pearson.pearson.statistic, reference.statistic, 1e-11))
        #expect(agree(pearson.pValue, reference.p, 1e-10))
        let exact = try require(GroupProportionsTest.test(events: hits, of: counts, method: .exact))
        #expect(agree(exact.pValue, reference.fisher, 1e-8))
    }

    @Test("Invariant: order of groups, exchange of outcomes and empty groups change nothing")
    func invariants() throws {
        let test = try require(GroupProportionsTest.test(events: [1, 9, 4], of: [10, 12, 5]))
        for (events, counts) in [
            ([4, 1, 9], [5, 10, 12]), ([9, 3, 1], [10, 12, 5]), ([0, 1, 9, 0, 4], [0, 10, 12, 0, 5]),
        ] {
            let other = try require(GroupProportionsTest.test(events: events, of: counts))
            #expect(agree(other.pValue, test.pValue, 1e-12))
            #expect(other.pearson.degreesOfFreedom == 2)
        }
    }

    @Test("Undefined: one group, one outcome, too many tables; failure: counts that cannot be")
    func undefined() throws {
        #expect(try GroupProportionsTest.test(events: [1, 0], of: [3, 0]).undefined?.code == "few-groups")
        #expect(try GroupProportionsTest.test(events: [0, 0], of: [3, 2]).undefined?.code == "one-outcome")
        let many = try GroupProportionsTest.test(
            events: [50, 50, 50, 50, 50], of: [200, 200, 200, 200, 200], method: .exact)
        #expect(many.undefined?.reason == "more than 2000000 tables: take Pearson's test")
        let error = #expect(throws: InvalidInput.self) { try GroupProportionsTest.test(events: [3, -1], of: [2, 1]) }
        #expect(
            error?.description == """
                row 1, events: found 3, allowed is 0 to 2
                row 2, events: found -1, allowed is 0 to 1
                """)
    }
}
