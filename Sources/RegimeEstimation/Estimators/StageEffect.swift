/// The effect of treatment in a stage at given coefficients: what the recommended action is, and what it adds.
struct StageEffect {
    private let stage: StageData
    private let parts: [ArraySlice<Double>]
    private let direction: Double

    /// - Parameter coefficients: treatment-free ones first, then those of each block.
    init(_ stage: StageData, _ coefficients: [Double], direction: Double) {
        self.stage = stage
        self.direction = direction
        var at = stage.free.width
        parts = stage.blocks.map { block in
            defer { at += block.design.width }
            return coefficients[at..<at + block.design.width]
        }
    }

    /// What an action adds to the reference in a person; 0 for the reference.
    @inline(__always)
    func effect(_ row: Int, action: Int) -> Double {
        action == 0 ? 0 : stage.blocks[action - 1].design.predictor(row, parts[action - 1])
    }

    /// a·L + a²·Q in a person.
    func effect(_ row: Int, dose: Double) -> Double {
        dose * stage.blocks[0].design.predictor(row, parts[0])
            + dose * dose * stage.blocks[1].design.predictor(row, parts[1])
    }

    /// What was given adds.
    @inline(__always)
    func observed(_ row: Int) -> Double {
        stage.isDose ? effect(row, dose: stage.doses[row]) : effect(row, action: stage.actions[row])
    }

    /// The best action that is allowed; of equal ones the first.
    @inline(__always)
    func bestAction(_ row: Int) -> Int {
        var best = -1
        var gain = -Double.infinity
        for action in 0..<stage.levels.count where stage.isAllowed(row, action) {
            let value = direction * effect(row, action: action)
            if value > gain { (best, gain) = (action, value) }
        }
        return max(0, best)
    }

    /// The best dose within the range: inside it where the effect bends down, else its better end.
    func bestDose(_ row: Int) -> Double {
        let linear = direction * stage.blocks[0].design.predictor(row, parts[0])
        let square = direction * stage.blocks[1].design.predictor(row, parts[1])
        let (low, high) = (stage.range.lowerBound, stage.range.upperBound)
        if square < 0 { return min(max(-0.5 * linear / square, low), high) }
        return low * linear + low * low * square >= high * linear + high * high * square ? low : high
    }

    /// What the best treatment adds, and which it is: an action's code or a dose.
    @inline(__always)
    func best(_ row: Int) -> (treatment: Double, effect: Double) {
        if stage.isDose {
            let dose = bestDose(row)
            return (dose, effect(row, dose: dose))
        }
        let action = bestAction(row)
        return (Double(action), effect(row, action: action))
    }
}

extension StageData {
    /// The columns of the outcome model at what was given.
    func observedDesign() -> Design {
        let width = width
        var values = [Double](repeating: 0, count: count * width)
        for row in 0..<count {
            fill(&values, at: row * width, row: row, treatment: isDose ? doses[row] : Double(actions[row]))
        }
        return Design(names: free.names + effectNames, rowCount: count, values: values)
    }

    /// A row of the outcome model at a treatment.
    func fill(_ values: inout [Double], at start: Int, row: Int, treatment: Double) {
        for j in 0..<free.width { values[start + j] = free.values[row * free.width + j] }
        var at = start + free.width
        for block in blocks {
            let factor: Double =
                switch block.function {
                case .action(let code): Int(treatment) == code ? 1 : 0
                case .dose: treatment
                case .square: treatment * treatment
                }
            let width = block.design.width
            for j in 0..<width { values[at + j] = factor * block.design.values[row * width + j] }
            at += width
        }
    }
}
