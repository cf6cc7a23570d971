import ArgumentParser
import ModelLanguage
import Scenarios
import Simulations

/// `trialist model check FILE`
struct ModelCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a model file and say what it is: states, parameters, covariates, endpoints.")

    @Argument(help: "A model file, in the language of rxode2 and nlmixr2.")
    var file: String

    func run() throws {
        let text = try InputFile.text(of: file, purpose: "a model")
        let model = try Model(ModelParser.parse(model: SourceText(name: file, text: text)))
        print(try ModelFacts(model).text)
    }
}
