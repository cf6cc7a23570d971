import NumericsCore

/// Glucose and insulin of sixteen patients, a minute at a time (Dalla Man, Rizza and Cobelli 2007, doi:10.1109/TBME.2007.893506,
/// with the insulin under the skin of the UVA/Padova simulator, Kovatchev et al. 2009).
///
/// Within a minute the meal and the insulin are constant. Nothing flows back from glucose into the gut, so the gut is solved
/// first: the solid phase in closed form, the liquid phase and the gut by Runge and Kutta's fourth-order rule in
/// ``gutSteps`` steps, since emptying may change within a fraction of a minute. Everything else follows by the same rule in
/// ``glucoseSteps`` steps, for which every stage has the gut's content at its own time.
///
/// The published code stops a compartment where it is negative by setting its derivative to 0. Insulin cannot become negative:
/// its equations are linear with non-negative rates. Glucose in plasma, tissue and sensor may, and there the derivative is 0
/// at each stage as published.
final class GlucoseDynamics {
    /// Runge–Kutta steps in a minute: a day of any patient is within 1e-5 mg/dL of the exact solution, where the published
    /// solver, dopri5 at scipy's tolerance, is within 2e-4.
    static let gutSteps = 24
    static let glucoseSteps = 12

    /// The states, in the table's order.
    let state: LanePointer
    /// ``PatientColumn`` by lane.
    let patient: LanePointer
    /// What follows from a patient's numbers alone.
    private let derived: LanePointer
    /// The rate of appearance at the ends and middles of the glucose steps, in mg/kg/min.
    let appearance: LanePointer
    private let scratch: LanePointer
    /// Stomach content at the latest meal's start, in mg.
    private(set) var before = Lane(repeating: 0)
    /// What has been eaten of the latest meal, in mg.
    private(set) var eaten = Lane(repeating: 0)
    /// What is on the plate, in g.
    private(set) var planned = Lane(repeating: 0)
    private var wasEating = LaneMask(repeating: false)
    /// What ``save()`` keeps.
    private let kept: LanePointer
    private var keptMeal = (before: Lane(repeating: 0), eaten: Lane(repeating: 0), planned: Lane(repeating: 0))
    private var keptEating = LaneMask(repeating: false)

    static let stateCount = 13
    /// A meal is eaten at this rate, in g/min.
    static let eatingRate = 5.0

    private enum Derived: Int, CaseIterable {
        /// e^(−kmax h/2), 5/(1 − b), 5/d, kmax − kmin
        case decay, rise, fall, span
        /// f kabs/BW, 6000/BW, 1/Vi
        case appearance, insulin, perVolume
        /// m2 + m4, m1 + m30, ka1 + kd
        case plasmaLoss, liverLoss, skinLoss
    }

    init() {
        func lanes(_ count: Int) -> LanePointer {
            let pointer = LanePointer.allocate(capacity: count)
            pointer.initialize(repeating: Lane(repeating: 0), count: count)
            return pointer
        }
        state = lanes(Self.stateCount)
        patient = lanes(PatientColumn.allCases.count)
        derived = lanes(Derived.allCases.count)
        appearance = lanes(2 * Self.glucoseSteps + 1)
        scratch = lanes(2)
        kept = lanes(Self.stateCount)
    }

    deinit {
        for pointer in [state, patient, derived, appearance, scratch, kept] { pointer.deallocate() }
    }

    @inline(__always) private func p(_ column: PatientColumn) -> Lane { patient[column.rawValue] }
    @inline(__always) private func p(_ value: Derived) -> Lane { derived[value.rawValue] }

    /// Puts a patient into a lane, at the start.
    func begin(_ values: VirtualPatient, lane: Int) {
        for column in PatientColumn.allCases { patient[column.rawValue][lane] = values[column] }
        for index in 0..<Self.stateCount { state[index][lane] = values.start[index] }
        let step = 1 / Double(Self.gutSteps)
        func put(_ place: Derived, _ value: Double) { derived[place.rawValue][lane] = value }
        put(.decay, Elementary.exp(-values[.kmax] * step / 2))
        put(.rise, 5 / (1 - values[.b]))
        put(.fall, 5 / values[.d])
        put(.span, values[.kmax] - values[.kmin])
        put(.appearance, values[.f] * values[.kabs] / values[.bw])
        put(.insulin, 6000 / values[.bw])
        put(.perVolume, 1 / values[.vi])
        put(.plasmaLoss, values[.m2] + values[.m4])
        put(.liverLoss, values[.m1] + values[.m30])
        put(.skinLoss, values[.ka1] + values[.kd])
        (before[lane], eaten[lane], planned[lane]) = (state[0][lane] + state[1][lane], 0, 0)
        wasEating[lane] = false
    }

