import ModelLanguage
import Testing

/// Backed throughout by the language's description, sections 1 and 9.
@Suite("Model documents")
struct ModelDocumentTests {
    /// Every construct of sections 1 to 9 in one file.
    static let wholeFile = """
        # Free text before
        everything_2026 <- function() {
          description <- "One-compartment model with a 'quoted' word – and a dash"
          reference <- paste("Someone A,", 'Another B.', "J Nothing.", 2026, sep = " ")
          units = list(time = "day", dosing = "mg", concentration = "mg/L")
          covariateData <- list(
            WT = list(description = "Weight", units = "kg", type = "continuous", n = 3L, missing = NA_real_),
            `odd name` = NULL
          )
          dosing <- c("depot", "central"); verified <- TRUE
          ini({
            lka <- fixed(log(1.5)); label("Absorption (1/day)") # a note
            lcl <- log(c(0.1, 4.2, 10)) ;
            lvc <- log(30)
            e_wt <- 0.75
            etalcl + etalvc ~ c(0.10,
                                0.02, 0.08)
            etalka ~ fix(0.09)
            propSd <- c(0, 0.2)
          })
          model({
            cmt(depot)
            ka <- exp(lka + etalka)
            cl <- exp(lcl + etalcl) * (WT / 70)^e_wt
            vc <-
              exp(lvc + etalvc)
            kel <- cl / vc
            if (SEXF == 1) kel <- kel * 0.9
            d/dt(depot) <- -ka * depot
            d/dt(central) <- ka * depot - kel * central; central(0) <- 0
            f(depot) <- 0.8; alag(depot) <- 0.1
            Cc <- central / vc
            Cc ~ prop(propSd) + add(addSd) | plasma
          })
        }
        attr(everything_2026, "message") <- "read this"
        everything_2026
        """

    @Test func aWholeFileIsRead() throws {
        let document = try Read.model(Self.wholeFile)
        #expect(document.name == "everything_2026")
        #expect(
            document.metadata.map(\.name) == [
                "description", "reference", "units", "covariateData", "dosing", "verified",
            ])
        #expect(document.parameters.map(\.name) == ["lka", "lcl", "lvc", "e_wt", "propSd"])
        #expect(document.randomEffects.map(\.names) == [["etalcl", "etalvc"], ["etalka"]])
        #expect(document.statements.count == 13)
        #expect(document.statements.last?.description == "Cc ~ prop(propSd) + add(addSd) | plasma")
        #expect(document.source.name == "m.R")
    }

    @Test func metadataKeepsItsShape() throws {
        let text = """
            f <- function() {
              a <- "x"; b = 'y "z"'
              c1 <- paste("a", 1.5, TRUE, sep = "-")
              d <- paste0("a", c("b", "c"))
              e <- paste("a", c("b", "c"), collapse = "; ")
              g <- c(one = 1, 2L, -3)
              h <- list(); i <- list(k = list(l = NA, NULL))
              j <- 2 * 3 + 1
              k <- c(TRUE, FALSE, T, F)
              model({ y <- 1 })
            }
            """
        func entry(_ value: MetadataValue, _ name: String? = nil) -> MetadataEntry {
            MetadataEntry(name: name, value: value)
        }
        let expected: [MetadataEntry] = [
            entry(.text("x"), "a"), entry(.text("y \"z\""), "b"), entry(.text("a-1.5-TRUE"), "c1"),
            entry(.list([entry(.text("ab")), entry(.text("ac"))]), "d"), entry(.text("a b; a c"), "e"),
            entry(.list([entry(.number(1), "one"), entry(.number(2)), entry(.number(-3))]), "g"), entry(.list([]), "h"),
            entry(.list([entry(.list([entry(.missing, "l"), entry(.missing)]), "k")]), "i"), entry(.number(7), "j"),
            entry(.list([true, false, true, false].map { entry(.flag($0)) }), "k"),
        ]
        #expect(try Read.model(text).metadata == expected)
    }

    @Test(arguments: [
        ("f <- function() { model({ y <- x }) }", "f"), ("f = function()\n{\nmodel({\ny <- x\n})\n}\n", "f"),
        ("function() { model({ y <- x }) }", nil), ("model({ y <- x })", nil),
        ("ini({ a <- 1 })\nmodel({ y <- x })", nil),
        ("y <- x", nil), ("y <- x;", nil), ("m <- rxode2({ y <- x })\nm", "m"), ("RxODE({\n y <- x\n})", nil),
        ("\u{FEFF}model({ y <- x })", nil), ("f <- function() {\r\n  model({\r\n    y <- x\r\n  })\r\n}\r\n", "f"),
        ("f <- function() { ini({ }); model ( {\n y <- x\n} ) }  \n\n\n f", "f"),
    ])
    func everyWrapperIsTaken(_ text: String, _ name: String?) throws {
        let document = try Read.model(text)
        #expect(document.name == name)
        #expect(document.statements.map(\.description) == ["y <- x"])
    }

    /// A block inside a scenario reports the scenario's lines; its trees count from the block's own first line.
    @Test func linesAreThoseOfTheFile() throws {
        let source = SourceText(name: "scenario.yaml", text: "a <- 1\nb <- (2", firstLine: 40)
        let error = try #require(throws: SourceErrors.self) { try ModelParser.parse(rule: source) }
        #expect(
            error.description == """
                scenario.yaml:41:8: error: found the end of the line; an operator or ')' is needed here, for the '(' at column 6
                b <- (2
                       ^
                """)
    }
}
