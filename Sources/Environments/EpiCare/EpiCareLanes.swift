import NumericsCore

/// Sixteen patients of EpiCare on their way.
///
/// An episode's stream gives the disease at the start, the patient's modifiers and the first symptoms (draws 0 to 49), then ten
/// draws for each visit: remission, the next disease, eight normal numbers by inversion. Which draw is for what does not
/// depend on what happens.
final class EpiCareLanes: EpisodeLanes {
    private let tables: EpiCareTables
    /// Whether patients differ in transitions, remission, symptoms and the threshold of adverse events.
    private let isModified: Bool
    private let streams: LaneStreams
    private let streamStorage: UnsafeMutablePointer<SIMD16<UInt64>>
    private let key: StreamKey
    /// Each lane's next block of draws.
    private let block: UnsafeMutablePointer<SIMD16<UInt64>>

    let observation: LanePointer
    let allowed: LanePointer
    private(set) var reward = Lane(repeating: 0)
    private(set) var ending = Lane(repeating: 0)

    private let draws: LanePointer
    private let normals: LanePointer
    private let fresh: LanePointer
    private let scratch: LanePointer
    /// Patients' modifiers, `[disease]` and `[treatment]`.
    private let moveModifiers: LanePointer
    private let remissionModifiers: LanePointer
    private let shifts: UnsafeMutablePointer<EpiCareTables.Symptoms>
    private var threshold = Lane(repeating: 0)
    private var visits = Lane(repeating: 0)
    private var total = Lane(repeating: 0)
    private let diseases: UnsafeMutablePointer<Int>
    private let firstDiseases: UnsafeMutablePointer<Int>
    private let chosen: UnsafeMutablePointer<Int>

    private static let symptoms = EpiCareProblem.symptoms
    /// Where what is hidden stands among the observations.
    static let diseasePlace = symptoms
    static let beliefPlace = symptoms + 1
    static let observed = beliefPlace + EpiCareProblem.treatments
    private static let startBlocks = 25
    private static let visitBlocks = 5

    init(_ tables: EpiCareTables, isModified: Bool, seed: UInt64) {
        self.tables = tables
        self.isModified = isModified
        key = StreamKey(seed: seed, purpose: .environment)
        func lanes(_ count: Int, _ value: Double = 0) -> LanePointer {
            let memory = LanePointer.allocate(capacity: count)
            memory.initialize(repeating: Lane(repeating: value), count: count)
            return memory
        }
        func integers() -> UnsafeMutablePointer<Int> {
            let memory = UnsafeMutablePointer<Int>.allocate(capacity: laneCount)
            memory.initialize(repeating: 0, count: laneCount)
            return memory
        }
        streamStorage = .allocate(capacity: 2)
        streams = LaneStreams(key: key, storage: streamStorage)
        block = .allocate(capacity: 2)
        block.initialize(repeating: SIMD16(repeating: 0), count: 2)
        observation = lanes(Self.observed)
        allowed = lanes(EpiCareProblem.treatments, 1)
        draws = lanes(2 * Self.startBlocks)
        normals = lanes(Self.symptoms)
        fresh = lanes(Self.symptoms)
        scratch = lanes(1)
        moveModifiers = lanes(EpiCareProblem.diseases, 1)
        remissionModifiers = lanes(EpiCareProblem.treatments, 1)
        shifts = .allocate(capacity: laneCount)
        shifts.initialize(repeating: EpiCareTables.Symptoms(repeating: 0), count: laneCount)
        threshold = Lane(repeating: EpiCareProblem.adverseThreshold)
        (diseases, firstDiseases, chosen) = (integers(), integers(), integers())
    }

    deinit {
        for memory in [observation, allowed, draws, normals, fresh, scratch, moveModifiers, remissionModifiers] {
            memory.deallocate()
        }
        shifts.deallocate()
        for memory in [streamStorage, block] { memory.deallocate() }
        for memory in [diseases, firstDiseases, chosen] { memory.deallocate() }
    }

    // MARK: The start