    /// The glucose under the skin, in mg/dL: what the published code calls blood glucose.
    var glucose: Lane { state[12] / p(.vg) }
    /// What is in the stomach, in g.
    var stomach: Lane { (state[0] + state[1]) * Lane(repeating: 1e-3) }
    /// Insulin in plasma, in pmol/L.
    var plasmaInsulin: Lane { state[5] * p(.perVolume) }

    /// Keeps the state of all lanes until ``restore(where:)``.
    func save() {
        for index in 0..<Self.stateCount { kept[index] = state[index] }
        (keptMeal, keptEating) = ((before, eaten, planned), wasEating)
    }

    /// Puts some lanes back to where they were saved.
    func restore(where lanes: LaneMask) {
        for index in 0..<Self.stateCount { state[index].replace(with: kept[index], where: lanes) }
        before.replace(with: keptMeal.before, where: lanes)
        eaten.replace(with: keptMeal.eaten, where: lanes)
        planned.replace(with: keptMeal.planned, where: lanes)
        wasEating = (wasEating .& .!lanes) .| (keptEating .& lanes)
    }

    /// One minute.
    ///
    /// - Parameters:
    ///   - meal: g that come onto the plate.
    ///   - insulin: U/min.
    func minute(meal: Lane, insulin: Lane) {
        empty(carbohydrate: eat(meal))
        let rate = insulin * p(.insulin)
        for step in 0..<Self.glucoseSteps { advance(insulin: rate, step: step) }
    }

    /// Takes what can be eaten in a minute from the plate, in mg; a new meal starts where nothing was eaten the minute before.
    @inline(__always)
    private func eat(_ meal: Lane) -> Lane {
        let zero = Lane(repeating: 0)
        planned += meal
        var bite = Lane(repeating: Self.eatingRate)
        bite.replace(with: planned, where: planned .< bite)
        planned -= bite
        let isEating = bite .> zero
        let starts = isEating .& .!wasEating
        before.replace(with: state[0] + state[1], where: starts)
        eaten.replace(with: zero, where: starts)
        bite *= Lane(repeating: 1000)
        eaten += bite
        wasEating = isEating
        return bite
    }
}

// MARK: - The gut

extension GlucoseDynamics {
    /// A minute of stomach and gut: q₁' = −kmax q₁ + D, q₂' = kmax q₁ − kgut q₂, q₃' = kgut q₂ − kabs q₃.
    @inline(__always)
    private func empty(carbohydrate: Lane) {
        let meal = before + eaten
        let zero = Lane(repeating: 0)
        // Without any meal yet the stomach is empty, and how fast it empties does not matter.
        var rise = p(.rise) / meal
        rise.replace(with: zero, where: meal .<= zero)
        var fall = p(.fall) / meal
        fall.replace(with: zero, where: meal .<= zero)
        let (late, early) = (p(.b) * meal, p(.d) * meal)
        let (kmax, kabs, decay) = (p(.kmax), p(.kabs), p(.decay))
        let level = carbohydrate / kmax
        let h = Lane(repeating: 1 / Double(Self.gutSteps))
        let half = Lane(repeating: 0.5 / Double(Self.gutSteps))
        let sixth = Lane(repeating: 1 / (6 * Double(Self.gutSteps)))
        let two = Lane(repeating: 2)
        let every = Self.gutSteps / (2 * Self.glucoseSteps)
        let factor = p(.appearance)
        var (solid, liquid, gut) = (state[0], state[1], state[2])
        appearance[0] = factor * gut

        @inline(__always) func outflow(_ stomach: Lane, _ liquid: Lane) -> Lane {
            // tanh a − tanh b + 2 over 2 is 1 + (e²ᵃ − e²ᵇ)/((e²ᵃ + 1)(e²ᵇ + 1)).
            scratch[0] = rise * (stomach - late)
            scratch[1] = fall * (stomach - early)
            LaneMath.exp(scratch, scratch)
            LaneMath.exp(scratch + 1, scratch + 1)
            let one = Lane(repeating: 1)
            let (a, b) = (scratch[0], scratch[1])
            let share = one + (a - b) / ((a + one) * (b + one))
            return (p(.kmin) + p(.span) * share) * liquid
        }

        for step in 0..<Self.gutSteps {
            let middle = level + (solid - level) * decay
            let end = level + (middle - level) * decay
            var out = outflow(solid + liquid, liquid)
            var (dLiquid, dGut) = (kmax * solid - out, out - kabs * gut)
            var (sumLiquid, sumGut) = (dLiquid, dGut)
            var (y, z) = (liquid + half * dLiquid, gut + half * dGut)
            let inflow = kmax * middle
            out = outflow(middle + y, y)
            (dLiquid, dGut) = (inflow - out, out - kabs * z)
            (sumLiquid, sumGut) = (sumLiquid + two * dLiquid, sumGut + two * dGut)
            (y, z) = (liquid + half * dLiquid, gut + half * dGut)
            out = outflow(middle + y, y)
            (dLiquid, dGut) = (inflow - out, out - kabs * z)
            (sumLiquid, sumGut) = (sumLiquid + two * dLiquid, sumGut + two * dGut)
            (y, z) = (liquid + h * dLiquid, gut + h * dGut)
            out = outflow(end + y, y)
            liquid += sixth * (sumLiquid + kmax * end - out)
            gut += sixth * (sumGut + out - kabs * z)
            solid = end
            if (step + 1) % every == 0 { appearance[(step + 1) / every] = factor * gut }
        }
        (state[0], state[1], state[2]) = (solid, liquid, gut)
    }
}

