/// What became of the recommendations of one arm in one group.
package struct ClinicFindings: Encodable, Sendable {
    package var arm: String
    package var group: String
    package var recommendations: Int?
    /// Those that differ from what is done otherwise.
    package var changes: Int?
    package var followed: Int?
    package var overridden: Int?
    package var delayed: Int?
    package var alerts: Int?
    package var suppressed: Int?
    package var coInterventions: Int?
    /// Recommendations without a probability of being followed.
    package var undecided: Int?
    /// Of the share followed, from 0 to 1.
    package var share: EstimateFindings
}

extension ClinicFindings {
    /// Arms without a recommendation have no clinic, and are left out.
    static func all(_ group: FindingsGroup) throws -> [ClinicFindings] {
        let axes = ["arm", "stratum"]
        guard let shares = try EstimateFindings.all("followed_share", axes, group) else { return [] }
        func numbers(_ name: String) throws -> [Double]? { try group.numbers(name, axes) }
        let recommendations = try numbers("recommendations")
        let (changes, followed, overridden) = (
            try numbers("changes"), try numbers("followed"), try numbers("overridden")
        )
        let (delayed, alerts, suppressed) = (try numbers("delayed"), try numbers("alerts"), try numbers("suppressed"))
        let (coInterventions, undecided) = (try numbers("co_interventions"), try numbers("undecided"))
        let strata = group.labels("stratum")
        let places = group.labels("arm").flatMap { arm in strata.map { (arm, $0) } }
        let all = places.enumerated().map { cell, place in
            ClinicFindings(
                arm: place.0, group: place.1, recommendations: integer(recommendations?[cell]),
                changes: integer(changes?[cell]), followed: integer(followed?[cell]),
                overridden: integer(overridden?[cell]), delayed: integer(delayed?[cell]),
                alerts: integer(alerts?[cell]), suppressed: integer(suppressed?[cell]),
                coInterventions: integer(coInterventions?[cell]), undecided: integer(undecided?[cell]),
                share: shares[cell])
        }
        let active = Set(all.filter { ($0.recommendations ?? 0) + ($0.coInterventions ?? 0) > 0 }.map(\.arm))
        return all.filter { active.contains($0.arm) }
    }
}
