import ModelLanguage
import NumericsCore
import Testing

/// Backed throughout by the language's description, section 2, and by closed forms.
@Suite("ini")
struct InitialBlockTests {
    private func parameter(_ text: String) throws -> PopulationParameter {
        try #require(try Read.ini(text).parameters.first)
    }

    private func effects(_ text: String) throws -> [RandomEffectBlock] { try Read.ini(text).randomEffects }

    /// Values computed by hand or by R 4.2.2 to 17 digits; tolerance 4 units in the last place for elementary functions.
    @Test(arguments: [
        ("x <- 0.2", 0.2), ("x <- -1.5", -1.5), ("x = 1e-3", 1e-3), ("x <- log(4.2)", 1.4350845252893227),
        ("x <- log(12 / 1000 / 24)", -7.6009024595420822), ("x <- log(0.3 / (1 - 0.3))", -0.84729786038720356),
        ("x <- sqrt(0.04)", 0.2), ("x <- logit(0.8)", 1.3862943611198908), ("x <- expit(0)", 0.5),
        ("x <- expit(0, 1, 3)", 2), ("x <- logit(2, 1, 3)", 0), ("x <- 0.3^2", 0.09), ("x <- 7 %% 4 + 7 %/% 4", 4),
        ("x <- -7 %% 4", 1), ("x <- log(8, 2)", 3), ("x <- log10(1000) + log2(8) + log1p(0)", 6),
        ("x <- exp(1)", 2.7182818284590451), ("x <- 2 * pi", 6.2831853071795862), ("x <- 2**0.5", 1.4142135623730951),
        ("x <- abs(-2)", 2), ("x <-\n  (1 + # one\n 2)", 3),
    ])
    func arithmeticIsEvaluatedOnce(_ text: String, _ value: Double) throws {
        let parameter = try parameter(text)
        #expect(abs(parameter.value - value) <= 4 * value.ulp)
        #expect(parameter.lower == nil && parameter.upper == nil && !parameter.isFixed && parameter.label == nil)
    }

