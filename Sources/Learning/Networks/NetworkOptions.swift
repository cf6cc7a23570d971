import NumericsCore
import Regimes

/// What all methods with networks are told.
struct NetworkOptions: Sendable {
    let hidden: [Int]
    let rate: Double
    let batch: Int
    let discount: Double
    /// Whether the number of the decision is an input; nil: where there is a horizon.
    let time: Bool?

    static func parameters(rate: Double, batch: Int) -> [LearningParameter] {
        [
            .whole("hidden", 64, 1...4096, "units of a hidden layer"),
            .whole("layers", 2, 1...8, "hidden layers"),
            .number("rate", rate, 1e-8...1, "rate of Adam, falling to a tenth"),
            .whole("batch", batch, 1...1_000_000, "decisions of a batch"),
            .number(
                "discount", 0, 0...1, "discount to learn with; 0: the environment's, below 1 where time is no input"),
            .choice(
                "time", ["auto", "yes", "no"], "whether the number of the decision is an input; auto: with a horizon"),
        ]
    }

    init(_ settings: LearningSettings) {
        hidden = [Int](repeating: settings.whole("hidden"), count: settings.whole("layers"))
        rate = settings.number("rate")
        batch = settings.whole("batch")
        discount = settings.number("discount")
        time = ["yes": true, "no": false][settings.word("time")]
    }

    func knowsTime(_ task: LearningTask) -> Bool { time ?? (task.facts.horizon != nil) }

    func inputs(_ task: LearningTask, _ log: LoggedEpisodes) -> PolicyInputs {
        PolicyInputs(of: log, time: knowsTime(task) ? task.facts.horizon.map(Double.init) ?? 100 : nil)
    }

    func discount(_ task: LearningTask) -> Double { task.learningDiscount(discount, knowsTime: knowsTime(task)) }

    func shape(_ inputs: PolicyInputs, outputs: Int) -> NetworkShape {
        NetworkShape([inputs.count] + hidden + [outputs])
    }
}

extension Decisions {
    /// The discounted return from each decision on, what follows a cut left out.
    func returns(discount: Double) -> [Double] {
        var result = [Double](repeating: 0, count: count)
        for episode in 0..<episodes {
            var sum = 0.0
            for row in (starts[episode]..<starts[episode + 1]).reversed() {
                sum = reward[row] + discount * sum
                result[row] = sum
            }
        }
        return result
    }

    /// The standard deviation of returns, by which rewards are divided for networks; 1 where they do not vary.
    func returnScale(discount: Double) -> Double {
        let deviation = RunningMoments(returns(discount: discount)).standardDeviation ?? 0
        return deviation > 1e-12 ? deviation : 1
    }

    /// Copies the inputs of rows side by side.
    func gather(_ rows: UnsafeBufferPointer<Int32>, into target: UnsafeMutablePointer<Double>) {
        z.withUnsafeBufferPointer { z in
            for (place, row) in rows.enumerated() {
                let (source, start) = (Int(row) * width, place * width)
                for index in 0..<width { target[start + index] = z[source + index] }
            }
        }
    }
}

/// Softmax and maximum over open levels.
enum OpenLevels {
    /// The level with the greatest score among the open ones, the first of equals.
    @inline(__always)
    static func best(_ scores: UnsafePointer<Double>, _ open: UInt64) -> Int {
        var rest = open
        var best = open.trailingZeroBitCount
        while rest != 0 {
            let level = rest.trailingZeroBitCount
            rest &= rest &- 1
            if scores[level] > scores[best] { best = level }
        }
        return best
    }

    /// Probabilities of open levels, 0 of others.
    @inline(__always)
    static func softmax(
        _ scores: UnsafePointer<Double>, _ open: UInt64, _ levels: Int, into shares: UnsafeMutablePointer<Double>
    ) -> Double {
        let top = scores[best(scores, open)]
        var sum = 0.0
        for level in 0..<levels {
            let share = open >> UInt64(level) & 1 == 1 ? Elementary.exp(scores[level] - top) : 0
            shares[level] = share
            sum += share
        }
        for level in 0..<levels { shares[level] /= sum }
        return top + Elementary.log(sum)
    }
}
