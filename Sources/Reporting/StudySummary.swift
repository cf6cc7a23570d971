import Foundation
import ResultsStore

/// The summary of a results file: what a trial designer reads first.
///
/// ```swift
/// let summary = try StudySummary(ResultsFile("warfarin-coag.h5"))
/// print(summary.text)
/// ```
///
/// It is made from the file alone and asks nothing of the study: any number of arms, endpoints and groups of patients.
/// A part that the file lacks is left out.
public struct StudySummary: Sendable {
    package let findings: StudyFindings

    /// Reads a file.
    /// - Throws: a ``ResultsError`` if it cannot be read, or holds an array over other dimensions than the layout's.
    public init(_ file: ResultsFile) throws {
        findings = try StudyFindings(file)
    }

    /// Tables for a person: aligned, without colours, each line at most 110 characters wide where names and sources are
    /// not longer themselves.
    public var text: String {
        let sections = [
            findings.headLines + findings.driftHead, findings.primaryLines, findings.effectLines,
            findings.endpointLines, findings.harmLines, findings.gapLines, findings.regretLines,
            findings.screeningLines,
            findings.accessLines, findings.clinicLines, findings.dosingLines, findings.hazardLines,
            findings.timeContrastLines,
            findings.discriminationLines,
            findings.trialLines, findings.sequentialLines, findings.publishedLines,
            findings.falseAlarmLines, findings.delayLines, findings.learnedLines, findings.failureLines,
            ["Results: \(findings.file)"],
        ]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    /// The same content for a machine: one JSON object with sorted keys in snake case.
    ///
    /// | key | holds |
    /// |---|---|
    /// | `title`, `file`, `layout_version` | of the results file |
    /// | `cohort` | `patients`, `screened`, `eligible`, `criteria` |
    /// | `arms`, `reference_arm` | `name` and `title` of each arm; against which one effects are taken |
    /// | `endpoints`, `primary_endpoint` | `name`, `title`, `unit`, `is_time_to_event` |
    /// | `groups`, `stratifiers` | `label`, `stratifier` and `level` of each group of patients |
    /// | `levels`, `effects` | for each `arm`, `endpoint`, `group`: `estimate`, `count`, `events`, `reason` |
    /// | `level_gaps`, `effect_gaps` | for each `arm`, `endpoint`, `stratifier`: `gap`, `largest`, `smallest`, `interaction_p` |
    /// | `hazard_ratios`, `log_rank_tests` | against the reference arm |
    /// | `knows_harms`, `harms` | for each `arm` and `harm`: `count`, `events`, `risk`, `risk_difference`, `number_needed` |
    /// | `benefit_gaps`, `interactions` | gaps in effect between groups in the first trial and in truth, with adjusted p-values |
    /// | `access` | for each `arm`, `step`, `group`: `reached`, `lost`, `share` |
    /// | `clinic` | for each `arm` with a clinic and `group`: `recommendations`, `followed`, `overridden`, `alerts`, …, `share` |
    /// | `screening`, `screening_remarks` | for each `step` and `group` of records: `reached`, `excluded`, `share`, `gap` |
    /// | `dosing`, `dose_needed` | for each `arm` and `group`: `count`, `wrong`, `too_high`, `share`; the column of the need |
    /// | `time_contrasts` | restricted mean time and milestone against the reference arm, until `horizon` |
    /// | `discrimination` | AUC(t), its integral and Harrell's C of the baseline score, by arm |
    /// | `trial` | operating characteristics by hypothesis and group |
    /// | `regret` | for each `arm` and `group`: `regret`, `best_share`; for each `group` the `oracle`: `value`, `gain`, `best_arm` |
    /// | `sequential` | a sequential trial: by regime `truth`, `weighted` and `standardised` characteristics, `selected_share` |
    /// | `published` | what real trials found beside what came out here, with `sign_agrees` |
    /// | `drift` | a score watched over calendar time: by monitor run length, false alarms, delay, share detected |
    /// | `learned`, `solver_failures`, `decisions_without_dose` | how arms were learned; patients without a solution, by kind; visits without an amount |
    /// | `provenance` | how to run again |
    ///
    /// An `estimate` has `value`, `standard_error`, `lower` and `upper` (95 %). Numbers that do not exist are left out;
    /// infinite ones are the texts `inf` and `-inf`.
    public func json() throws -> String { try JSONText.encode(findings) }
}

/// The one way in which this module writes JSON.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
