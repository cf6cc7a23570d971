import ModelLanguage
import Simulations

/// Models of a few lines, written for these tests.
enum SmallModels {
    /// Two compartments with dose properties, a covariate, a default and two etas.
    static let oral = """
        oral <- function() {
          units <- list(time = "h", dosing = "mg")
          ini({
            lcl <- log(2)
            lv <- log(20)
            etacl ~ 0.09
            etav ~ 0.04
            sd <- 0.1
          })
          model({
            ka <- 1.5
            cl <- exp(lcl + etacl) * (WT / 70)
            v <- exp(lv + etav)
            rate(central) <- 5
            dur(central) <- 2
            d/dt(depot) <- -ka * depot
            d/dt(central) <- ka * depot - cl / v * central
            cp <- central / v
            cp ~ prop(sd)
          })
        }
        """

    static func model(_ text: String = oral) throws -> Model {
        try Model(ModelParser.parse(model: SourceText(name: "m.R", text: text)))
    }

    static func events(
        _ csv: String, _ model: Model? = nil, _ interpolation: CovariateInterpolation = .lastCarriedForward
    ) throws -> EventTable {
        try EventTable(csv: Array(csv.utf8), file: "e.csv", model: model ?? self.model(), interpolation: interpolation)
    }

    static func parameters(_ csv: String, _ model: Model? = nil) throws -> ParameterTable {
        try ParameterTable(csv: Array(csv.utf8), file: "p.csv", allowed: (model ?? self.model()).suppliedNames)
    }
}

/// The description of what a body throws.
func message(_ body: () throws -> Void) -> String {
    do { try body() } catch { return "\(error)" }
    return "(nothing was thrown)"
}
