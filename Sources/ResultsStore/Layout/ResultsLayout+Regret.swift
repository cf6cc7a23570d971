import Trials

/// How far arms are from the best arm of every patient.
extension ResultsLayout {
    func regret(_ regret: Regret) -> ResultGroup {
        let axes = ["arm", "stratum"]
        let names = regret.arms.map { results.arms[$0].name }
        let singles = regret.bestSingle.map { $0.map { results.arms[$0].name } ?? "" }
        let regrets = regret.regrets.flatMap(\.cells)
        return ResultGroup(
            "regret",
            attributes: [
                ResultAttribute("endpoint", results.endpoints[regret.endpoint].name),
                ResultAttribute("better", regret.isHigherBetter ? "higher" : "lower"),
            ],
            dimensions: [
                ResultDimension("arm", labels: names, longName: "arm that the oracle may choose"), stratum,
            ],
            variables: estimates(
                "regret", regrets, axes,
                "mean over patients of the best arm's outcome minus this arm's, turned so that it is not below 0")
                + [
                    ResultVariable(
                        "count", axes, regrets.map { Int32($0.count) },
                        longName: "patients with an outcome in every arm"),
                    ResultVariable(
                        "regret_reason", axes, regrets.map(\.reason),
                        longName: "why there is no number; empty where there is"),
                ]
                + estimates(
                    "best_share", regret.best.flatMap(\.cells), axes,
                    "share of patients for whom the arm is the best, ties for every arm tied")
                + estimates(
                    "oracle", regret.oracle.cells, ["stratum"], "mean outcome where every patient gets the best arm")
                + estimates(
                    "oracle_gain", regret.gain, ["stratum"],
                    "what the oracle gains over the arm that is best for all of the group")
                + [
                    ResultVariable(
                        "best_arm", ["stratum"], singles, longName: "arm that is best for all of the group")
                ])
    }
}
