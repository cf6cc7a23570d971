import ModelLanguage
import Testing

/// Backed by the definition of the variant, which comparison with rxode2 5.1.2's numbers gave.
@Suite("Readings of the language")
struct LanguageVariantTests {
    private static func fractions(_ text: String, _ variant: LanguageVariant) throws -> [Double?] {
        let document = try ModelParser.parse(model: SourceText(name: "m.R", text: text))
        let model = try Model(document, variant: variant)
        return model.bioavailability.map { model.graph.constant($0) }
    }

    private static let solved = "cl <- 2\nv <- 10\nka <- 1\ncp <- linCmt()\nf(depot) <- 0.25 * 2"

    @Test("The fraction of a linCmt() depot is the depot's, or central's in rxode2's reading")
    func depot() throws {
        #expect(try Self.fractions(Self.solved, .standard) == [0.5, 1])
        #expect(try Self.fractions(Self.solved, .rxode2) == [1, 0.5])
    }

    @Test("Models written as equations, and linCmt() without absorption, read alike")
    func others() throws {
        let equations = "d/dt(depot) <- -depot\nd/dt(central) <- depot - central\nf(depot) <- 0.25 * 2"
        let intravenous = "cl <- 2\nv <- 10\ncp <- linCmt()\nf(central) <- 0.25 * 2"
        for variant in LanguageVariant.allCases {
            #expect(try Self.fractions(equations, variant) == [0.5, 1])
            #expect(try Self.fractions(intravenous, variant) == [0.5])
        }
    }
}
