/// The people who came to a stage, what they were given, and the designs of its models.
package struct StageData: Sendable {
    let name: String
    /// The column of the treatment.
    let treatment: String
    /// Who came to the stage, as indices among the people analysed, ascending; every other array is in this order.
    let persons: [Int]
    /// The codes of the actions taken; empty with doses.
    let actions: [Int]
    /// The names of the actions by code; the first is the reference.
    let levels: [String]
    let doses: [Double]
    /// The smallest and the largest dose that may be recommended.
    let range: ClosedRange<Double>
    /// Bins of a dose.
    let bins: Int
    let hasGammaDoses: Bool
    /// The outcome under the reference treatment, with an intercept.
    let free: Design
    /// What treatment adds.
    let blocks: [EffectBlock]
    /// The treatment model, with an intercept.
    let propensity: Design
    /// What a rule by classification or a tree may look at, without an intercept.
    let rule: Design
    /// Row-major by action; nil where every action is allowed to everybody.
    let allowed: [Bool]?
    /// What was gained from this stage to the next.
    let reward: [Double]
    /// The time spent in the stage, of survival outcomes on the log scale.
    let time: [Double]
    /// When the stage began.
    let start: [Double]
    /// The covariates of the censoring model with an intercept, where there is one.
    let censoring: Design?

    var count: Int { persons.count }
    var isDose: Bool { levels.isEmpty }
    /// Columns of the outcome model: treatment-free ones and those of the effect.
    var width: Int { blocks.reduce(free.width) { $0 + $1.design.width } }
    var effectNames: [String] { blocks.flatMap(\.names) }

    /// Whether an action may be given to a person.
    @inline(__always)
    func isAllowed(_ row: Int, _ action: Int) -> Bool { allowed.map { $0[row * levels.count + action] } ?? true }

    /// Whether there is anything to choose for a person.
    func isOpen(_ row: Int) -> Bool {
        guard let allowed else { return true }
        var count = 0
        for action in levels.indices where allowed[row * levels.count + action] { count += 1 }
        return count > 1
    }
}

/// A part of the effect of treatment: a function of it times covariates.
struct EffectBlock: Sendable {
    enum Function: Sendable, Hashable {
        /// 1 where this action is taken.
        case action(Int)
        /// The dose.
        case dose
        /// Its square.
        case square
    }

    let function: Function
    let design: Design
    /// The names of the parameters: `A`, `A:x`.
    let names: [String]

    /// - Parameter treatment: what stands before the covariate's name.
    init(_ function: Function, _ design: Design, treatment: String) {
        self.function = function
        self.design = design
        names = design.names.map { $0 == Design.intercept ? treatment : "\(treatment):\($0)" }
    }
}