// MARK: - Glucose and insulin

extension GlucoseDynamics {
    /// The ten states behind the gut.
    fileprivate struct Body {
        var plasma, tissue, insulin, action, delayed, liverAction, liver, skin1, skin2, sensor: Lane

        @inline(__always)
        func plus(_ h: Lane, _ r: Body) -> Body {
            Body(
                plasma: plasma + h * r.plasma, tissue: tissue + h * r.tissue, insulin: insulin + h * r.insulin,
                action: action + h * r.action, delayed: delayed + h * r.delayed,
                liverAction: liverAction + h * r.liverAction, liver: liver + h * r.liver, skin1: skin1 + h * r.skin1,
                skin2: skin2 + h * r.skin2, sensor: sensor + h * r.sensor)
        }
    }

    /// The right-hand side behind the gut.
    @inline(__always)
    private func slope(_ x: Body, _ appearance: Lane, _ rate: Lane) -> Body {
        let zero = Lane(repeating: 0)
        var production = p(.kp1) - p(.kp2) * x.plasma - p(.kp3) * x.liverAction
        production.replace(with: zero, where: production .< zero)
        var excretion = p(.ke1) * (x.plasma - p(.ke2))
        excretion.replace(with: zero, where: excretion .< zero)
        let (out, back) = (p(.k1) * x.plasma, p(.k2) * x.tissue)
        var plasma = production + appearance - p(.fsnc) - excretion - out + back
        plasma.replace(with: zero, where: x.plasma .< zero)
        let use = (p(.vm0) + p(.vmx) * x.action) * x.tissue / (p(.km0) + x.tissue)
        var tissue = out - back - use
        tissue.replace(with: zero, where: x.tissue .< zero)
        let concentration = x.insulin * p(.perVolume)
        var sensor = p(.ksc) * (x.plasma - x.sensor)
        sensor.replace(with: zero, where: x.sensor .< zero)
        return Body(
            plasma: plasma, tissue: tissue,
            insulin: p(.m1) * x.liver + p(.ka1) * x.skin1 + p(.ka2) * x.skin2 - p(.plasmaLoss) * x.insulin,
            action: p(.p2u) * (concentration - p(.ib) - x.action), delayed: p(.ki) * (concentration - x.delayed),
            liverAction: p(.ki) * (x.delayed - x.liverAction), liver: p(.m2) * x.insulin - p(.liverLoss) * x.liver,
            skin1: rate - p(.skinLoss) * x.skin1, skin2: p(.kd) * x.skin1 - p(.ka2) * x.skin2, sensor: sensor)
    }

    /// One step of Runge and Kutta.
    @inline(__always)
    private func advance(insulin rate: Lane, step: Int) {
        let h = 1 / Double(Self.glucoseSteps)
        let (whole, half) = (Lane(repeating: h), Lane(repeating: h / 2))
        let x = Body(
            plasma: state[3], tissue: state[4], insulin: state[5], action: state[6], delayed: state[7],
            liverAction: state[8], liver: state[9], skin1: state[10], skin2: state[11], sensor: state[12])
        let middle = appearance[2 * step + 1]
        let first = slope(x, appearance[2 * step], rate)
        let second = slope(x.plus(half, first), middle, rate)
        let third = slope(x.plus(half, second), middle, rate)
        let fourth = slope(x.plus(whole, third), appearance[2 * step + 2], rate)
        let sum = first.plus(Lane(repeating: 2), second).plus(Lane(repeating: 2), third).plus(
            Lane(repeating: 1), fourth)
        let end = x.plus(Lane(repeating: h / 6), sum)
        (state[3], state[4], state[5], state[6]) = (end.plasma, end.tissue, end.insulin, end.action)
        (state[7], state[8], state[9]) = (end.delayed, end.liverAction, end.liver)
        (state[10], state[11], state[12]) = (end.skin1, end.skin2, end.sensor)
    }
}
