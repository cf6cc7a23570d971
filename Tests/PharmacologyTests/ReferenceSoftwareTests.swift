import Foundation
import ModelLanguage
import NumericsCore
import Testing

@testable import Pharmacology

/// A table of reference values beside these tests: a `.csv` with its `.info.json` and the script that regenerates both.
struct ReferenceTable {
    let columns: [String]
    let rows: [[String]]

    init(_ name: String, file: String = #filePath) throws {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("References")
        let text = try String(contentsOf: folder.appendingPathComponent(name + ".csv"), encoding: .utf8)
        let lines = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        columns = try #require(lines.first)
        rows = Array(lines.dropFirst())
        try #require(!rows.isEmpty && rows.allSatisfy { $0.count == columns.count })
    }

    func index(_ column: String) throws -> Int { try #require(columns.firstIndex(of: column), "no column '\(column)'") }

    func number(_ row: [String], _ column: String) throws -> Double { try #require(Double(row[index(column)])) }

    /// The rows with the same values in some columns, in the order of their first appearance.
    func groups(by keys: [String]) throws -> [[[String]]] {
        let places = try keys.map(index)
        var order: [[String]] = []
        var groups: [[String]: [[String]]] = [:]
        for row in rows {
            let key = places.map { row[$0] }
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(row)
        }
        return order.compactMap { groups[$0] }
    }
}

/// Backed by reference software: SciPy's solutions at tolerances far below those compared.
@Suite("Reference software")
struct ReferenceSoftwareTests {
    /// The text of a bundled model.
    static func bundledModel(_ name: String, file: String = #filePath) throws -> String {
        let root = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("scenarios/models/\(name).R"), encoding: .utf8)
    }

    /// The largest relative error of a column over all patients; values below 1e-6 of the column's largest are left out.
    private func worstError(
        _ table: ReferenceTable, _ groups: [[[String]]], _ courses: [TestCourse], _ output: Int, _ column: String
    ) throws -> Double {
        let largest = try table.rows.map { abs(try table.number($0, column)) }.max() ?? 0
        var worst = 0.0
        for (group, course) in zip(groups, courses) {
            #expect(course.failure == nil)
            for (row, values) in zip(group, course.values) {
                let expected = try table.number(row, column)
                if abs(expected) > 1e-6 * largest { worst = max(worst, relativeError(values[output], expected)) }
            }
        }
        return worst
    }

    struct Workload: Sendable, CustomTestStringConvertible {
        var name: String
        var model: String
        var main: String
        var doses: [DosingRecord]
        /// The largest error of the main output at the default tolerances (1e-6, 1e-8), at 1e-8 and at 1e-11.
        var bounds: [Double]

        var testDescription: String { name }
    }

    static let workloads = [
        Workload(
            name: "w1",
            model: """
                d/dt(GUT) <- -KA * GUT
                d/dt(CENT) <- KA * GUT - (CL / V2 + 8 / V2) * CENT + 8 / 100 * PERI
                d/dt(PERI) <- 8 / V2 * CENT - 8 / 100 * PERI
                """, main: "CENT",
            doses: (0..<14).map { DosingRecord(time: 12 * Double($0), compartment: 0, amount: 100) },
            bounds: [5e-7, 1e-8, 2e-11]),
        Workload(
            name: "w2",
            model: """
                RESP(0) <- 10 / KOUT
                C <- CENT / V
                d/dt(GUT) <- -KA * GUT
                d/dt(CENT) <- KA * GUT - CL * C
                d/dt(RESP) <- 10 * (1 - 0.9 * C / (IC50 + C)) - KOUT * RESP
                """, main: "RESP",
            doses: (0..<28).map { DosingRecord(time: 24 * Double($0), compartment: 0, amount: 100) },
            bounds: [5e-7, 1e-8, 2e-11]),
        Workload(
            name: "w4",
            model: """
                KTR <- 4 / MTT
                C <- CENT / V1
                ED <- SLOPE * C * 1.2377
                d/dt(CENT) <- -CL * C - 15 * C + 15 * PERI / 200
                d/dt(PERI) <- 15 * C - 15 * PERI / 200
                d/dt(PROL) <- KTR * PROL * (1 - ED) * (CIRC0 / CIRC)^0.161 - KTR * PROL
                d/dt(T1) <- KTR * (PROL - T1)
                d/dt(T2) <- KTR * (T1 - T2)
                d/dt(T3) <- KTR * (T2 - T3)
                d/dt(CIRC) <- KTR * (T3 - CIRC)
                PROL(0) <- CIRC0
                T1(0) <- CIRC0
                T2(0) <- CIRC0
                T3(0) <- CIRC0
                CIRC(0) <- CIRC0
                """, main: "CIRC",
            doses: (0..<4).map { DosingRecord(time: 504 * Double($0), compartment: 0, amount: 140, duration: 1) },
            bounds: [2e-5, 2e-6, 1e-8]),
    ]

    @Test(
        "Eight fixed subjects of three workloads agree at the default tolerances and at tighter ones",
        arguments: workloads)
    func workload(_ workload: Workload) throws {
        let table = try ReferenceTable(workload.name)
        let groups = try table.groups(by: ["ID"])
        let model = try Simulate.model(workload.model, outputs: [workload.main])
        let inputs = model.model.covariates
        let patients = try groups.map { group in
            TestPatient(
                inputs: Dictionary(uniqueKeysWithValues: try inputs.map { ($0, try table.number(group[0], $0)) }),
                doses: workload.doses)
        }
        #expect(patients.count == 8)
        let times = try groups[0].map { try table.number($0, "time") }
        for (tolerance, bound) in zip([1e-6, 1e-8, 1e-11], workload.bounds) {
            let options = SolverOptions(relativeTolerance: tolerance, absoluteTolerance: min(1e-8, tolerance))
            let courses = try Simulate.courses(model, patients, at: times, options)
            let worst = try worstError(table, groups, courses, 0, workload.main)
            #expect(worst < bound, "tolerance \(tolerance)")
        }
    }

    @Test("Warfarin after Hamberg 2007: concentration, chains and INR of four patients over 28 days")
    func warfarin() throws {
        let table = try ReferenceTable("warfarin_hamberg")
        let groups = try table.groups(by: ["age", "cyp2c9", "vkorc1"])
        let columns = ["cs", "peripheral", "a6", "a7", "INR"]
        let model = try Simulate.model(Self.bundledModel("warfarin_hamberg_2007"), outputs: columns)
        let patients = try groups.map { group in
            var inputs = ["AGE": try table.number(group[0], "age")]
            for covariate in model.model.covariates where covariate != "AGE" { inputs[covariate] = 0 }
            let cyp2c9 = group[0][try table.index("cyp2c9")]
            let vkorc1 = group[0][try table.index("vkorc1")]
            if cyp2c9 != "*1/*1" { inputs["CYP2C9_" + cyp2c9.filter { "123".contains($0) }] = 1 }
            if vkorc1 != "G/G" { inputs["VKORC1_" + vkorc1.filter { $0 != "/" }] = 1 }
            return TestPatient(
                inputs: inputs, doses: (0..<28).map { DosingRecord(time: 24 * Double($0), compartment: 0, amount: 5) })
        }
        #expect(patients.count == 4)
        let times = try groups[0].map { try table.number($0, "time") }
        // Concentration to a small power has no derivative at 0, where every path starts: that is what limits a6 (the
        // others are ten to a thousand times closer).
        for (tolerance, bound) in [(1e-6, 1e-6), (1e-8, 4e-7), (1e-11, 1e-9)] {
            let options = SolverOptions(relativeTolerance: tolerance, absoluteTolerance: min(1e-8, tolerance))
            let courses = try Simulate.courses(model, patients, at: times, options)
            for (output, column) in columns.enumerated() {
                let worst = try worstError(table, groups, courses, output, column)
                #expect(worst < bound, "\(column), tolerance \(tolerance)")
            }
        }
    }
}
