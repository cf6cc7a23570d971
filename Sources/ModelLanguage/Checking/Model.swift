import NumericsCore

/// A hazard that a scenario adds to a model: the rate of an event, in the language, over the model's own variables.
public struct HazardRule: Sendable, Hashable {
    /// The event's name.
    public var event: String
    /// Statements that assign `hazard`, in events per unit of the model's time.
    public var source: SourceText

    /// A hazard over the variables of the model that it is added to.
    ///
    /// - Parameters:
    ///   - event: a name of its own among the scenario's events.
    ///   - source: statements that assign `hazard`, in events per unit of the model's time; what else they assign stays
    ///     inside.
    public init(event: String, source: SourceText) {
        self.event = event
        self.source = source
    }
}

/// A checked model: what it takes, what it computes, and the graph of all its equations.
///
/// The inputs stand in this order: population parameters, etas, then parameters with a default, every name that the
/// model reads and never assigns (covariates and external parameters), and last what the engine keeps of the doses.
public struct Model: Sendable {
    /// The document as it was parsed, on which messages and listings rest.
    public let document: ModelDocument
    /// The population parameters of `ini`, in the order of the file.
    public var parameters: [PopulationParameter] { document.parameters }
    /// The blocks of random effects of `ini`.
    public var randomEffects: [RandomEffectBlock] { document.randomEffects }
    /// The names of the random effects, block by block.
    public var etas: [String] { document.randomEffects.flatMap(\.names) }
    /// For each of ``etas``, the level that it varies at (`| occ`): the input whose change draws it anew. Nil between
    /// subjects.
    public var etaLevels: [String?] { document.randomEffects.flatMap { block in block.names.map { _ in block.level } } }
    /// Variables first assigned a bare number: parameters that a caller may override, with their defaults.
    public let defaults: [(name: String, value: Double)]
    /// The names it reads and never assigns: covariates and external parameters, which a caller must supply.
    public let covariates: [String]
    /// The compartments (states), in the order that numbers them. Cumulative hazards of a scenario's events come last.
    public let states: [String]
    /// Every variable that the model assigns, in the order of first assignment.
    public let outputs: [String]
    /// Observed variables with their residual error.
    public let endpoints: [ModelEndpoint]
    /// The events whose cumulative hazards are the last states, in that order.
    public let events: [String]

    package let graph: ExpressionGraph
    /// For each state: its derivative, initial value, bioavailability and lag.
    package let derivatives: [NodeID]
    package let initialValues: [NodeID]
    package let bioavailability: [NodeID]
    package let lags: [NodeID]
    /// For each state the duration of an infusion that leaves it to the model (RATE −2), and the rate (RATE −1); nil where
    /// the model gives none. Like bioavailability and lag they may depend on time and state: they hold when a dose is due.
    package let durations: [NodeID?]
    package let rates: [NodeID?]
    /// `mtime(name) <- e`: times at which the solver stops and reports, individual values; NaN for one that a branch leaves
    /// out.
    package let modelTimes: [(name: String, node: NodeID)]
    /// The times, individual values, at which a comparison in the derivatives or outputs flips, model times among them.
    /// A time may be missing, infinite, or before the start.
    package let switchTimes: [NodeID]
    /// Switches that come again and again, as `t %% 24 < 12` and `floor(t / 24)` have them.
    package let repeatedSwitches: [RepeatedSwitch]
    /// The comparisons below the derivatives that flip at times which are known only when the state is, in the order of the
    /// graph.
    package let stateSwitches: [NodeID]
    /// The inputs that the engine keeps as doses arrive. They are in ``inputs``, last, and not in ``covariates``.
    package let clock: [ClockInput]
    /// The delayed values, in the order of their slots. A delayed expression may itself read delays of lower slots.
    package let delays: [Delay]
    /// The probabilities of the classes of `mix()` but the last; nil for a model without it. The input ``classInput`` tells
    /// a subject's class, from 1.
    package let mixture: [ClassProbability]?
    /// For each output, its value.
    package let outputNodes: [NodeID]
    /// All inputs in register order.
    package let inputs: [String]
    /// The covariates that the model compares with texts, with the texts that it names and the level of all others. The
    /// value of such an input is the number of its level.
    package let textLevels: [String: [String]]

    /// Checks a parsed model, adding the hazards of a scenario's events as cumulative-hazard states.
    ///
    /// - Throws: ``SourceErrors`` with everything that is wrong, each at its place.
    public init(
        _ document: ModelDocument, hazards: [HazardRule] = [], variant: LanguageVariant = .standard
    ) throws(SourceErrors) {
        var checker = ModelChecker(document, hazards: hazards, variant: variant)
        try checker.check()
        self = checker.model()
    }

    init(_ checker: ModelChecker) {
        document = checker.document
        defaults = checker.defaults
        covariates = checker.covariates
        states = checker.states
        outputs = checker.outputs
        endpoints = checker.endpoints
        events = checker.events
        graph = checker.lowering.graph
        derivatives = checker.derivatives
        initialValues = checker.initialValues
        bioavailability = checker.bioavailability
        lags = checker.lags
        durations = checker.durations
        rates = checker.rates
        modelTimes = checker.modelTimes
        switchTimes = checker.switchTimes
        repeatedSwitches = checker.repeatedSwitches
        stateSwitches = checker.stateSwitches
        clock = checker.lowering.clock
        delays = checker.lowering.delays
        mixture = checker.lowering.mixture
        outputNodes = checker.outputNodes
        inputs = checker.lowering.inputs.map(\.name)
        textLevels = Dictionary(
            checker.lowering.inputs.compactMap { input in input.levels.map { (input.name, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The input that tells a subject's class in a model with `mix()`.
    package static var classInput: String { Lowering.classInput }

    /// The slot of an input in the register file, nil where the model has none of that name.
    package func inputSlot(_ name: String) -> Int? { inputs.firstIndex(of: name) }

    /// The number of a compartment.
    package func stateIndex(_ name: String) -> Int? { states.firstIndex(of: name) }
}

/// An observed variable with its residual error.
public struct ModelEndpoint: Sendable {
    /// The observed variable: an output, a state, `linCmt`, or a name of its own for what a distribution gives.
    public let variable: String
    /// The name after `|`, else the variable's.
    public let name: String
    /// The prediction; for a distribution of its own about a variable that the model does not compute, its mean.
    package let value: NodeID
    /// How observations scatter about it.
    package let error: ResidualError<NodeID>
}

extension ModelEndpoint {
    /// The standard deviations of normal error on the variable's own scale, the squares of its parts added; nil for a part
    /// that is missing, and for any other error.
    package var additive: NodeID? { plainSpread?.additive }
    package var proportional: NodeID? { plainSpread?.proportional }
    /// The standard deviation of normal error on the logarithm; nil for any other error.
    package var logNormal: NodeID? {
        guard case .normal(let spread, .log) = error, spread.proportional == nil else { return nil }
        return spread.additive
    }

    private var plainSpread: ErrorSpread<NodeID>? {
        guard case .normal(let spread, .identity) = error, spread.exponent == nil, !spread.isSum,
            case .prediction = spread.base
        else { return nil }
        return spread
    }
}
