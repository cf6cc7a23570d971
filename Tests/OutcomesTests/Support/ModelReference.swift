import Foundation
import Testing

/// What models.R and models.py give for a data set.
struct ModelReference: Sendable {
    let set: ReferenceSet
    let r: RModels
    let scipy: ScipyModels

    static let all: [ModelReference] = {
        do { return try ReferenceSet.all.map(ModelReference.init) } catch { fatalError("reference files: \(error)") }
    }()

    private init(_ set: ReferenceSet) throws {
        self.set = set
        r = try #require(try ReferenceSet.decode("models-R.json", ReferenceFile<RModels>.self).sets[set.name])
        scipy = try #require(
            try ReferenceSet.decode("models-scipy.json", ReferenceFile<ScipyModels>.self).sets[set.name])
    }
}

extension ModelReference: CustomTestStringConvertible {
    var testDescription: String { self.set.name }
}

struct RModels: Decodable, Sendable {
    struct AFT: Decodable, Sendable {
        let coef, se, z, p, loglik, quantile, quantileSE: [Double]
        let covariance: [[Double]]
    }
    struct Linear: Decodable, Sendable {
        let response: String
        let covariates: [String]
        let coef, se, p: [Double]
        let sigma, r2, loglik: Double
        let hc: [String: [Double]]
    }
    struct General: Decodable, Sendable {
        let coef, se, p: [Double]
        let deviance, nullDeviance, loglik, dispersion: Double
    }
    struct Ordinal: Decodable, Sendable {
        let coef, clm, se, polrSE: [Double]
        let loglik: Double
    }

    let covariates: [String]
    let aft: [String: AFT]
    let aftStrata, rayleigh: AFT
    let lm: Linear
    let glm: [String: General]
    let ordinal: Ordinal
}

struct ScipyModels: Decodable, Sendable {
    struct Delayed: Decodable, Sendable {
        let coef, se: [Double]
        let loglik: Double
    }
    struct Flexible: Decodable, Sendable {
        let coef, se, means, survival, hazard, restrictedMean, knots: [Double]
        let loglik, time: Double
    }

    let covariates: [String]
    let flexible: [String: Flexible]
    let delayed: [String: Delayed]
}
