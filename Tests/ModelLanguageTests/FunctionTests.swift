import NumericsCore
import Testing

@testable import ModelLanguage

/// Backed by closed forms and by identities between functions.
@Suite("Functions")
struct FunctionTests {
    private func value(_ text: String, _ inputs: [(String, Double)] = []) throws -> Double {
        try #require(try Compiled.row("y <- " + text, inputs + [("one", 1)])["y"])
    }

    static let known: [(String, Double)] = [
        ("erf(0.5 * one)", 0.5204998778130465), ("erfc(one)", 0.15729920705028513),
        ("gammap(2, 1.5 * one)", 1 - 2.5 * 0.22313016014842982), ("gammaq(1, 2 * one)", 0.1353352832366127),
        ("gammapDer(3, 2 * one)", 2 * 0.1353352832366127), ("probit(0.975 * one)", 1.959963984540054),
        ("probit(5.5 * one, 1, 10)", 0), ("probitInv(0 * one, 2, 6)", 4), ("probitInv(0 * one, -3)", -1),
        ("qnorm(0.975 * one, 10, 2)", 10 + 2 * 1.959963984540054), ("norminv(0.5 * one)", 0),
        ("pnorm(14 * one, 10, 2)", 0.9772498680518208), ("normcdf(2 * one)", 0.9772498680518208),
        ("dnorm(one)", 0.24197072451914337), ("dnorm(12 * one, 10, 2)", 0.24197072451914337 / 2),
        ("expit(0 * one, 2, 6)", 4), ("invLogit(0 * one)", 0.5), ("logitInv(0 * one)", 0.5),
        ("factorial(5 * one)", 120), ("lfactorial(5 * one)", 4.787491742782046),
        ("lgamma1p(5 * one)", 4.787491742782046),
        ("beta(2, 3 * one)", 1 / 12), ("lbeta(2, 3 * one)", -2.484906649788), ("choose(5, 2 * one)", 10),
        ("lchoose(5, 2 * one)", 2.302585092994046), ("sign(-3 * one)", -1), ("sign(0 * one)", 0),
        ("sign(9 * one)", 1),
        ("fsign(3 * one, -1)", -3), ("fsign(-3 * one, 0)", 3), ("sum(1, 2, 3 * one)", 6),
        ("prod(2, 3, 4 * one)", 24),
        ("fmax(2, 3 * one)", 3), ("fmin(2, 3 * one)", 2), ("min(4, 2 * one, 3)", 2), ("max(4, 2 * one, 7, 3)", 7),
        ("cospi(one)", -1), ("sinpi(0.5 * one)", 1), ("tanpi(0.25 * one)", 1),
        ("log1pexp(0 * one)", 0.6931471805599453),
        ("log1pexp(800 * one)", 800), ("softplus(-800 * one)", 0), ("log1pmx(one)", 0.6931471805599453 - 1),
        ("is.nan(0 * one)", 0), ("is.finite(one)", 1), ("is.infinite(one)", 0), ("ReLU(-2 * one)", 0),
        ("lReLU(-2 * one)", -0.02), ("PReLU(-2 * one, 0.3)", -0.6),
        ("ELU(-1 * one, 2)", 2 * (0.36787944117144233 - 1)),
        ("SELU(one)", 1.0507009873554805), ("GELU(one)", 0.8413447460685429), ("Swish(0 * one)", 0),
        ("fround(2.675 * one, 2)", 2.68), ("ftrunc(-2.7 * one)", -2), ("gammafn(5 * one)", 24),
        ("lgammafn(5 * one)", 3.1780538303479458), ("R_pow_di(2, 3 * one)", 8),
    ]

    /// Backed by mpmath with 40 digits, and for the slopes of activations by their formulas with it.
    static let special: [(String, Double)] = [
        ("digamma(2.5 * one)", 0.70315664064524319), ("digamma(-0.75 * one)", -2.8941202000429321),
        ("trigamma(0.3 * one)", 12.245364546107731), ("tetragamma(4 * one)", -0.080039732245114497),
        ("pentagamma(1.7 * one)", 0.88956200662431641), ("psigamma(6 * one, 5)", 0.0045815096359543789),
        ("psigamma(3 * one)", 0.92278433509846714), ("polygamma(1, 40 * one)", 0.025315103841291028),
        ("loggamma(4 * one)", 1.791759469228055), ("lowergamma(3, 2 * one)", 0.64664716763387308),
        ("uppergamma(3, 2 * one)", 1.3533528323661269), ("asinh(-1.5 * one)", -1.1947632172871093),
        ("asinh(1e-9 * one) * 1e9", 1), ("asinh(0 * one)", 0), ("acosh(1.25 * one)", 0.69314718055994531),
        ("atanh(-0.625 * one)", -0.73316853439671352), ("logspace_add(800, 801 * one)", 801.31326168751822),
        ("dReLU(2 * one)", 1), ("dReLU(-2 * one)", 0), ("dlReLU(-2 * one)", 0.01), ("dPReLU(-2 * one, 0.3)", 0.3),
        ("dELU(-1 * one, 2)", 0.73575888234288464), ("dELU(one, 2)", 1), ("dSELU(-1 * one)", 0.6467686030348141),
        ("dSELU(one)", 1.0507009873554805), ("dGELU(one)", 1.0833154705876863),
        ("dSwish(2 * one)", 1.0907842487848955), ("dsoftplus(2 * one)", 0.88079707797788244),
    ]

    @Test("Values that are known", arguments: known + special)
    func values(_ text: String, _ expected: Double) throws {
        #expect(abs(try value(text) - expected) <= 2e-14 * max(1, abs(expected)), "\(text)")
    }

    @Test("Inverse pairs, over the whole range")
    func inverses() throws {
        for p in [1e-12, 0.01, 0.3, 0.5, 0.9, 0.999] {
            for text in ["phi(probit(p))", "probitInv(probit(p, -2, 5), -2, 5)", "expit(logit(p, -2, 5), -2, 5)"] {
                #expect(abs(try value(text, [("p", p)]) - p) < 1e-14, "\(text) of \(p)")
            }
        }
        for x in [-3.0, -0.2, 0.7, 4] {
            #expect(abs(try value("erf(x) + erfc(x)", [("x", x)]) - 1) < 1e-15)
            #expect(abs(try value("gammap(2.5, x^2) + gammaq(2.5, x^2)", [("x", x)]) - 1) < 1e-14)
        }
    }

    @Test("Incomplete gamma functions end at the largest numbers too")
    func largest() throws {
        for a in [1e300, Double.greatestFiniteMagnitude] {
            let p = try value("gammap(a, x)", [("a", a), ("x", a)])
            #expect(p >= 0 && p <= 1)
        }
    }

    @Test("A rate of change assigned above can be read")
    func rates() throws {
        let model = try Compiled.model("d/dt(a) <- -2 * a\nd/dt(b) <- -d/dt(a) / 4\ny <- d/dt(b)")
        #expect(Compiled.values(model, model.derivatives, states: [10, 0]) == [-20, 5])
        #expect(try Compiled.output("y", of: model, states: [10, 0]) == 5)
        #expect(try Read.rule("x <- 1 + d/dt(`a b`)")[0].description == "x <- 1 + d/dt(`a b`)")
    }
}
