/// One hour of ``OberstSepsis``: the distribution of the next state.
struct SepsisHour {
    private let variant: OberstSepsis.Variant

    init(_ variant: OberstSepsis.Variant) { self.variant = variant }

    /// What a vital sign may do: moves to values, with probabilities.
    private typealias Moves = [(value: Int, probability: Double)]

    /// Every outcome of a state under the treatments that are now on. Vital signs move independently of each other, but for
    /// the glucose of a diabetic under vasopressors, which rises on its own as well.
    func outcomes(_ state: SepsisState, _ action: SepsisAction) -> [TransitionTable.Outcome] {
        var probability = [Int: Double]()
        for heart in heartRate(state, action) {
            for (pressure, oxygen, glucose, chance) in rest(state, action) {
                var next = state
                next.heartRate = heart.value
                next.pressure = pressure
                next.oxygen = oxygen
                next.glucose = glucose
                next.treatments = action
                probability[next.index, default: 0] += heart.probability * chance
            }
        }
        return probability.sorted { $0.key < $1.key }.map { index, chance in
            let reward = SepsisState(index: index).end.map { $0 == "death" ? -1.0 : 1.0 } ?? 0
            return TransitionTable.Outcome(
                state: index, probability: variant.isRounded ? Double(Float(chance)) : chance, reward: reward)
        }
    }

    private func rest(
        _ state: SepsisState, _ action: SepsisAction
    ) -> [(pressure: Int, oxygen: Int, glucose: Int, probability: Double)] {
        pressure(state, action).flatMap { pressure in
            oxygen(state, action).flatMap { oxygen in
                glucose(state, action).map {
                    (
                        pressure.value, oxygen.value, $0.value,
                        pressure.probability * oxygen.probability * $0.probability
                    )
                }
            }
        }
    }

    private func heartRate(_ state: SepsisState, _ action: SepsisAction) -> Moves {
        if action.antibiotics { return move(state.heartRate, from: 2, to: 1, 0.5) }
        if state.treatments.antibiotics { return move(state.heartRate, from: 1, to: 2, 0.1) }
        return fluctuation(state.heartRate, top: 2, 0.1)
    }

    private func oxygen(_ state: SepsisState, _ action: SepsisAction) -> Moves {
        if action.ventilation { return move(state.oxygen, from: 0, to: 1, 0.7) }
        if state.treatments.ventilation { return move(state.oxygen, from: 1, to: 0, 0.1) }
        return fluctuation(state.oxygen, top: 1, 0.1)
    }

    /// Antibiotics act before vasopressors, and either keeps blood pressure from fluctuating.
    private func pressure(_ state: SepsisState, _ action: SepsisAction) -> Moves {
        var moves: Moves = [(state.pressure, 1)]
        var isHeld = false
        if action.antibiotics {
            moves = then(moves) { move($0, from: 2, to: 1, 0.5) }
            isHeld = true
        } else if state.treatments.antibiotics {
            moves = then(moves) { move($0, from: 1, to: 2, 0.1) }
            isHeld = true
        }
        if action.vasopressors {
            moves = then(moves) { raised($0, state.diabetes) }
            isHeld = true
        } else if state.treatments.vasopressors {
            moves = then(moves) {
                $0 > 0 ? [($0 - 1, [0.1, 0.05][state.diabetes]), ($0, [0.9, 0.95][state.diabetes])] : [($0, 1)]
            }
            isHeld = true
        }
        return isHeld ? moves : fluctuation(state.pressure, top: 2, 0.1)
    }

    /// Blood pressure after vasopressors have begun to act.
    private func raised(_ pressure: Int, _ diabetes: Int) -> Moves {
        switch (pressure, diabetes) {
        case (2, _): [(2, 1)]
        case (_, 0): [(pressure + 1, 0.7), (pressure, 0.3)]
        case (1, _): [(2, 0.9), (1, 0.1)]
        default: [(1, 0.5), (2, 0.4), (0, 0.1)]
        }
    }

    private func glucose(_ state: SepsisState, _ action: SepsisAction) -> Moves {
        guard !action.vasopressors else {
            return state.diabetes == 1
                ? [(min(4, state.glucose + 1), 0.5), (state.glucose, 0.5)] : [(state.glucose, 1)]
        }
        if state.diabetes == 1 { return fluctuation(state.glucose, top: 4, 0.3) }
        return fluctuation(state.glucose, top: variant.glucoseCeiling, 0.1)
    }

    private func move(_ value: Int, from: Int, to: Int, _ probability: Double) -> Moves {
        value == from ? [(to, probability), (value, 1 - probability)] : [(value, 1)]
    }

    /// One down or one up, within 0 and the top. The top holds for rises only: a value above it that does not rise stays.
    private func fluctuation(_ value: Int, top: Int, _ probability: Double) -> Moves {
        [
            (max(0, value - 1), probability), (min(top, value + 1), probability), (value, 1 - 2 * probability),
        ]
    }

    private func then(_ moves: Moves, _ next: (Int) -> Moves) -> Moves {
        moves.flatMap { move in next(move.value).map { ($0.value, move.probability * $0.probability) } }
    }
}
