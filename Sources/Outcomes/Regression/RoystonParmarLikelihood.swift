import NumericsCore

/// The likelihood of a Royston–Parmar model in a constant, orthonormal spline functions and centred covariates.
///
/// An event adds log f(η) + log s′(u), a censoring log S(η), and an entry takes log S(η₀) away; concave in the parameters
/// without delayed entry.
struct RoystonParmarLikelihood: SmoothLikelihood {
    let law: ErrorLaw
    let reaches: [Double]
    private let width: Int
    private let splineWidth: Int
    private let events: [Bool]
    /// n × q: the derivatives of η at the follow-up time; rows of censorings at time 0 are not used.
    private let exits: [Double]
    /// n × m: the derivatives of s′ at the follow-up time.
    private let slopes: [Double]
    /// n × q at the entry time; empty without delayed entry.
    private let entries: [Double]
    private let hasExit: [Bool]
    private let hasEntry: [Bool]

    init(law: ErrorLaw, _ data: SurvivalData, spline: OrthonormalSpline, design: InterceptDesign) {
        self.law = law
        let m = spline.basis.count
        splineWidth = m
        width = 1 + m + design.width
        events = data.events
        var covariates = [Double](repeating: 0, count: 1 + design.width)
        var exits: [Double] = []
        var slopes: [Double] = []
        var entries: [Double] = []
        exits.reserveCapacity(width * data.count)
        slopes.reserveCapacity(m * data.count)
        hasExit = data.times.map { $0 > 0 }
        hasEntry = data.entries?.map { $0 > 0 } ?? []
        for row in data.times.indices {
            design.fill(&covariates, row: row)
            // A time of 0 is not used; the value only keeps its place.
            let u = data.times[row] > 0 ? Elementary.log(data.times[row]) : 0
            exits.append(1)
            exits += spline.values(u)
            exits += covariates.dropFirst()
            slopes += spline.slopes(u)
            guard let starts = data.entries else { continue }
            entries.append(1)
            entries += spline.values(starts[row] > 0 ? Elementary.log(starts[row]) : 0)
            entries += covariates.dropFirst()
        }
        self.exits = exits
        self.slopes = slopes
        self.entries = entries
        reaches = [1] + [Double](repeating: 2, count: m) + design.columns.ranges
    }

    func value(at parameters: [Double]) -> LikelihoodValue {
        var sum = LikelihoodValue(parameters: width)
        var along = [Double](repeating: 0, count: width)
        var rise = [Double](repeating: 0, count: width)
        for row in events.indices {
            if hasExit[row] {
                let predictor = take(exits, row, parameters, &along)
                let curve = events[row] ? law.logDensity(predictor) : law.logSurvival(predictor)
                sum.logLikelihood += curve.value
                sum.add(slope: curve.first, curvature: -curve.second, along: along)
                if events[row] {
                    var slope = 0.0
                    for j in 0..<splineWidth {
                        rise[j + 1] = slopes[row * splineWidth + j]
                        slope += rise[j + 1] * parameters[j + 1]
                    }
                    guard slope > 0 else { return .outside(width) }
                    sum.logLikelihood += Elementary.log(slope)
                    sum.add(slope: 1 / slope, curvature: 1 / (slope * slope), along: rise)
                }
            }
            if !hasEntry.isEmpty, hasEntry[row] {
                let curve = law.logSurvival(take(entries, row, parameters, &along))
                sum.logLikelihood -= curve.value
                sum.add(slope: -curve.first, curvature: curve.second, along: along)
            }
            guard sum.logLikelihood.isFinite else { return .outside(width) }
        }
        return sum
    }

    @inline(__always)
    private func take(_ rows: [Double], _ row: Int, _ parameters: [Double], _ along: inout [Double]) -> Double {
        var sum = 0.0
        for j in 0..<width {
            along[j] = rows[row * width + j]
            sum += along[j] * parameters[j]
        }
        return sum
    }
}
