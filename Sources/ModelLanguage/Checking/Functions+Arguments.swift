/// Arguments by name, as R takes them: `expit(x, high = 10)`.
extension LanguageFunction {
    /// The names of some functions' arguments, with the value of one that is left out.
    private static let named: [String: [(name: String, standard: Double?)]] = {
        let bounds: [(name: String, standard: Double?)] = [("x", nil), ("low", 0), ("high", 1)]
        let normal: [(name: String, standard: Double?)] = [("mean", 0), ("sd", 1)]
        return [
            "expit": bounds, "logit": bounds, "probit": bounds, "probitInv": bounds,
            "log": [("x", nil), ("base", nil)],
            "round": [("x", nil), ("digits", nil)], "ifelse": [("test", nil), ("yes", nil), ("no", nil)],
            "pnorm": [("q", nil)] + normal, "qnorm": [("p", nil)] + normal, "dnorm": [("x", nil)] + normal,
        ]
    }()

    /// The arguments in the places that their names tell, the others in the places left. As given where a name is
    /// unknown, comes twice, or leaves a hole that has no standard value: then the names are refused.
    static func byPlace(
        _ function: String, _ arguments: [Expression.Argument], at place: SourcePlace
    ) -> [Expression.Argument] {
        guard arguments.contains(where: { $0.name != nil }), let names = named[function],
            arguments.count <= names.count
        else { return arguments }
        var placed = [Expression.Argument?](repeating: nil, count: names.count)
        for argument in arguments {
            guard let name = argument.name else { continue }
            guard let index = names.firstIndex(where: { $0.name == name }), placed[index] == nil else {
                return arguments
            }
            placed[index] = Expression.Argument(value: argument.value)
        }
        for argument in arguments where argument.name == nil {
            guard let free = placed.firstIndex(where: { $0 == nil }) else { return arguments }
            placed[free] = argument
        }
        let count = (placed.lastIndex { $0 != nil } ?? -1) + 1
        var whole: [Expression.Argument] = []
        for (index, argument) in placed.prefix(count).enumerated() {
            if let argument {
                whole.append(argument)
            } else if let standard = names[index].standard {
                whole.append(Expression.Argument(value: Expression(.number(standard), at: place)))
            } else {
                return arguments
            }
        }
        return whole
    }
}
