import ModelLanguage
import NumericsCore

/// What is known of a model's population parameters, and how each replicate draws its own: THETA, OMEGA and SIGMA.
///
/// - **THETA** is multivariate normal about the estimates, on the scale on which the model file gives them, from the
///   covariance that an estimation reports or from relative standard errors without correlation. A vector outside the
///   bounds of `ini` is drawn again as a whole.
/// - **OMEGA** is inverse Wishart, block by block, with degrees of freedom ν for each.
/// - **SIGMA**, in this language a standard deviation among the population parameters, has an inverse Wishart variance of
///   order 1 (a scaled inverse chi-squared one).
///
/// **Scale.** With the scale matrix A, the mean of an inverse Wishart matrix of order p is A / (ν − p − 1). Here
/// A = (ν − p − 1) Ω̂, so that the mean of the draws is the estimate Ω̂; ν must exceed p + 1. mrgsolve's companion simpar
/// and rxode2's cvPost take A = ν Ω̂ instead, whose mean is ν / (ν − p − 1) Ω̂: larger than the estimate, by half for a
/// block of order 2 with 9 degrees of freedom. ``Scale/degreesOfFreedom`` gives that.
///
/// **Streams.** A draw depends on (seed, replicate) and on the place of the parameter or block in the model alone:
/// `StreamPurpose.parameterUncertainty`, patient 0 for THETA (substream: the attempt), 1 for OMEGA (the block) and 2 for
/// SIGMA (the parameter).
package struct ParameterUncertainty: Sendable {
    /// How the fixed effects are uncertain.
    package enum FixedEffects: Sendable {
        /// They are known.
        case known
        /// Their joint covariance: a row and a column for each name.
        case covariance(names: [String], Matrix)
        /// Standard errors as shares of the estimates: 0.2 is 20 %. Other parameters are known.
        case relativeStandardErrors([(name: String, value: Double)])
    }

    /// The scale matrix of inverse Wishart draws, as a multiple of the estimate.
    package enum Scale: Sendable {
        /// ν − p − 1: the mean of the draws is the estimate.
        case mean
        /// ν: as simpar and cvPost draw.
        case degreesOfFreedom
    }

    /// The population of one replicate.
    package struct Draw: Sendable, Hashable {
        /// The population parameters in the model's order.
        package var parameters: [Double]
        /// The blocks of random effects with drawn covariances, in the model's order.
        package var randomEffects: [RandomEffectBlock]
    }

    /// How often a vector of fixed effects may fall outside the bounds before the draw is given up.
    package static let maximumAttempts: UInt32 = 1000

    let parameters: [PopulationParameter]
    let randomEffects: [RandomEffectBlock]
    /// The uncertain fixed effects, and the factor of their covariance.
    let uncertain: [Int]
    let factor: CovarianceFactor
    /// For each block, nil where it is known.
    let blocks: [InverseWishart?]
    /// Residual standard deviations by the parameter's number.
    let residuals: [(parameter: Int, variance: InverseWishart)]

    /// Checks what is known against the model.
    ///
    /// - Parameters:
    ///   - parameters: the model's population parameters, whose values are the estimates.
    ///   - randomEffects: the model's blocks, whose covariances are the estimates.
    ///   - fixedEffects: how THETA is uncertain.
    ///   - omegaDegreesOfFreedom: ν of each block in the model's order, nil where it is known; empty for all known.
    ///   - sigmaDegreesOfFreedom: ν of the variance of residual standard deviations, by the parameter's name.
    ///   - scale: of the inverse Wishart draws.
    /// - Throws: ``ParameterUncertaintyError``.
    package init(
        parameters: [PopulationParameter], randomEffects: [RandomEffectBlock], fixedEffects: FixedEffects = .known,
        omegaDegreesOfFreedom: [Double?] = [], sigmaDegreesOfFreedom: [(name: String, value: Double)] = [],
        scale: Scale = .mean
    ) throws(ParameterUncertaintyError) {
        self.parameters = parameters
        self.randomEffects = randomEffects
        let names = parameters.map(\.name)
        (uncertain, factor) = try Self.fixedEffects(fixedEffects, parameters)
        guard omegaDegreesOfFreedom.isEmpty || omegaDegreesOfFreedom.count == randomEffects.count else {
            throw .blocks(found: omegaDegreesOfFreedom.count, expected: randomEffects.count)
        }
        var blocks = [InverseWishart?](repeating: nil, count: randomEffects.count)
        for (index, degrees) in omegaDegreesOfFreedom.enumerated() {
            guard let degrees else { continue }
            let block = randomEffects[index]
            blocks[index] = try InverseWishart(
                block.names.joined(separator: " + "), estimate: Matrix(lowerTriangle: block.covariance),
                degreesOfFreedom: degrees, scale)
        }
        self.blocks = blocks
        var residuals: [(parameter: Int, variance: InverseWishart)] = []
        for (name, degrees) in sigmaDegreesOfFreedom {
            guard let index = names.firstIndex(of: name) else { throw .unknown(name, known: names) }
            guard !uncertain.contains(index), !residuals.contains(where: { $0.parameter == index }) else {
                throw .repeated(name)
            }
            let deviation = parameters[index].value
            let variance = Matrix(rowsOf: [[deviation * deviation]])
            residuals.append(
                (index, try InverseWishart(name, estimate: variance, degreesOfFreedom: degrees, scale)))
        }
        self.residuals = residuals
    }

    private static func fixedEffects(
        _ effects: FixedEffects, _ parameters: [PopulationParameter]
    ) throws(ParameterUncertaintyError) -> ([Int], CovarianceFactor) {
        let names = parameters.map(\.name)
        var found: [Int] = []
        func add(_ name: String) throws(ParameterUncertaintyError) {
            guard let index = names.firstIndex(of: name) else { throw .unknown(name, known: names) }
            guard !found.contains(index) else { throw .repeated(name) }
            found.append(index)
        }
        var covariance = Matrix(rows: 0, columns: 0)
        switch effects {
        case .known: break
        case .covariance(let listed, let matrix):
            for name in listed { try add(name) }
            guard matrix.rows == listed.count, matrix.columns == listed.count else {
                throw .covarianceShape(rows: matrix.rows, columns: matrix.columns, names: listed.count)
            }
            covariance = matrix
        case .relativeStandardErrors(let errors):
            var variances: [Double] = []
            for (name, error) in errors {
                try add(name)
                guard error >= 0, error.isFinite else { throw .relativeStandardError(name, error) }
                let deviation = error * parameters[found[found.count - 1]].value
                variances.append(deviation * deviation)
            }
            covariance = .diagonal(variances)
        }
        do throws(LinearAlgebraError) {
            return (found, try CovarianceFactor(triangle: covariance.lowerTriangle, order: found.count))
        } catch {
            throw .notACovariance(of: "the fixed effects", error)
        }
    }
}

extension Matrix {
    /// A symmetric matrix from its lower triangle, row by row.
    init(lowerTriangle: [Double]) {
        let order = Int((Double(8 * lowerTriangle.count + 1).squareRoot() - 1) / 2)
        self.init(rows: order, columns: order) { row, column in
            let (low, high) = (min(row, column), max(row, column))
            return lowerTriangle[high * (high + 1) / 2 + low]
        }
    }

    /// The lower triangle of a square matrix, row by row.
    var lowerTriangle: [Double] { (0..<rows).flatMap { row in (0...row).map { self[row, $0] } } }
}
