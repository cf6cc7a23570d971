import ModelLanguage
import NumericsCore

/// The random effects of a model: how a patient's etas are drawn, between patients and from occasion to occasion.
///
/// Eta `i` of the model (counted over all blocks, in the order of the file) uses draw `i` of a stream, through the lower
/// Cholesky factor of its block: `eta = L z`, `z` standard normal. A variance of 0 keeps the eta at 0.
///
/// **Between patients**, a block without a level or with the level `id`, the stream is the patient's for
/// `StreamPurpose.randomEffects`. **Between occasions**, a block with another level (`| occ`), each occasion of a
/// patient has a stream of its own: `StreamPurpose.occasionEffects` with the occasion's number as substream. A further
/// occasion, or the same ones in another order, therefore changes no number of any other occasion, effect or patient.
package struct RandomEffects: Sendable {
    /// The levels below the patient at which effects vary, in the order of the file.
    package let levels: [String]
    /// How many etas the model has, over all blocks.
    package let count: Int
    private let blocks: [Block]

    private struct Block: Sendable {
        let factor: CovarianceFactor
        /// The block's first eta, and the draw of it.
        let first: Int
        /// Nil between patients.
        let level: String?

        var count: Int { factor.lower.rows }

        /// - Parameter uniform: the uniform number of an eta of the model.
        func draw(_ uniform: (Int) -> Double) -> [Double] {
            factor.times((first..<first + count).map { Normal.quantile(uniform($0)) })
        }
    }

    package init(_ blocks: [RandomEffectBlock]) throws(LinearAlgebraError) {
        var prepared: [Block] = []
        var first = 0
        for block in blocks {
            let factor = try CovarianceFactor(triangle: block.covariance, order: block.names.count)
            let level = block.level.flatMap { $0.lowercased() == "id" ? nil : $0 }
            prepared.append(Block(factor: factor, first: first, level: level))
            first += block.names.count
        }
        self.blocks = prepared
        count = first
        var levels: [String] = []
        for block in prepared {
            if let level = block.level, !levels.contains(level) { levels.append(level) }
        }
        self.levels = levels
    }

    /// The etas between patients of the patient whose stream this is; those between occasions are 0.
    package func draw(_ stream: RandomStream) -> [Double] { etas { stream.uniform(at: UInt64($0)) } }

    /// The etas between patients at a point of a sampling design (``SobolSequence``, ``LatinHypercube``), which then
    /// stands in for a patient's stream; those between occasions are 0.
    ///
    /// - Parameter point: ``count`` numbers between 0 and 1, one for each eta; those of occasions do not count.
    package func etas(at point: [Double]) -> [Double] {
        precondition(point.count == count, "A point of \(point.count) coordinates does not fit \(count) etas.")
        return etas { point[$0] }
    }

    private func etas(_ uniform: (Int) -> Double) -> [Double] {
        var etas = [Double](repeating: 0, count: count)
        for block in blocks where block.level == nil { etas.place(block.draw(uniform), at: block.first) }
        return etas
    }

    /// The etas of one occasion, with their numbers in the model: those of the blocks that vary at this level.
    package func draw(level: String, occasion stream: RandomStream) -> [(eta: Int, value: Double)] {
        blocks.filter { $0.level == level }.flatMap { block in
            block.draw { stream.uniform(at: UInt64($0)) }.enumerated().map { (block.first + $0, $1) }
        }
    }
}

extension [Double] {
    fileprivate mutating func place(_ values: [Double], at first: Int) {
        for (offset, value) in values.enumerated() { self[first + offset] = value }
    }
}
