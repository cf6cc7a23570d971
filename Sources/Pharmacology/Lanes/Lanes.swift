import NumericsCore

/// Memory for quantities of sixteen lanes.
enum Lanes {
    /// Room for `count` lanes, all 0. The owner deallocates it.
    static func allocate(_ count: Int) -> LanePointer {
        let pointer = LanePointer.allocate(capacity: max(1, count))
        pointer.initialize(repeating: Lane(repeating: 0), count: max(1, count))
        return pointer
    }
}

/// The size of each lane's value.
@inline(__always)
func magnitude(_ x: Lane) -> Lane { x.replacing(with: Lane(repeating: 0) - x, where: x .< Lane(repeating: 0)) }

/// The larger of two values in each lane; the second where the first is not a number.
@inline(__always)
func larger(_ a: Lane, _ b: Lane) -> Lane { b.replacing(with: a, where: a .> b) }

/// The smaller of two values in each lane; the second where the first is not a number.
@inline(__always)
func smaller(_ a: Lane, _ b: Lane) -> Lane { b.replacing(with: a, where: a .< b) }