    func begin(_ episodes: [Int], in lanes: LaneMask) {
        for lane in LaneSet(lanes) {
            let episode = episodes[lane]
            streams.open(
                lane, replicate: UInt32(truncatingIfNeeded: episode >> 32), patient: UInt32(truncatingIfNeeded: episode)
            )
            block[0][lane] = 0
        }
        draw(Self.startBlocks)
        for lane in LaneSet(lanes) {
            let disease = place(number(draws, 0, lane), below: tables.startBelow, EpiCareProblem.diseases)
            (diseases[lane], firstDiseases[lane]) = (disease, disease)
            block[0][lane] = UInt64(Self.startBlocks)
        }
        if isModified { modify(lanes) }
        let zero = Lane(repeating: 0)
        drawNormals(from: draws + 42)
        for lane in LaneSet(lanes) { putLogits(lane, tables.means[diseases[lane]]) }
        respond()
        for symptom in 0..<Self.symptoms { observation[symptom].replace(with: fresh[symptom], where: lanes) }
        putDiseases(lanes)
        for treatment in 0..<EpiCareProblem.treatments {
            observation[Self.beliefPlace + treatment].replace(
                with: Lane(repeating: tables.beliefs[treatment]), where: lanes)
        }
        visits.replace(with: zero, where: lanes)
        total.replace(with: zero, where: lanes)
        reward.replace(with: zero, where: lanes)
        ending.replace(with: zero, where: lanes)
    }

    /// How patients differ from the disease's mean: uniform factors of 0.25 to 1.75 on transitions and remission, logits of −2 to
    /// 1 on the symptoms, and a factor of .999 to 1/.999 on the threshold.
    private func modify(_ lanes: LaneMask) {
        let (quarter, width) = (Lane(repeating: 0.25), Lane(repeating: 1.5))
        let least = EpiCareProblem.adverseThreshold
        let factor = Lane(repeating: least) + Lane(repeating: 1 / least - least) * draws[1]
        threshold.replace(with: Lane(repeating: EpiCareProblem.adverseThreshold) * factor, where: lanes)
        for index in 0..<EpiCareProblem.diseases {
            moveModifiers[index].replace(with: quarter + width * draws[2 + index], where: lanes)
            remissionModifiers[index].replace(with: quarter + width * draws[18 + index], where: lanes)
        }
        for lane in LaneSet(lanes) {
            for symptom in 0..<Self.symptoms { shifts[lane][symptom] = -2 + 3 * number(draws, 34 + symptom, lane) }
        }
    }

    // MARK: A visit

    func step(_ action: LanePointer, in lanes: LaneMask) {
        draw(Self.visitBlocks)
        drawNormals(from: draws + 2)
        let values = UnsafeRawPointer(action).assumingMemoryBound(to: Double.self)
        var remitted = LaneSet()
        for lane in LaneSet(lanes) {
            block[0][lane] &+= UInt64(Self.visitBlocks)
            let treatment = treatment(values[lane])
            chosen[lane] = treatment
            let cure = tables.remission[diseases[lane] * EpiCareProblem.treatments + treatment]
            if cure > 0, number(draws, 0, lane) < cure * number(remissionModifiers, treatment, lane) {
                remitted.insert(lane)
                continue
            }
            diseases[lane] = nextDisease(lane, treatment)
            putLogits(lane, tables.means[diseases[lane]] + (tables.effects[treatment] + shifts[lane]))
        }
        respond()
        pay(lanes, remitted.mask)
        observe(lanes, remitted.mask)
    }

    /// The number of the treatment nearest to an action's value.
    @inline(__always)
    private func treatment(_ value: Double) -> Int {
        Int(max(0, min(Double(EpiCareProblem.treatments - 1), value.rounded())))
    }

    /// Drawn with the weights of the disease's row, the treatment's multipliers and the patient's.
    @inline(__always)
    private func nextDisease(_ lane: Int, _ treatment: Int) -> Int {
        let range = tables.firstMove[diseases[lane]]..<tables.firstMove[diseases[lane] + 1]
        let weights = tables.weights + treatment * tables.moveCount
        var sum = 0.0
        for move in range { sum += weights[move] * number(moveModifiers, tables.moves[move], lane) }
        let wanted = number(draws, 1, lane) * sum
        var below = 0.0
        var last = diseases[lane]
        for move in range {
            last = tables.moves[move]
            below += weights[move] * number(moveModifiers, last, lane)
            if wanted < below { break }
        }
        return last
    }

