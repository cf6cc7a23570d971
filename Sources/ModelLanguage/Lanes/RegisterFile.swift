import NumericsCore

/// The registers of one lane block: what lane programs read and write.
///
/// It belongs to the worker that made it and is never shared.
package struct RegisterFile: ~Copyable {
    package let lanes: LanePointer
    package let count: Int

    package init(count: Int) {
        self.count = max(1, count)
        lanes = .allocate(capacity: self.count)
        lanes.initialize(repeating: Lane(repeating: 0), count: self.count)
    }

    deinit { lanes.deallocate() }

    /// Writes the layout's constants into their registers, once.
    package func load(constants layout: RegisterLayout) {
        for (offset, value) in layout.constants.enumerated() {
            lanes[layout.firstConstant + offset] = Lane(repeating: value)
        }
    }
}

extension LaneProgram {
    /// Runs the program on a register file of at least ``registerCount`` registers.
    package func run(_ r: LanePointer) { instructions.withUnsafeBufferPointer { LaneMachine.run($0, r) } }
}

/// A lane program made ready for an inner loop: its instructions and results in memory of its own.
///
/// The owner keeps the memory; inner loops hold its ``routine``, which costs no reference count.
package final class LaneRoutineOwner {
    package let routine: LaneRoutine

    package init(_ program: LaneProgram) {
        let instructions = UnsafeMutableBufferPointer<Instruction>.allocate(capacity: program.instructions.count)
        _ = instructions.initialize(from: program.instructions)
        let places = UnsafeMutablePointer<Int>.allocate(capacity: max(1, program.results.count))
        for (index, register) in program.results.enumerated() { places[index] = Int(register) }
        routine = LaneRoutine(instructions: UnsafeBufferPointer(instructions), places: UnsafePointer(places))
    }

    deinit {
        routine.instructions.deallocate()
        routine.places.deallocate()
    }
}

/// The program of a ``LaneRoutineOwner``, which must outlive it.
package struct LaneRoutine {
    fileprivate let instructions: UnsafeBufferPointer<Instruction>
    fileprivate let places: UnsafePointer<Int>

    @inline(__always)
    package func run(_ r: LanePointer) { LaneMachine.run(instructions, r) }

    /// The register of a result after a run.
    @inline(__always)
    package func place(ofResult index: Int) -> Int { places[index] }
}

/// The loop that executes instructions on sixteen lanes.
enum LaneMachine {
    @inline(never)
    static func run(_ instructions: UnsafeBufferPointer<Instruction>, _ r: LanePointer) {
        let one = Lane(repeating: 1)
        let zero = Lane(repeating: 0)
        for i in instructions {
            let a = r + Int(i.a)
            let b = r + Int(i.b)
            let target = r + Int(i.target)
            switch i.operation {
            case .constant, .input, .state, .time, .delayed, .copy: target.pointee = a.pointee
            case .add: target.pointee = a.pointee + b.pointee
            case .subtract: target.pointee = a.pointee - b.pointee
            case .multiply: target.pointee = a.pointee * b.pointee
            case .multiplyAdd: target.pointee = a.pointee * b.pointee + (r + Int(i.c)).pointee
            case .multiplySubtract: target.pointee = a.pointee * b.pointee - (r + Int(i.c)).pointee
            case .subtractProduct: target.pointee = (r + Int(i.c)).pointee - a.pointee * b.pointee
            case .divide: target.pointee = a.pointee / guarded(b.pointee)
            case .negate: target.pointee = -a.pointee
            case .reciprocal: target.pointee = one / guarded(a.pointee)
            case .exp: LaneMath.exp(a, target)
            case .log:
                var x = a.pointee
                x.replace(with: Lane(repeating: protectedZero), where: x .<= zero)
                target.pointee = x
                LaneMath.log(target, target)
            case .power: power(a, b, target)
            case .less: target.pointee = zero.replacing(with: one, where: a.pointee .< b.pointee)
            case .lessOrEqual: target.pointee = zero.replacing(with: one, where: a.pointee .<= b.pointee)
            case .equal: target.pointee = zero.replacing(with: one, where: a.pointee .== b.pointee)
            case .select:
                let c = r + Int(i.c)
                target.pointee = b.pointee.replacing(with: c.pointee, where: a.pointee .== zero)
            // A missing operand (unequal to itself) goes through, whichever side it stands on.
            case .maximum:
                let keeps = (a.pointee .> b.pointee) .| (a.pointee .!= a.pointee)
                target.pointee = b.pointee.replacing(with: a.pointee, where: keeps)
            case .minimum:
                let keeps = (a.pointee .< b.pointee) .| (a.pointee .!= a.pointee)
                target.pointee = b.pointee.replacing(with: a.pointee, where: keeps)
            case .squareRoot: LaneMath.squareRoot(a, target)
            case .absolute:
                target.pointee = a.pointee.replacing(with: zero - a.pointee, where: a.pointee .<= zero)
            case .notEqual:
                let isMissing = (a.pointee .!= a.pointee) .| (b.pointee .!= b.pointee)
                target.pointee = one.replacing(with: zero, where: (a.pointee .== b.pointee) .| isMissing)
            case .not: target.pointee = zero.replacing(with: one, where: a.pointee .== zero)
            case .and:
                let isFalse = (a.pointee .== zero) .| (b.pointee .== zero)
                target.pointee = one.replacing(with: zero, where: isFalse)
            case .or:
                let isFalse = (a.pointee .== zero) .& (b.pointee .== zero)
                target.pointee = one.replacing(with: zero, where: isFalse)
            default: runSeldom(i, a, b, target)
            }
        }
    }

