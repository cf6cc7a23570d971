import Testing

@testable import NumericsCore

/// Backed by published points, by the defining properties of the net and of the direction numbers, and by SciPy.
struct SobolSequenceTests {
    static let randomizations: [SobolSequence.Randomization] = [
        .none, .digitalShift(seed: 3), .scrambled(seed: 3), .scrambled(seed: 3, replicate: 1),
    ]

    /// The first ten points in three dimensions as the authors' program prints them with "new-joe-kuo-6".
    @Test func theFirstPointsAreThePublishedOnes() throws {
        let published: [[Double]] = [
            [0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75], [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125], [0.625, 0.125, 0.875], [0.125, 0.625, 0.375], [0.1875, 0.3125, 0.9375],
            [0.6875, 0.8125, 0.4375],
        ]
        let sequence = try SobolSequence(dimensions: 3)
        #expect((0..<10).map(sequence.point) == published)
        #expect(sequence.points(4, from: 6) == Matrix(rowsOf: Array(published[6...])))
    }

    /// SciPy's unscrambled sequence, exact binary fractions, in dimensions up to the last.
    @Test func pointsAgreeWithReferenceSoftware() throws {
        let sequence = try SobolSequence(dimensions: SobolSequence.maximumDimensions)
        let rows = try ReferenceTable("sobol_points").rows(of: "sobol")
        #expect(rows.count == 340)
        for row in rows {
            let (dimension, index) = (Int(row.arguments[0]), Int(row.arguments[1]))
            #expect(sequence.coordinate(dimension, ofPoint: index) == row.value, "\(dimension), \(index)")
        }
    }

    /// Property A, which the authors claim for 1111 dimensions: the matrix of the first digits of the first 1111
    /// direction numbers is regular over the field of two elements. The first digits follow the polynomial alone.
    @Test func theDirectionNumbersHavePropertyA() throws {
        let n = SobolSequence.maximumDimensions
        #expect(n == 1111)
        let words = (n + 63) / 64
        var rows = [[UInt64]](repeating: [UInt64](repeating: 0, count: words), count: n)
        rows[0][0] = 1
        for (row, seed) in SobolDirectionNumbers.seeds.enumerated() {
            var digits = seed.initial.enumerated().map { ($1 >> UInt64($0)) & 1 }
            for k in seed.degree..<n {
                var digit = digits[k - seed.degree]
                for back in 1..<max(seed.degree, 1) where (seed.coefficients >> (seed.degree - 1 - back)) & 1 == 1 {
                    digit ^= digits[k - back]
                }
                digits.append(digit)
            }
            for (k, digit) in digits.enumerated() { rows[row + 1][k / 64] |= digit << UInt64(k % 64) }
        }
        var rank = 0
        for column in 0..<n {
            let pivot = (rank..<n).first { rows[$0][column / 64] >> UInt64(column % 64) & 1 == 1 }
            guard let pivot else { continue }
            rows.swapAt(rank, pivot)
            for row in rank + 1..<max(n, rank + 1) where rows[row][column / 64] >> UInt64(column % 64) & 1 == 1 {
                for word in 0..<words { rows[row][word] ^= rows[rank][word] }
            }
            rank += 1
        }
        #expect(rank == n)
    }

