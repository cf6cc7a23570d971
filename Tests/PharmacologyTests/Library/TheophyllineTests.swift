import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// Backed by a closed form (every patient of the data) and by the data (the residual of the fit).
@Suite("Library: theophylline")
struct TheophyllineTests {
    static func rows() throws -> [[String: String]] {
        try LibraryFile.table(LibraryFile.references.appendingPathComponent("theophylline_pk.csv"))
    }

    /// C(t) = D ke ka / (CL (ka − ke)) (e^(−ke t) − e^(−ka t)), the exactness test of a solver: 1e-6.
    @Test("The twelve subjects' courses follow the closed form at the default tolerances")
    func closedForm() throws {
        let library = try LibraryModel("theophylline_boeckmann_1994", outputs: ["cp"])
        var worst = 0.0
        var subjects = Set<String>()
        for (id, rows) in Dictionary(grouping: try Self.rows(), by: { $0["id"] ?? "" }).sorted(by: { $0.key < $1.key })
        {
            subjects.insert(id)
            let dose = try #require(rows[0]["dose_mg_per_kg"].flatMap(Double.init))
            let times = try rows.map { try #require($0["time_h"].flatMap(Double.init)) }
            let effects = library.independentEffects(of: Int(id) ?? 0, seed: 12)
            let course = try library.course(
                effects, [.init(compartment: "depot", amount: dose, times: [0])], at: times, SolverOptions())[0]
            let ke = Elementary.exp(-2.4547)
            let ka = Elementary.exp(0.4655 + (effects["etalka"] ?? 0))
            let cl = Elementary.exp(-3.2272 + (effects["etalcl"] ?? 0))
            for (time, value) in zip(times, course) where time > 0 {
                let shape = Elementary.exp(-ke * time) - Elementary.exp(-ka * time)
                worst = max(worst, relativeError(value, dose * ke * ka / (cl * (ka - ke)) * shape))
            }
        }
        #expect(subjects.count == 12)
        #expect(worst < 1e-6)
    }

    /// The typical curve is a mean of the subjects: their residuals from it are larger than the residual error (0.709) and
    /// have no bias.
    @Test("The typical course runs through the middle of the data")
    func data() throws {
        let library = try LibraryModel("theophylline_boeckmann_1994", outputs: ["cp"])
        var sum = 0.0
        var squares = 0.0
        let rows = try Self.rows()
        for row in rows {
            let dose = try #require(row["dose_mg_per_kg"].flatMap(Double.init))
            let time = try #require(row["time_h"].flatMap(Double.init))
            let value = try library.course([:], [.init(compartment: "depot", amount: dose, times: [0])], at: [time])[0][
                0]
            let residual = try #require(row["conc_mg_per_L"].flatMap(Double.init)) - value
            sum += residual
            squares += residual * residual
        }
        #expect(rows.count == 132)
        #expect(abs(sum / 132) < 0.2)
        #expect((0.709..<2).contains((squares / 132).squareRoot()))
    }
}
