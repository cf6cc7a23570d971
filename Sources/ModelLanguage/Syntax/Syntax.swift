/// An expression with the place where it stands. The same tree serves models, regimes, eligibility, hazards and rewards.
public struct Expression: Sendable, Hashable {
    /// What the expression is.
    public indirect enum Kind: Sendable, Hashable {
        /// A literal. `TRUE` is read as 1 and `FALSE` as 0.
        case number(Double)
        /// A text in quotes: a level that a category is compared with, or an argument.
        case string(String)
        /// A variable, a parameter, a state, an input, or one of the special symbols (`t`, `time`, `pi`).
        case symbol(String)
        /// A sign or a negation before its operand.
        case unary(UnaryOperator, Expression)
        /// Two operands, left before right.
        case binary(BinaryOperator, Expression, Expression)
        /// A function's name and its arguments in the order written.
        case call(String, [Argument])
    }

    /// A call's argument, with its name where one was given (`paste(a, sep = "")`).
    public struct Argument: Sendable, Hashable {
        /// The name before `=`; nil for an argument by position.
        public var name: String?
        /// What is passed.
        public var value: Expression

        /// An argument, by position unless a name is given.
        public init(name: String? = nil, value: Expression) {
            self.name = name
            self.value = value
        }
    }

    /// What it is, with the expressions inside it.
    public var kind: Kind
    /// Where it stands in its source, for messages; two equal expressions at different places are not equal.
    public var place: SourcePlace

    /// An expression that a parser or a rewriting made; nothing is checked here.
    public init(_ kind: Kind, at place: SourcePlace) {
        self.kind = kind
        self.place = place
    }
}

/// The operators with one operand, each with its spelling.
public enum UnaryOperator: String, Sendable, Hashable {
    /// `-x`
    case minus = "-"
    /// `+x`, which is x.
    case plus = "+"
    /// 1 where the operand is 0, else 0.
    case not = "!"
}

/// The operators with two operands, each with its spelling.
///
/// Arithmetic is protected as in rxode2: a divisor of exactly 0 counts as 2⁻⁵². A comparison is 1 or 0, and 0 when a
/// side is missing (NaN). `==` and `!=` also compare a category with a level in quotes.
public enum BinaryOperator: String, Sendable, Hashable {
    /// a + b
    case add = "+"
    /// a − b
    case subtract = "-"
    /// a · b
    case multiply = "*"
    /// a / b
    case divide = "/"
    /// aᵇ; powers do not chain without brackets.
    case power = "^"
    /// a − b·⌊a/b⌋: the remainder with the sign of b.
    case remainder = "%%"
    /// ⌊a/b⌋
    case integerQuotient = "%/%"
    /// 1 where the sides are equal.
    case equal = "=="
    /// 1 where they differ.
    case notEqual = "!="
    /// 1 where a < b.
    case less = "<"
    /// 1 where a ≤ b.
    case lessOrEqual = "<="
    /// 1 where a > b.
    case greater = ">"
    /// 1 where a ≥ b.
    case greaterOrEqual = ">="
    /// 1 where neither side is 0. Both are evaluated.
    case and = "&&"
    /// 1 where a side is not 0. Both are evaluated.
    case or = "||"
}

/// A statement of a `model({ })` block, or of a regime or other rule.
public struct Statement: Sendable, Hashable {
    /// What the statement does.
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
        /// `x <- e`
        case variable(String)
        /// `d/dt(x) <- e`: the rate of change of a compartment, per unit of the model's time.
        case derivative(String)
        /// `x(0) <- e`: what a compartment holds at the start.
        case initialValue(String)
        /// `f(x) <- e`, `alag(x) <- e`, …
        case property(CompartmentProperty, String)
        /// `mtime(x) <- e`
        case modelTime(String)
    }

    /// A condition with the statements that hold where it is not 0.
    public struct Branch: Sendable, Hashable {
        /// The expression in the brackets.
        public var condition: Expression
        /// The statements of the block, in order; may be empty.
        public var body: [Statement]

        /// A branch from its parts.
        public init(condition: Expression, body: [Statement]) {
            self.condition = condition
            self.body = body
        }
    }

    /// What it does, with the expressions and statements inside it.
    public var kind: Kind
    /// Where it stands in its source, for messages; equality includes it.
    public var place: SourcePlace
    /// Whether an assignment is written with `~`, which keeps its variable out of the results.
    public var isHidden: Bool

    /// A statement that a parser or a rewriting made; nothing is checked here.
    public init(_ kind: Kind, at place: SourcePlace, isHidden: Bool = false) {
        self.kind = kind
        self.place = place
        self.isHidden = isHidden
    }
}

