/// A variable in bands: band j holds the values above j of the cuts, and one more band holds the missing ones.
package struct Bands: Sendable, Hashable, Codable {
    package var variable: String
    /// Ascending.
    package var cuts: [Double]

    package init(variable: String, cuts: [Double]) {
        self.variable = variable
        self.cuts = cuts
    }

    /// All bands, that of missing values last.
    package var count: Int { cuts.count + 2 }
    /// The band of missing values.
    package var missing: Int { cuts.count + 1 }

    package func band(of value: Double) -> Int {
        if value.isNaN { return missing }
        var band = 0
        while band < cuts.count, value > cuts[band] { band += 1 }
        return band
    }

    /// `age <= 40`, `40 < age <= 60`, `age > 60`, `age missing`
    package func name(_ band: Int) -> String { name(band...band) }

    /// Neighbouring bands together, that of missing values by itself.
    package func name(_ bands: ClosedRange<Int>) -> String {
        if bands.lowerBound == missing { return "\(variable) missing" }
        let low = bands.lowerBound > 0 ? ReadableNumber.text(cuts[bands.lowerBound - 1]) : nil
        let high = bands.upperBound < cuts.count ? ReadableNumber.text(cuts[bands.upperBound]) : nil
        return switch (low, high) {
        case (nil, nil): "any \(variable)"
        case (nil, let high?): "\(variable) <= \(high)"
        case (let low?, nil): "\(variable) > \(low)"
        case (let low?, let high?): "\(low) < \(variable) <= \(high)"
        }
    }

    /// Whether the cuts ascend, for what comes from a file.
    var fits: Bool { cuts.allSatisfy(\.isFinite) && zip(cuts, cuts.dropFirst()).allSatisfy { $0 < $1 } }
}
