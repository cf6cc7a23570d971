import Foundation
import Outcomes
import Testing

/// The numbers of states-R.json with the data that they belong to.
struct StatesReference: Decodable, Sendable {
    struct Incidence: Decodable, Sendable {
        let times: [Double]
        let incidence, se: [[Double]]
        /// Null where the probability is 0.
        let lower, upper: [[Double?]]
        let plainLower, plainUpper: [[Double]]
    }
    struct Aalen: Decodable, Sendable { let est, `var`: [[Double]] }
    struct Gray: Decodable, Sendable { let statistic, df: [Double] }
    struct CRR: Decodable, Sendable {
        let coef, se, modelSE, loglik, times: [Double]
        let prediction: [[Double]]
    }
    struct FineGray: Decodable, Sendable { let coef, modelSE, loglik: [Double] }
    struct Competing: Decodable, Sendable {
        let fine, coarse, delayed: Incidence
        let fineAalen, coarseAalen: Aalen
        let gray: [String: Gray]
        let crr: [String: CRR]
        let finegray: [String: FineGray]
    }
    struct Occupancy: Decodable, Sendable {
        let times, p0: [Double]
        let p, se: [[Double]]
    }
    struct Fixed: Decodable, Sendable {
        let times: [Double]
        let p, se: [[Double]]
    }
    struct Multi: Decodable, Sendable {
        let occupancy: Occupancy
        let expected: [Double]
        let fixed: [Fixed]
        let etm: [[Double]]
    }
    struct MCF: Decodable, Sendable { let time, mean, se: [Double] }
    struct NegativeBinomial: Decodable, Sendable {
        let coef, se: [Double]
        let theta, thetaSE, loglik: Double
    }
    struct Recurrent: Decodable, Sendable {
        let mcf: MCF
        let nb: [String: NegativeBinomial]
    }

    let competing: Competing
    let multi: Multi
    let recurrent: Recurrent

    static let shared: StatesReference = {
        do {
            return try JSONDecoder().decode(
                StatesReference.self, from: Data(contentsOf: folder.appendingPathComponent("states-R.json")))
        } catch { fatalError("states-R.json: \(error)") }
    }()

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("References")

    /// The columns of a table beside states-R.json, as text.
    static func table(_ file: String) throws -> [String: [String]] {
        let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
        let lines = text.split(whereSeparator: \.isNewline)
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        var columns: [String: [String]] = [:]
        for (index, name) in (lines.first ?? []).enumerated() { columns[name] = lines.dropFirst().map { $0[index] } }
        return columns
    }

    /// pbc with transplantation as cause 2.
    static func pbc() throws -> CompetingRisksData {
        let set = try ReferenceSet.named("pbc")
        return try CompetingRisksData(times: set.column("time"), causes: set.column("event").map { Int($0) })
    }

    /// The coarse version of states.R: three causes, times in quarters of a year, and with it delayed entry.
    static func coarse(delayed: Bool = false) throws -> CompetingRisksData {
        let set = try ReferenceSet.named("pbc")
        let times = try set.column("time").map { ($0 / 91).rounded(.up) }
        var seen = 0
        let causes = try set.column("event").map { event -> Int in
            guard event == 1 else { return Int(event) }
            seen += 1
            return seen % 5 == 0 ? 3 : 1
        }
        let entries = times.indices.map { (times[$0] * (Double(($0 + 1) % 5) / 10)).rounded(.down) }
        return try CompetingRisksData(times: times, causes: causes, entries: delayed ? entries : nil)
    }

    /// The four groups of age of states.R.
    static func ageGroups() throws -> Grouping {
        Grouping(try ReferenceSet.named("pbc").column("age").map { $0 <= 42 ? 1 : $0 <= 50 ? 2 : $0 <= 57 ? 3 : 4 })
    }

    static func stays() throws -> MultiStateData {
        let table = try table("states-events.csv")
        func column(_ name: String) throws -> [Int] {
            try #require(table[name]).map { try #require(Int($0)) }
        }
        return try MultiStateData(
            subjects: column("id"), from: column("from"), to: column("to").map { $0 < 0 ? nil : $0 },
            entries: column("entry").map(Double.init), exits: column("exit").map(Double.init),
            states: ["s0", "s1", "s2", "s3"])
    }

    struct Counts {
        let data: RecurrentEventData
        let covariates: [CovariateColumn]
    }

    static func counts() throws -> Counts {
        let table = try table("states-counts.csv")
        func column(_ name: String) throws -> [Double] {
            try #require(table[name]).map { try #require(Double($0)) }
        }
        let times = try #require(table["times"]).map { text in
            try text.split(separator: ";").map { try #require(Double($0)) }
        }
        return Counts(
            data: try RecurrentEventData(
                eventTimes: times, followUp: column("followUp"), entries: column("entry")),
            covariates: [.init("x", try column("x")), .init("group", try column("group"))])
    }
}

// The C library's functions for simulated data; the estimators take theirs from NumericsCore.
func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }
func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
