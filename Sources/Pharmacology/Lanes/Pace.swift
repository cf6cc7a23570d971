import NumericsCore

/// How fast each lane goes: the step that its error control proposes, and what it remembers for later.
struct Pace: Sendable {
    /// The step to try next; 0 for none yet.
    var proposed = Lane(repeating: 0)
    /// The first step after a jump that error control had a say in: where the next jump starts.
    var afterJump = Lane(repeating: .infinity)
    /// Lanes whose latest jump has not seen such a step yet.
    var isSearching = LaneMask(repeating: true)
    /// Lanes that start a step from a new state or new equations.
    var isFresh = LaneMask(repeating: true)
    /// Steps since the last stop that was asked for.
    var steps = Lane(repeating: 0)
    /// Steps in a row at the limit of stability (explicit), or so short that an explicit step would do (stiff).
    var hints = Lane(repeating: 0)

    /// Forgets a lane's past: a new patient begins.
    mutating func begin(lane: Int) {
        proposed[lane] = 0
        afterJump[lane] = .infinity
        isFresh[lane] = true
        isSearching[lane] = true
        steps[lane] = 0
        hints[lane] = 0
    }

    /// Takes note of a jump in a lane's state or input.
    mutating func interrupt(lane: Int) {
        proposed[lane] = min(proposed[lane], afterJump[lane])
        isFresh[lane] = true
        isSearching[lane] = true
        hints[lane] = 0
    }

    /// The next step of the lanes in `moving` from the error of this one, `h`.
    mutating func control(
        _ moving: LaneMask, accepted: LaneMask, landing: LaneMask, error: Lane, step h: Lane, order: Int
    ) {
        var factor = error
        factor.replace(with: 1e-10, where: .!(error .> Lane(repeating: 1e-10)))
        factor.replace(with: 1e10, where: .!(error .<= Lane(repeating: 1e10)))
        let exponent = Lane(repeating: -1 / Double(order))
        withUnsafeMutablePointer(to: &factor) { f in
            LaneMath.log(f, f)
            f.pointee *= exponent
            LaneMath.exp(f, f)
        }
        factor *= Lane(repeating: 0.9)
        factor.replace(with: 6, where: factor .> Lane(repeating: 6))
        factor.replace(with: 0.2, where: factor .< Lane(repeating: 0.2))
        // An error that is no number says nothing of how far it went wrong.
        factor.replace(with: 0.2, where: error .!= error)
        var next = h * factor
        // A step cut short by a stop says nothing against the longer one that was proposed.
        let keeps = accepted .& landing .& (next .< proposed)
        next.replace(with: proposed, where: keeps)
        proposed.replace(with: next, where: moving)
        let found = accepted .& isSearching .& (factor .< Lane(repeating: 3))
        afterJump.replace(with: h, where: found)
        isSearching = isSearching .& .!found
        isFresh = isFresh .& .!accepted
        steps.replace(with: steps + Lane(repeating: 1), where: moving)
    }
}
