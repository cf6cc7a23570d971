import Testing

@testable import Cohorts

private func records(_ count: Int) throws -> Cohort {
    try Cohort(
        count: count, columns: [CohortColumn("x", values: (0..<count).map(Double.init))],
        sourceRow: (0..<count).map { $0 + 2 })
}

@Suite struct ResamplingTests {
    // Invariant: promise 3 of the design.
    @Test func aPatientIsTheSameWhateverTheSizeOfTheCohort() throws {
        let source = try records(57)
        let weights = (0..<57).map { Double($0 % 5) }
        for weights in [nil, weights] {
            let large = try source.resampled(to: 1_000, weights: weights, seed: 9, replicate: 3)
            for size in [0, 1, 17, 999] {
                let small = try source.resampled(to: size, weights: weights, seed: 9, replicate: 3)
                #expect(small.sourceIndex == Array(large.sourceIndex.prefix(size)))
                #expect(small.cohort == large.cohort.subset(Array(0..<size)))
            }
        }
        let sampler = try RecordSampler(count: 57, seed: 9, replicate: 3)
        #expect(
            try sampler.record(ofPatient: 500) == source.resampled(to: 1_000, seed: 9, replicate: 3).sourceIndex[500])
    }

    @Test func patientsKeepTheirRecord() throws {
        let drawn = try records(10).resampled(to: 100, seed: 1)
        #expect(drawn.cohort.sourceRow == drawn.sourceIndex.map { $0 + 2 })
        #expect(drawn.cohort.columns[0].values == drawn.sourceIndex.map(Double.init))
    }

    @Test func seedsAndReplicatesDiffer() throws {
        let source = try records(1_000)
        let first = try source.resampled(to: 100, seed: 1).sourceIndex
        #expect(try source.resampled(to: 100, seed: 2).sourceIndex != first)
        #expect(try source.resampled(to: 100, seed: 1, replicate: 1).sourceIndex != first)
        #expect(try source.resampled(to: 100, seed: 1).sourceIndex == first)
    }

    // Closed form: counts are multinomial; each within four standard errors (checked for 5 records, fixed seed).
    @Test(arguments: [nil, [1, 0, 2, 3, 4]] as [[Double]?])
    func recordsComeInProportionToTheirWeights(_ weights: [Double]?) throws {
        let size = 40_000
        let drawn = try records(5).resampled(to: size, weights: weights, seed: 4).sourceIndex
        for record in 0..<5 {
            let chance = (weights?[record] ?? 1) / (weights == nil ? 5 : 10)
            let share = Double(drawn.count { $0 == record }) / Double(size)
            #expect(abs(share - chance) <= 4 * (chance * (1 - chance) / Double(size)).squareRoot())
        }
    }

    @Test func withoutReplacementNobodyComesTwice() throws {
        let source = try records(200)
        let shuffled = try source.sampledWithoutReplacement(size: 200, seed: 3)
        #expect(shuffled.sourceIndex.sorted() == Array(0..<200))
        #expect(shuffled.sourceIndex != Array(0..<200))
        #expect(
            try source.sampledWithoutReplacement(size: 50, seed: 3).sourceIndex
                == Array(shuffled.sourceIndex.prefix(50)))
        // A record that is not in the file leaves the order of the others.
        let fewer = try source.filter { $0 != 42 }.sampledWithoutReplacement(size: 199, seed: 3).cohort.sourceRow
        #expect(fewer == shuffled.cohort.sourceRow.filter { $0 != 44 })
    }

    // Closed form: the first of a weighted sample is record i with chance w_i / sum(w); four standard errors.
    @Test func weightsDecideWhoComesFirst() throws {
        let source = try records(3)
        let first = try (0..<8_000).map { replicate in
            try source.sampledWithoutReplacement(size: 1, weights: [1, 2, 5], seed: 8, replicate: UInt32(replicate))
                .sourceIndex[0]
        }
        for (record, chance) in [0.125, 0.25, 0.625].enumerated() {
            let share = Double(first.count { $0 == record }) / 8_000
            #expect(abs(share - chance) <= 4 * (chance * (1 - chance) / 8_000).squareRoot())
        }
    }

    // Invariant: a real person is never on both sides.
    @Test func aRecordIsOnOneSideHoweverTheCohortIsMade() throws {
        let source = try records(500)
        let split = try RecordSplit(seed: 6)
        let drawn = try source.resampled(to: 3_000, seed: 6).cohort
        let sides = drawn.sides(of: split)
        #expect(sides.training.count + sides.judging.count == 3_000)
        let training = Set(sides.training.map { drawn.sourceRow[$0] })
        let judging = Set(sides.judging.map { drawn.sourceRow[$0] })
        #expect(training.isDisjoint(with: judging))
        #expect(training.isSubset(of: source.sides(of: split).training.map { source.sourceRow[$0] }))
        // Adding records moves nobody.
        let more = try records(900).sides(of: split)
        #expect(more.training.filter { $0 < 500 } == source.sides(of: split).training)
        // The share is binomial: four standard errors of 4,000 records.
        let many = try records(4_000).sides(of: RecordSplit(seed: 6, trainingShare: 0.7)).training.count
        #expect(abs(Double(many) / 4_000 - 0.7) <= 4 * (0.21 / 4_000).squareRoot())
        #expect(try records(50).sides(of: RecordSplit(seed: 6, trainingShare: 1)).judging.isEmpty)
    }

    @Test func refusals() throws {
        let source = try records(2)
        func refused(_ weights: [Double]) -> String {
            message { _ = try source.resampled(to: 3, weights: weights, seed: 1) }
        }
        #expect(refused([1]) == "weights: found 1 values, expected 2, one for each patient")
        #expect(refused([1, -1]) == "weight of record 2: found -1.0, allowed: a finite number of at least 0")
        #expect(refused([.nan, 1]) == "weight of record 1: found nan, allowed: a finite number of at least 0")
        #expect(refused([0, 0]) == "sum of the weights: found 0.0, allowed: a positive finite number")
        #expect(
            message { _ = try Cohort(count: 0).resampled(to: 3, seed: 1) }
                == "resampling: found no records to draw from, allowed: at least one")
        #expect(
            message { _ = try source.resampled(to: -1, seed: 1) }
                == "cohort size: found -1, allowed: from 0 to 4294967295")
        #expect(
            message { _ = try source.sampledWithoutReplacement(size: 3, seed: 1) }
                == "sample size without replacement: found 3, allowed: from 0 to the 2 records")
        #expect(
            message { _ = try source.sampledWithoutReplacement(size: 2, weights: [0, 1], seed: 1) }
                == "sample size without replacement: found 2, allowed: from 0 to the 1 records with a positive weight")
        #expect(
            message { _ = try RecordSplit(seed: 1, trainingShare: 1.5) }
                == "training share: found 1.5, allowed: from 0 to 1")
        #expect(try Cohort(count: 0).resampled(to: 0, seed: 1).cohort.count == 0)
    }
}
