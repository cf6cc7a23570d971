extension Normal {
    /// Φ⁻¹ in sixteen lanes, with the bits of ``quantile(_:)-(Double)`` for probabilities within (0, 1).
    ///
    /// - Parameters:
    ///   - p: the probabilities; may be `r`.
    ///   - scratch: one lane.
    package static func quantile(_ p: LanePointer, into r: LanePointer, scratch: LanePointer) {
        let zero = Lane(repeating: 0)
        let centred = p.pointee - Lane(repeating: 0.5)
        let isBelow = centred .< zero
        let tail = (Lane(repeating: 1) - p.pointee).replacing(with: p.pointee, where: isBelow)
        scratch.pointee = tail
        LaneMath.log(scratch, scratch)
        scratch.pointee = zero - scratch.pointee
        LaneMath.squareRoot(scratch, scratch)
        let root = scratch.pointee
        let far = root .> Lane(repeating: 5)
        let t = root - Lane(repeating: 1.6)
        var result = evaluate(tailNumerator, t) / evaluate(tailDenominator, t)
        result.replace(with: zero - result, where: isBelow)
        // Next to never: a probability below 1.4e-11.
        if any(far) {
            for lane in LaneSet(far) { result[lane] = quantile(p.pointee[lane]) }
        }
        let square = Lane(repeating: 0.180625) - centred * centred
        let central = centred * evaluate(centralNumerator, square) / evaluate(centralDenominator, square)
        let size = centred.replacing(with: zero - centred, where: isBelow)
        r.pointee = result.replacing(with: central, where: size .<= Lane(repeating: 0.425))
    }

    /// Horner's rule, unfused, as for a single number.
    @inline(__always)
    private static func evaluate(_ c: SIMD8<Double>, _ x: Lane) -> Lane {
        var sum = Lane(repeating: c[7])
        for power in stride(from: 6, through: 0, by: -1) { sum = sum * x + Lane(repeating: c[power]) }
        return sum
    }
}
