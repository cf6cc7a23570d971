import Cohorts

/// A number for each patient's combination of stratification columns that depends on the values alone (their FNV-1a hash):
/// who else enrols must not change a stratum's stream.
struct StrataKeys {
    let values: [Int]

    init(_ cohort: Cohort, columns: [Int], patients: Int) {
        values = (0..<patients).map { patient in
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for column in columns {
                let value = cohort.columns[column].values[patient]
                // All NaN are one value, and so are both zeros.
                let bits = value.isNaN ? Double.nan.bitPattern : (value + 0).bitPattern
                for byte in stride(from: 0, to: 64, by: 8) {
                    hash = (hash ^ (bits >> UInt64(byte) & 0xff)) &* 0x100_0000_01b3
                }
            }
            // Both halves count in the low bits, which key the stream.
            return Int(truncatingIfNeeded: hash ^ (hash >> 32))
        }
    }
}
