import Trials

/// What became of recommendations.
extension ResultsLayout {
    /// There where an arm has a clinic.
    var clinic: ResultGroup {
        let axes = ["arm", "stratum"]
        let totals = results.clinic.flatMap(\.totals)
        return ResultGroup(
            "clinic", dimensions: [arm, stratum, stratifier],
            variables: ClinicCounts.columns.map { column in
                ResultVariable(
                    column.name, axes, totals.map { Int32(clamping: $0[keyPath: column.value]) }, longName: column.title
                )
            }
                + estimates(
                    "followed_share", results.clinic.flatMap(\.followed.cells), axes,
                    "share of the recommendations that were followed")
                + [
                    ResultVariable(
                        "followed_share_reason", axes, results.clinic.flatMap { $0.followed.cells.map(\.reason) },
                        longName: "why there is no share; empty where there is"),
                    ResultVariable(
                        "followed_alike_p", ["arm", "stratifier"],
                        results.clinic.flatMap { $0.followed.heterogeneity.map(\.pValue) }, unit: "1",
                        longName: "p-value of the test that all groups have the same share followed"),
                ])
    }
}