    @Test func directionNumbersAreOddAndFitTheirDigits() {
        for seed in SobolDirectionNumbers.seeds {
            #expect(seed.coefficients < 1 << (seed.degree - 1))
            for (k, m) in seed.initial.enumerated() { #expect(m & 1 == 1 && m < 2 << UInt64(k)) }
        }
        let coefficients = SobolDirectionNumbers.seeds.map { [$0.degree, $0.coefficients] }
        #expect(Set(coefficients).count == SobolDirectionNumbers.seeds.count)
    }

    /// A (0, 10, 1)-net in every dimension: each of 1024 equal parts holds one of 1024 points, in the first block of
    /// points and in a later one.
    @Test(arguments: randomizations)
    func everyDimensionIsStratified(randomization: SobolSequence.Randomization) throws {
        let sequence = try SobolSequence(dimensions: SobolSequence.maximumDimensions, randomization: randomization)
        for dimension in stride(from: 0, to: SobolSequence.maximumDimensions, by: 11) {
            for first in [0, 5 * 1024] {
                let parts = (first..<first + 1024).map { Int(sequence.coordinate(dimension, ofPoint: $0) * 1024) }
                #expect(parts.sorted() == Array(0..<1024), "dimension \(dimension) from \(first)")
            }
        }
    }

    /// A (0, 8, 2)-net in the first two dimensions: every box of 2⁻ᵃ × 2⁻⁽⁸⁻ᵃ⁾ holds one of 256 points.
    @Test(arguments: randomizations)
    func theFirstTwoDimensionsMakeANet(randomization: SobolSequence.Randomization) throws {
        let sequence = try SobolSequence(dimensions: 2, randomization: randomization)
        let points = (256..<512).map(sequence.point)
        for a in 0...8 {
            let boxes = points.map { Int($0[0] * Double(1 << a)) << (8 - a) + Int($0[1] * Double(1 << (8 - a))) }
            #expect(boxes.sorted() == Array(0..<256), "a = \(a)")
        }
    }

    /// The largest difference between the share of points in a box at the origin and its area, found exactly by looking
    /// at the boxes whose corner takes its coordinates from the points.
    private func starDiscrepancy(_ points: [[Double]]) -> Double {
        let n = Double(points.count)
        var largest = 0.0
        for x in points.map({ $0[0] }) + [1] {
            for y in points.map({ $0[1] }) + [1] {
                let open = points.count { $0[0] < x && $0[1] < y }
                let closed = points.count { $0[0] <= x && $0[1] <= y }
                largest = max(largest, x * y - Double(open) / n, Double(closed) / n - x * y)
            }
        }
        return largest
    }

    /// A (0, m, 2)-net of N = 2ᵐ points has N · D* ≤ m/2 + 3/2 (Niederreiter 1992, theorem 4.7: here 4.5 / 128); random
    /// points have about 0.85 / √N = 0.075 and more.
    @Test func theDiscrepancyIsFarBelowThatOfRandomPoints() throws {
        let bound = (0.5 * 7 + 1.5) / 128
        for randomization in Self.randomizations {
            let sequence = try SobolSequence(dimensions: 2, randomization: randomization)
            #expect(starDiscrepancy((0..<128).map(sequence.point)) <= bound)
        }
        var stream = RandomStream(seed: 5, purpose: .analysis, replicate: 0, patient: 0)
        let random = (0..<128).map { _ in [stream.nextUniform(), stream.nextUniform()] }
        #expect(starDiscrepancy(random) > 1.5 * bound)
    }

    /// The mean of Π (1 + (xⱼ − ½)) over six dimensions is 1; random sampling of 4096 points errs by 0.0125 (one standard
    /// error). Thirty-two scrambles have a mean within 4 of their standard errors, which is below a twentieth of that.
    @Test func scrambledMeansAreUnbiasedAndPrecise() throws {
        var means = RunningMoments()
        for replicate in 0..<32 as Range<UInt32> {
            let sequence = try SobolSequence(dimensions: 6, randomization: .scrambled(seed: 11, replicate: replicate))
            var sum = CompensatedSum()
            for index in 0..<4096 { sum.add(sequence.point(index).reduce(1) { $0 * (0.5 + $1) }) }
            means.add(sum.value / 4096)
        }
        let mean = try #require(means.mean)
        let error = try #require(means.standardError)
        #expect(abs(mean - 1) < 4 * error)
        #expect(try #require(means.standardDeviation) < 0.0125 / 20)
    }

    /// Over scrambles each point is uniform: Kolmogorov–Smirnov, √n sup |Fₙ − F| exceeds 1.95 with probability 0.001.
    @Test(arguments: [0, 1, 77])
    func aScrambledPointIsUniform(index: Int) throws {
        let n = 2000
        let values = try (0..<n).map { replicate in
            try SobolSequence(dimensions: 3, randomization: .scrambled(seed: 2, replicate: UInt32(replicate)))
                .coordinate(2, ofPoint: index)
        }
        var distance = 0.0
        for (rank, value) in values.sorted().enumerated() {
            distance = max(distance, value - Double(rank) / Double(n), Double(rank + 1) / Double(n) - value)
        }
        #expect(distance * Double(n).squareRoot() < 1.95)
    }

    @Test(arguments: randomizations)
    func aCoordinateDependsOnItsNumberAndTheKeyAlone(randomization: SobolSequence.Randomization) throws {
        let narrow = try SobolSequence(dimensions: 4, randomization: randomization)
        let wide = try SobolSequence(dimensions: 40, randomization: randomization)
        #expect((0..<100).allSatisfy { narrow.point($0) == Array(wide.point($0).prefix(4)) })
        let values = (0..<4096).map { narrow.coordinate(3, ofPoint: $0) }
        #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect(values.contains(0) == (randomization == .none))
    }

    @Test func differentKeysGiveDifferentPoints() throws {
        let points = try Self.randomizations.map { try SobolSequence(dimensions: 5, randomization: $0).point(100) }
        #expect(Set(points).count == points.count)
    }

    @Test(arguments: [0, -1, 1112])
    func dimensionsThatDoNotExistAreRefused(dimensions: Int) {
        let error = #expect(throws: DesignError.self) { try SobolSequence(dimensions: dimensions) }
        #expect(
            error?.description == "A design of \(dimensions) dimensions cannot be made: 1 to 1111 are allowed.")
    }
}
