import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by closed forms of moments within 4 standard errors at fixed seeds, and by invariants of keyed streams.
@Suite("Parameter uncertainty")
struct ParameterUncertaintyTests {
    static let ini = """
        lcl <- log(4)
        lv <- c(2, 3, 4)
        sd <- 0.2
        ka <- fix(1.5)
        etacl + etav ~ c(0.09, 0.02, 0.04)
        etaka ~ 0.3
        """
    static let covariance = Matrix(rowsOf: [[0.01, -0.004], [-0.004, 0.04]])

    static func document() throws -> ModelDocument {
        let text = "ini({\n\(ini)\n})\nmodel({ y <- 1 })"
        return try ModelParser.parse(model: SourceText(name: "model.R", text: text))
    }

    static func uncertainty(
        _ fixedEffects: ParameterUncertainty.FixedEffects = .known, omega: [Double?] = [],
        sigma: [(name: String, value: Double)] = [], scale: ParameterUncertainty.Scale = .mean
    ) throws -> ParameterUncertainty {
        let document = try document()
        return try ParameterUncertainty(
            parameters: document.parameters, randomEffects: document.randomEffects, fixedEffects: fixedEffects,
            omegaDegreesOfFreedom: omega, sigmaDegreesOfFreedom: sigma, scale: scale)
    }

    static func draws(
        _ uncertainty: ParameterUncertainty, _ count: Int = 20_000
    ) throws -> [ParameterUncertainty.Draw] {
        try (0..<UInt32(count)).map { try uncertainty.draw(seed: 20_110, replicate: $0) }
    }

