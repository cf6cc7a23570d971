import Testing

@testable import Cohorts

/// What the importer says about a text and declarations.
private func messages(_ text: String, _ columns: [ColumnDeclaration], maximumShown: Int = 20) -> String {
    do {
        let cohort = try Cohort(
            csv: Array(text.utf8), file: "data/iwpc.csv", columns: columns, maximumShown: maximumShown)
        return "read \(cohort.count) patients"
    } catch { return error.description }
}

private func cohort(_ text: String, _ columns: [ColumnDeclaration]) throws -> Cohort {
    try Cohort(csv: Array(text.utf8), file: "t.csv", columns: columns)
}

private let height = ColumnDeclaration("height_cm", .number(unit: "cm", lower: 100, upper: 230))

@Suite struct CohortImportTests {
    @Test func everyKindBecomesAColumn() throws {
        let text = """
            id,sex,age_decade,height_cm,visits,smoker,race,unused
            P1,male,60-69,170.5,3,1,W,x
            P2,female,90+,,2.0,no,B,x
            P3,female,0-9,NA,,TRUE,?,x

            """
        let cohort = try cohort(
            text,
            [
                ColumnDeclaration("id", .identifier), ColumnDeclaration("sex", .category(levels: ["male", "female"])),
                ColumnDeclaration("age", header: "age_decade", .decade(as: .midpoint), longName: "age at start"),
                ColumnDeclaration("height_cm", .number(unit: "cm", lower: 100, upper: 230), missingMarkers: ["NA"]),
                ColumnDeclaration("visits", .integer(lower: 0)), ColumnDeclaration("smoker", .flag),
                ColumnDeclaration(
                    "race", .category([.init("W", label: "White"), .init("B", label: "Black")]), missingMarkers: ["?"]),
                ColumnDeclaration("site", .category(levels: ["A"]), isOptional: true),
                ColumnDeclaration("unused", .ignored),
            ])
        #expect(cohort.names == ["id", "sex", "age", "height_cm", "visits", "smoker", "race", "site"])
        #expect(cohort.count == 3)
        #expect(cohort.sourceRow == [2, 3, 4])
        #expect(cohort.columns.map { $0.text(0) ?? "-" } == ["P1", "male", "65", "170.5", "3", "yes", "White", "-"])
        #expect(cohort.columns.map { $0.text(1) ?? "-" } == ["P2", "female", "95", "-", "2", "no", "Black", "-"])
        #expect(cohort.columns.map { $0.text(2) ?? "-" } == ["P3", "female", "5", "-", "-", "yes", "-", "-"])
        #expect(cohort.columns.map(\.unit) == ["1", "1", "year", "cm", "1", "1", "1", "1"])
        #expect(try cohort.column("age").longName == "age at start")
        #expect(try cohort.column("race").levels == ["White", "Black"])
    }

    @Test(arguments: [
        (ColumnDeclaration.DecadeReading.lowerBound, [60.0, 90, 10], "year"), (.midpoint, [65, 95, 15], "year"),
        (.decades, [6, 9, 1], "decade"),
    ])
    func decadesAreReadInThreeWays(_ reading: ColumnDeclaration.DecadeReading, _ values: [Double], _ unit: String)
        throws
    {
        let column = try cohort("age\n60-69\n90+\n10-19\n", [ColumnDeclaration("age", .decade(as: reading))]).column(
            "age")
        #expect(column.values == values)
        #expect(column.unit == unit)
    }

