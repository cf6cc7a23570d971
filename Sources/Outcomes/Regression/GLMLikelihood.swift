import NumericsCore

/// Minus half the deviance with its derivatives. Newton's step is iteratively reweighted least squares where the link is the
/// family's own; elsewhere it converges in fewer steps and the covariance takes the expected information.
struct GLMLikelihood: SmoothLikelihood {
    let family: GeneralizedLinearModel.Family
    let link: GeneralizedLinearModel.Link
    let design: InterceptDesign
    let responses: [Double]
    let weights: [Double]?
    let offset: [Double]?
    /// The deviance is multiplied by this, so that the end of a search does not depend on the unit of the response.
    let precision: Double

    var reaches: [Double] { design.reaches }

    func value(at parameters: [Double]) -> LikelihoodValue { value(at: parameters, isExpected: false) }

    /// - Parameter isExpected: the information is the expectation of that observed.
    func value(at parameters: [Double], isExpected: Bool) -> LikelihoodValue {
        var sum = LikelihoodValue(parameters: design.width + 1)
        var along = [Double](repeating: 0, count: design.width + 1)
        for row in responses.indices {
            let mean = mean(row, parameters)
            guard family.allows(mean) else { return .outside(design.width + 1) }
            let weight = precision * (weights?[row] ?? 1)
            sum.logLikelihood -= 0.5 * weight * family.deviance(responses[row], mean)
            let variance = family.variance(mean)
            let pull = weight * mean.slope / variance
            let residual = responses[row] - mean.value
            var curvature = pull * mean.slope
            if !isExpected, link != family.canonicalLink {
                let varianceShare = mean.slope * family.varianceSlope(mean) / variance
                curvature -= weight * residual / variance * (mean.bend - mean.slope * varianceShare)
            }
            design.fill(&along, row: row)
            sum.add(slope: pull * residual, curvature: curvature, along: along)
            guard sum.logLikelihood.isFinite else { return .outside(design.width + 1) }
        }
        return sum
    }

    func mean(_ row: Int, _ parameters: [Double]) -> GeneralizedLinearModel.Link.Mean {
        link.mean(design.predictor(row, parameters) + (offset?[row] ?? 0))
    }
}