    @Test func boundsStandAroundTheEstimate() throws {
        let two = try parameter("x <- c(0, 0.3)")
        #expect((two.lower, two.value, two.upper) == (0, 0.3, nil))
        let three = try parameter("x <- c(0, 50, 1000)")
        #expect((three.lower, three.value, three.upper) == (0, 50, 1000))
        let transformed = try parameter("x <- log(c(0.1, 0.5, 10))")
        #expect(
            (transformed.lower, transformed.value, transformed.upper)
                == (Elementary.log(0.1), Elementary.log(0.5), Elementary.log(10)))
        let open = try parameter("x <- c(-Inf, 1, Inf)")
        #expect((open.lower, open.value, open.upper) == (nil, 1, nil))
        #expect(try parameter("x <- log(c(0, 1))").lower == nil)
        #expect(try parameter("x <- 2 * c(1, 2, 3) + c(0, 1, 2)").value == 5)
    }

    @Test func fixedParametersAreMarked() throws {
        for text in [
            "x <- fix(0.3)", "x <- fixed(0.3)", "x <- fix(c(0, 0.3, 1))", "x <- fix(0, 0.3)", "x <- c(0, fix(0.3))",
        ] {
            let parameter = try parameter(text)
            #expect(parameter.isFixed && parameter.value == 0.3, "\(text)")
        }
        #expect(try parameter("x <- fixed(log(0.3))").value == Elementary.log(0.3))
        #expect(try parameter("x <- log(fixed(0.3))").isFixed)
    }

    @Test func labelsBelongToWhatStandsBefore() throws {
        let text = """
            a <- 1; label("A (L), 100 %% \\"sure\\"")
            b <- 2 # b
            label ('B')
            c <- 3
            e ~ 0.1; label("E"); backTransform("exp")
            d <- 4; label(paste0("D", 4));
            """
        let document = try Read.ini(text)
        #expect(document.parameters.map(\.label) == ["A (L), 100 %% \"sure\"", "B", nil, "D4"])
        #expect(document.randomEffects.map(\.label) == ["E"])
    }

    @Test(arguments: [
        ("e ~ 0.09", 0.09), ("e ~ log(0.3^2 + 1)", 0.086177696241052412),
        ("e ~ sqrt(log(0.2^2 + 1))", 0.19804220043536511),
        ("e ~ 0.6^2", 0.36), ("e ~ 0", 0), ("e ~ c(0.2)", 0.2),
    ])
    func anEtaHasAVariance(_ text: String, _ variance: Double) throws {
        let block = try #require(try effects(text).first)
        #expect(block.names == ["e"] && block.covariance.count == 1 && !block.isFixed && block.level == nil)
        #expect(abs(block.covariance[0] - variance) <= 4 * variance.ulp)
    }

    @Test func blocksAreReadRowByRow() throws {
        let text = """
            a + b + c ~
              c(0.10, # variance of a
                0.02, 0.08,
                0.01, 0.03, 0.07) | occ
            d + e ~ fixed(c(0.1, 0.01, 0.2))
            f ~ fix(0.3) | study
            """
        let blocks = try effects(text)
        #expect(blocks.map(\.names) == [["a", "b", "c"], ["d", "e"], ["f"]])
        #expect(blocks.map(\.covariance) == [[0.10, 0.02, 0.08, 0.01, 0.03, 0.07], [0.1, 0.01, 0.2], [0.3]])
        #expect(blocks.map(\.isFixed) == [false, true, true])
        #expect(blocks.map(\.level) == ["occ", nil, "study"])
    }

    /// Backed by: the two ways of writing that lotri states to be the same.
    @Test func aBlockMayBeWrittenLineByLine() throws {
        let lines = try effects("f ~ fix(1) | occ\ng ~ c(fix(0.5), fix(1))\nm ~ 2\nn ~ c(m = 0.5, n = 1)\nk ~ 1")
        let whole = try effects("f + g ~ fix(1, 0.5, 1) | occ\nm + n ~ c(2, 0.5, 1)\nk ~ 1")
        #expect(lines.map(\.names) == whole.map(\.names))
        #expect(lines.map(\.covariance) == whole.map(\.covariance))
        #expect(lines.map(\.isFixed) == [true, false, false] && whole.map(\.isFixed) == [true, false, false])
        #expect(lines.map(\.level) == ["occ", nil, nil])
    }

    /// Closed form: covariance = correlation × sd × sd.
    @Test func deviationsAndCorrelationsBecomeCovariances() throws {
        #expect(try effects("a + b ~ sd(cor(0.5, -0.5, 2))").map(\.covariance) == [[0.25, -0.5, 4]])
        #expect(try effects("a + b ~ sd(0.5, 0.25, 2)").map(\.covariance) == [[0.25, 0.25, 4]])
        #expect(try effects("a + b ~ cor(4, 0.5, 9)").map(\.covariance) == [[4, 3, 9]])
        #expect(try effects("a + b ~ var(cov(4, 0.5, 9))").map(\.covariance) == [[4, 0.5, 9]])
        #expect(try effects("a ~ sd(0.5)").map(\.covariance) == [[0.25]])
    }

    /// Singular but possible: correlation one, and a zero variance beside others.
    @Test func semiDefiniteBlocksAreTaken() throws {
        #expect(try effects("a + b ~ c(1, 2, 4)").count == 1)
        #expect(try effects("a + b + c ~ c(0, 0, 1, 0, 0.5, 1)").count == 1)
        #expect(try effects("a + b + c ~ c(1, 1, 1, 1, 1, 1)").count == 1)
        #expect(try effects("a + b + c ~ c(1, 0, 1, 0.6, 0.8, 1)").count == 1)
    }

    @Test func orderAndNamesAreFree() throws {
        let document = try Read.ini("T0 <- 1\ne ~ 0.1\nt0 <- 2\nprop.err <- 3\n`a b` <- 4\ngamma <- 5\nc <- 6")
        #expect(document.parameters.map(\.name) == ["T0", "t0", "prop.err", "a b", "gamma", "c"])
        #expect(document.parameters.first?.place == SourcePlace(line: 2, column: 1, length: 2))
    }
}
