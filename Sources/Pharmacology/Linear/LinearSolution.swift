import ModelLanguage
import NumericsCore

/// The exact path of a model's linear part in sixteen patients.
///
/// In the coordinates of the eigenvectors each state decays by itself: `z(t) = z(t₀) e^{λ(t−t₀)} + r (e^{λ(t−t₀)} − 1)/λ`,
/// where `r` is the constant input. The path is known from a time of each lane's own, its epoch, until the next dose.
final class LinearSolution {
    private let compiled: CompiledLinearPart
    private let n: Int
    private let eigen: Eigensystem
    private let propagator: MatrixPropagator
    private let firstState: Int
    /// The eigensystem's, without a reference count.
    private let right: LanePointer
    private let values: LanePointer
    private let forDerivatives: LinearRoutine
    private let forReport: LinearRoutine
    private let everything: LinearRoutine

    /// The states at the epoch in the order of the part, and the constant inputs of the equations.
    let x: LanePointer
    private let offsets: LanePointer
    private let input: LanePointer
    /// Modal coordinates at the epoch, modal inputs, and the terms of an evaluation.
    private let z: LanePointer
    private let r: LanePointer
    private let term: LanePointer
    private let decay: LanePointer
    private let gain: LanePointer
    private let exponent = Lanes.allocate(1)
    /// 1/λ of each mode.
    private let inverses: LanePointer
    private(set) var epoch = Lane(repeating: 0)
    private var lastStep = Lane(repeating: .nan)
    /// The modes for which ``term`` holds the values at ``lastStep``.
    private var lastModes: UnsafeMutablePointer<Int>?
    private var hasInput = false
    /// Lanes that are solved by eigenvectors at present.
    private(set) var isModal = LaneMask(repeating: false) {
        didSet { isAllModal = all(isModal) }
    }
    private var isAllModal = false
    /// Lanes whose equations are stiff: a stepper integrates all of their states.
    private var isSuspended = LaneMask(repeating: false)
    /// 0 for a compartment that is turned off, and the lanes that have one. They are not solved by eigenvectors.
    private let on: LanePointer
    private var hasOff = LaneMask(repeating: false)

    init(_ compiled: CompiledLinearPart, firstState: Int) {
        self.compiled = compiled
        self.firstState = firstState
        n = compiled.part.count
        forDerivatives = LinearRoutine(compiled.readByDerivatives)
        forReport = LinearRoutine(compiled.readByReport)
        everything = LinearRoutine(compiled.everything)
        eigen = Eigensystem(compiled.part)
        right = eigen.right
        values = eigen.values
        propagator = MatrixPropagator(count: n)
        on = Lanes.allocate(n)
        (x, offsets, input) = (Lanes.allocate(n), Lanes.allocate(n), Lanes.allocate(n))
        (z, r, term) = (Lanes.allocate(n), Lanes.allocate(n), Lanes.allocate(n))
        (decay, gain, inverses) = (Lanes.allocate(n), Lanes.allocate(n), Lanes.allocate(n))
    }

    deinit {
        for pointer in [on, x, offsets, input, z, r, term, decay, gain, inverses, exponent] { pointer.deallocate() }
        for routine in [forDerivatives, forReport, everything] { routine.deallocate() }
    }

    /// Makes ready for new patients.
    func begin(_ registers: LanePointer) {
        isSuspended = LaneMask(repeating: false)
        hasOff = LaneMask(repeating: false)
        readCoefficients(registers)
    }

    /// Takes new patients into some lanes; the others keep their solution to the bit.
    func admit(_ mask: LaneMask, _ registers: LanePointer) {
        isSuspended = isSuspended .& .!mask
        readCoefficients(registers)
    }

    /// Leaves the states of some lanes to a stepper, which finds them in the block's state.
    func suspend(_ mask: LaneMask) {
        isSuspended = isSuspended .| mask
        isModal = isModal .& .!mask
    }

    /// Takes the states of some lanes back from a stepper.
    func resume(_ mask: LaneMask, at time: Lane, _ state: LaneState) {
        isSuspended = isSuspended .& .!mask
        restart(mask, at: time, state)
    }

    private func chooseRoute() {
        isModal =
            compiled.part.isModal ? eigen.isSound .& .!isSuspended .& .!hasOff : LaneMask(repeating: false)
    }

    /// Reads the coefficients from the registers. Lanes whose inputs did not change keep their solution to the bit.
    func readCoefficients(_ registers: LanePointer) {
        for i in 0..<(n * n) { eigen.matrix[i] = Lane(repeating: 0) }
        for i in 0..<n { offsets[i] = Lane(repeating: 0) }
        for entry in compiled.entries { eigen.matrix[entry.place] = registers[entry.register] }
        for offset in compiled.offsets { offsets[offset.row] = registers[offset.register] }
        if compiled.part.isModal { eigen.decompose() }
        for mode in 0..<n { inverses[mode] = Lane(repeating: 1) / values[mode] }
        chooseRoute()
        lastStep = Lane(repeating: .nan)
        propagator.invalidate()
    }

