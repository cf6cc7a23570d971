import ResultsStore

extension PredictiveBands {
    /// The group of one endpoint: percentiles over bin and percentile.
    package func group(_ options: PredictiveCheckOptions, timeUnit: String?) -> ResultGroup {
        let unit = ResultsOutput.unit(timeUnit)
        let axes = ["bin", "percentile"]
        func bands(_ name: String, _ title: String, _ value: (Band) -> Double) -> ResultVariable {
            ResultVariable(name, axes, simulated.flatMap { $0.map(value) }, unit: "1", longName: title)
        }
        var variables = [
            ResultVariable("from", ["bin"], bins.map(\.from), unit: unit, longName: "lower edge of the bin"),
            ResultVariable("to", ["bin"], bins.map(\.to), unit: unit, longName: "upper edge of the bin"),
            ResultVariable("time", ["bin"], bins.map(\.time), unit: unit, longName: "median time of the bin's points"),
            ResultVariable("count", ["bin"], bins.map { Int32($0.count) }, longName: "points in the bin"),
            bands("simulated", "median over the replicates of the percentile of the simulated values", \.median),
            bands("simulated_lower", "lower end of the 95 % band of the simulated percentile", \.lower),
            bands("simulated_upper", "upper end of the 95 % band of the simulated percentile", \.upper),
            ResultVariable("excluded", [], [Int32(excluded)], longName: "points outside all bins"),
        ]
        if let observed {
            variables.append(
                ResultVariable(
                    "observed", axes, observed.flatMap(\.self), unit: "1",
                    longName: "percentile of the observed values"))
        }
        return ResultGroup(
            endpoint.replacing("/", with: "_"),
            attributes: [
                ResultAttribute("endpoint", endpoint), ResultAttribute("replicates", Int32(options.replicates)),
                ResultAttribute("prediction_corrected", options.isPredictionCorrected ? "yes" : "no"),
            ],
            dimensions: [
                ResultDimension("bin", size: bins.count),
                ResultDimension("percentile", numbers: percentiles, unit: "percent", longName: "percentile"),
            ], variables: variables)
    }

    static let tableHeader = "endpoint,from,to,time,count,percentile,observed,simulated,simulated_lower,simulated_upper"

    /// Comma-separated rows, one for each bin and percentile; an observed value that does not exist is empty.
    var tableRows: [String] {
        bins.indices.flatMap { bin in
            percentiles.indices.map { index in
                let band = simulated[bin][index]
                let seen = observed.map { "\($0[bin][index])" } ?? ""
                let place = bins[bin]
                return
                    "\(quoted(endpoint)),\(place.from),\(place.to),\(place.time),\(place.count),\(percentiles[index]),"
                    + "\(seen),\(band.median),\(band.lower),\(band.upper)"
            }
        }
    }
}

extension [PredictiveBands] {
    /// The result as comma-separated text.
    package var table: String {
        ([PredictiveBands.tableHeader] + flatMap(\.tableRows)).map { $0 + "\n" }.joined()
    }
}
