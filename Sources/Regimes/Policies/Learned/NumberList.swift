/// Many numbers in a policy file: one text, with spaces between, each with as many digits as bring back its bits.
///
/// A network of five thousand weights then takes one line and not five thousand.
package struct NumberList: Sendable, Hashable {
    package var values: [Double]

    package init(_ values: [Double]) { self.values = values }

    package var count: Int { values.count }
}

extension NumberList: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        var values: [Double] = []
        for word in text.split(separator: " ") {
            guard let value = Double(word), value.isFinite else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "found '\(word)', allowed: finite numbers with spaces between")
            }
            values.append(value)
        }
        self.values = values
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values.map { "\($0)" }.joined(separator: " "))
    }
}