    @Test(arguments: ["60-70", "65-74", "60", "60-", "-69", "60-69-79", "+60-69", "90-", "+", "9O+", "sixty"])
    func whatIsNoDecadeIsRefused(_ text: String) {
        #expect(
            messages("x,age\n1,\(text)\n", [ColumnDeclaration("age", .decade())])
                == "data/iwpc.csv:2:3: error: age: found '\(text)', allowed: a decade such as '60-69', or '90+'")
    }

    @Test func severalCodesMayShareALevel() throws {
        let declaration = ColumnDeclaration(
            "cyp2c9", .category([.init("*1/*1"), .init("*1/*5", label: "rare"), .init("*1/*6", label: "rare")]))
        let column = try cohort("cyp2c9\n*1/*6\n*1/*1\n*1/*5\n", [declaration]).column("cyp2c9")
        #expect(column.levels == ["*1/*1", "rare"])
        #expect(column.values == [1, 0, 1])
    }

    // MARK: Refusals, whole messages

    @Test(arguments: [
        ("abc", "found 'abc'"), ("99.99", "found '99.99'"), ("230.5", "found '230.5'"), ("1e3", "found '1e3'"),
        ("nan", "found 'nan'"), ("1,5", "found '1,5'"), ("170 cm", "found '170 cm'"), ("0x80", "found '0x80'"),
        ("--5", "found '--5'"), ("inf", "found 'inf'"), (" ", "found ' '"),
    ])
    func aNumberOutsideItsKindOrRange(_ cell: String, _ found: String) {
        #expect(
            messages("id,height_cm\nA,170\nB,\"\(cell)\"\n", [height])
                == "data/iwpc.csv:3:3: error: height_cm: \(found), allowed: a number from 100 to 230 (cm)")
    }

    @Test(arguments: [
        (ColumnDeclaration.Kind.integer(unit: "d", lower: 1), "2.5", "a whole number of at least 1 (d)"),
        (.integer(upper: 9), "10", "a whole number of at most 9"), (.integer(), "1e30", "a whole number"),
        (.number(unit: "1"), "x", "a number"), (.number(unit: "", lower: -0.5), "-0.6", "a number of at least -0.5"),
        (.flag, "2", "1 or 0, yes or no, true or false"), (.flag, "y", "1 or 0, yes or no, true or false"),
        (.category(levels: ["male", "female"]), "Male", "'male', 'female'"),
        (.category([.init("1", label: "male"), .init("2", label: "female")]), "male", "'1', '2'"),
    ])
    func aCellOfAnotherKind(_ kind: ColumnDeclaration.Kind, _ cell: String, _ allowed: String) {
        #expect(
            messages("é,v\nx,\(cell)\n", [ColumnDeclaration("v", kind)])
                == "data/iwpc.csv:2:3: error: v: found '\(cell)', allowed: \(allowed)")
    }

    @Test func aMissingCellWhereNoneMayBe() {
        let declaration = ColumnDeclaration(
            "height_cm", .number(unit: "cm", lower: 100, upper: 230), missingMarkers: ["NA"], allowsMissing: false)
        #expect(
            messages("id,height_cm\nA,\nB,NA\n", [declaration])
                == """
                data/iwpc.csv:2:3: error: height_cm: found an empty cell, allowed: a number from 100 to 230 (cm)
                data/iwpc.csv:3:3: error: height_cm: found 'NA', allowed: a number from 100 to 230 (cm)
                """)
    }

    @Test func anUndeclaredColumnIsNotRead() throws {
        #expect(try cohort("height_cm,junk\n150,???\n", [height]).names == ["height_cm"])
    }

    @Test func aDeclaredColumnThatTheFileLacks() {
        #expect(
            messages("id,hieght_cm,sex\nA,170,male\n", [height])
                == "data/iwpc.csv:1:1: error: height_cm: the file has no column 'height_cm'; did you mean 'hieght_cm'? (columns: id, hieght_cm, sex)"
        )
        #expect(
            messages("id,sex\nA,male\n", [height])
                == "data/iwpc.csv:1:1: error: height_cm: the file has no column 'height_cm' (columns: id, sex)")
    }

    @Test func declarationsThatContradictThemselves() {
        let columns = [
            ColumnDeclaration("height_cm", .number(unit: "cm", lower: 230, upper: 100), place: "trial.yaml:14:7"),
            ColumnDeclaration("n", .integer(lower: 2, upper: 1)),
            ColumnDeclaration("sex", .category(levels: [])),
            ColumnDeclaration("race", .category(levels: ["W", "B", "W", "NA"]), missingMarkers: ["NA"]),
            ColumnDeclaration("x", .number(unit: "", lower: .nan)),
            ColumnDeclaration("n", .flag),
        ]
        #expect(
            messages("height_cm,n,sex,race,x\n", columns)
                == """
                trial.yaml:14:7: error: height_cm: impossible range from 230 to 100; the lower bound must not exceed the upper
                columns: error: n: impossible range from 2 to 1; the lower bound must not exceed the upper
                columns: error: sex: a category without levels; name at least one
                columns: error: race: the level 'W' is declared twice
                columns: error: race: 'NA' is declared both as a level and as missing
                columns: error: x: found the bound nan; a bound must be a finite number
                columns: error: n: declared twice; names must differ
                """)
    }

    @Test func aRepeatedIdentifier() {
        #expect(
            messages("x,id\n1,A\n2,B\n3,A\n", [ColumnDeclaration("id", .identifier)])
                == "data/iwpc.csv:4:3: error: id: found 'A' again, first on line 2, allowed: a name that no other row has"
        )
    }

    @Test func allProblemsAreReportedAtOnce() {
        let text = "id,height_cm,sex\nA,1,male\nB,2\nC,170,other\nD,\"4\n\",male\n"
        let columns = [height, ColumnDeclaration("sex", .category(levels: ["male", "female"]))]
        #expect(
            messages(text, columns)
                == """
                data/iwpc.csv:2:3: error: height_cm: found '1', allowed: a number from 100 to 230 (cm)
                data/iwpc.csv:3:1: error: the row has 2 cells, expected 3 as in the header
                data/iwpc.csv:4:7: error: sex: found 'other', allowed: 'male', 'female'
                data/iwpc.csv:5:3: error: height_cm: found '4
                ', allowed: a number from 100 to 230 (cm)
                """)
        #expect(
            messages(text, columns, maximumShown: 2)
                == """
                data/iwpc.csv:2:3: error: height_cm: found '1', allowed: a number from 100 to 230 (cm)
                data/iwpc.csv:3:1: error: the row has 2 cells, expected 3 as in the header
                4 problems in all, the first 2 shown
                """)
    }

    @Test func aFileWithoutFormIsRefusedAsTheReaderSays() {
        #expect(
            messages("", [height])
                == "data/iwpc.csv:1:1: error: the file is empty; its first line must name the columns")
    }

    // Invariant: whatever the bytes, the importer throws or gives whole rows; it never traps.
    @Test(arguments: 0..<300)
    func damagedFilesAreReadOrRefused(_ seed: Int) {
        var random = TestRandom(seed: UInt64(seed) + 50_000)
        var bytes = Array("id,age,sex,h\nA,60-69,male,170\n\"B\",90+,\"fe\"\"male\",1e2\r\nC,,,\n".utf8)
        for _ in 0..<(1 + random.next(below: 4)) {
            let at = random.next(below: bytes.count)
            switch random.next(below: 3) {
            case 0: bytes[at] = UInt8(random.next(below: 256))
            case 1: bytes.remove(at: at)
            default: bytes.insert(Array(",\"\n\r-+.e9".utf8)[random.next(below: 9)], at: at)
            }
        }
        let columns = [
            ColumnDeclaration("id", .identifier), ColumnDeclaration("age", .decade()),
            ColumnDeclaration("sex", .category(levels: ["male"])),
            ColumnDeclaration("h", .number(unit: "cm", lower: 1)),
        ]
        do {
            let cohort = try Cohort(csv: bytes, file: "t.csv", columns: columns)
            #expect(cohort.columns.allSatisfy { $0.values.count == cohort.sourceRow.count }, "seed \(seed)")
            #expect(cohort.sourceRow == cohort.sourceRow.sorted(), "seed \(seed)")
        } catch {
            #expect(error.total >= error.problems.count && !error.problems.isEmpty, "seed \(seed)")
            #expect(error.problems.allSatisfy { $0.place.hasPrefix("t.csv:") }, "seed \(seed): \(error)")
        }
    }
}

