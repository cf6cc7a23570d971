/// An expression with the place where it stands. The same tree serves models, regimes, eligibility, hazards and rewards.
public struct Expression: Sendable, Hashable {
    public indirect enum Kind: Sendable, Hashable {
        case number(Double)
        case string(String)
        /// A variable, a parameter, a state, an input, or one of the special symbols (`t`, `time`, `pi`).
        case symbol(String)
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        case call(String, [Argument])
    }

    /// A call's argument, with its name where one was given (`paste(a, sep = "")`).
    public struct Argument: Sendable, Hashable {
        public var name: String?
        public var value: Expression

        public init(name: String? = nil, value: Expression) {
            self.name = name
            self.value = value
        }
    }

    public var kind: Kind
    public var place: SourcePlace

    public init(_ kind: Kind, at place: SourcePlace) {
        self.kind = kind
        self.place = place
    }
}

public enum UnaryOperator: String, Sendable, Hashable {
    case minus = "-"
    case plus = "+"
    case not = "!"
}

public enum BinaryOperator: String, Sendable, Hashable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case power = "^"
    case remainder = "%%"
    case integerQuotient = "%/%"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case and = "&&"
    case or = "||"
}

/// A statement of a `model({ })` block, or of a regime or other rule.
public struct Statement: Sendable, Hashable {
    public indirect enum Kind: Sendable, Hashable {
        /// `x <- e`, `d/dt(x) <- e`, `x(0) <- e`, `f(x) <- e`, …
        case assign(Target, Expression)
        /// `if (c) … else if (c) … else …`
        case conditional([Branch], otherwise: [Statement])
        /// `y ~ add(a) + prop(b) | cond`
        case endpoint(Endpoint)
        /// `cmt(depot)`: declares a compartment, in order.
        case compartment(String)
        /// An expression that stands alone. Only `linCmt()` means something there.
        case expression(Expression)
    }

    /// What stands left of the arrow.
    public enum Target: Sendable, Hashable {
        case variable(String)
        case derivative(String)
        case initialValue(String)
        case property(CompartmentProperty, String)
        /// `mtime(x) <- e`
        case modelTime(String)
    }

    public struct Branch: Sendable, Hashable {
        public var condition: Expression
        public var body: [Statement]

        public init(condition: Expression, body: [Statement]) {
            self.condition = condition
            self.body = body
        }
    }

    public var kind: Kind
    public var place: SourcePlace

    public init(_ kind: Kind, at place: SourcePlace) {
        self.kind = kind
        self.place = place
    }
}

/// A property of a compartment that a model may set.
public enum CompartmentProperty: String, Sendable, Hashable, CaseIterable {
    case bioavailability = "f"
    case lag = "alag"
    case duration = "dur"
    case rate = "rate"
}

/// An observed variable with its residual error: `cp ~ prop(sd) + add(sd2) | cond`.
public struct Endpoint: Sendable, Hashable {
    /// The variable (or, for `linCmt() ~ …`, the call) left of `~`.
    public var observed: Expression
    /// The terms right of `~`, in order: `add(sd)`, `prop(sd)`, `lnorm(sd)`, `pois(lambda)`, …
    public var terms: [Expression]
    /// The condition name after `|`.
    public var condition: String?

    public init(observed: Expression, terms: [Expression], condition: String? = nil) {
        self.observed = observed
        self.terms = terms
        self.condition = condition
    }
}

/// One population parameter of `ini({ })`.
public struct PopulationParameter: Sendable, Hashable {
    public var name: String
    /// The estimate: the value that a simulation uses.
    public var value: Double
    public var lower: Double?
    public var upper: Double?
    public var isFixed: Bool
    public var label: String?
    public var place: SourcePlace

    public init(
        name: String, value: Double, lower: Double? = nil, upper: Double? = nil, isFixed: Bool = false,
        label: String? = nil, place: SourcePlace
    ) {
        self.name = name
        self.value = value
        self.lower = lower
        self.upper = upper
        self.isFixed = isFixed
        self.label = label
        self.place = place
    }
}

/// A block of random effects that vary together: `a + b ~ c(var_a, cov_ab, var_b)`. A single eta is a block of one.
public struct RandomEffectBlock: Sendable, Hashable {
    public var names: [String]
    /// Lower triangle of the covariance matrix, row by row, diagonal included: `n (n + 1) / 2` numbers.
    public var covariance: [Double]
    public var isFixed: Bool
    /// The level the effects vary at (`| occ`), nil between subjects.
    public var level: String?
    public var label: String?
    public var place: SourcePlace

    public init(
        names: [String], covariance: [Double], isFixed: Bool = false, level: String? = nil, label: String? = nil,
        place: SourcePlace
    ) {
        self.names = names
        self.covariance = covariance
        self.isFixed = isFixed
        self.level = level
        self.label = label
        self.place = place
    }
}

/// A value of the R data that stands before `ini` in a model function: description, units, covariate notes.
public indirect enum MetadataValue: Sendable, Hashable {
    case text(String)
    case number(Double)
    case flag(Bool)
    case missing
    /// `c(...)` or `list(...)`: values, each with its name where it has one.
    case list([MetadataEntry])
}

/// A named (or unnamed) entry of a metadata list.
public struct MetadataEntry: Sendable, Hashable {
    public var name: String?
    public var value: MetadataValue

    public init(name: String?, value: MetadataValue) {
        self.name = name
        self.value = value
    }
}

/// A model file as it was written: the wrapper's metadata, `ini`, and `model`.
public struct ModelDocument: Sendable, Hashable {
    public var source: SourceText
    /// The function's name (`warfarin <- function() { … }`), nil for bare model text.
    public var name: String?
    public var metadata: [MetadataEntry]
    public var parameters: [PopulationParameter]
    public var randomEffects: [RandomEffectBlock]
    public var statements: [Statement]

    public init(
        source: SourceText, name: String? = nil, metadata: [MetadataEntry] = [],
        parameters: [PopulationParameter] = [], randomEffects: [RandomEffectBlock] = [], statements: [Statement] = []
    ) {
        self.source = source
        self.name = name
        self.metadata = metadata
        self.parameters = parameters
        self.randomEffects = randomEffects
        self.statements = statements
    }
}

extension ModelDocument {
    /// The model's unit of time, as its `units` list says: `h`, `day`; nil where it says nothing.
    public var timeUnit: String? {
        for entry in metadata where entry.name == "units" {
            guard case .list(let entries) = entry.value else { continue }
            for unit in entries where unit.name == "time" {
                if case .text(let name) = unit.value { return name }
            }
        }
        return nil
    }
}
