import NumericsCore

/// The likelihood of an accelerated failure time model in intercept, slopes and the logarithms of the scales.
///
/// With z = (y − η)/σ an event adds log f(z) − log σ, a censoring log S(z), and an entry at y₀ takes log S(z₀) away.
struct AFTLikelihood: SmoothLikelihood {
    let law: ErrorLaw
    let design: InterceptDesign
    /// The transformed times in units of ``AFTModel``'s own choice; −∞ for a censoring at the very start.
    let times: [Double]
    let events: [Bool]
    /// Transformed entry times, −∞ where the patient was under observation from the start; nil for everyone.
    let entries: [Double]?
    /// The scale of each patient.
    let strata: [Int]
    let scaleCount: Int
    /// The scale where it is not estimated.
    let fixedScale: Double?

    private var slopes: Int { design.width + 1 }
    private var parameterCount: Int { slopes + (fixedScale == nil ? scaleCount : 0) }

    var reaches: [Double] { design.reaches + [Double](repeating: 1, count: parameterCount - slopes) }

    func value(at parameters: [Double]) -> LikelihoodValue {
        var sum = LikelihoodValue(parameters: parameterCount)
        let scales = fixedScale.map { [$0] } ?? parameters[slopes...].map { Elementary.exp($0) }
        guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return .outside(parameterCount) }
        var along = [Double](repeating: 0, count: parameterCount)
        for row in times.indices {
            let predictor = design.predictor(row, parameters)
            let stratum = fixedScale == nil ? strata[row] : 0
            let scale = scales[stratum]
            let logScale = fixedScale == nil ? slopes + stratum : nil
            if times[row] > -.infinity {
                let z = (times[row] - predictor) / scale
                let curve = events[row] ? law.logDensity(z) : law.logSurvival(z)
                add(curve, z, row, scale, logScale, &along, &sum)
                if events[row] {
                    sum.logLikelihood -= Elementary.log(scale)
                    if let logScale { sum.score[logScale] -= 1 }
                }
            }
            if let entry = entries?[row], entry > -.infinity {
                let z = (entry - predictor) / scale
                let curve = law.logSurvival(z)
                let negative = ErrorLaw.Curve(value: -curve.value, first: -curve.first, second: -curve.second)
                add(negative, z, row, scale, logScale, &along, &sum)
            }
            guard sum.logLikelihood.isFinite else { return .outside(parameterCount) }
        }
        return sum
    }

    /// ∂z/∂γ = −x/σ and ∂z/∂log σ = −z; the second derivatives of z are x/σ and z.
    @inline(__always)
    private func add(
        _ curve: ErrorLaw.Curve, _ z: Double, _ row: Int, _ scale: Double, _ logScale: Int?, _ along: inout [Double],
        _ sum: inout LikelihoodValue
    ) {
        sum.logLikelihood += curve.value
        design.fill(&along, row: row, factor: -1 / scale)
        if let logScale { along[logScale] = -z }
        sum.add(slope: curve.first, curvature: -curve.second, along: along)
        guard let logScale else { return }
        let q = along.count
        for j in 0..<slopes { sum.information[logScale * q + j] += curve.first * along[j] }
        sum.information[logScale * q + logScale] += curve.first * along[logScale]
        along[logScale] = 0
    }
}
