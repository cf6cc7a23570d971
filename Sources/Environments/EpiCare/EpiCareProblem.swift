import Foundation
import NumericsCore

/// A problem of EpiCare (Hargrave, Spaeth and Grosenick 2024): sixteen diseases that nobody sees, eight symptoms that
/// everybody sees, and sixteen treatments, each of which cures one disease or two.
///
/// Arrays are row after row: `effects[treatment · 8 + symptom]`.
struct EpiCareProblem: Sendable {
    static let diseases = 16
    static let treatments = 16
    static let symptoms = 8
    static let visits = 8
    static let remissionReward = 64.0
    static let adverseReward = -64.0
    static let adverseThreshold = 0.999
    /// What a unit of each symptom costs at a visit: 64 / (2 · 8 visits · 8 symptoms).
    static let symptomCost = 0.5

    let costs: [Double]
    /// What a treatment adds to the logits of the symptoms.
    let effects: [Double]
    /// What a treatment multiplies the probabilities of the next disease by, `[treatment · 16 + disease]`.
    let multipliers: [Double]
    /// The mean logits of the symptoms in a disease.
    let means: [Double]
    /// The lower Cholesky factor of their covariance, 8 × 8 for each disease.
    let factors: [Double]
    /// The probabilities of the diseases at the start.
    let start: [Double]
    /// The probability that some symptom passes the threshold, `[disease · 16 + treatment]`, without a patient's modifiers.
    let adverse: [Double]
    /// The probability of remission, `[disease · 16 + treatment]`.
    let remission: [Double]
    /// The probabilities of the next disease, `[disease · 16 + next]`, before treatment.
    let moves: [Double]

    /// The problem of a seed from 1 to 8.
    ///
    /// - Throws: ``EnvironmentError/damagedData(_:)`` where the bundled arrays are not whole.
    init(seed: Int) throws {
        guard EpiCareArrays.seeds.indices.contains(seed - 1),
            let bytes = Data(
                base64Encoded: Data("\(EpiCareArrays.seeds[seed - 1])".utf8), options: .ignoreUnknownCharacters),
            bytes.count % 8 == 0
        else { throw EnvironmentError.damagedData("epicare: the arrays of seed \(seed)") }
        var reader = Reader(seed: seed, bytes: [UInt8](bytes))
        let (diseases, treatments, symptoms) = (Self.diseases, Self.treatments, Self.symptoms)
        costs = try reader.take(treatments)
        effects = try reader.take(treatments * symptoms)
        multipliers = try reader.take(treatments * diseases)
        means = try reader.take(diseases * symptoms)
        let packed = try reader.take(diseases * symptoms * (symptoms + 1) / 2)
        start = try reader.take(diseases)
        adverse = try reader.take(diseases * treatments)
        remission = try reader.takeSparse(diseases, treatments)
        moves = try reader.takeSparse(diseases, diseases)
        var factors = [Double](repeating: 0, count: diseases * symptoms * symptoms)
        var next = packed.makeIterator()
        for disease in 0..<diseases {
            for row in 0..<symptoms {
                for column in 0...row { factors[(disease * symptoms + row) * symptoms + column] = next.next() ?? 0 }
            }
        }
        self.factors = factors
    }

    /// Numbers one after the other.
    private struct Reader {
        let seed: Int
        let bytes: [UInt8]
        var place = 0

        mutating func take(_ count: Int) throws -> [Double] {
            guard count >= 0, place + 8 * count <= bytes.count else {
                throw EnvironmentError.damagedData("epicare: the arrays of seed \(seed) end too soon")
            }
            defer { place += 8 * count }
            return (0..<count).map { index in
                var bits: UInt64 = 0
                for byte in 0..<8 { bits |= UInt64(bytes[place + 8 * index + byte]) << UInt64(8 * byte) }
                return Double(bitPattern: bits)
            }
        }

        /// A matrix as how many entries it has, and for each the row, the column and the value.
        mutating func takeSparse(_ rows: Int, _ columns: Int) throws -> [Double] {
            let count = try take(1)[0]
            var matrix = [Double](repeating: 0, count: rows * columns)
            for _ in 0..<(Int(exactly: count) ?? 0) {
                let entry = try take(3)
                guard let row = Int(exactly: entry[0]), let column = Int(exactly: entry[1]),
                    (0..<rows).contains(row), (0..<columns).contains(column)
                else { throw EnvironmentError.damagedData("epicare: the arrays of seed \(seed)") }
                matrix[row * columns + column] = entry[2]
            }
            return matrix
        }
    }

    // MARK: What the package's reference policies reckon with

    /// What one visit is expected to pay, as the reference policies reckon: 64 p(remission) − 64 p(adverse) − cost − ½ Σ mean
    /// *logits* of the symptoms. That the logits stand for the symptoms is the package's, and so are the policies' choices.
    func visitReward(_ disease: Int, _ treatment: Int) -> Double {
        let place = disease * Self.treatments + treatment
        let logits = means[disease * Self.symptoms..<(disease + 1) * Self.symptoms].reduce(0, +)
        return remission[place] * Self.remissionReward + adverse[place] * Self.adverseReward - costs[treatment]
            - Self.symptomCost * logits
    }

    /// The same for a patient of whom nothing is known.
    func populationReward(_ treatment: Int) -> Double {
        (0..<Self.diseases).reduce(0) { $0 + visitReward($1, treatment) * start[$1] }
    }
}
