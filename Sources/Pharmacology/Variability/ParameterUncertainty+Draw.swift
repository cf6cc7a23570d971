import ModelLanguage
import NumericsCore

extension ParameterUncertainty {
    private static let fixedEffectsPart: UInt32 = 0
    private static let randomEffectsPart: UInt32 = 1
    private static let residualPart: UInt32 = 2

    /// The population of a replicate.
    ///
    /// - Throws: ``ParameterUncertaintyError/outsideBounds(_:value:lower:upper:attempts:)`` when no vector of fixed effects
    ///   is within the bounds of `ini`.
    package func draw(seed: UInt64, replicate: UInt32) throws(ParameterUncertaintyError) -> Draw {
        let key = StreamKey(seed: seed, purpose: .parameterUncertainty)
        func stream(_ part: UInt32, _ index: UInt32) -> RandomStream {
            RandomStream(key: key, replicate: replicate, patient: part, substream: index)
        }
        var values = parameters.map(\.value)
        try drawFixedEffects(into: &values) { stream(Self.fixedEffectsPart, $0) }
        for (parameter, variance) in residuals {
            var stream = stream(Self.residualPart, UInt32(parameter))
            values[parameter] = variance.draw(&stream)[0, 0].squareRoot()
        }
        var effects = randomEffects
        for (index, block) in blocks.enumerated() {
            guard let block else { continue }
            var stream = stream(Self.randomEffectsPart, UInt32(index))
            effects[index].covariance = block.draw(&stream).lowerTriangle
        }
        return Draw(parameters: values, randomEffects: effects)
    }

    private func drawFixedEffects(
        into values: inout [Double], _ stream: (UInt32) -> RandomStream
    ) throws(ParameterUncertaintyError) {
        guard !uncertain.isEmpty else { return }
        var outside = 0
        for attempt in 0..<Self.maximumAttempts {
            let stream = stream(attempt)
            let distances = factor.times(uncertain.indices.map { stream.normal(at: UInt64($0)) })
            for (index, distance) in zip(uncertain, distances) { values[index] = parameters[index].value + distance }
            guard let first = uncertain.first(where: { !parameters[$0].isWithinBounds(values[$0]) }) else { return }
            outside = first
        }
        let parameter = parameters[outside]
        throw .outsideBounds(
            parameter.name, value: values[outside], lower: parameter.lower ?? -.infinity,
            upper: parameter.upper ?? .infinity, attempts: Int(Self.maximumAttempts))
    }

    /// The ν at which a drawn variance has this relative standard error: ν = 2 / rse² + p + 3.
    ///
    /// From Var Xᵢᵢ / (E Xᵢᵢ)² = 2 / (ν − p − 3) of an inverse Wishart matrix of order p.
    package static func degreesOfFreedom(relativeStandardError rse: Double, order: Int) -> Double {
        2 / (rse * rse) + Double(order + 3)
    }
}

extension PopulationParameter {
    fileprivate func isWithinBounds(_ value: Double) -> Bool {
        value >= lower ?? -.infinity && value <= upper ?? .infinity
    }
}

/// A covariance that is uncertain: an inverse Wishart distribution about an estimate.
struct InverseWishart: Sendable {
    let degreesOfFreedom: Double
    private let factor: Cholesky

    init(
        _ name: String, estimate: Matrix, degreesOfFreedom: Double, _ scale: ParameterUncertainty.Scale
    ) throws(ParameterUncertaintyError) {
        let order = Double(estimate.rows)
        let least = scale == .mean ? order + 1 : order - 1
        guard degreesOfFreedom > least, degreesOfFreedom < .infinity else {
            throw .degreesOfFreedom(name, degreesOfFreedom, moreThan: least)
        }
        let multiple = scale == .mean ? degreesOfFreedom - order - 1 : degreesOfFreedom
        do throws(LinearAlgebraError) { factor = try Cholesky(of: multiple * estimate) } catch {
            throw .notACovariance(of: "'\(name)'", error)
        }
        self.degreesOfFreedom = degreesOfFreedom
    }

    func draw(_ stream: inout RandomStream) -> Matrix {
        stream.nextInverseWishart(degreesOfFreedom: degreesOfFreedom, factor: factor)
    }
}
