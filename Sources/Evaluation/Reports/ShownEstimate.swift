import Outcomes

/// An estimate as reports show it: with every key, null where there is no number, and then the reason.
package struct ShownEstimate: Sendable, Hashable, Encodable {
    package var estimate: Double?
    package var se: Double?
    package var lower: Double?
    package var upper: Double?
    /// Why there is no estimate, or no error of it: a code that stays the same between versions, and words.
    package var reason: Reason?

    package struct Reason: Sendable, Hashable, Encodable {
        package var code: String
        package var text: String

        init(_ undefined: Undefined) {
            code = undefined.code
            text = undefined.reason
        }
    }

    package init(_ estimated: Estimated<Estimate>) {
        switch estimated {
        case .undefined(let undefined): reason = Reason(undefined)
        case .value(let value):
            estimate = value.value
            se = value.standardError.value
            lower = value.interval.value?.lower
            upper = value.interval.value?.upper
            reason = (value.standardError.undefined ?? value.interval.undefined).map(Reason.init)
        }
    }

    /// The estimate as groups are compared by it: as it was given, on its own scale.
    var estimated: Estimated<Estimate> {
        let undefined = Undefined(code: reason?.code ?? "undefined", reason: reason?.text ?? "undefined")
        guard let estimate else { return .undefined(undefined) }
        guard let se else {
            return .value(
                Estimate(value: estimate, standardError: .undefined(undefined), interval: .undefined(undefined)))
        }
        return .value(Estimate(normal: estimate, standardError: se))
    }

    private enum CodingKeys: String, CodingKey { case estimate, se, lower, upper, reason }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try encode(into: &container)
    }

    private func encode(into container: inout KeyedEncodingContainer<CodingKeys>) throws {
        try container.encode(estimate, forKey: .estimate)
        try container.encode(se, forKey: .se)
        try container.encode(lower, forKey: .lower)
        try container.encode(upper, forKey: .upper)
        try container.encodeIfPresent(reason, forKey: .reason)
    }
}

/// An estimate at a time.
package struct TimedEstimate: Sendable, Hashable, Encodable {
    package var time: Double
    package var value: ShownEstimate

    private enum CodingKeys: String, CodingKey { case time }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(time, forKey: .time)
        try value.encode(to: encoder)
    }
}