    /// Rewards and ends of the visit from the symptoms in ``fresh``.
    private func pay(_ lanes: LaneMask, _ remitted: LaneMask) {
        let (zero, one) = (Lane(repeating: 0), Lane(repeating: 1))
        var (sum, worst) = (fresh[0], fresh[0])
        for symptom in 1..<Self.symptoms {
            sum += fresh[symptom]
            worst.replace(with: fresh[symptom], where: fresh[symptom] .> worst)
        }
        var cost = zero
        for lane in LaneSet(lanes) { cost[lane] = tables.costs[chosen[lane]] }
        let isAdverse = worst .> threshold
        var gain = zero - Lane(repeating: EpiCareProblem.symptomCost) * sum
        gain.replace(with: gain + Lane(repeating: EpiCareProblem.adverseReward), where: isAdverse)
        gain.replace(with: Lane(repeating: EpiCareProblem.remissionReward), where: remitted)
        reward.replace(with: gain - cost, where: lanes)
        total.replace(with: total + reward, where: lanes)
        visits.replace(with: visits + one, where: lanes)
        var end = zero
        end.replace(
            with: Lane(repeating: EpisodeEnding.truncated.code),
            where: visits .>= Lane(repeating: Double(EpiCareProblem.visits)))
        end.replace(with: Lane(repeating: EpisodeEnding.event(0).code), where: isAdverse)
        end.replace(with: Lane(repeating: EpisodeEnding.event(1).code), where: remitted)
        ending.replace(with: end, where: lanes)
    }

    /// Symptoms are read to one decimal, halves to the even one; whoever is well has symptoms below 0.1. The memory of the
    /// standard of care goes half-way to what the visit paid.
    private func observe(_ lanes: LaneMask, _ remitted: LaneMask) {
        let (ten, whole) = (Lane(repeating: 10), Lane(repeating: 0x1p52))
        for symptom in 0..<Self.symptoms {
            // Adding and taking away 2⁵² rounds a number of 0 to 10.
            var seen = ((fresh[symptom] * ten + whole) - whole) / ten
            seen.replace(with: draws[2 + symptom] * Lane(repeating: 0.1), where: remitted)
            observation[symptom].replace(with: seen, where: lanes)
        }
        putDiseases(lanes)
        let beliefs = numbers(observation + Self.beliefPlace)
        for lane in LaneSet(lanes) {
            let place = chosen[lane] * laneCount + lane
            beliefs[place] = 0.5 * beliefs[place] + 0.5 * reward[lane]
        }
    }

    func group(of _: Int, lane: Int) -> Int { firstDiseases[lane] }

    /// The score: the return as a share of a remission's reward.
    func measure(_: Int, lane: Int) -> Double { total[lane] / EpiCareProblem.remissionReward }

    // MARK: Parts

    private func draw(_ blocks: Int) {
        block[1] = block[0]
        for index in 0..<blocks {
            streams.uniforms(block + 1, into: draws + 2 * index)
            block[1] &+= SIMD16(repeating: 1)
        }
    }

    private func drawNormals(from uniforms: LanePointer) {
        for symptom in 0..<Self.symptoms {
            Normal.quantile(uniforms + symptom, into: normals + symptom, scratch: scratch)
        }
    }

    /// mean + L z of a lane's disease into ``fresh``.
    @inline(__always)
    private func putLogits(_ lane: Int, _ mean: EpiCareTables.Symptoms) {
        let columns = tables.factors + diseases[lane] * Self.symptoms
        let z = numbers(normals)
        var logits = mean
        for column in 0..<Self.symptoms {
            logits += columns[column] * EpiCareTables.Symptoms(repeating: z[column * laneCount + lane])
        }
        let target = numbers(fresh)
        for symptom in 0..<Self.symptoms { target[symptom * laneCount + lane] = logits[symptom] }
    }

    /// Logits in ``fresh`` become symptoms: 1 / (1 + e⁻ˣ).
    private func respond() {
        let (zero, one) = (Lane(repeating: 0), Lane(repeating: 1))
        for symptom in 0..<Self.symptoms {
            scratch.pointee = zero - fresh[symptom]
            LaneMath.exp(scratch, scratch)
            fresh[symptom] = one / (one + scratch.pointee)
        }
    }

    private func putDiseases(_ lanes: LaneMask) {
        let hidden = numbers(observation + Self.diseasePlace)
        for lane in LaneSet(lanes) { hidden[lane] = Double(diseases[lane]) }
    }

    @inline(__always)
    private func place(_ uniform: Double, below: UnsafeMutablePointer<Double>, _ count: Int) -> Int {
        var place = 0
        while place < count - 1, uniform >= below[place] { place += 1 }
        return place
    }

    @inline(__always)
    private func numbers(_ lanes: LanePointer) -> UnsafeMutablePointer<Double> {
        UnsafeMutableRawPointer(lanes).assumingMemoryBound(to: Double.self)
    }

    @inline(__always)
    private func number(_ lanes: LanePointer, _ index: Int, _ lane: Int) -> Double {
        numbers(lanes)[index * laneCount + lane]
    }
}
