/// One row of a log, as a file holds it.
struct EpisodeRow {
    /// `data.csv:12`
    var place: String
    var episode: String
    /// Nil where the file does not number steps.
    var step: Int?
    var observation: [Double]
    /// What was done; nil for a row that holds nothing but what was observed after the last decision.
    var action: EpisodeAction?
    var reward: Double
    var terminated: Bool
    var truncated: Bool
    /// NaN where it is not known.
    var probability: Double
    /// Nil where the file does not say what was allowed.
    var allowed: UInt64?
    var groups: [String]
}

/// An action as a file writes it.
enum EpisodeAction: Hashable {
    case text(String)
    case values([Double])

    var description: String {
        switch self {
        case .text(let text): text
        case .values(let values): values.map { "\($0)" }.joined(separator: ", ")
        }
    }
}
