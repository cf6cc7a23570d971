import NumericsCore

/// Kovatchev's risk of a blood glucose, and what decisions pay by it.
enum GlucoseRisk {
    /// A risk below this counts as this, so that its logarithm is finite: glucose within 0.02 mg/dL of 112.5.
    static let floor = 1e-6

    /// f(G) = 1.509 ((ln G)^1.084 − 5.381): negative for a low and positive for a high glucose in mg/dL. Below 1 mg/dL, where
    /// the power has no value, it is that of 1.
    @inline(__always)
    static func symmetric(_ glucose: Lane, _ scratch: LanePointer) -> Lane {
        let one = Lane(repeating: 1)
        var g = glucose
        g.replace(with: one, where: g .< one)
        scratch[0] = g
        scratch[1] = Lane(repeating: 1.084)
        LaneMath.log(scratch, scratch)
        LaneMath.pow(scratch, scratch + 1, scratch)
        return Lane(repeating: 1.509) * (scratch[0] - Lane(repeating: 5.381))
    }

    /// What DTRGym pays for a decision that ends neither the day nor the patient: −log₁₀ of the risk 10 f² of the new glucose,
    /// less 0 to 1 for a rise of 30 to 60 mg/dL, less log₁₀ of the insulin in U/h where it is above 1.
    ///
    /// - Parameters:
    ///   - f: ``symmetric(_:_:)`` of the new glucose.
    ///   - rise: of glucose since the decision before, in mg/dL.
    ///   - insulin: basal rate and bolus of the decision, in U/h.
    ///   - scratch: two lanes.
    @inline(__always)
    static func reward(_ f: Lane, rise: Lane, insulin: Lane, _ scratch: LanePointer) -> Lane {
        let (zero, one) = (Lane(repeating: 0), Lane(repeating: 1))
        var risk = Lane(repeating: 10) * f * f
        risk.replace(with: Lane(repeating: floor), where: risk .< Lane(repeating: floor))
        scratch[0] = risk
        var rate = insulin
        rate.replace(with: one, where: rate .< one)
        scratch[1] = rate
        LaneMath.log10(scratch, scratch)
        LaneMath.log10(scratch + 1, scratch + 1)
        var penalty = (rise - Lane(repeating: 30)) / Lane(repeating: 30)
        penalty.replace(with: zero, where: penalty .< zero)
        penalty.replace(with: one, where: penalty .> one)
        return zero - scratch[0] - penalty - scratch[1]
    }

    /// A decision's part of the share of the day in 70–180 mg/dL, less the share below 70 and twice the share below 54.
    @inline(__always)
    static func timeInRange(_ glucose: Lane, decisions: Double) -> Lane {
        let zero = Lane(repeating: 0)
        @inline(__always) func part(_ value: Double, _ mask: LaneMask) -> Lane {
            zero.replacing(with: Lane(repeating: value / decisions), where: mask)
        }
        let isLow = glucose .< Lane(repeating: 70)
        let isIn = .!isLow .& (glucose .<= Lane(repeating: 180))
        return part(1, isIn) - part(1, isLow) - part(2, glucose .< Lane(repeating: 54))
    }
}