    private func expectMean(_ values: [Double], _ expected: Double, _ what: String) throws {
        let moments = RunningMoments(values)
        let (mean, error) = (try #require(moments.mean), try #require(moments.standardError))
        #expect(abs(mean - expected) < 4 * error, "\(what): \(mean) for \(expected), standard error \(error)")
    }

    @Test("THETA has the estimates as mean and the covariance asked for, in the order of the names")
    func fixedEffects() throws {
        // Bounds 2 to 4 of lv are 5 standard deviations away.
        let uncertainty = try Self.uncertainty(.covariance(names: ["lv", "lcl"], Self.covariance))
        let draws = try Self.draws(uncertainty)
        let estimates = [Elementary.log(4), 3]
        let expected = [[0.04, -0.004], [-0.004, 0.01]]
        for i in 0..<2 {
            try expectMean(draws.map { $0.parameters[i] }, estimates[i], "parameter \(i)")
            for j in 0...i {
                let products = draws.map { ($0.parameters[i] - estimates[i]) * ($0.parameters[j] - estimates[j]) }
                try expectMean(products, expected[i][j], "covariance \(i) \(j)")
            }
        }
        let document = try Self.document()
        #expect(draws.allSatisfy { $0.parameters[2] == 0.2 && $0.parameters[3] == 1.5 })
        #expect(draws.allSatisfy { $0.randomEffects == document.randomEffects })
    }

    @Test("Relative standard errors are shares of the estimates, without correlation")
    func relativeStandardErrors() throws {
        let uncertainty = try Self.uncertainty(.relativeStandardErrors([("lcl", 0.1), ("ka", 0.2), ("sd", 0)]))
        let draws = try Self.draws(uncertainty)
        let (lcl, ka) = (draws.map { $0.parameters[0] - Elementary.log(4) }, draws.map { $0.parameters[3] - 1.5 })
        try expectMean(lcl.map { $0 * $0 }, 0.01 * Elementary.log(4) * Elementary.log(4), "variance of lcl")
        try expectMean(ka.map { $0 * $0 }, 0.09, "variance of ka")
        try expectMean(zip(lcl, ka).map { $0 * $1 }, 0, "covariance")
        #expect(draws.allSatisfy { $0.parameters[2] == 0.2 })
    }

    /// Var Xᵢᵢ = 2 Ω̂ᵢᵢ² / (ν − p − 3).
    @Test("OMEGA has the estimate as mean and the variance of an inverse Wishart matrix")
    func randomEffects() throws {
        let draws = try Self.draws(try Self.uncertainty(omega: [20, 30]))
        for (element, estimate) in [0.09, 0.02, 0.04].enumerated() {
            try expectMean(draws.map { $0.randomEffects[0].covariance[element] }, estimate, "element \(element)")
        }
        try expectMean(draws.map { $0.randomEffects[1].covariance[0] }, 0.3, "etaka")
        let squares = draws.map { draw in
            let distance = draw.randomEffects[0].covariance[0] - 0.09
            return distance * distance
        }
        try expectMean(squares, 2 * 0.09 * 0.09 / (20 - 2 - 3), "variance of the variance")
        for draw in draws.prefix(500) { #expect(throws: Never.self) { try RandomEffects(draw.randomEffects) } }
    }

    @Test("With the scale of simpar and cvPost the mean is ν / (ν − p − 1) times the estimate")
    func scaleByDegreesOfFreedom() throws {
        let draws = try Self.draws(try Self.uncertainty(omega: [20, nil], scale: .degreesOfFreedom))
        for (element, estimate) in [0.09, 0.02, 0.04].enumerated() {
            let expected = estimate * 20 / (20 - 2 - 1)
            try expectMean(draws.map { $0.randomEffects[0].covariance[element] }, expected, "element \(element)")
        }
        #expect(draws.allSatisfy { $0.randomEffects[1].covariance == [0.3] })
    }

    @Test("SIGMA is a standard deviation whose square has the estimate's as mean")
    func residualError() throws {
        let draws = try Self.draws(try Self.uncertainty(sigma: [("sd", 25)]))
        try expectMean(draws.map { $0.parameters[2] * $0.parameters[2] }, 0.04, "variance")
        let squares = draws.map { draw in
            let distance = draw.parameters[2] * draw.parameters[2] - 0.04
            return distance * distance
        }
        try expectMean(squares, 2 * 0.04 * 0.04 / (25 - 4), "variance of the variance")
    }

    @Test("Degrees of freedom from a relative standard error give variances that scatter by it")
    func degreesOfFreedom() throws {
        let nu = ParameterUncertainty.degreesOfFreedom(relativeStandardError: 0.25, order: 2)
        #expect(nu == 37)
        let draws = try Self.draws(try Self.uncertainty(omega: [nu, nil]))
        let squares = draws.map { draw in
            let share = draw.randomEffects[0].covariance[2] / 0.04 - 1
            return share * share
        }
        try expectMean(squares, 0.0625, "squared relative error")
    }

    @Test("A draw depends on seed and replicate, and no part on what else is uncertain")
    func independence() throws {
        let all = try Self.uncertainty(
            .covariance(names: ["lcl", "lv"], Self.covariance), omega: [20, 30], sigma: [("sd", 25)])
        let omegaAlone = try Self.uncertainty(omega: [nil, 30])
        let sigmaAlone = try Self.uncertainty(sigma: [("sd", 25)])
        let draw = try all.draw(seed: 1, replicate: 5)
        #expect(try all.draw(seed: 1, replicate: 5) == draw)
        #expect(try all.draw(seed: 1, replicate: 6) != draw)
        #expect(try all.draw(seed: 2, replicate: 5) != draw)
        #expect(try omegaAlone.draw(seed: 1, replicate: 5).randomEffects[1] == draw.randomEffects[1])
        #expect(try sigmaAlone.draw(seed: 1, replicate: 5).parameters[2] == draw.parameters[2])
    }

    @Test("A point of a design gives the parameters that its normal numbers give")
    func design() throws {
        let uncertainty = try Self.uncertainty(.covariance(names: ["lv", "lcl"], Self.covariance), omega: [20, nil])
        let stream = RandomStream(seed: 1, purpose: .parameterUncertainty, replicate: 5, patient: 0)
        let point = (0..<uncertainty.fixedEffectCount).map { stream.uniform(at: UInt64($0)) }
        #expect(
            try uncertainty.fixedEffects(at: point) == uncertainty.draw(seed: 1, replicate: 5).parameters)
        let wide = try Self.uncertainty(.covariance(names: ["lv"], Matrix(rowsOf: [[4]])))
        #expect(throws: ParameterUncertaintyError.outsideBounds("lv", value: 5, lower: 2, upper: 4, attempts: 1)) {
            try wide.fixedEffects(at: [Normal.cdf(1)])
        }
    }

