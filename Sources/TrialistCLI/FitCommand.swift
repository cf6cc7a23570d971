import ArgumentParser
import Evaluation
import Outcomes
import Scenarios

/// `trialist fit cox DATA.csv --formula 'Surv(time, status) ~ age + sex + strata(site)'`
struct FitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit", abstract: "Fit a survival curve, test or model to a table.",
        discussion: """
            km: Kaplan-Meier curves by the columns after ~. logrank: the test between them, with strata(). cox: proportional \
            hazards, with strata() and cluster(). aft: accelerated failure times. finegray: the subdistribution hazard of \
            --cause, the events being codes of causes. Text columns and factor(x) become an indicator for each level but \
            the first; log(x), sqrt(x), I(x^2), I(age > 65), a:b, a*b, . and - a are understood. Surv(time/365.25, \
            status == 2) takes arithmetic and codes; Surv(start, stop, status) has delayed entry and covariates that change \
            with time. Rows in which something is missing are left out and counted.
            """)

    @Argument(help: "km, cox, aft, logrank or finegray.")
    var kind: FitRequest.Kind

    @Argument(help: "A table (CSV).")
    var file: String

    @Option(help: ArgumentHelp("Such as 'Surv(time, status) ~ age + sex + strata(site)'.", valueName: "formula"))
    var formula: String

    @Option(help: "How a Cox model treats events at one time: efron, breslow or exact.")
    var ties = CoxModel.Ties.efron

    @Option(
        help: ArgumentHelp(
            "The column of case weights of cox; with cluster() of sampling weights.", valueName: "column"))
    var weights: String?

    @Option(help: "The distribution of aft.")
    var distribution = AFTModel.Family.weibull

    @Option(help: "The scale of aft where it shall not be estimated: 0.5 with weibull for Rayleigh's distribution.")
    var scale: Double?

    @Option(help: ArgumentHelp("The code of the event that finegray is of.", valueName: "code"))
    var cause = 1

    @Option(help: "Intervals of km: plain, log or log-log.")
    var interval = KaplanMeier.IntervalKind.log

    @Option(
        help: ArgumentHelp(
            "Fleming and Harrington's weights of logrank, such as 0,1: S to the power rho, 1 - S to the power gamma.",
            valueName: "rho,gamma"))
    var weight: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        var request = FitRequest(kind, try Formula(formula))
        request.ties = ties
        request.family = distribution
        request.weights = weights
        request.scale = scale
        request.cause = cause
        request.intervals = interval
        if weight != nil, kind != .logRank { throw ValidationError("--weight is of logrank, not of \(kind.rawValue)") }
        if weights != nil, kind != .cox { throw ValidationError("--weights is of cox, not of \(kind.rawValue)") }
        if scale != nil, kind != .aft { throw ValidationError("--scale is of aft, not of \(kind.rawValue)") }
        if let weight { request.weight = try flemingHarrington(weight) }
        let table = try DataTable(csv: InputFile.bytes(of: file, purpose: "the table to fit"), file: file)
        let fit = try ModelFit(request, to: table)
        print(json ? try fit.reportJSON() : fit.text)
    }

    private func flemingHarrington(_ text: String) throws -> LogRank.Weight {
        let numbers = text.split(separator: ",").map { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard numbers.count == 2, let rho = numbers[0], let gamma = numbers[1], rho >= 0, gamma >= 0 else {
            throw ValidationError("--weight: found '\(text)', allowed: two numbers ≥ 0 such as 0,1")
        }
        return .flemingHarrington(rho: rho, gamma: gamma)
    }
}

extension FitRequest.Kind: ExpressibleByArgument {}
extension CoxModel.Ties: ExpressibleByArgument {}
extension AFTModel.Family: ExpressibleByArgument {
    /// The distribution of this name on the command line, which is R's.
    public init?(argument: String) {
        guard let named = AFTModel.Family.allCases.first(where: { $0.argument == argument }) else { return nil }
        self = named
    }

    /// The names that help lists.
    public static var allValueStrings: [String] { allCases.map(\.argument) }

    private var argument: String { self == .extremeValue ? "extreme" : rawValue.lowercased() }
}

extension KaplanMeier.IntervalKind: ExpressibleByArgument {
    /// The choice of this name on the command line.
    public init?(argument: String) { self.init(rawValue: argument == "log-log" ? "logLog" : argument) }
    /// The names that help lists.
    public static var allValueStrings: [String] { ["plain", "log", "log-log"] }
}