    /// `a^b` as ``Operation/value(_:_:_:)`` defines it, lane by lane.
    private static func power(_ a: LanePointer, _ b: LanePointer, _ target: LanePointer) {
        let zero = Lane(repeating: 0)
        let isPositive = a.pointee .> zero
        var product = a.pointee
        withUnsafeMutablePointer(to: &product) { x in
            LaneMath.log(x, x)
            x.pointee *= b.pointee
            LaneMath.exp(x, x)
            if any(.!isPositive) {
                var other = a.pointee
                other.replace(
                    with: Lane(repeating: protectedZero), where: (other .== zero) .& (b.pointee .< zero))
                withUnsafeMutablePointer(to: &other) { LaneMath.pow($0, b, $0) }
                x.pointee.replace(with: other, where: .!isPositive)
            }
        }
        target.pointee = product
    }

    /// The operations that hot loops rarely hold.
    @inline(never)
    private static func runSeldom(_ i: Instruction, _ a: LanePointer, _ b: LanePointer, _ target: LanePointer) {
        switch i.operation {
        case .expm1: LaneMath.expm1(a, target)
        case .log1p: LaneMath.log1p(a, target)
        case .log10: LaneMath.log10(a, target)
        case .log2: LaneMath.log2(a, target)
        case .sin: LaneMath.sin(a, target)
        case .cos: LaneMath.cos(a, target)
        case .tan: LaneMath.tan(a, target)
        case .asin: LaneMath.asin(a, target)
        case .acos: LaneMath.acos(a, target)
        case .atan: LaneMath.atan(a, target)
        case .sinh: LaneMath.sinh(a, target)
        case .cosh: LaneMath.cosh(a, target)
        case .tanh: LaneMath.tanh(a, target)
        case .gamma: LaneMath.gamma(a, target)
        case .lgamma: LaneMath.lgamma(a, target)
        case .erfc: LaneMath.erfc(a, target)
        case .atan2: LaneMath.atan2(a, b, target)
        default:
            let x = a.pointee
            let y = b.pointee
            for lane in 0..<laneCount { target.pointee[lane] = i.operation.value(x[lane], y[lane]) }
        }
    }
}

/// A divisor that is never 0 (protected arithmetic).
@inline(__always)
private func guarded(_ x: Lane) -> Lane {
    x.replacing(with: Lane(repeating: protectedZero), where: x .== Lane(repeating: 0))
}