    @Test("Nothing uncertain gives the estimates")
    func known() throws {
        let document = try Self.document()
        let draw = try Self.uncertainty().draw(seed: 1, replicate: 0)
        #expect(draw.parameters == document.parameters.map(\.value))
        #expect(draw.randomEffects == document.randomEffects)
    }

    @Test("Draws stay within the bounds of ini, and those that were inside already keep their numbers")
    func bounds() throws {
        let wide = Matrix(rowsOf: [[1]])
        let uncertainty = try Self.uncertainty(.covariance(names: ["lv"], wide))
        let draws = try Self.draws(uncertainty, 4000)
        #expect(draws.allSatisfy { (2...4).contains($0.parameters[1]) })
        // Normal between ±1 standard deviation: variance 1 − 2 φ(1) / (2 Φ(1) − 1) = 0.291125.
        try expectMean(draws.map { ($0.parameters[1] - 3) * ($0.parameters[1] - 3) }, 0.291_125, "variance")
        let stream = RandomStream(seed: 20_110, purpose: .parameterUncertainty, replicate: 0, patient: 0)
        let inside = abs(stream.normal(at: 0)) <= 1
        #expect((draws[0].parameters[1] == 3 + stream.normal(at: 0)) == inside)
    }

    private func message(_ make: () throws -> some Any) -> String? {
        #expect(throws: ParameterUncertaintyError.self, performing: make)?.description
    }

    @Test("What does not fit the model is said")
    func refused() throws {
        #expect(
            message { try Self.uncertainty(.relativeStandardErrors([("cl", 0.1)])) }
                == "'cl' is no population parameter of the model; it has: lcl, lv, sd, ka")
        #expect(
            message { try Self.uncertainty(.relativeStandardErrors([("lv", 0.1), ("lv", 0.2)])) }
                == "the uncertainty of 'lv' is given twice: once is allowed")
        #expect(
            message { try Self.uncertainty(.relativeStandardErrors([("sd", 0.1)]), sigma: [("sd", 20)]) }
                == "the uncertainty of 'sd' is given twice: once is allowed")
        #expect(
            message { try Self.uncertainty(.relativeStandardErrors([("lv", -0.1)])) }
                == "the relative standard error of 'lv' is -0.1: it is at least 0 and finite, 0.2 for 20 %")
        #expect(
            message { try Self.uncertainty(.covariance(names: ["lv"], Self.covariance)) }
                == "the covariance of the fixed effects has 2 rows and 2 columns for 1 names: it needs a row and a column"
                + " for each")
        #expect(
            message { try Self.uncertainty(.covariance(names: ["lv"], Matrix(rowsOf: [[-1]]))) }
                == "the covariance of the fixed effects cannot be drawn from. "
                + LinearAlgebraError.notPositiveDefinite(leadingMinor: 1, order: 1, pivot: -1).description)
        #expect(
            message { try Self.uncertainty(omega: [5]) }
                == "1 degrees of freedom are given for the 2 blocks of random effects: each block needs its own, or none"
                + " where it is known")
        #expect(
            message { try Self.uncertainty(omega: [3, nil]) }
                == "the covariance of 'etacl + etav' has 3.0 degrees of freedom: more than 3.0 are needed, and finitely"
                + " many")
        #expect(throws: Never.self) { try Self.uncertainty(omega: [3, nil], scale: .degreesOfFreedom) }
    }

    @Test("Bounds that no draw meets are an error, not an endless search")
    func hopelessBounds() throws {
        let parameter = PopulationParameter(
            name: "p", value: 0, lower: 0, upper: 0, place: SourcePlace(line: 1, column: 1))
        let uncertainty = try ParameterUncertainty(
            parameters: [parameter], randomEffects: [],
            fixedEffects: .covariance(names: ["p"], Matrix(rowsOf: [[1]])))
        let text = try #require(message { try uncertainty.draw(seed: 1, replicate: 0) })
        #expect(
            text.hasPrefix("1000 draws of the fixed effects fell outside the bounds of ini, the last one with 'p' at "))
        #expect(text.hasSuffix(", allowed from 0.0 to 0.0: widen the bounds or narrow the uncertainty"))
    }
}
