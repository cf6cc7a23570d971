import NumericsCore

/// What a visit of ``EpiCareProblem`` reads, laid out for that.
final class EpiCareTables: @unchecked Sendable {
    typealias Symptoms = SIMD8<Double>

    let costs: UnsafeMutablePointer<Double>
    /// `[disease · 16 + treatment]`
    let remission: UnsafeMutablePointer<Double>
    /// One for each treatment, and one for each disease.
    let effects: UnsafeMutablePointer<Symptoms>
    let means: UnsafeMutablePointer<Symptoms>
    /// The columns of the Cholesky factors, `[disease · 8 + column]`.
    let factors: UnsafeMutablePointer<Symptoms>
    /// Where the diseases that one may turn into begin, `[disease]`, and which they are.
    let firstMove: UnsafeMutablePointer<Int>
    let moves: UnsafeMutablePointer<Int>
    /// The weight of a move under a treatment, `[treatment · moves + move]`.
    let weights: UnsafeMutablePointer<Double>
    let moveCount: Int
    /// The probability of a disease up to each, at the start.
    let startBelow: UnsafeMutablePointer<Double>
    /// What is expected of each treatment of a patient of whom nothing is known.
    let beliefs: UnsafeMutablePointer<Double>

    init(_ problem: EpiCareProblem) {
        func copy<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value> {
            let memory = UnsafeMutablePointer<Value>.allocate(capacity: max(1, values.count))
            memory.initialize(from: values, count: values.count)
            return memory
        }
        let (diseases, treatments) = (EpiCareProblem.diseases, EpiCareProblem.treatments)
        let symptoms = EpiCareProblem.symptoms
        func rows(_ values: [Double]) -> [Symptoms] {
            (0..<values.count / symptoms).map { row in
                var vector = Symptoms()
                for symptom in 0..<symptoms { vector[symptom] = values[row * symptoms + symptom] }
                return vector
            }
        }
        costs = copy(problem.costs)
        remission = copy(problem.remission)
        effects = copy(rows(problem.effects))
        means = copy(rows(problem.means))
        factors = copy(
            (0..<diseases * symptoms).map { place in
                let (disease, column) = (place / symptoms, place % symptoms)
                var vector = Symptoms()
                for row in 0..<symptoms {
                    vector[row] = problem.factors[(disease * symptoms + row) * symptoms + column]
                }
                return vector
            })
        let possible = problem.moves.indices.filter { problem.moves[$0] > 0 }
        moveCount = possible.count
        moves = copy(possible.map { $0 % diseases })
        firstMove = copy((0...diseases).map { disease in possible.filter { $0 / diseases < disease }.count })
        weights = copy(
            (0..<treatments).flatMap { treatment in
                possible.map { problem.moves[$0] * problem.multipliers[treatment * diseases + $0 % diseases] }
            })
        var below = 0.0
        startBelow = copy(
            problem.start.map {
                below += $0
                return below
            })
        beliefs = copy((0..<treatments).map(problem.populationReward))
    }

    deinit {
        for memory in [costs, remission, weights, startBelow, beliefs] { memory.deallocate() }
        for memory in [effects, means, factors] { memory.deallocate() }
        for memory in [firstMove, moves] { memory.deallocate() }
    }
}
