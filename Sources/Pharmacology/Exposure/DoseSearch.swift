import NumericsCore

/// The smallest dose at which enough subjects reach a target, or the largest at which enough stay within a limit.
///
/// ```swift
/// let search = try DoseSearch(target: .atLeast(400), probability: 0.9)
/// let found = try search.run(in: 100...2000, tolerance: 5) { dose in population.map { $0.area(dose: dose) } }
/// ```
///
/// Halving, with the same subjects and random numbers at every dose: each subject then has a dose of its own from which
/// on the target is met, the share of subjects that reach it never falls with the dose, and the dose sought is a quantile
/// of the subjects' own. Its **Monte Carlo error** follows from that: the doses at which the share is p ± z √(p(1 − p)/n)
/// enclose the population's dose with the confidence of z, as order statistics enclose a quantile.
///
/// A metric for which more dose is not always better (a target range, say) has no such dose; where the shares found
/// contradict one, that is an error. ``TargetAttainment/curve(_:target:metrics:)`` shows the whole course instead.
package struct DoseSearch: Sendable, Hashable {
    package enum Wanted: Sendable, Hashable {
        /// The smallest dose that is enough: attainment grows with the dose.
        case smallest
        /// The largest dose that is safe: attainment falls with the dose.
        case largest
    }

    package let target: Target
    /// The share of subjects that has to reach the target.
    package let probability: Double
    package let wanted: Wanted
    /// Of the interval for the dose.
    package let confidence: Double

    package init(
        target: Target, probability: Double, wanted: Wanted = .smallest, confidence: Double = 0.95
    ) throws(DoseSearchError) {
        guard probability > 0, probability < 1 else { throw .share("probability", probability) }
        guard confidence > 0, confidence < 1 else { throw .share("confidence", confidence) }
        (self.target, self.probability) = (target, probability)
        (self.wanted, self.confidence) = (wanted, confidence)
    }

    /// What was found.
    package struct Result: Sendable, Hashable {
        /// The dose, the attainment there, and its error; nil where no dose is enough.
        package let attainment: TargetAttainment?
        /// Between these doses lies the population's; nil where it may lie beyond the doses that were allowed.
        package let lower: Double?
        package let upper: Double?
        /// All that was simulated, in the order of the dose.
        package let evaluated: [TargetAttainment]

        package var dose: Double? { attainment?.dose }
    }

    /// The best dose of a list.
    ///
    /// - Parameters:
    ///   - doses: finite and growing; at least one.
    ///   - metrics: each subject's metric at a dose, the same subjects with the same random numbers at each.
    /// - Throws: ``DoseSearchError``, and what `metrics` throws.
    package func run(_ doses: [Double], metrics: (_ dose: Double) throws -> [Double]) throws -> Result {
        guard !doses.isEmpty, doses.allSatisfy(\.isFinite), zip(doses, doses.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw DoseSearchError.doses(doses)
        }
        return try run(low: 0, high: doses.count - 1, metrics: metrics, dose: { doses[$0] }) { low, high in
            high - low > 1 ? (low + high) / 2 : nil
        }
    }

    /// The best dose between two, known to a tolerance.
    ///
    /// - Parameters:
    ///   - range: finite doses.
    ///   - tolerance: how far the dose found may lie from the exact one of these subjects, in the unit of the dose;
    ///     positive.
    ///   - metrics: each subject's metric at a dose, the same subjects with the same random numbers at each.
    /// - Throws: ``DoseSearchError``, and what `metrics` throws.
    package func run(
        in range: ClosedRange<Double>, tolerance: Double, metrics: (_ dose: Double) throws -> [Double]
    ) throws -> Result {
        let (least, most) = (range.lowerBound, range.upperBound)
        guard least.isFinite, most.isFinite, tolerance > 0 else {
            throw DoseSearchError.range(range, tolerance: tolerance)
        }
        return try run(low: least, high: most, metrics: metrics, dose: { $0 }) { low, high in
            let middle = low + 0.5 * (high - low)
            return high - low > tolerance && middle > low && middle < high ? middle : nil
        }
    }

    /// Halves between two positions, whatever a position is, once for the dose and once for each end of its interval.
    private func run<Position: Comparable>(
        low: Position, high: Position, metrics: (Double) throws -> [Double], dose: (Position) -> Double,
        middle: (Position, Position) -> Position?
    ) throws -> Result {
        var trials = Trials(search: self)
        func best(reaching share: Double) throws -> Position? {
            // The end that attains most, and the end that attains least.
            var (meeting, failing) = wanted == .smallest ? (high, low) : (low, high)
            guard try trials.reaches(share, at: dose(meeting), metrics) else { return nil }
            if try trials.reaches(share, at: dose(failing), metrics) { return failing }
            while let between = middle(min(meeting, failing), max(meeting, failing)) {
                let isEnough = try trials.reaches(share, at: dose(between), metrics)
                if isEnough { meeting = between } else { failing = between }
            }
            return meeting
        }
        let found = try best(reaching: probability)
        let subjects = Double(trials.evaluated[0].subjects)
        let z = Normal.quantile(0.5 + 0.5 * confidence)
        let error = z * (probability * (1 - probability) / subjects).squareRoot()
        // An end at which the first dose allowed is enough already, or the last one is not, lies beyond them.
        func end(_ share: Double) throws -> Double? {
            guard share > 0, share <= 1, let position = try best(reaching: share) else { return nil }
            let isOpen = share < probability && position == (wanted == .smallest ? low : high)
            return isOpen ? nil : dose(position)
        }
        let (easier, harder) = (try end(probability - error), try end(probability + error))
        let attainment = found.flatMap { position in trials.evaluated.first { $0.dose == dose(position) } }
        return Result(
            attainment: attainment, lower: wanted == .smallest ? easier : harder,
            upper: wanted == .smallest ? harder : easier, evaluated: trials.evaluated)
    }
}

/// The doses that were tried.
private struct Trials {
    let search: DoseSearch
    /// In the order of the dose.
    private(set) var evaluated: [TargetAttainment] = []

    init(search: DoseSearch) { self.search = search }

    mutating func reaches(_ share: Double, at dose: Double, _ metrics: (Double) throws -> [Double]) throws -> Bool {
        try attainment(at: dose, metrics).probability >= share
    }

    private mutating func attainment(
        at dose: Double, _ metrics: (Double) throws -> [Double]
    ) throws -> TargetAttainment {
        if let known = evaluated.first(where: { $0.dose == dose }) { return known }
        let found = TargetAttainment(dose: dose, metrics: try metrics(dose), target: search.target)
        guard found.subjects > 0, found.subjects == evaluated.first?.subjects ?? found.subjects else {
            throw DoseSearchError.subjects(dose: dose, found: found.subjects, expected: evaluated.first?.subjects)
        }
        let position = evaluated.firstIndex { $0.dose > dose } ?? evaluated.count
        evaluated.insert(found, at: position)
        for (first, second) in zip(evaluated, evaluated.dropFirst()) {
            let grows = search.wanted == .smallest
            guard grows ? first.attained <= second.attained : first.attained >= second.attained else {
                throw DoseSearchError.notMonotone(first, second, search.wanted)
            }
        }
        return found
    }
}
