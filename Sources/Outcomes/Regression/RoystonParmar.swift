import NumericsCore

/// The flexible parametric survival model of Royston and Parmar by maximum likelihood.
///
/// ```
/// g(S(t | x)) = s(log t; γ) + β·x
/// ```
///
/// s is a natural cubic spline of log time and g the log cumulative hazard, the log cumulative odds or the negative probit.
/// β is a log hazard ratio, a log odds ratio of having had the event, or a difference in probits. Without inner knots the
/// models are the Weibull, log-logistic and log-normal ones. The coefficients are those of flexsurv's `flexsurvspline`.
/// Source: Royston and Parmar 2002, Stat Med 21:2175.
public struct RoystonParmar: RegressionModel {
    /// The scale on which covariates act.
    public enum Scale: String, CaseIterable, Sendable {
        /// log(−log S): proportional hazards.
        case hazard
        /// log((1 − S)/S): proportional odds.
        case odds
        /// −Φ⁻¹(S).
        case probit

        var law: ErrorLaw {
            switch self {
            case .hazard: .extremeValue
            case .odds: .logistic
            case .probit: .normal
            }
        }
    }

    /// Where the spline's knots are.
    public enum Knots: Hashable, Sendable {
        /// So many inner knots at equally spaced quantiles of the uncensored log times, the outer ones at the first and the
        /// last event.
        case inner(Int)
        /// All knots as times, ascending, the outer ones first and last.
        case times([Double])
    }

    /// The scale on which covariates act.
    public let scale: Scale
    /// The knots as times, ascending.
    public let knots: [Double]
    /// `gamma0`, `gamma1`, … of the spline, for log time in the logarithm of the data's unit.
    public let splineCoefficients: [CoefficientRow]
    /// One row for each covariate, in the order given.
    public let coefficients: [CoefficientRow]
    /// The inverse observed information, in the order of ``splineCoefficients`` and then ``coefficients``.
    public let covariance: [[Double]]
    /// The log likelihood of the times.
    public let logLikelihood: Double
    /// The number of patients n.
    public let count: Int
    /// The number of patients with an event.
    public let eventCount: Int
    /// Newton steps taken.
    public let iterations: Int

    let basis: SplineBasis

    /// Twice the number of coefficients minus twice the log likelihood: for a choice of knots and scale.
    public var akaike: Double { 2 * Double(covariance.count) - 2 * logLikelihood }

    /// Fits the model, O(n log n + iterations·n·(p + k)²).
    ///
    /// - Parameters:
    ///   - data: follow-up with at least one event, events at times above 0; delayed entry is taken into account.
    ///   - covariates: columns of n values; may be empty.
    ///   - scale: where covariates act.
    ///   - knots: one to three inner knots fit most curves.
    /// - Throws: ``InvalidInput`` for columns or knots that are not allowed, ``FitError`` where there is no finite estimate.
    public init(
        _ data: SurvivalData, covariates: [CovariateColumn] = [], scale: Scale = .hazard, knots: Knots = .inner(1)
    ) throws {
        let model = "Royston-Parmar model"
        let problems = [InvalidInput.Problem].eventsAtZero(data) + Self.problems(knots)
        guard problems.isEmpty else { throw InvalidInput(problems) }
        guard data.eventCount > 0 else { throw FitError(model, .noEvents) }
        let logTimes = data.times.filter { $0 > 0 }.map { Elementary.log($0) }
        let basis = try Self.basis(knots, data, model)
        let design = try InterceptDesign(covariates, rows: data.count, model: model)
        guard let spline = OrthonormalSpline(basis, over: logTimes) else {
            throw FitError(model, .oneOutcome("time \(data.times[0])"))
        }
        let likelihood = RoystonParmarLikelihood(law: scale.law, data, spline: spline, design: design)
        let m = basis.count
        let names = (0...m).map { "gamma\($0)" } + covariates.map(\.name)
        // The model without inner knots with a spread of one standard deviation of log time.
        let start = [0, 1] + [Double](repeating: 0, count: names.count - 2)
        let fit: LikelihoodSearch
        do { fit = try LikelihoodSearch(likelihood, from: start) } catch { throw error.named(model, names) }
        let mapped = MappedEstimates(fit.parameters, fit.covariance, by: Self.back(spline, design))
        let rows = mapped.rows(names)
        self.scale = scale
        self.basis = basis
        self.knots = basis.knots.map { Elementary.exp($0) }
        splineCoefficients = Array(rows[...m])
        coefficients = Array(rows[(m + 1)...])
        covariance = mapped.covariance
        logLikelihood =
            data.times.indices.reduce(fit.value.logLikelihood) {
                data.events[$1] ? $0 - Elementary.log(data.times[$1]) : $0
            }
        count = data.count
        eventCount = data.eventCount
        iterations = fit.iterations
    }

    /// Spline coefficients and then those of the covariates.
    public var table: RegressionTable {
        RegressionTable(
            model: "Royston-Parmar model, \(scale.rawValue) scale", rows: splineCoefficients + coefficients,
            count: count, eventCount: eventCount, logLikelihood: logLikelihood)
    }

    /// From constant, orthonormal functions and centred covariates to the parameters as given.
    private static func back(_ spline: OrthonormalSpline, _ design: InterceptDesign) -> Matrix {
        let m = spline.basis.count
        let p = design.width
        var map = Matrix(rows: 1 + m + p, columns: 1 + m + p)
        map[0, 0] = 1
        for i in 0..<m {
            for j in 0..<m {
                let factor = spline.inverse[j, i]
                map[1 + i, 1 + j] = factor
                map[0, 1 + j] -= spline.means[i] * factor
            }
        }
        for j in 0..<p {
            map[1 + m + j, 1 + m + j] = 1 / design.columns.scales[j]
            map[0, 1 + m + j] = -design.columns.means[j] / design.columns.scales[j]
        }
        return map
    }

    private static func problems(_ knots: Knots) -> [InvalidInput.Problem] {
        switch knots {
        case .inner(let count):
            return count >= 0
                ? [] : [.init(column: "knots", found: "\(count) inner knots", allowed: "0 or more")]
        case .times(let times):
            let isAscending = zip(times, times.dropFirst()).allSatisfy { $0.0 < $0.1 }
            guard times.count >= 2, isAscending, times.allSatisfy({ $0 > 0 && $0.isFinite }) else {
                return [
                    .init(
                        column: "knots", found: "\(times)", allowed: "two or more positive finite times, ascending")
                ]
            }
            return []
        }
    }

    private static func basis(_ knots: Knots, _ data: SurvivalData, _ model: String) throws(FitError) -> SplineBasis {
        guard case .inner(let inner) = knots else {
            guard case .times(let times) = knots else { return SplineBasis(knots: []) }
            return SplineBasis(knots: times.map { Elementary.log($0) })
        }
        let events = data.order.filter { data.events[$0] }.map { Elementary.log(data.times[$0]) }
        let places = (0...(inner + 1)).map { index in
            // The quantile between the order statistics, R's type 7.
            let position = Double(events.count - 1) * Double(index) / Double(inner + 1)
            let below = min(Int(position), events.count - 1)
            let above = min(below + 1, events.count - 1)
            return events[below] + (position - Double(below)) * (events[above] - events[below])
        }
        for (low, high) in zip(places, places.dropFirst()) where inner > 0 && !(low < high) {
            throw FitError(model, .equalKnots(time: Elementary.exp(low)))
        }
        return SplineBasis(knots: places)
    }
}
