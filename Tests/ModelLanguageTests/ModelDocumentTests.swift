import ModelLanguage
import Testing

@Suite("Model documents")
struct ModelDocumentTests {
    /// Backed by: the shape of a file as the language's description states it.
    @Test func aWholeFunctionIsRead() throws {
        let text = """
            oral <- function() {
              description <- "One compartment"
              ini({
                lka <- log(1.5); label("Absorption (1/h)")
                etalka ~ 0.09
              })
              model({
                ka <- exp(lka + etalka)
                d/dt(depot) <- -ka * depot
                depot ~ add(sd)
              })
            }
            """
        let document = try ModelParser.parse(model: SourceText(name: "oral.R", text: text))
        #expect(document.name == "oral")
        #expect(document.metadata == [MetadataEntry(name: "description", value: .text("One compartment"))])
        #expect(document.parameters.map(\.name) == ["lka"])
        #expect(document.parameters.first?.label == "Absorption (1/h)")
        #expect(document.randomEffects.map(\.covariance) == [[0.09]])
        #expect(
            document.statements.map(\.description) == [
                "ka <- exp(lka + etalka)", "d/dt(depot) <- -ka * depot", "depot ~ add(sd)",
            ])
    }
}
