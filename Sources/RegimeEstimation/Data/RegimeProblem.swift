import Evaluation
import Outcomes

/// Logged data as numbers: the people analysed, and the stages that each of them came to.
package struct RegimeProblem: Sendable {
    package let stages: [StageData]
    /// The number of people analysed.
    package let count: Int
    /// 1 where larger is better, −1 where smaller is.
    let direction: Double
    /// Per stage and person, the person's row in that stage, or −1 for who did not come to it.
    let rowOf: [[Int]]
    let groups: [(name: String, grouping: Grouping)]
    let survival: SurvivalOutcome?
    /// The row of the table of each person analysed.
    let tableRows: [Int]
    package let dropped: DroppedRows
    /// Things that the reader of the results should know.
    package let notes: [String]

    /// What became of the outcome in all of a person: the sum of the rewards of the stages.
    func total(_ person: Int) -> Double {
        var sum = 0.0
        for (index, stage) in stages.enumerated() {
            let row = rowOf[index][person]
            if row >= 0 { sum += stage.reward[row] }
        }
        return sum
    }

    /// The last stage that a person came to.
    func lastStage(_ person: Int) -> Int {
        for index in stages.indices.reversed() where rowOf[index][person] >= 0 { return index }
        return 0
    }
}

/// Rows that could not be used, and the columns that are missing there.
package struct DroppedRows: Sendable, Hashable, Encodable {
    package var rows: Int
    /// Rows in which a column is missing, by its name; a row may count under several.
    package var by: [String: Int]
}
