import NumericsCore
import Regimes

/// The reference policies of EpiCare. They read hidden variables.
struct EpiCareRule: Policy {
    enum Kind: Sendable {
        /// The same probabilities always.
        case fixed([Double])
        /// The treatment of each disease.
        case byDisease([Int])
        /// The treatment believed best of those that raise no symptom above .8, or of all where each does.
        ///
        /// - Parameter harmful: for each symptom the treatments that raise it, as bits.
        case bestBelief(harmful: [UInt32])
    }

    let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    func makeWorker(observing observations: [String], choosing actions: ActionSpace) throws(PolicyError)
        -> any PolicyWorker
    {
        guard actions.levels.count == EpiCareProblem.treatments else {
            throw .unsuitable(
                "it has \(EpiCareProblem.treatments) actions, and \(actions.levels.count) are to be chosen from")
        }
        func place(_ name: String) throws(PolicyError) -> Int {
            guard let place = observations.firstIndex(of: name) else {
                throw .unobserved(name, observed: observations)
            }
            return place
        }
        switch kind {
        case .fixed(let weights): return FixedWorker(weights, actions)
        case .byDisease(let treatments):
            return DiseaseWorker(treatments, try place(EpiCareEnvironment.disease), actions)
        case .bestBelief(let harmful):
            var (symptoms, beliefs) = ([Int](), [Int]())
            for symptom in 1...EpiCareProblem.symptoms { symptoms.append(try place("symptom_\(symptom)")) }
            for treatment in 0..<EpiCareProblem.treatments {
                beliefs.append(try place(EpiCareEnvironment.belief(treatment)))
            }
            return BeliefWorker(harmful, symptoms: symptoms, beliefs: beliefs, actions)
        }
    }
}

private final class FixedWorker: PolicyWorker {
    let actions: ActionSpace
    private let probabilities: [Double]

    init(_ probabilities: [Double], _ actions: ActionSpace) {
        self.probabilities = probabilities
        self.actions = actions
    }

    func weigh(_: PolicyPoint, into weights: LanePointer) {
        for (level, probability) in probabilities.enumerated() { weights[level] = Lane(repeating: probability) }
    }
}

private final class DiseaseWorker: PolicyWorker {
    let actions: ActionSpace
    private let treatments: [Int]
    private let place: Int

    init(_ treatments: [Int], _ place: Int, _ actions: ActionSpace) {
        self.treatments = treatments
        self.place = place
        self.actions = actions
    }

    func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        for level in 0..<EpiCareProblem.treatments { weights[level] = Lane(repeating: 0) }
        // What is asked for by hand may be no disease at all.
        let last = Double(treatments.count - 1)
        for lane in 0..<laneCount {
            let disease = Int(Double.minimum(Double.maximum(point.observation[place][lane], 0), last))
            weights[treatments[disease]][lane] = 1
        }
    }
}

private final class BeliefWorker: PolicyWorker {
    let actions: ActionSpace
    private let harmful: [UInt32]
    private let symptoms: [Int]
    private let beliefs: [Int]
    private static let severe = 0.8

    init(_ harmful: [UInt32], symptoms: [Int], beliefs: [Int], _ actions: ActionSpace) {
        self.harmful = harmful
        self.symptoms = symptoms
        self.beliefs = beliefs
        self.actions = actions
    }

    func weigh(_ point: PolicyPoint, into weights: LanePointer) {
        let all: UInt32 = 1 << UInt32(EpiCareProblem.treatments) - 1
        for level in 0..<EpiCareProblem.treatments { weights[level] = Lane(repeating: 0) }
        for lane in 0..<laneCount {
            var safe = all
            for (index, place) in symptoms.enumerated() where point.observation[place][lane] > Self.severe {
                safe &= ~harmful[index]
            }
            if safe == 0 { safe = all }
            var best = (treatment: 0, belief: -Double.infinity)
            for (treatment, place) in beliefs.enumerated() where safe & (1 << UInt32(treatment)) != 0 {
                let belief = point.observation[place][lane]
                if belief > best.belief { best = (treatment, belief) }
            }
            weights[best.treatment][lane] = 1
        }
    }
}
