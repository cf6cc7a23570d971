import Testing

@testable import ModelLanguage

/// Each listing is compared as a whole with what the model's text says.
@Suite("Listings of models")
struct ModelListingTests {
    private static let text = """
        oral <- function() {
            units <- list(time = "day", dosing = "mg", concentration = "ng/mL")
            covariateData <- list(
                WT = "Body weight (kg)",
                AGE = list(description = "Age", units = "years", type = "continuous"),
                SXE = list(description = "1 for women"))
            compartmentData <- list(depot = list(analyte = "drug", units = "mg"))
            ini({
                lka <- fixed(log(2)); label("Absorption rate (1/day)")
                lcl <- 1.5; label("Clearance (L/h)")
                lv <- 3; label("Volume (V)")
                unused <- 2
                etalcl + etalv ~ c(0.09, 0.01, 0.04) | occ
                propSd <- 0.2; label("Proportional error (fraction)")
            })
            model({
                ka <- exp(lka)
                cl <- exp(lcl + etalcl) * (WT / 70)^0.75 * (1 + E * SEX)
                v <- exp(lv)
                scale <- 1000
                cmt(depot)
                d/dt(central) <- ka * depot - Cl / v * central + cos * 0
                Cc <- scale * central / v
                Cc ~ prop(propSd) | plasma
            })
        }
        """

    @Test("Every kind of thing a model has, and every kind of note")
    func whole() throws {
        let listing = ModelListing(try Compiled.model(Self.text))
        #expect(
            listing.text == """
                model              oral
                time in            day
                doses in           mg
                concentrations in  ng/mL
                states
                  depot    drug, in mg
                  central
                parameters
                  lka     0.6931471805599453 fixed  Absorption rate (1/day)
                  lcl     1.5  Clearance (L/h)
                  lv      3  Volume (V)
                  unused  2
                  propSd  0.2  Proportional error (fraction)
                defaults
                  scale  1000
                  occ    1
                random effects
                  etalcl  variance 0.09 by occ
                  etalv   variance 0.04 by occ
                inputs
                  WT   Body weight (kg), in kg
                  E
                  SEX
                  Cl
                  cos
                variables
                  ka, cl, v, Cc
                endpoints
                  plasma  Cc ~ prop(propSd)
                notes
                  the model reads 'E', which its list of covariates leaves out
                  the model reads 'SEX', which its list of covariates leaves out
                  the input 'Cl' differs from 'cl' by letter case only
                  'cos' is a function, but stands without brackets: it is read as an input
                  the list of covariates has 'AGE', which the model does not read
                  the list of covariates has 'SXE', which the model does not read; did you mean 'SEX'?
                  nothing reads 'unused' of ini
                  nothing reads 'etalv' of ini
                  the compartment 'depot' has no d/dt: only doses change it
                  'lcl' is labelled L/h, in hours, but the model's time is in days
                """)
        #expect(listing.parameters.map(\.unit) == ["1/day", "L/h", nil, nil, "fraction"])
        #expect(listing.covariates.map(\.unit) == ["kg", nil, nil, nil, nil])
    }

    @Test("A model without metadata, and one of linCmt(), have nothing to note")
    func bare() throws {
        let bare = ModelListing(try Compiled.model("d/dt(a) <- -k * a"))
        #expect(bare.text == "model  m.R\nstates\n  a\ninputs\n  k")
        let linear = ModelListing(
            try Compiled.model("ini({ cl <- 2; v <- 10; sd <- 1 })\nmodel({ linCmt() ~ add(sd) })"))
        #expect(linear.notes.isEmpty)
        #expect(linear.endpoints == [ModelListing.Observed(name: "linCmt", variable: "linCmt", error: "add(sd)")])
    }

    @Test("A fraction of linCmt()'s depot is noted, for rxode2 5.1.2 gives it to the central compartment")
    func fractionOfDepot() throws {
        let text = "ka <- 1; cl <- 2; v <- 10; cp <- linCmt()"
        #expect(ModelListing(try Compiled.model(text)).notes.isEmpty)
        #expect(
            ModelListing(try Compiled.model(text + "; f(depot) <- 0.5")).notes == [
                "f(depot) acts on doses into depot; rxode2 5.1.2 lets that of linCmt() act on doses into central instead: "
                    + "'--like rxode2' gives its numbers"
            ])
        let written = "d/dt(depot) <- -depot; d/dt(central) <- depot - central; f(depot) <- 0.5"
        #expect(ModelListing(try Compiled.model(written)).notes.isEmpty)
    }

    @Test(
        "Units in labels",
        arguments: [
            ("Clearance (L/h)", "L/h", ["hour"]), ("rate (1/d)", "1/d", ["day"]), ("Volume (V)", nil, []),
            ("flow (mL h^-1 kg^-1)", "mL h^-1 kg^-1", ["hour"]), ("Effect (fraction)", "fraction", []),
            ("kcp (central to peripheral)", nil, []), ("half life (hr).", "hr", ["hour"]), ("no unit", nil, []),
            ("area (mg*h/L/day)", "mg*h/L/day", ["hour", "day"]), ("odd ) (", nil, []),
            ("bioavailability (F)", nil, []),
        ] as [(String, String?, [String])])
    func units(_ label: String, _ unit: String?, _ times: [String]) {
        let found = UnitText(label: label)
        #expect(found?.text == unit)
        #expect(found?.timeUnits ?? [] == times)
    }

    @Test("Levels of random effects go with each eta")
    func levels() throws {
        let model = try Compiled.model(
            "ini({ a ~ 0.1\nb + c ~ c(0.1, 0, 0.2) | occ\nd ~ 1 | site })\nmodel({ y <- a + b + c + d })")
        #expect(model.etas == ["a", "b", "c", "d"])
        #expect(model.etaLevels == [nil, "occ", "occ", "site"])
    }
}
