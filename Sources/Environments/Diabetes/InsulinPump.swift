import NumericsCore

/// What a pump gives of what it is asked for: a basal rate in U/h and a bolus in U over five minutes.
enum InsulinPump: String, Sendable, CaseIterable {
    /// An Insulet pump as sold: basal rates in steps of 0.05 U/h up to 30 U/h, boluses in steps of 0.05 U up to 30 U.
    case insulet
    /// As in simglucose 0.2.11, whose numbers stand for another unit (issue 71): steps of 0.05 pmol/min and up to 30 U/min for
    /// either, that is, hardly any step and no limit.
    case publishedUnits

    /// The insulin of each of the next five minutes, in U/min.
    @inline(__always)
    func rate(basal: Lane, bolus: Lane) -> Lane {
        let zero = Lane(repeating: 0)
        @inline(__always) func grid(_ x: Lane, _ step: Double, _ most: Double) -> Lane {
            var y = (x / Lane(repeating: step)).rounded(.toNearestOrEven) * Lane(repeating: step)
            let limit = Lane(repeating: most)
            y.replace(with: limit, where: y .> limit)
            // Missing is nothing.
            y.replace(with: zero, where: .!(y .> zero))
            return y
        }
        let (hour, five) = (Lane(repeating: 60), Lane(repeating: 5))
        switch self {
        case .insulet: return grid(basal, 0.05, 30) / hour + grid(bolus, 0.05, 30) / five
        case .publishedUnits:
            let unit = Lane(repeating: 6000)
            let most = 30.0 * 6000
            return grid(basal / hour * unit, 0.05, most) / unit + grid(bolus / five * unit, 0.05, most) / unit
        }
    }
}
