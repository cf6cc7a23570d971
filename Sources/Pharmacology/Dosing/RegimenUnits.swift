/// The units that a regimen's words may have.
enum RegimenUnits {
    private static let times: [(names: [String], seconds: Double)] = [
        (["s", "sec", "second", "seconds"], 1), (["min", "minute", "minutes"], 60),
        (["h", "hr", "hrs", "hour", "hours"], 3600), (["d", "day", "days"], 86_400),
        (["w", "wk", "week", "weeks"], 604_800),
    ]

    static let timesInWords = "s, min, h, d or w"

    /// Seconds in a unit of time; nil for a name that is none.
    static func seconds(_ name: String) -> Double? {
        times.first { $0.names.contains(name.lowercased()) }?.seconds
    }

    private static let masses: [String: Double] = [
        "ng": 1e-9, "ug": 1e-6, "mcg": 1e-6, "µg": 1e-6, "μg": 1e-6, "mg": 1e-3, "g": 1, "kg": 1e3,
    ]
    private static let substances: [String: Double] = [
        "pmol": 1e-12, "nmol": 1e-9, "umol": 1e-6, "µmol": 1e-6, "μmol": 1e-6, "mmol": 1e-3, "mol": 1,
    ]

    /// How many of the model's units one of the given units is; nil where one cannot be converted into the other.
    static func factor(from unit: String, to model: String) -> Double? {
        let (unit, model) = (unit.lowercased(), model.lowercased())
        if unit == model { return 1 }
        for family in [masses, substances] {
            if let from = family[unit], let to = family[model] { return (from / to).nearestPowerOfTen }
        }
        return nil
    }
}

extension Double {
    /// The power of ten that a quotient of two of them is but for rounding.
    fileprivate var nearestPowerOfTen: Double {
        var power = 1.0
        while power < self * 0.5 { power *= 10 }
        if power > 1 { return power }
        var divisor = 1.0
        while 1 / divisor > self * 2 { divisor *= 10 }
        return 1 / divisor
    }
}
