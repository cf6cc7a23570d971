import NumericsCore

/// When patients eat and how much, in g of carbohydrate.
enum DiabetesMeals: Sendable, Hashable {
    /// 45 g at 7, 70 g at 12, 10 g at 15 and 80 g at 18 o'clock.
    case fixed
    /// Six meals, each eaten with some probability at a time and of a size that are drawn, as published in simglucose 0.2.11.
    case random

    /// A meal that may be eaten: its probability, the middle, spread and limits of its time in hours (a normal law between
    /// limits), and the mean and spread of its size in g.
    struct Habit: Sendable {
        var probability: Double
        var hour: Double
        var spread: Double
        var limits: ClosedRange<Double>
        var grams: Double
        var gramSpread: Double
    }

    static let habits = [
        Habit(probability: 0.95, hour: 7, spread: 1, limits: 5...9, grams: 45, gramSpread: 10),
        Habit(probability: 0.3, hour: 9.5, spread: 0.5, limits: 9...10, grams: 10, gramSpread: 5),
        Habit(probability: 0.95, hour: 12, spread: 1, limits: 10...14, grams: 70, gramSpread: 10),
        Habit(probability: 0.3, hour: 15, spread: 0.5, limits: 14...16, grams: 10, gramSpread: 5),
        Habit(probability: 0.95, hour: 18, spread: 1, limits: 16...20, grams: 80, gramSpread: 10),
        Habit(probability: 0.3, hour: 21.5, spread: 0.5, limits: 20...23, grams: 10, gramSpread: 5),
    ]

    /// Meals in a day at the most.
    static let most = 6

    /// The day's meals: minute and grams, `most` of each; 0 g where none is eaten.
    ///
    /// Each habit takes three draws, used or not: whether, when, how much.
    func day(_ stream: inout RandomStream, minutes: inout [Int], grams: inout [Double], from first: Int) {
        switch self {
        case .fixed:
            for (meal, (minute, amount)) in [(420, 45.0), (720, 70), (900, 10), (1080, 80), (0, 0), (0, 0)].enumerated()
            {
                (minutes[first + meal], grams[first + meal]) = (minute, amount)
            }
        case .random:
            for (meal, habit) in Self.habits.enumerated() {
                let isEaten = stream.nextUniform() < habit.probability
                let (when, howMuch) = (stream.nextUniform(), stream.nextUniform())
                minutes[first + meal] = Int((60 * habit.time(when)).rounded())
                let amount = habit.grams + habit.gramSpread * Normal.quantile(howMuch)
                grams[first + meal] = isEaten ? max(0, amount.rounded()) : 0
            }
        }
    }
}

extension DiabetesMeals.Habit {
    /// The time at a probability, in hours.
    func time(_ probability: Double) -> Double {
        let below = Normal.cdf((limits.lowerBound - hour) / spread)
        let above = Normal.cdf((limits.upperBound - hour) / spread)
        let x = hour + spread * Normal.quantile(below + probability * (above - below))
        return min(max(x, limits.lowerBound), limits.upperBound)
    }
}
