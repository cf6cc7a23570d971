/// Points that fill the unit cube more evenly than random ones: the Sobol sequence.
///
/// ```swift
/// let sequence = try SobolSequence(dimensions: 3, randomization: .scrambled(seed: 7))
/// let design = sequence.points(1024)             // 1024 × 3, every coordinate strictly between 0 and 1
/// ```
///
/// The error of a mean over n points falls nearly like 1/n for smooth functions, not like 1/√n. Take powers of two: only
/// the first 2ᵐ points make a net, in which every dyadic box of the right volume holds its share of the points.
///
/// **Point n** is the exclusive or of the direction numbers at the ones of n's Gray code, as in the authors' program:
/// (0, 0, …), (½, ½, …), (¾, ¼, …), (¼, ¾, …), … . Any point can be asked for alone.
///
/// **Randomization** makes every point uniform and keeps the net, so that independent copies give an unbiased mean with
/// a standard error. It is keyed: coordinate j depends on the key and j alone, not on how many dimensions or points
/// there are. A randomized coordinate is an odd multiple of 2⁻⁵³, never 0 or 1, so that quantiles of it are finite; the
/// plain sequence starts at 0.
///
/// Source: Sobol (1967), USSR Comput. Math. Math. Phys. 7(4):86–112; Joe and Kuo (2008) for the direction numbers;
/// Matoušek (1998), J. Complexity 14:527–556, for the random linear scramble, whose variance is that of Owen's nested
/// one (Owen 2003, ACM TOMACS 13(4):363–378).
public struct SobolSequence: Sendable {
    /// What is done to the points to make them random.
    public enum Randomization: Sendable, Hashable {
        /// Nothing: the published points.
        case none
        /// The digits of each coordinate are shifted by a random number: exclusive or.
        case digitalShift(seed: UInt64, replicate: UInt32 = 0)
        /// Each digit becomes a random combination of itself and those before it, and is shifted after that.
        case scrambled(seed: UInt64, replicate: UInt32 = 0)
    }

    /// The most dimensions that there are direction numbers for: 1111.
    public static let maximumDimensions = SobolDirectionNumbers.dimensions

    /// Digits of a coordinate, and of the index of a point.
    static let digits = 52

    /// How many coordinates a point has.
    public let dimensions: Int
    /// How the points are made random.
    public let randomization: Randomization

    /// The direction number of digit k of dimension j at `j * digits + k`, the first digit highest.
    private let directions: [UInt64]
    private let shifts: [UInt64]

    /// The sequence of points with this many coordinates.
    ///
    /// - Parameters:
    ///   - dimensions: from 1 to ``maximumDimensions``.
    ///   - randomization: what makes the points random; nothing unless asked for.
    /// - Throws: ``DesignError/dimensions(_:allowed:)``.
    public init(dimensions: Int, randomization: Randomization = .none) throws(DesignError) {
        guard (1...Self.maximumDimensions).contains(dimensions) else {
            throw .dimensions(dimensions, allowed: 1...Self.maximumDimensions)
        }
        self.dimensions = dimensions
        self.randomization = randomization
        var directions: [UInt64] = []
        var shifts: [UInt64] = []
        directions.reserveCapacity(dimensions * Self.digits)
        for dimension in 0..<dimensions {
            let plain = Self.directions(of: dimension)
            let scramble = DigitScramble(randomization, dimension: dimension)
            directions += plain.map(scramble.applied)
            shifts.append(scramble.shift)
        }
        self.directions = directions
        self.shifts = shifts
    }

    /// One coordinate of a point, in [0, 1), or in (0, 1) when randomized.
    ///
    /// - Parameters:
    ///   - dimension: from 0 to `dimensions` − 1.
    ///   - index: the number of the point, below 2⁵².
    public func coordinate(_ dimension: Int, ofPoint index: Int) -> Double {
        precondition(index >= 0 && index < 1 << Self.digits, "A Sobol sequence has no point \(index).")
        precondition(dimension >= 0 && dimension < dimensions, "There is no dimension \(dimension) of \(dimensions).")
        var gray = UInt64(index) ^ (UInt64(index) >> 1)
        var value = shifts[dimension]
        let first = dimension * Self.digits
        while gray != 0 {
            value ^= directions[first + gray.trailingZeroBitCount]
            gray &= gray - 1
        }
        return randomization == .none ? Double(value) * 0x1p-52 : Double(2 * value + 1) * 0x1p-53
    }

    /// One point: `dimensions` coordinates.
    public func point(_ index: Int) -> [Double] { (0..<dimensions).map { coordinate($0, ofPoint: index) } }

    /// The points from `first` on, a point a row: `count` × `dimensions`.
    public func points(_ count: Int, from first: Int = 0) -> Matrix {
        Matrix(rows: count, columns: dimensions) { coordinate($1, ofPoint: first + $0) }
    }

    /// The direction numbers of a dimension as binary fractions of 52 digits: v₁ to v₅₂.
    static func directions(of dimension: Int) -> [UInt64] {
        guard dimension > 0 else { return (0..<digits).map { 1 << UInt64(digits - 1 - $0) } }
        let seed = SobolDirectionNumbers.seeds[dimension - 1]
        let degree = seed.degree
        var directions = seed.initial.enumerated().map { $1 << UInt64(digits - 1 - $0) }
        for k in degree..<digits {
            // Joe and Kuo (2008), equation 3: v_k = a₁ v_{k−1} ⊕ … ⊕ a_{s−1} v_{k−s+1} ⊕ v_{k−s} ⊕ v_{k−s} / 2ˢ.
            var value = directions[k - degree] ^ (directions[k - degree] >> UInt64(degree))
            for back in 1..<max(degree, 1) where (seed.coefficients >> (degree - 1 - back)) & 1 == 1 {
                value ^= directions[k - back]
            }
            directions.append(value)
        }
        return directions
    }
}

/// What a randomization does to the digits of one dimension.
private struct DigitScramble {
    /// Row k: which digits, k among them, are added up to make digit k. Nil leaves the digits as they are.
    private var rows: [UInt64]?
    private(set) var shift: UInt64 = 0

    init(_ randomization: SobolSequence.Randomization, dimension: Int) {
        switch randomization {
        case .none: break
        case .digitalShift(let seed, let replicate):
            shift = Self.stream(seed, replicate, dimension).bits(at: 0) >> 12
        case .scrambled(let seed, let replicate):
            let stream = Self.stream(seed, replicate, dimension)
            shift = stream.bits(at: 0) >> 12
            rows = (0..<SobolSequence.digits).map { digit in
                // Digit 0 is the highest of 52 bits. The digits before this one are random, itself is always in.
                let itself: UInt64 = 1 << UInt64(SobolSequence.digits - 1 - digit)
                let before = ~(2 * itself - 1) & ((1 << UInt64(SobolSequence.digits)) - 1)
                return (stream.bits(at: UInt64(digit + 1)) & before) | itself
            }
        }
    }

    private static func stream(_ seed: UInt64, _ replicate: UInt32, _ dimension: Int) -> RandomStream {
        RandomStream(seed: seed, purpose: .samplingDesign, replicate: replicate, patient: UInt32(dimension))
    }

    func applied(to digits: UInt64) -> UInt64 {
        guard let rows else { return digits }
        return rows.reduce(0) { $0 << 1 | UInt64(($1 & digits).nonzeroBitCount & 1) }
    }
}
