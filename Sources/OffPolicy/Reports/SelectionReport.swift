/// A selection as it is printed.
package struct SelectionReport: Sendable, Encodable {
    let judge: String
    let candidates: [Candidate]
    let chosen: String
    /// The chosen policy on the half that had no say.
    let held: OffPolicyReport
    /// By how much the half that chose flatters the chosen policy, by the same estimator.
    let optimism: Double?

    struct Candidate: Sendable, Encodable {
        let policy: String
        let estimate: OffPolicyReport.Row
    }

    private enum CodingKeys: String, CodingKey {
        case judge = "chosen_by", candidates, chosen, held = "held_out", optimism
    }

    package init(_ selection: PolicySelection, truth: OffPolicyTruth?) {
        judge = selection.judge
        candidates = selection.candidates.map {
            Candidate(policy: $0.name, estimate: OffPolicyReport.Row($0.estimate, truth: nil, errorInSe: nil))
        }
        chosen = selection.candidates[selection.chosen].name
        held = OffPolicyReport(policy: chosen, selection.reporting, selection.report, truth: truth)
        let own = selection.candidates[selection.chosen].estimate.value
        let other = selection.report.estimates.first { $0.estimator == selection.judge }?.value
        optimism = own.flatMap { own in other.map { own - $0 } }
    }

    package func json() throws -> String { try ReportText.json(self) }

    package var text: String {
        var lines = ["chosen by \(judge) on one half of the episodes:"]
        lines += candidates.map { candidate in
            let flag = candidate.estimate.reason.map { "  \($0)" } ?? ""
            return "  \(candidate.policy): \(ShownNumber.fixed(candidate.estimate.value))\(flag)"
        }
        lines.append("chosen: \(chosen); on the other half, which had no say:")
        return (lines + [held.text]).joined(separator: "\n")
    }
}
