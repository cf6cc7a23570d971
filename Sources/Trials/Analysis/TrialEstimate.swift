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
        let place = Self.places(replicate)
        var cells: [EstimateCell] = []
        var pValues: [Double] = []
        for rows in strata.rows {
            let (cell, p) = try Self.compare(replicate, rows, place, endpoint, scale)
            cells.append(cell)
            pValues.append(p)
        }
        self.cells = cells
        self.pValues = pValues
    }

    /// Where each patient of the cohort stands in the record of the arm.
    static func places(_ replicate: Replicate) -> [Int] {
        var place = [Int](repeating: 0, count: replicate.arm.count)
        var next = replicate.records.map { _ in 0 }
        for (patient, arm) in replicate.arm.enumerated() {
            place[patient] = next[arm]
            next[arm] += 1
        }
        return place
    }

    /// The effect in some rows of the replicate's cohort, and its p-value.
    static func compare(
        _ replicate: Replicate, _ rows: [Int], _ place: [Int], _ endpoint: Int, _ scale: EndpointScale
    ) throws -> (EstimateCell, Double) {
        let members = replicate.records.indices.map { arm in
            rows.filter { replicate.arm[$0] == arm }.map { place[$0] }
        }
        return try compare(replicate.records, members, endpoint, scale)
    }

    private static func compare(
        _ records: [ArmRecord], _ members: [[Int]], _ endpoint: Int, _ scale: EndpointScale
    ) throws -> (EstimateCell, Double) {
        let known = zip(records, members).map { record, rows in rows.filter { record.values[endpoint][$0].isFinite } }
        switch scale {
        case .continuous: return try compareMeans(records, known, endpoint)
        case .timeToEvent: return try compareTimes(records, known, endpoint)
        }
    }

    private static func compareMeans(
        _ records: [ArmRecord], _ members: [[Int]], _ endpoint: Int
    ) throws -> (EstimateCell, Double) {
        let values = zip(records, members).map { record, rows in rows.map { record.values[endpoint][$0] } }
        let count = values[0].count + values[1].count
        guard values.allSatisfy({ $0.count > 1 }) else {
            return (EstimateCell(count: count, .undefined(.tooFewInAnArm(values[0].count, values[1].count))), .nan)
        }
        let difference = try MeanDifference(treated: values[1], control: values[0])
        return (EstimateCell(count: count, .value(difference.estimate)), difference.test.value?.pValue ?? .nan)
    }

    private static func compareTimes(
        _ records: [ArmRecord], _ members: [[Int]], _ endpoint: Int
    ) throws -> (EstimateCell, Double) {
        let places = members.indices.flatMap { arm in members[arm].map { (arm: arm, row: $0) } }
        guard !places.isEmpty else { return (EstimateCell(count: 0, events: 0, .undefined(.noValue)), .nan) }
        let data = try SurvivalData(
            times: places.map { records[$0.arm].values[endpoint][$0.row] },
            events: places.map { records[$0.arm].hasEvent[endpoint][$0.row] })
        func cell(_ estimate: Estimated<Estimate>) -> EstimateCell {
            EstimateCell(count: data.count, events: data.eventCount, estimate)
        }
        do {
            let model = try CoxModel(data, covariates: [CovariateColumn("treated", places.map { Double($0.arm) })])
            let groups = try Grouping(codes: places.map(\.arm), labels: ["control", "treated"])
            let estimate = model.coefficients[0].linear()
            return (cell(.value(estimate)), try LogRank(data, groups: groups).test.value?.pValue ?? .nan)
        } catch let error as CoxError {
            return (cell(.undefined(Undefined(code: "no-hazard-ratio", reason: error.description))), .nan)
        }
    }
}

extension Undefined {
    fileprivate static func tooFewInAnArm(_ control: Int, _ treated: Int) -> Undefined {
        Undefined(
            code: "too-few-in-an-arm",
            reason:
                "\(control) patients of the control arm and \(treated) of the treated arm have a value; two in each are needed"
        )
    }
}
