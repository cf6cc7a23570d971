import NumericsCore
import Testing

@testable import Outcomes

@Suite struct OversamplingTests {
    @Test("Invariant: everyone once, groups as large as the largest, copies from the own group, same rows for a seed")
    func invariants() throws {
        let grouping = Grouping((0..<100).map { $0 < 70 ? "a" : $0 < 95 ? "b" : "c" })
        let sample = try Oversampling(grouping, seed: 12)
        #expect(sample.counts == [70, 70, 70])
        #expect(Array(sample.rows.prefix(100)) == Array(0..<100))
        #expect(sample.rows[100..<145].allSatisfy { (70..<95).contains($0) })
        #expect(sample.rows[145...].allSatisfy { (95..<100).contains($0) })
        #expect(sample.multiplicities.reduce(0, +) == 210)
        for row in 0..<100 { #expect(sample.multiplicities[row] == sample.rows.filter { $0 == row }.count) }
        #expect(try Oversampling(grouping, seed: 12).rows == sample.rows)
        #expect(try Oversampling(grouping, seed: 13).rows != sample.rows)
    }

    @Test("One more group does not move the others' copies; a target below a group's size leaves it")
    func streams() throws {
        let two = try Oversampling(
            Grouping(codes: [0, 0, 0, 1], labels: ["a", "b"]), target: .count(6), seed: 1)
        let three = try Oversampling(
            Grouping(codes: [0, 0, 0, 1, 2], labels: ["a", "b", "c"]), target: .count(6), seed: 1)
        #expect(two.multiplicities == Array(three.multiplicities.prefix(4)))
        #expect(try Oversampling(Grouping(["a", "a"]), target: .count(1), seed: 1).counts == [2])
        let empty = try Grouping(codes: [0], labels: ["a", "b"])
        #expect(try Oversampling(empty, target: .count(3), seed: 1).counts == [3, 0])
        let error = #expect(throws: InvalidInput.self) { try Oversampling(empty, target: .count(0), seed: 1) }
        #expect(error?.description == "target: found 0, allowed is 1 to 100000000")
    }

    @Test("Identity: the fit with multiplicities is the fit to the enlarged data")
    func retrained() throws {
        let set = try ReferenceSet.named("lung")
        let outcomes = try set.column("status").map { $0 == 1 }
        let sample = try Oversampling(set.grouping("group"), seed: 3)
        let change = try sample.retrained(outcomes: outcomes, set.covariates(["age", "ecog"]))
        let columns = try ["age", "ecog"].map { name in
            let values = try set.column(name)
            return CovariateColumn(name, sample.rows.map { values[$0] })
        }
        let enlarged = try WeightedLogistic(
            sample.rows.map { outcomes[$0] }, columns, weights: sample.rows.map { _ in 1 })
        #expect(agree(change.after, Array(enlarged.risks.prefix(outcomes.count)), 1e-9))
    }
}
