extension StudyFindings {
    func endpoint(_ name: String?) -> EndpointFindings? { endpoints.first { $0.name == name } }

    func armTitle(_ name: String) -> String { arms.first { $0.name == name }?.title ?? name }

    /// The words for a group: its level, or its level and what divides the patients.
    func group(_ label: String) -> GroupFindings? { groups.first { $0.label == label } }

    /// The groups of one stratifier, in order.
    func groups(of stratifier: String) -> [GroupFindings] { groups.filter { $0.stratifier == stratifier } }

    /// All patients, then the groups of the first stratifier: what the printed tables show.
    var leadingGroups: [GroupFindings] {
        let first = stratifiers.first
        return groups.filter { $0.stratifier.isEmpty || $0.stratifier == first }
    }

    func level(_ arm: String, _ endpoint: String, _ group: String) -> CellFindings? {
        find(levels, arm, endpoint, group)
    }

    func effect(_ arm: String, _ endpoint: String, _ group: String) -> CellFindings? {
        find(effects, arm, endpoint, group)
    }

    func hazardRatio(_ arm: String, _ endpoint: String, _ group: String) -> CellFindings? {
        find(hazardRatios, arm, endpoint, group)
    }

    func logRank(_ arm: String, _ endpoint: String) -> LogRankFindings? {
        logRankTests.first { $0.arm == arm && $0.endpoint == endpoint }
    }

    func levelGap(_ arm: String, _ endpoint: String, _ stratifier: String) -> GapFindings? {
        levelGaps.first { $0.arm == arm && $0.endpoint == endpoint && $0.stratifier == stratifier }
    }

    func effectGap(_ arm: String, _ endpoint: String, _ stratifier: String) -> GapFindings? {
        effectGaps.first { $0.arm == arm && $0.endpoint == endpoint && $0.stratifier == stratifier }
    }

    /// The endpoints in the order of the printed tables: the primary one, then times to events, then the others.
    var endpointsPrimaryFirst: [EndpointFindings] {
        endpoints.filter { $0.name == primaryEndpoint }
            + endpoints.filter { $0.name != primaryEndpoint && $0.isTimeToEvent }
            + endpoints.filter { $0.name != primaryEndpoint && !$0.isTimeToEvent }
    }

    private func find(_ cells: [CellFindings], _ arm: String, _ endpoint: String, _ group: String) -> CellFindings? {
        cells.first { $0.arm == arm && $0.endpoint == endpoint && $0.group == group }
    }
}
