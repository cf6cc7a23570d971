import Cohorts
import Environments
import NumericsCore
import Scenarios

/// Where the columns of an episode's patient come from: a record of a table, and draws.
struct PatientSource: Sendable {
    let records: Cohort?
    let areInTurn: Bool
    /// Places of the records' columns, and the values by record.
    let columns: [(place: Int, values: [Double])]
    let draws: [(place: Int, substream: UInt32, distribution: Distribution)]

    /// Writes the patient of an episode to the board.
    func fill(_ board: LanePointer, lane: Int, episode: Int, _ key: StreamKey) {
        if let records, records.count > 0 {
            var stream = EpisodeStream.make(key, episode: episode, substream: Substream.record.rawValue)
            let record = areInTurn ? episode % records.count : stream.nextInteger(below: records.count)
            for (place, values) in columns { board[place][lane] = values[record] }
        }
        for draw in draws {
            var stream = EpisodeStream.make(key, episode: episode, substream: draw.substream)
            board[draw.place][lane] = draw.distribution.sample(from: &stream)
        }
    }
}

/// The streams of an episode: one for each block of statements, so that a draw more in one moves no other.
enum Substream: UInt32 {
    case record = 1
    case derive, start, act, drive, each, after, ends, observe, missing, doses, set, reward, grouping, measures, allowed

    /// The stream of a column that is drawn: by its name (FNV-1a), so that a further column moves no other.
    static func column(_ name: String) -> UInt32 {
        let hash = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return hash | 0x8000_0000
    }
}

extension EnvironmentDocument.Moment {
    var substream: Substream {
        switch self {
        case .start: .start
        case .act: .act
        case .drive: .drive
        case .each: .each
        case .after: .after
        }
    }
}

extension DrawnColumn {
    /// The distribution, its parameters not yet checked.
    var law: Distribution {
        switch distribution {
        case "normal": .normal(mean: parameters[0], standardDeviation: parameters[1])
        case "lognormal": .logNormal(logMean: Elementary.log(parameters[0]), logStandardDeviation: parameters[1])
        case "beta": .beta(alpha: parameters[0], beta: parameters[1])
        case "gamma": .gamma(shape: parameters[0], scale: parameters[1])
        case "exponential": .exponential(rate: parameters[0])
        case "bernoulli": .bernoulli(probability: parameters[0])
        default: .uniform(lower: parameters[0], upper: parameters[1])
        }
    }
}
