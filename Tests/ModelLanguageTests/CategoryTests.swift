import NumericsCore
import Testing

@testable import ModelLanguage

/// Backed by the meaning of categories on small tables, and by named failures compared whole.
@Suite("Categories")
struct CategoryTests {
    static let race = InputSymbol("race", levels: ["Asian", "Black", "White"])
    static let site = InputSymbol("site", levels: ["Black", "Asian"])
    static let age = InputSymbol("age")

    @Test("A category is compared with texts and with other categories, by level and not by code")
    func comparisons() throws {
        let program = try Compiled.rule(
            """
            black <- race == "Black"
            other <- "White" != race
            same <- race == site
            """, [Self.race, Self.site])
        // Codes: race 0 Asian, 1 Black, 2 White; site 0 Black, 1 Asian; missing is neither equal nor unequal.
        let values = program.evaluate([[0, 1, 2, .nan, 1], [1, 1, 0, 0, 0]], count: 5)
        #expect(values[0] == [0, 1, 0, 0, 1])
        #expect(values[1] == [1, 1, 0, 0, 1])
        #expect(values[2] == [1, 0, 0, 0, 1])
        #expect(program.outputs.allSatisfy { $0.levels == nil })
    }

    @Test("ifelse and if make categories whose levels are those of their sides, in order")
    func merging() throws {
        let program = try Compiled.rule(
            """
            band <- ifelse(age < 65, "young", ifelse(age < 80, "old", "very old"))
            if (race == "Asian") group <- race else group <- ifelse(age < 65, "younger", "Asian")
            kept <- race
            if (age > 80) kept <- site
            """, [Self.race, Self.site, Self.age])
        #expect(
            program.outputs == [
                InputSymbol("band", levels: ["young", "old", "very old"]),
                InputSymbol("group", levels: ["Asian", "Black", "White", "younger"]),
                InputSymbol("kept", levels: ["Black", "Asian", "White"]),
            ])
        let values = program.evaluate([[0, 1, 2, .nan], [0, 0, 1, 1], [30, 70, 90, .nan]], count: 4)
        #expect(values[0] == [0, 1, 2, 2])
        #expect(values[1] == [0, 0, 0, 0])
        // Recoded where the lists of levels differ: Asian, Black, Asian (site), missing.
        #expect(Array(values[2].prefix(3)) == [1, 0, 1])
        #expect(values[2][3].isNaN)
    }

    @Test("A missing category stays missing in every recoding")
    func missing() throws {
        let program = try Compiled.rule(
            "x <- ifelse(age > 0, site, race)\ny <- is.na(x)", [Self.race, Self.site, Self.age])
        let values = program.evaluate([[0, .nan, 2], [.nan, 0, 1], [1, 0, 1]], count: 3)
        #expect(values[0][0].isNaN && values[0][1].isNaN && !values[0][2].isNaN)
        #expect(values[1] == [1, 1, 0])
    }

    @Test(
        "Misuse is refused with the place and the levels",
        arguments: [
            (
                "x <- race + 1",
                """
                r.R:1:6: error: a category can be compared with == or != only, found '+'
                x <- race + 1
                     ^^^^
                """
            ),
            (
                "x <- race == \"Blakc\"",
                """
                r.R:1:14: error: "Blakc" is not a level here; allowed: "Asian", "Black", "White"; did you mean "Black"?
                x <- race == "Blakc"
                             ^^^^^^^
                """
            ),
            (
                "x <- race < \"Black\"",
                """
                r.R:1:6: error: a category can be compared with == or != only, found '<'
                x <- race < "Black"
                     ^^^^
                """
            ),
            (
                "x <- race == 1",
                """
                r.R:1:14: error: a category is compared with a text in quotes; its levels are "Asian", "Black", "White"
                x <- race == 1
                             ^
                """
            ),
            (
                "x <- ifelse(age < 65, \"young\", 2)",
                """
                r.R:1:6: error: one side is a category ("young"), the other a number
                x <- ifelse(age < 65, "young", 2)
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                """
            ),
            (
                "x <- age\nif (age > 3) x <- race",
                """
                r.R:2:1: error: one side is a category ("Asian", "Black", "White"), the other a number
                if (age > 3) x <- race
                ^^
                """
            ),
            (
                "x <- exp(race)",
                """
                r.R:1:10: error: a number is needed here, found a category ("Asian", "Black", "White"): compare it with one of its levels
                x <- exp(race)
                         ^^^^
                """
            ),
            (
                "if (race) x <- 1 else x <- 2",
                """
                r.R:1:5: error: a number is needed here, found a category ("Asian", "Black", "White"): compare it with one of its levels
                if (race) x <- 1 else x <- 2
                    ^^^^
                """
            ),
            (
                "x <- -\"a\"",
                """
                r.R:1:7: error: a number is needed here, found a category ("a"): compare it with one of its levels
                x <- -"a"
                      ^^^
                """
            ),
        ])
    func refused(_ text: String, _ message: String) {
        #expect(RefusedByChecker.rule(text, [Self.race, Self.site, Self.age]) == message)
    }

    @Test("Arithmetic on two categories is refused, and so is a category where a model needs a rate")
    func refusedInModels() {
        #expect(
            RefusedByChecker.rule("x <- race * site", [Self.race, Self.site]) == """
                r.R:1:6: error: a category can be compared with == or != only, found '*'
                x <- race * site
                     ^^^^
                """)
        #expect(
            RefusedByChecker.model("d/dt(a) <- \"fast\"") == """
                m.R:1:12: error: a number is needed here, found a category ("fast"): compare it with one of its levels
                d/dt(a) <- "fast"
                           ^^^^^^
                """)
    }
}