/// A property of a compartment that a model may set.
public enum CompartmentProperty: String, Sendable, Hashable, CaseIterable {
    /// The fraction of a dose that arrives, 1 unless set.
    case bioavailability = "f"
    /// How long after its time a dose arrives, in the model's time; 0 unless set.
    case lag = "alag"
    /// The duration of an infusion, in the model's time.
    case duration = "dur"
    /// The rate of an infusion, in dose units per unit of the model's time.
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

    /// An endpoint from its parts; ``Model`` checks which terms go together.
    public init(observed: Expression, terms: [Expression], condition: String? = nil) {
        self.observed = observed
        self.terms = terms
        self.condition = condition
    }
}

/// One population parameter of `ini({ })`.
public struct PopulationParameter: Sendable, Hashable {
    /// The name by which the model reads it.
    public var name: String
    /// The estimate: the value that a simulation uses.
    public var value: Double
    /// The lower bound that an estimation would keep to, nil for none. A simulation ignores it.
    public var lower: Double?
    /// The upper bound that an estimation would keep to, nil for none. A simulation ignores it.
    public var upper: Double?
    /// Whether `fix` or `fixed` keeps an estimation from moving it.
    public var isFixed: Bool
    /// What it is in words, from `label("…")`.
    public var label: String?
    /// Where it is given in the source, for messages.
    public var place: SourcePlace

    /// A parameter from its parts; parsing checks that `lower ≤ value ≤ upper`, this does not.
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
    /// The effects of the block, in the order of the rows of ``covariance``.
    public var names: [String]
    /// Lower triangle of the covariance matrix, row by row, diagonal included: `n (n + 1) / 2` numbers.
    public var covariance: [Double]
    /// Whether every number of the block is fixed, so that an estimation keeps them all.
    public var isFixed: Bool
    /// The level the effects vary at (`| occ`), nil between subjects.
    public var level: String?
    /// What it is in words, from `label("…")`.
    public var label: String?
    /// Where the block begins, for messages.
    public var place: SourcePlace

    /// A block from its parts; parsing checks the covariance, this does not.
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
    /// Text in quotes, or what `paste` makes of several.
    case text(String)
    /// A number, or arithmetic on numbers.
    case number(Double)
    /// `TRUE` or `FALSE`.
    case flag(Bool)
    /// `NA` or `NULL`.
    case missing
    /// `c(...)` or `list(...)`: values, each with its name where it has one.
    case list([MetadataEntry])
}

/// A named (or unnamed) entry of a metadata list.
public struct MetadataEntry: Sendable, Hashable {
    /// The name before `=`, or left of the arrow; nil where there is none.
    public var name: String?
    /// What it holds.
    public var value: MetadataValue

    /// An entry from its parts.
    public init(name: String?, value: MetadataValue) {
        self.name = name
        self.value = value
    }
}

/// A model file as it was written: the wrapper's metadata, `ini`, and `model`.
public struct ModelDocument: Sendable, Hashable {
    /// The text that every ``SourcePlace`` in the document refers to.
    public var source: SourceText
    /// The function's name (`warfarin <- function() { … }`), nil for bare model text.
    public var name: String?
    /// What stands before the blocks, `name <- value` by `name <- value`.
    public var metadata: [MetadataEntry]
    /// The population parameters of `ini`, in the order of the file; empty without an `ini` block.
    public var parameters: [PopulationParameter]
    /// The blocks of random effects of `ini`, in the order of the file.
    public var randomEffects: [RandomEffectBlock]
    /// The statements of `model`, in the order of the file.
    public var statements: [Statement]
    /// What the model says of covariates between two rows of a table (`linear(WT)`); empty where it says nothing.
    public var courses: [CovariateCourse] = []

    /// A document put together in code; ``Model`` checks it as it checks a parsed one.
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
