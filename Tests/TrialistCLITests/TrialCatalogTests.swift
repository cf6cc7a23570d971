import Environments
import Foundation
import ModelEnvironments
import Testing

@testable import TrialistCLI

/// Backed by the bundled scenarios.
@Suite struct TrialCatalogTests {
    private let scenarios = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "scenarios")

    @Test("A scenario is found by its folder and its file, and its learned arms are the variants")
    func scenario() throws {
        let folder = scenarios.appending(path: "warfarin-coag").path
        for path in [folder, folder + "/", folder + "/scenario.yaml"] {
            let entry = try EnvironmentCatalog(folder: nil).find(path)
            #expect(entry.name == "warfarin-coag")
            #expect(entry.title == "Genotype-guided warfarin dosing, after COAG")
            #expect(entry.variants == ["learned"])
        }
    }

    @Test("Environments are found as ever")
    func environments() throws {
        let catalog = EnvironmentCatalog(folder: scenarios.appending(path: "environments").path)
        #expect(try catalog.find("epicare").name == "epicare")
        #expect(try catalog.find("warfarin").name == "warfarin")
        #expect(try catalog.find(scenarios.appending(path: "environments/gvhd").path).name == "gvhd")
    }

    @Test("What is no environment is refused with the reason")
    func refusals() throws {
        let catalog = EnvironmentCatalog(folder: nil)
        let folder = scenarios.appending(path: "warfarin-coag").path
        var message = ""
        do { _ = try catalog.find(folder).make(variant: "genotype") } catch { message = "\(error)" }
        #expect(message == "warfarin-coag: variant: found 'genotype', allowed: learned")
        let fixed = scenarios.appending(path: "smart-warfarin/scenario.yaml").path
        do { _ = try catalog.find(fixed) } catch { message = "\(error)" }
        #expect(
            message
                == "\(fixed): arms: none has 'learn', which says what a policy sees, does and is paid; an environment needs one"
        )
    }
}
