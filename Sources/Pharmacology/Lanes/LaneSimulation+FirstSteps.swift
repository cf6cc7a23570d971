import ModelLanguage
import NumericsCore

/// Steps out of nothing: the first of a patient, and those into empty compartments.
extension LaneSimulation {
    /// A first guess of the step for lanes that have none: a hundredth of the time in which the state would double, or of
    /// the way to the next stop.
    func chooseFirstSteps(_ moving: LaneMask) {
        let unset = moving .& (pace.proposed .<= Lane(repeating: 0))
        guard any(unset) else { return }
        var size = Lane(repeating: 0)
        var slope = Lane(repeating: 0)
        for i in equations.integrated {
            // A state that has held nothing yet sets no scale.
            let scale = magnitude(state.y[i]) + state.largest[i]
            let isEmpty = scale .== Lane(repeating: 0)
            let y = state.y[i] / scale
            let f = explicit.firstDerivative(i) / scale
            size += (y * y).replacing(with: 0, where: isEmpty)
            slope += (f * f).replacing(with: 0, where: isEmpty)
        }
        var guess = Lane(repeating: 0.01) * (size / slope).squareRoot()
        let longest = Lane(repeating: 0.01) * (stop - time)
        guess = smaller(guess, longest)
        pace.proposed.replace(with: guess, where: unset)
    }

    /// Gives empty compartments the size that inputs alone will bring by the end of the step.
    func expectInputs(_ moving: LaneMask, step h: Lane) {
        let empty = state.empty(moving)
        guard any(empty) else { return }
        let rate = explicit.largestDerivative(at: smaller(time + h, latest))
        state.expect(h * rate, empty)
    }

    /// Takes a step that no shortening makes right, once what it changes is nothing beside what there is or will be: out of
    /// an empty compartment at a rate without bound (a hazard `t^-0.5`), or at one that jumps as soon as time goes on.
    func forgiven(_ error: Lane, _ moving: LaneMask, step h: Lane) -> Lane {
        let isShort = moving .& (error .> Lane(repeating: 1)) .& (h .<= Lane(repeating: 30) * resolution)
        guard any(isShort) else { return error }
        var change = Lane(repeating: 0)
        for i in equations.everyState {
            let size = magnitude(state.yNew[i] - state.y[i])
            let isApart = equations.isIntegrated[i] ? LaneMask(repeating: false) : equations.solvedApart
            change = larger(size.replacing(with: 0, where: isApart), change)
        }
        let isEmpty = state.neverFilled(isShort)
        // Less than 1e-10 of the largest amount, or a millionth of what inputs bring to empty compartments. At time 0 steps
        // may be as short as it takes (a hazard `t^-0.7` is at 1e-5 of its course after 1e-17 of the time), which asks more.
        let isAtZero = time .== Lane(repeating: 0)
        let later = Lane(repeating: 1e-10).replacing(with: 1e-6, where: isEmpty)
        let share = later.replacing(with: 1e-16, where: isAtZero).replacing(with: 1e-9, where: isAtZero .& isEmpty)
        return error.replacing(with: 1, where: isShort .& (change .<= state.greatest.pointee * share))
    }

    /// Some roundings of the lanes' times, as if they were at least a thousandth.
    private var resolution: Lane { (magnitude(time) + Lane(repeating: 1e-3)) * Lane(repeating: 1e-14) }

    /// The step below which a lane cannot go on: what rounding leaves of it. At time 0 that is all of it, down to where the
    /// squares of rates still are numbers.
    var shortest: Lane { magnitude(time) * Lane(repeating: 1e-14) + Lane(repeating: 1e-100) }
}
