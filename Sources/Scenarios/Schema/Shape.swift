/// What may stand at a place of the scenario file, as far as a schema can say it.
///
/// Each section declares its shape once, beside the code that reads it. The reader takes from it which keys are allowed
/// and which must be there; `trialist schema` prints it as JSON Schema. What depends on other sections (a name that must
/// exist, an order of days) is checked when the scenario is read and planned.
indirect enum Shape: Sendable {
    case text
    /// A name that expressions and results files use.
    case name
    /// A text that may look like a number: the code of a category.
    case code
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>? = nil)
    /// A word or a number out of a few.
    case choice([String])
    /// `true` or `false`
    case flag
    /// A version of the format.
    case version(Int)
    /// `28 days`
    case duration
    /// `0.2 per year`
    case rate
    /// `30 mg`, or a plain number
    case amount
    /// `75 %`
    case share
    /// Text in the language, or `{ file: path }`.
    case source
    /// `[low, high]`
    case range
    case list(Shape, count: ClosedRange<Int>? = nil)
    /// A mapping with the keys of a section.
    case mapping(Keys)
    /// A mapping whose keys are names chosen by the user.
    case named(Shape)
    /// A mapping whose keys are any texts, such as codes of a category.
    case coded(Shape)
    case either([Shape])
    /// Whatever may stand at the place that it replaces.
    case anything
}

/// The keys of a mapping, in the order in which they are listed to the user.
struct Keys: Sendable {
    struct Key: Sendable {
        let name: String
        let shape: Shape
        let isRequired: Bool
        /// What it is, for editors that show the schema while one types.
        let about: String

        static func required(_ name: String, _ shape: Shape, _ about: String) -> Key {
            Key(name: name, shape: shape, isRequired: true, about: about)
        }

        static func optional(_ name: String, _ shape: Shape, _ about: String) -> Key {
            Key(name: name, shape: shape, isRequired: false, about: about)
        }
    }

    let keys: [Key]
    /// Whether exactly one of the keys stands there.
    let isChoice: Bool
    /// Keys of a document of another kind, and why they do not stand here.
    let foreign: (names: [String], reason: String)

    init(_ keys: [Key], isChoice: Bool = false, foreign: (names: [String], reason: String) = ([], "")) {
        self.keys = keys
        self.isChoice = isChoice
        self.foreign = foreign
    }

    var names: [String] { keys.map(\.name) }
}
