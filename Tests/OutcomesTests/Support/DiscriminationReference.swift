import Foundation
import Testing

/// What discrimination.R and discrimination-golden.R wrote.
struct DiscriminationReference: Decodable, Sendable {
    struct Pair: Decodable, Sendable { let difference, se: Double }
    struct Set: Decodable, Sendable {
        let concordance, uno: Pair
        let difference, differenceSE, differenceP: [Double]
        let censoring: [String]
        let coxWeighted, coxWeightedSE: [Double]
    }
    struct Competing: Decodable, Sendable { let times, auc, se: [Double] }

    let sets: [String: Set]
    let competing: Competing

    static let r: DiscriminationReference = read("discrimination-R.json")
}

struct DiscriminationGolden: Decodable, Sendable {
    struct Set: Decodable, Sendable {
        let horizon, mean: Double
        let times, auc: [Double]
        let gonenHeller: Double
    }
    struct Competing: Decodable, Sendable {
        let covariates: [String]
        let coef, times, auc1, auc2, scoreAUC: [Double]
    }

    let sets: [String: Set]
    let competing: Competing

    static let r: DiscriminationGolden = read("discrimination-golden-R.json")
}

private func read<Value: Decodable>(_ file: String) -> Value {
    do { return try ReferenceSet.decode(file, Value.self) } catch { fatalError("reference file \(file): \(error)") }
}
