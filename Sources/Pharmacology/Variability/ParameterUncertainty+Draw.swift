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

    /// The population parameters at a point of a sampling design (``SobolSequence``, ``LatinHypercube``) in as many
    /// dimensions as there are uncertain fixed effects, ``fixedEffectCount``; the others keep their estimates.
    ///
    /// - Parameter point: numbers between 0 and 1.
    /// - Throws: ``ParameterUncertaintyError/outsideBounds(_:value:lower:upper:attempts:)``: a point stands for itself and
    ///   is not replaced by another.
    package func fixedEffects(at point: [Double]) throws(ParameterUncertaintyError) -> [Double] {
        precondition(
            point.count == uncertain.count,
            "A point of \(point.count) coordinates does not fit \(uncertain.count) uncertain parameters.")
        var values = parameters.map(\.value)
        let outside = place(point.map { Normal.quantile($0) }, into: &values)
        if let outside { throw bounds(of: outside, values, 1) }
        return values
    }

    /// How many fixed effects are uncertain.
    package var fixedEffectCount: Int { uncertain.count }

    private func drawFixedEffects(
        into values: inout [Double], _ stream: (UInt32) -> RandomStream
    ) throws(ParameterUncertaintyError) {
        guard !uncertain.isEmpty else { return }
        var outside = 0
        for attempt in 0..<Self.maximumAttempts {
            let stream = stream(attempt)
            let normal = uncertain.indices.map { stream.normal(at: UInt64($0)) }
            guard let first = place(normal, into: &values) else { return }
            outside = first
        }
        throw bounds(of: outside, values, Int(Self.maximumAttempts))
    }

    /// Moves the uncertain parameters from their estimates by L z; the first one that leaves its bounds, if any does.
    private func place(_ normal: [Double], into values: inout [Double]) -> Int? {
        for (index, distance) in zip(uncertain, factor.times(normal)) {
            values[index] = parameters[index].value + distance
        }
        return uncertain.first { !parameters[$0].isWithinBounds(values[$0]) }
    }

    private func bounds(of outside: Int, _ values: [Double], _ attempts: Int) -> ParameterUncertaintyError {
        let parameter = parameters[outside]
        return .outsideBounds(
            parameter.name, value: values[outside], lower: parameter.lower ?? -.infinity,
            upper: parameter.upper ?? .infinity, attempts: attempts)
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
