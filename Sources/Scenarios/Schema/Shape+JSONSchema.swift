extension Scenario {
    /// The JSON Schema (draft 2020-12) of the scenario file, as text: what editors complete from, and what
    /// `check-jsonschema` tests a file against. A file that satisfies it can still name what does not exist.
    public static var jsonSchema: String {
        let monitoring = JSONText.object([("required", .array([.string(MonitoringScenario.section)]))])
        let members: [(name: String, value: JSONText)] = [
            ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            ("title", .string("Trialist scenario")), ("type", .string("object")), ("if", monitoring),
            ("then", Shape.mapping(MonitoringScenario.keys).json), ("else", Shape.mapping(keys).json),
        ]
        return JSONText.object(members).text()
    }
}

extension EnvironmentDocument {
    /// The JSON Schema (draft 2020-12) of an environment's document, as text.
    package static var jsonSchema: String {
        let members: [(name: String, value: JSONText)] = [
            ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            ("title", .string("Trialist environment")),
        ]
        return JSONText.object(members + keys.members).text()
    }
}

extension Shape {
    /// The schema of the shape.
    var json: JSONText { .object(members) }

    fileprivate var members: [(name: String, value: JSONText)] {
        switch self {
        case .text: [Self.type("string")]
        case .name: [Self.type("string"), ("pattern", .string("^\(NameRule.pattern)$"))]
        case .code: [("type", .array(["string", "number", "boolean"].map { .string($0) }))]
        case .integer(let range):
            [Self.type("integer")] + Self.bounds(Double(range.lowerBound), Double(range.upperBound))
        case .number(let range):
            [Self.type("number")] + (range.map { Self.bounds($0.lowerBound, $0.upperBound) } ?? [])
        case .choice(let words): [("enum", .array(words.map { .string($0) }))]
        case .flag: [Self.type("boolean")]
        case .version(let number): [("const", .number(Double(number)))]
        case .duration: [Self.type("string"), ("pattern", .string("^\(Self.number) +\(TimeUnit.pattern)$"))]
        case .rate: [Self.type("string"), ("pattern", .string("^\(Self.number) +per +\(TimeUnit.pattern)$"))]
        case .amount:
            [
                (
                    "anyOf",
                    .array([
                        Shape.number().json,
                        .object([Self.type("string"), ("pattern", .string("^\(Self.number) +\\S+$"))]),
                    ])
                )
            ]
        case .share: [Self.type("string"), ("pattern", .string("^\\s*\(Self.number)\\s*%\\s*$"))]
        case .source: [("anyOf", .array([Shape.code.json, Shape.mapping(Keys.file).json]))]
        case .range: Shape.list(.number(), count: 2...2).members
        case .list(let shape, let count): Self.array(of: shape, count)
        case .mapping(let keys): keys.members
        case .named(let shape):
            [
                Self.type("object"), ("propertyNames", Shape.name.json), ("additionalProperties", shape.json),
            ]
        case .coded(let shape): [Self.type("object"), ("additionalProperties", shape.json)]
        case .either(let shapes): [("anyOf", .array(shapes.map(\.json)))]
        case .anything: []
        }
    }

    private static let number = "[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?"

    private static func type(_ name: String) -> (name: String, value: JSONText) { ("type", .string(name)) }

    private static func bounds(_ lower: Double, _ upper: Double) -> [(name: String, value: JSONText)] {
        [("minimum", .number(lower))] + (upper < 9e15 ? [("maximum", .number(upper))] : [])
    }

    private static func array(of shape: Shape, _ count: ClosedRange<Int>?) -> [(name: String, value: JSONText)] {
        var members = [type("array"), ("items", shape.json)]
        if let count {
            members.append(("minItems", .number(Double(count.lowerBound))))
            if count.upperBound < .max { members.append(("maxItems", .number(Double(count.upperBound)))) }
        }
        return members
    }
}

extension Keys {
    /// `{ file: path }`, where a text of the language may stand in a file of its own.
    static let file = Keys([.required("file", .text, "A file of statements, relative to the scenario.")])

    fileprivate var members: [(name: String, value: JSONText)] {
        let properties = keys.map { key -> (name: String, value: JSONText) in
            (key.name, .object([("description", .string(key.about))] + key.shape.members))
        }
        var members: [(name: String, value: JSONText)] = [
            ("type", .string("object")), ("properties", .object(properties)), ("additionalProperties", .bool(false)),
        ]
        let required = keys.filter(\.isRequired).map { JSONText.string($0.name) }
        if !required.isEmpty { members.append(("required", .array(required))) }
        if isChoice { members += [("minProperties", .number(1)), ("maxProperties", .number(1))] }
        return members
    }
}