// Backed by a second route: the standard library's exact conversion of decimals.
@Suite struct DecimalNumberTests {
    @Test(arguments: 0..<100)
    func agreesWithTheStandardLibrary(_ seed: Int) throws {
        var random = TestRandom(seed: UInt64(seed) + 7_000)
        for _ in 0..<50 {
            var text = ["", "-", "+"][random.next(below: 3)]
            text += (0..<(1 + random.next(below: 18))).map { _ in "\(random.next(below: 10))" }.joined()
            if random.next(below: 2) == 0 {
                text += "." + (0..<random.next(below: 20)).map { _ in "\(random.next(below: 10))" }.joined()
            }
            if random.next(below: 3) == 0 { text += "e\(random.next(below: 60) - 30)" }
            let expected = try #require(Double(text))
            #expect(decimalNumber(Array(text.utf8)[...]) == expected, "\(text), seed \(seed)")
        }
    }

    @Test(arguments: [
        "", "-", ".", "e5", "1e", "1e+", "1 ", " 1", "1_000", "1.2.3", "infinity", "nan", "0x1p3", "1e999", "½",
    ])
    func otherTextsAreNoNumbers(_ text: String) {
        #expect(decimalNumber(Array(text.utf8)[...]) == nil)
    }

    @Test func zeroKeepsItsSignAndAPointMayLead() {
        #expect(decimalNumber(Array("-0".utf8)[...])?.sign == .minus)
        #expect(decimalNumber(Array(".5".utf8)[...]) == 0.5)
        #expect(decimalNumber(Array("5.".utf8)[...]) == 5)
    }
}
