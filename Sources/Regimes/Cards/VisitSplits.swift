import NumericsCore

/// What is to be told apart by questions about visited states: the level that was chosen, or the values of a dose.
enum VisitResponse: Sendable {
    case levels([Int32], count: Int)
    /// `values[component][visit]`, each component measured by its range.
    case values([[Double]])

    /// Levels where all actions are levels, else values.
    init(_ visited: VisitedStates) {
        guard !visited.areLevels else {
            self = .levels(visited.levels, count: visited.actions.levels.count)
            return
        }
        self = .values(
            zip(visited.chosen, visited.actions.components).map { values, component in
                let width = component.high > component.low ? component.high - component.low : 1
                return values.map { ($0 - component.low) / width }
            })
    }

    var count: Int {
        switch self {
        case .levels(_, let count): count
        case .values(let values): values.count
        }
    }

    /// The sum of squares about the mean of some visits, at least what rounding leaves of it.
    func unexplained(_ visits: [Int32]) -> Double {
        var (tally, squares) = (VisitTally(self), 0.0)
        for visit in visits {
            tally.add(visit, self)
            switch self {
            case .levels: squares += 1
            case .values(let values): for own in values { squares += own[Int(visit)] * own[Int(visit)] }
            }
        }
        return max(squares - tally.likeness, 1e-9 * squares)
    }
}

/// The sum of responses of some visits.
///
/// With sums s over n visits, `Σ s² / n` says how alike they are: the sum of squares about the mean is `Σ y² − Σ s² / n`, and for
/// levels as indicators that is n times Gini's impurity (Breiman et al. 1984).
struct VisitTally {
    private(set) var sums: [Double]
    private(set) var count = 0.0
    private var squares = 0.0
    /// How many visits chose the level that is chosen most.
    private(set) var most = 0.0

    init(_ response: VisitResponse) { sums = [Double](repeating: 0, count: response.count) }

    mutating func add(_ visit: Int32, _ response: VisitResponse) {
        count += 1
        switch response {
        case .levels(let levels, _):
            let level = Int(levels[Int(visit)])
            squares += 2 * sums[level] + 1
            sums[level] += 1
            most = max(most, sums[level])
        case .values(let values):
            squares = 0
            for component in values.indices {
                sums[component] += values[component][Int(visit)]
                squares += sums[component] * sums[component]
            }
        }
    }

    var likeness: Double { count > 0 ? squares / count : 0 }

    /// The level that is chosen most, the first of equals.
    var level: Int {
        var best = 0
        for level in sums.indices where sums[level] > sums[best] { best = level }
        return best
    }
}

/// The best question about one variable.
struct VisitSplit {
    var threshold: Double
    var missingGoesLeft: Bool
    /// Visits on the left in the order of the variable, without the missing ones.
    var place: Int
    /// `Σ s² / n`, left and right together.
    var likeness: Double
    /// The visits that the commonest levels of both sides hold.
    var most: Double

    /// - Parameter byMost: whether what counts is the visits held, and likeness only between equals.
    func isBetter(than other: VisitSplit?, byMost: Bool) -> Bool {
        guard let other else { return true }
        if byMost, most != other.most { return most > other.most }
        return likeness > other.likeness
    }

    /// The best `value <= threshold` over visits in the order of their values; the first of equals.
    ///
    /// - Parameters:
    ///   - order: the visits whose value is not missing, by value.
    ///   - missing: the others; the better side takes them.
    static func best(
        _ order: ArraySlice<Int32>, missing: [Int32], values: [Double], _ response: VisitResponse, byMost: Bool
    ) -> VisitSplit? {
        var best: VisitSplit?
        for missingGoesLeft in missing.isEmpty ? [true] : [true, false] {
            var (left, right) = (VisitTally(response), VisitTally(response))
            for visit in missing {
                if missingGoesLeft { left.add(visit, response) } else { right.add(visit, response) }
            }
            // What stands to the right of each place, from the end backwards.
            var after = [(likeness: Double, most: Double)](repeating: (0, 0), count: order.count + 1)
            after[order.count] = (right.likeness, right.most)
            for (step, visit) in order.reversed().enumerated() {
                right.add(visit, response)
                after[order.count - 1 - step] = (right.likeness, right.most)
            }
            for place in 1..<max(1, order.count) {
                let (before, next) = (order[order.startIndex + place - 1], order[order.startIndex + place])
                left.add(before, response)
                guard values[Int(before)] < values[Int(next)] else { continue }
                let split = VisitSplit(
                    threshold: 0, missingGoesLeft: missingGoesLeft, place: place,
                    likeness: left.likeness + after[place].likeness, most: left.most + after[place].most)
                if split.isBetter(than: best, byMost: byMost) { best = split }
            }
        }
        if let place = best?.place {
            let (before, next) = (order[order.startIndex + place - 1], order[order.startIndex + place])
            best?.threshold = ReadableNumber.between(values[Int(before)], values[Int(next)])
        }
        return best
    }
}

extension VisitedStates {
    /// The visits in the order of a variable (equal values by visit), and those at which it was missing.
    func order(of variable: Int) -> (present: [Int32], missing: [Int32]) {
        let own = values[variable]
        var (present, missing) = ([Int32](), [Int32]())
        for visit in own.indices {
            if own[visit].isNaN { missing.append(Int32(visit)) } else { present.append(Int32(visit)) }
        }
        present.sort { own[Int($0)] != own[Int($1)] ? own[Int($0)] < own[Int($1)] : $0 < $1 }
        return (present, missing)
    }

    /// A variable in at most so many bands that tell actions apart: one cut after the other, each where it parts the most.
    ///
    /// A cut is left out that explains less than a thousandth of what there is to explain, or than `4 ln n / n` of it: twice what
    /// the criterion of Schwarz (1978) asks for a cut and a mean, since the best of many cuts is taken.
    func bands(of variable: Int, most: Int, _ response: VisitResponse) -> Bands {
        let order = order(of: variable).present
        struct Segment {
            var range: Range<Int>
            var split: VisitSplit?
            var gain = 0.0
        }
        func segment(_ range: Range<Int>) -> Segment {
            var tally = VisitTally(response)
            for visit in order[range] { tally.add(visit, response) }
            let split = VisitSplit.best(order[range], missing: [], values: values[variable], response, byMost: false)
            return Segment(range: range, split: split, gain: (split?.likeness ?? 0) - tally.likeness)
        }
        let count = Double(max(1, order.count))
        let least = max(1e-3, 4 * Elementary.log(count) / count) * response.unexplained(order)
        var segments = [segment(0..<order.count)]
        var cuts: [Double] = []
        while cuts.count + 1 < most {
            guard let next = segments.indices.max(by: { segments[$0].gain < segments[$1].gain }),
                segments[next].gain > least, let split = segments[next].split
            else { break }
            let range = segments[next].range
            let middle = range.lowerBound + split.place
            cuts.append(split.threshold)
            segments[next] = segment(range.lowerBound..<middle)
            segments.append(segment(middle..<range.upperBound))
        }
        return Bands(variable: variables[variable], cuts: cuts.sorted())
    }
}