    /// Starts the lanes in `mask` anew from their present states and input rates.
    func restart(_ mask: LaneMask, at time: Lane, _ state: LaneState) {
        var isOff = LaneMask(repeating: false)
        for (position, index) in compiled.part.states.enumerated() {
            x[position].replace(with: state.y[index], where: mask)
            let rate = (offsets[position] + state.inputRate[index]) * state.isOn[index]
            input[position].replace(with: rate, where: mask)
            on[position].replace(with: state.isOn[index], where: mask)
            isOff = isOff .| (state.isOn[index] .== Lane(repeating: 0))
        }
        hasOff.replace(with: isOff, where: mask)
        chooseRoute()
        epoch.replace(with: time, where: mask)
        hasInput = false
        for mode in 0..<n {
            var coordinate = Lane(repeating: 0)
            var rate = Lane(repeating: 0)
            for column in 0..<n where compiled.part.couples(row: mode, mode: column) {
                coordinate += eigen.left[mode * n + column] * x[column]
                rate += eigen.left[mode * n + column] * input[column]
            }
            z[mode].replace(with: coordinate, where: mask)
            r[mode].replace(with: rate, where: mask)
            hasInput = hasInput || any(r[mode] .!= Lane(repeating: 0))
        }
        lastStep = Lane(repeating: .nan)
        propagator.invalidate()
    }

    // MARK: At any time

    /// Writes some of the states, at each modal lane's own time, into `target[state]`.
    func evaluate(_ reader: Reader, at time: Lane, into target: LanePointer) {
        switch reader {
        case .derivatives: evaluate(forDerivatives, at: time, into: target)
        case .report: evaluate(forReport, at: time, into: target)
        case .everything: evaluate(everything, at: time, into: target)
        }
    }

    /// Who asks for states of the linear part, which decides which of them are needed.
    enum Reader { case derivatives, report, everything }

    @inline(never)
    private func evaluate(_ reading: LinearRoutine, at time: Lane, into target: LanePointer) {
        let elapsed = time - epoch
        // The last two stages of a step stand at one time.
        if reading.modes != lastModes || any(elapsed .!= lastStep) {
            for position in 0..<reading.modeCount {
                let mode = reading.modes[position]
                exponentiate(mode, elapsed)
                term[mode] = z[mode] * decay[mode]
                if hasInput { term[mode] += r[mode] * gain[mode] }
            }
            lastStep = elapsed
            lastModes = reading.modes
        }
        if isAllModal {
            for row in 0..<reading.rowCount { target[reading.states[row]] = reading.sum(row, right, term) }
        } else {
            for row in 0..<reading.rowCount {
                target[reading.states[row]].replace(with: reading.sum(row, right, term), where: isModal)
            }
        }
    }

    /// `e^{λ h}` of one mode, and where something flows in, `(e^{λ h} − 1)/λ`.
    @inline(__always)
    private func exponentiate(_ mode: Int, _ h: Lane) {
        let x = values[mode] * h
        exponent.pointee = x
        // What has long decayed, as fast modes have most of the time.
        if all(x .< Lane(repeating: -746)) {
            decay[mode] = Lane(repeating: 0)
            gain[mode] = Lane(repeating: 0) - inverses[mode]
        } else if hasInput {
            LaneMath.exp(exponent, decay + mode, less: gain + mode)
            let quotient = gain[mode] * inverses[mode]
            gain[mode] = quotient.replacing(with: h, where: x .== Lane(repeating: 0))
        } else {
            LaneMath.exp(exponent, decay + mode)
        }
    }

    // MARK: Step by step

    /// Moves every lane's epoch to its `target` and writes the states there into `y[state]`.
    ///
    /// The factors of the last step are kept: a regular grid needs them once.
    @inline(never)
    func advance(to target: Lane, into y: LanePointer) {
        let h = target - epoch
        if any(h .!= lastStep) {
            for mode in 0..<n { exponentiate(mode, h) }
            lastStep = h
        }
        for mode in 0..<n {
            z[mode] *= decay[mode]
            if hasInput { z[mode] += r[mode] * gain[mode] }
        }
        for position in 0..<n { term[position] = everything.sum(position, right, z) }
        if isAllModal { x.update(from: term, count: n) } else { advanceByMatrix(h) }
        epoch = target
        for position in 0..<n { y[everything.states[position]] = x[position] }
    }

    /// The lanes without eigenvectors by their propagator; `term` holds what the others have become.
    private func advanceByMatrix(_ h: Lane) {
        propagator.compute(matrix: eigen.matrix, rows: on, input: input, step: h)
        let p = propagator.result
        for row in 0..<n {
            var sum = p[row * (n + 1) + n]
            for column in 0..<n { sum += p[row * (n + 1) + column] * x[column] }
            decay[row] = sum
        }
        for row in 0..<n { x[row] = decay[row].replacing(with: term[row], where: isModal) }
        lastStep = Lane(repeating: .nan)
    }
}
