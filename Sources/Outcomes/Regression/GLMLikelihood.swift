import NumericsCore

/// Minus half the deviance with its score and expected information: a search by it is iteratively reweighted least squares.
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

    func value(at parameters: [Double]) -> LikelihoodValue {
        var sum = LikelihoodValue(parameters: design.width + 1)
        var along = [Double](repeating: 0, count: design.width + 1)
        for row in responses.indices {
            let mean = mean(row, parameters)
            guard family.allows(mean) else { return .outside(design.width + 1) }
            let weight = precision * (weights?[row] ?? 1)
            sum.logLikelihood -= 0.5 * weight * family.deviance(responses[row], mean)
            let pull = weight * mean.slope / family.variance(mean)
            design.fill(&along, row: row)
            sum.add(slope: pull * (responses[row] - mean.value), curvature: pull * mean.slope, along: along)
        }
        return sum
    }

    func mean(_ row: Int, _ parameters: [Double]) -> GeneralizedLinearModel.Link.Mean {
        link.mean(design.predictor(row, parameters) + (offset?[row] ?? 0))
    }
}
