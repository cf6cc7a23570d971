import NumericsCore

extension KaplanMeier {
    /// The pointwise intervals of a whole curve, with the bits of one interval at a time but the elementary functions taken
    /// over all rows at once.
    struct Band {
        let intervals: [ConfidenceInterval?]

        /// - Parameters:
        ///   - survival: S at each time.
        ///   - variances: the variance of log S at each time; nil where it has none.
        init(survival: [Double], variances: [Double?], _ kind: IntervalKind, level: ConfidenceLevel) {
            let z = level.normalQuantile
            let reach = variances.map { z * ($0 ?? 0).squareRoot() }
            switch kind {
            case .plain:
                intervals = Self.rows(variances, level) { index in
                    let s = survival[index]
                    return (max(0, s - s * reach[index]), min(1, s + s * reach[index]))
                }
            case .log:
                let factor = Self.exp(reach)
                intervals = Self.rows(variances, level) { index in
                    (survival[index] / factor[index], min(1, survival[index] * factor[index]))
                }
            case .logLog:
                // Where S is 1 the quotient has no value: those rows, like those without a variance, are left nil.
                let hazard = Self.log(survival).map { -$0 }
                let factor = Self.exp(reach.indices.map { reach[$0] / hazard[$0] })
                let lower = Self.exp(reach.indices.map { -hazard[$0] * factor[$0] })
                let upper = Self.exp(reach.indices.map { -hazard[$0] / factor[$0] })
                intervals = Self.rows(variances, level) { index in
                    survival[index] < 1 ? (lower[index], upper[index]) : nil
                }
            }
        }

        private static func rows(
            _ variances: [Double?], _ level: ConfidenceLevel, _ bounds: (Int) -> (Double, Double)?
        ) -> [ConfidenceInterval?] {
            variances.indices.map { index in
                guard variances[index] != nil, let (lower, upper) = bounds(index) else { return nil }
                return ConfidenceInterval(lower: lower, upper: upper, level: level)
            }
        }

        private static func exp(_ values: [Double]) -> [Double] {
            [Double](unsafeUninitializedCapacity: values.count) { result, count in
                count = values.count
                guard let target = result.baseAddress else { return }
                values.withUnsafeBufferPointer { source in
                    if let source = source.baseAddress { VectorMath.exp(source, into: target, count: count) }
                }
            }
        }

        private static func log(_ values: [Double]) -> [Double] {
            [Double](unsafeUninitializedCapacity: values.count) { result, count in
                count = values.count
                guard let target = result.baseAddress else { return }
                values.withUnsafeBufferPointer { source in
                    if let source = source.baseAddress { VectorMath.log(source, into: target, count: count) }
                }
            }
        }
    }
}
