import Foundation

/// Numbers as reports show them.
enum ShownNumber {
    static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
    static func short(_ value: Double) -> String { String(format: "%.1f", value) }
    static func fixed(_ value: Double?) -> String { value.map { String(format: "%.6f", $0) } ?? "-" }
    /// A number for JSON: none for NaN and infinities.
    static func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
}
