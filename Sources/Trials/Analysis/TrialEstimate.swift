import Outcomes

/// What one run of the randomised trial estimates for its endpoint: treated against control.
package struct TrialEstimate: Sendable {
    /// For all and for each group: the difference of means, or the log hazard ratio.
    package let cells: [EstimateCell]
    /// For each group, the p-value of the test of no difference.
    package let pValues: [Double]

    package init(cells: [EstimateCell], pValues: [Double]) {
        self.cells = cells
        self.pValues = pValues
    }

    /// - Parameters:
    ///   - replicate: its first arm is the control, its second the treated.
    ///   - strata: the groups of its cohort.
    package init(_ replicate: Replicate, endpoint: Int, scale: EndpointScale, strata: Strata) throws {
        // Where each patient of the cohort stands in the record of the arm.
        var place = [Int](repeating: 0, count: replicate.arm.count)
        var next = replicate.records.map { _ in 0 }
        for (patient, arm) in replicate.arm.enumerated() {
            place[patient] = next[arm]
            next[arm] += 1
        }
        var cells: [EstimateCell] = []
        var pValues: [Double] = []
        for rows in strata.rows {
            let members = replicate.records.indices.map { arm in
                rows.filter { replicate.arm[$0] == arm }.map { place[$0] }
            }
            let (cell, p) = try Self.compare(replicate.records, members, endpoint, scale)
            cells.append(cell)
            pValues.append(p)
        }
        self.cells = cells
        self.pValues = pValues
    }

    private static func compare(
        _ records: [ArmRecord], _ members: [[Int]], _ endpoint: Int, _ scale: EndpointScale
    ) throws -> (EstimateCell, Double) {
        let count = members.reduce(0) { $0 + $1.count }
        switch scale {
        case .continuous:
            let values = zip(records, members).map { record, rows in
                rows.map { record.values[endpoint][$0] }.filter(\.isFinite)
            }
            guard values.allSatisfy({ $0.count > 1 }) else {
                return (EstimateCell(count: count, .undefined(.noValue)), .nan)
            }
            let difference = try MeanDifference(treated: values[1], control: values[0])
            return (EstimateCell(count: count, .value(difference.estimate)), difference.test.value?.pValue ?? .nan)
        case .timeToEvent:
            var times: [Double] = []
            var events: [Bool] = []
            var arms: [Double] = []
            for (arm, rows) in members.enumerated() {
                for row in rows where records[arm].values[endpoint][row].isFinite {
                    times.append(records[arm].values[endpoint][row])
                    events.append(records[arm].hasEvent[endpoint][row])
                    arms.append(Double(arm))
                }
            }
            let seen = events.count { $0 }
            guard !times.isEmpty else { return (EstimateCell(count: count, events: 0, .undefined(.noValue)), .nan) }
            do {
                let data = try SurvivalData(times: times, events: events)
                let model = try CoxModel(data, covariates: [CovariateColumn("treated", arms)])
                let groups = try Grouping(codes: arms.map { Int($0) }, labels: ["control", "treated"])
                let p = try LogRank(data, groups: groups).test.value?.pValue ?? .nan
                let coefficient = model.coefficients[0]
                return (
                    EstimateCell(
                        count: count, events: seen,
                        .value(Estimate(normal: coefficient.value, standardError: coefficient.standardError))), p
                )
            } catch let error as CoxError {
                let reason = Undefined(code: "no-hazard-ratio", reason: error.description)
                return (EstimateCell(count: count, events: seen, .undefined(reason)), .nan)
            }
        }
    }
}
