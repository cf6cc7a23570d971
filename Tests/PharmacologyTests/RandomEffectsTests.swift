import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by simulation (moments within a stated number of standard errors) and by invariants.
@Suite("Random effects")
struct RandomEffectsTests {
    static func blocks(_ ini: String) throws -> [RandomEffectBlock] {
        let text = "ini({\n\(ini)\n})\nmodel({ y <- 1 })"
        return try ModelParser.parse(model: SourceText(name: "model.R", text: text)).randomEffects
    }

    static func draws(_ ini: String, count: Int, seed: UInt64 = 20_110) throws -> [[Double]] {
        let effects = try RandomEffects(blocks(ini))
        return (0..<count).map {
            effects.draw(RandomStream(seed: seed, purpose: .randomEffects, replicate: 0, patient: UInt32($0)))
        }
    }

    /// Sums over all pairs of effects: the expected covariance has the standard error √((σᵢᵢσⱼⱼ + σᵢⱼ²)/N) for normal
    /// effects of mean 0, the mean √(σᵢᵢ/N).
    private func checkMoments(_ draws: [[Double]], _ covariance: [[Double]], errors k: Double) {
        let n = Double(draws.count)
        for i in covariance.indices {
            let mean = draws.reduce(0) { $0 + $1[i] } / n
            #expect(abs(mean) <= k * (covariance[i][i] / n).squareRoot(), "mean of \(i)")
            for j in covariance.indices {
                let product = draws.reduce(0) { $0 + $1[i] * $1[j] } / n
                let error = ((covariance[i][i] * covariance[j][j] + covariance[i][j] * covariance[i][j]) / n)
                    .squareRoot()
                #expect(abs(product - covariance[i][j]) <= k * error, "covariance of \(i) and \(j)")
            }
        }
    }

    @Test("The covariances of blocks come back in 20,000 draws within 4 standard errors")
    func covariance() throws {
        let draws = try Self.draws(
            """
            a ~ 0.09
            b + c + d ~ c(0.25,
                          0.10, 0.16,
                         -0.05, 0.02, 0.04)
            e ~ 2.3
            """, count: 20_000)
        checkMoments(
            draws,
            [
                [0.09, 0, 0, 0, 0], [0, 0.25, 0.10, -0.05, 0], [0, 0.10, 0.16, 0.02, 0], [0, -0.05, 0.02, 0.04, 0],
                [0, 0, 0, 0, 2.3],
            ], errors: 4)
    }

    @Test("An effect of variance 0 is 0, alone and inside a block, and leaves the others as they are")
    func zeroVariance() throws {
        let draws = try Self.draws("a ~ 0\nb + c + d ~ c(0.25, 0, 0, 0.1, 0, 0.16)", count: 20_000)
        #expect(draws.allSatisfy { $0[0] == 0 && $0[2] == 0 })
        checkMoments(draws, [[0, 0, 0, 0], [0, 0.25, 0, 0.1], [0, 0, 0, 0], [0, 0.1, 0, 0.16]], errors: 4)
    }

    @Test("A correlation of 1 makes effects proportional, which a model file may say")
    func fullCorrelation() throws {
        for draw in try Self.draws("a + b + c ~ c(0.04, 0.06, 0.09, -0.02, -0.03, 0.01)", count: 100) {
            #expect(relativeError(draw[1], 1.5 * draw[0]) < 1e-12)
            #expect(relativeError(draw[2], -0.5 * draw[0]) < 1e-12)
        }
    }

    @Test("Effects are L z with the textbook factor: two effects by hand")
    func factor() throws {
        let stream = RandomStream(seed: 5, purpose: .randomEffects, replicate: 3, patient: 8)
        let effects = try RandomEffects(Self.blocks("x ~ 4\na + b ~ c(0.25, 0.15, 0.34)"))
        let z = (0..<3).map { stream.normal(at: $0) }
        #expect(effects.draw(stream) == [2 * z[0], 0.5 * z[1], 0.3 * z[1] + (0.34 - 0.3 * 0.3).squareRoot() * z[2]])
    }

    @Test("A patient's effects do not depend on who was drawn before, nor on effects declared after them")
    func order() throws {
        let effects = try RandomEffects(Self.blocks("a + b ~ c(0.25, 0.1, 0.16)\nc ~ 0.3"))
        let shorter = try RandomEffects(Self.blocks("a + b ~ c(0.25, 0.1, 0.16)"))
        var choices = Choices(seed: 3)
        let forward = try Self.draws("a + b ~ c(0.25, 0.1, 0.16)\nc ~ 0.3", count: 200)
        for patient in choices.shuffle(Array(0..<200)) {
            let stream = RandomStream(seed: 20_110, purpose: .randomEffects, replicate: 0, patient: UInt32(patient))
            #expect(effects.draw(stream) == forward[patient])
            #expect(shorter.draw(stream) == Array(forward[patient].prefix(2)))
        }
        #expect(Set(forward.map { $0[0] }).count == 200)
    }

    @Test("Covariances that contradict each other, or are not numbers, are refused")
    func refused() throws {
        let place = SourcePlace(line: 1, column: 1)
        #expect(throws: LinearAlgebraError.notPositiveDefinite(leadingMinor: 2, order: 2, pivot: -3)) {
            try RandomEffects([RandomEffectBlock(names: ["a", "b"], covariance: [1, 2, 1], place: place)])
        }
        #expect(throws: LinearAlgebraError.notPositiveDefinite(leadingMinor: 1, order: 1, pivot: -1)) {
            try RandomEffects([RandomEffectBlock(names: ["a"], covariance: [-1], place: place)])
        }
        #expect(throws: LinearAlgebraError.self) {
            try RandomEffects([RandomEffectBlock(names: ["a"], covariance: [.nan], place: place)])
        }
        #expect(
            try RandomEffects([]).draw(RandomStream(seed: 1, purpose: .randomEffects, replicate: 0, patient: 0)) == [])
    }
}
