import Foundation
import NumericsCore
import Testing

@testable import Regimes

/// Backed by policies whose form is known and hidden from the rendering: it must be found again.
@Suite struct CardRenderingTests {
    static let doses = PolicyFileTests.doses
    static let ranges: [(name: String, range: ClosedRange<Double>)] = [
        ("count", 0...10), ("weight", 40...120), ("age", 20...80),
    ]

    static func visits(_ policy: any Policy, _ count: Int = 2000) throws -> VisitedStates {
        try .drawn(policy, count, ranges: ranges, actions: doses, whole: ["count"], sparse: ["count"])
    }

    /// One point from 60 kg and two from 90, one from a count of 4, two where it is missing; half from 2 points, full from 4.
    static let points = PointsPolicy(
        levels: ["none", "half", "full"], start: [0], thresholds: [2, 4],
        items: [
            PointsPolicy.Item(bands: Bands(variable: "count", cuts: [3, 7]), points: [[0, 1, 3, 2]]),
            PointsPolicy.Item(bands: Bands(variable: "weight", cuts: [60, 90]), points: [[0, 1, 2, 0]]),
        ])

    @Test("A tree within the depth is found again by its decisions alone, missing values included")
    func treeIsFoundAgain() throws {
        let tree = PolicyFileTests.tree
        let visited = try Self.visits(tree)
        let shown = try TreeRendering().render(Opaque(policy: tree), visited, limits: CardLimits(depth: 2))
        #expect(try visited.agreement(of: shown) == 1)
        #expect((shown as? TreePolicy)?.depth == 2)
        #expect(
            tree.lines(Self.doses, missing: ["count"]) == [
                "if count <= 1 or is missing", "  choose none", "else", "  if weight <= 70", "    choose half",
                "  else",
                "    choose full",
            ])
    }

    /// With one question left the tree holds as many visits as any question can: every threshold is tried in another way.
    @Test func theLastQuestionIsTheBest() throws {
        let visited = try Self.visits(Self.points, 100)
        let shown = try TreeRendering().render(Self.points, visited, limits: CardLimits(depth: 1))
        var best = 0.0
        for (place, name) in visited.variables.enumerated() {
            for threshold in Set(visited.values[place].filter { !$0.isNaN }) {
                for missingGoesLeft in [true, false] {
                    for (yes, no) in [
                        ("none", "half"), ("none", "full"), ("half", "full"), ("half", "none"), ("full", "none"),
                        ("full", "half"),
                    ] {
                        let tree = TreePolicy(
                            root: .question(
                                variable: name, threshold: threshold, missingGoesLeft: missingGoesLeft,
                                yes: .leaf(yes), no: .leaf(no)))
                        best = max(best, try visited.agreement(of: tree))
                    }
                }
            }
        }
        #expect(best < 1 && best > 0.4)
        #expect(try visited.agreement(of: shown) == best)
    }

    @Test("A points score is shown as it is, and found again by its decisions alone")
    func pointsAreFoundAgain() throws {
        let visited = try Self.visits(Self.points, 4000)
        let limits = try CardLimits()
        let same = try PointsRendering().render(Self.points, visited, limits: limits)
        #expect(same as? PointsPolicy == Self.points)
        let shown = try PointsRendering().render(Opaque(policy: Self.points), visited, limits: limits)
        let found = try #require(shown as? PointsPolicy)
        #expect(found.thresholds != nil && found.items.map(\.bands.variable) == ["count", "weight"])
        #expect(try visited.agreement(of: shown) > 0.98)
        #expect(
            Self.points.lines(Self.doses, missing: ["count"]) == [
                "3 < count <= 7: +1", "count > 7: +3", "count missing: +2", "60 < weight <= 90: +1", "weight > 90: +2",
                "choose none", "from 2 points on choose half", "from 4 points on choose full",
            ])
    }

    @Test("Bands with the same points are one line, and levels out of reach are none")
    func pointsAreShort() {
        let points = PointsPolicy(
            levels: ["none", "half", "full"], start: [0], thresholds: [0, 2],
            items: [PointsPolicy.Item(bands: Bands(variable: "count", cuts: [1, 3, 7]), points: [[0, 2, 2, 0, 2]])])
        #expect(
            points.lines(Self.doses, missing: ["count"]) == [
                "1 < count <= 7: +2", "count missing: +2", "choose half", "from 2 points on choose full",
            ])
        let equal = PointsPolicy(levels: ["none", "half", "full"], start: [0], thresholds: [1, 1], items: [])
        #expect(equal.lines(Self.doses, missing: []) == ["choose none", "from 1 points on choose full"])
    }

    /// Choices without an order: a sum for each level, where one sum cannot do it.
    @Test func choicesWithoutOrderHaveTheirOwnSums() throws {
        let actions = ActionSpace(names: ["a", "b", "c"])
        let tree = TreePolicy(
            root: .question(
                variable: "count", threshold: 3, missingGoesLeft: true, yes: .leaf("b"),
                no: .question(
                    variable: "weight", threshold: 80, missingGoesLeft: true, yes: .leaf("c"), no: .leaf("a"))))
        let visited = try VisitedStates.drawn(tree, 2000, ranges: Self.ranges, actions: actions, whole: ["count"])
        let shown = try PointsRendering().render(tree, visited, limits: CardLimits())
        #expect((shown as? PointsPolicy)?.thresholds == nil)
        #expect(try visited.agreement(of: shown) > 0.99)
    }

    @Test("A threshold rule is a table of one variable")
    func thresholdIsATable() throws {
        let rule = TreePolicy(
            root: .question(
                variable: "weight", threshold: 72.5, missingGoesLeft: true, yes: .leaf("half"), no: .leaf("full")))
        let visited = try Self.visits(rule)
        let shown = try TableRendering().render(rule, visited, limits: CardLimits())
        #expect(try visited.agreement(of: shown) == 1)
        let table = try #require(shown as? DoseTablePolicy)
        #expect(table.columns == nil && table.rows.variable == "weight" && table.rows.cuts.count == 1)
        #expect(abs(table.rows.cuts[0] - 72.5) < 0.3)
        let cut = ReadableNumber.text(table.rows.cuts[0])
        #expect(
            table.lines(Self.doses, missing: []) == [
                "weight <= \(cut): half", "weight > \(cut): full", "otherwise: full",
            ])
    }

    /// Between the levels the cells hold mean doses. A cut is where it parts one variable best, which is near to where it parts the
    /// table, so few visits lie on the wrong side of it.
    @Test func dosesBetweenLevelsAreATableOfMeans() throws {
        var actions = Self.doses
        actions.isContinuous = true
        let table = DoseTablePolicy(
            rows: Bands(variable: "count", cuts: [3]), columns: Bands(variable: "weight", cuts: [80]),
            cells: [[[1.5], [2.5], nil], [[6.5], [9], nil], [nil, [0.25], nil]], otherwise: [3])
        let visited = try VisitedStates.drawn(
            table, 3000, ranges: Self.ranges, actions: actions, whole: ["count"], sparse: ["count"])
        #expect(!visited.areLevels)
        let shown = try TableRendering().render(Opaque(policy: table), visited, limits: CardLimits())
        let found = try #require(shown as? DoseTablePolicy)
        #expect(found.rows.cuts == [3] && found.columns?.cuts.count == 1, "\(shown.lines(actions, missing: []))")
        // A missing count at a low weight is the only cell of which the table above says nothing.
        for (row, doses) in [[1.5, 2.5], [6.5, 9], [3, 0.25]].enumerated() {
            for (column, dose) in doses.enumerated() {
                #expect(abs((found.cells[row][column]?[0] ?? .nan) - dose) < 0.05)
            }
        }
        for rendering in [TreeRendering(), PointsRendering()] as [any CardRendering] {
            #expect(
                message { try rendering.render(table, visited, limits: CardLimits()) }
                    == "\(rendering.name): the policy chooses values between the levels, and \(rendering.name) names levels "
                    + "only; allowed: table")
        }
    }

    @Test("What is a rule already is shown as itself; other policies are refused")
    func rules() throws {
        let visited = try Self.visits(ConstantPolicy([5]), 100)
        let limits = try CardLimits()
        let constant = try RuleRendering().render(ConstantPolicy([5]), visited, limits: limits)
        #expect(constant as? ConstantPolicy == ConstantPolicy([5]))
        #expect(constant.lines(Self.doses, missing: []) == ["always half"])
        #expect(
            try RuleRendering().render(RandomPolicy(), visited, limits: limits).lines(Self.doses, missing: []).count
                == 1)
        #expect(
            message { try RuleRendering().render(DecisionReasonsTests.linear, visited, limits: limits) }
                == "rule: a policy of kind 'linear-q' has no rule in words; allowed: tree, points, table")
    }

    /// Two components: of the allowed levels the one with the same first dose is nearest, whatever its number.
    @Test func aLevelThatIsNotAllowedGivesWayToTheNearestDose() throws {
        let actions = ActionSpace(
            components: [("rate", 10.0), ("bolus", 3)].map { ActionSpace.Component(name: $0.0, low: 0, high: $0.1) },
            levels: [("1", [1, 0]), ("2", [2, 0]), ("1+1", [1, 1]), ("2+1", [2, 1])].map {
                ActionSpace.Level(name: $0.0, values: $0.1)
            })
        let table = DoseTablePolicy(
            rows: Bands(variable: "count", cuts: []), columns: nil, cells: [[[1, 1]], [nil]], otherwise: [2, 1])
        let tree = TreePolicy(root: .leaf("1+1"))
        let points = PointsPolicy(levels: ["1+1"], start: [0], thresholds: [], items: [])
        for policy in [table, tree, points] as [any Policy] {
            let worker = try policy.makeWorker(observing: ["count"], choosing: actions)
            let lanes = LanePointer.allocate(capacity: 11)
            defer { lanes.deallocate() }
            lanes.initialize(repeating: Lane(repeating: 1), count: 11)
            (lanes[3], lanes[4]) = (Lane(repeating: 0), Lane(repeating: 0))
            worker.decide(
                PolicyPoint(
                    decision: Lane(repeating: 0), observation: lanes, allowed: lanes + 1,
                    uniform: Lane(repeating: 0.5)), into: lanes + 5, scratch: lanes + 7)
            #expect([lanes[5][0], lanes[6][0]] == [1, 0])
        }
    }

    @Test("What cannot be asked for is refused with what is allowed")
    func refusals() {
        #expect(message { try CardLimits(depth: 0) } == "depth: found 0, allowed: 1 to 6")
        #expect(message { try CardLimits(depth: 7) } == "depth: found 7, allowed: 1 to 6")
        #expect(
            message { try CardRenderings.named("forest") }
                == "rendering: found 'forest', allowed: rule, tree, points, table, all")
    }

    @Test("Points and tables that were written read the same; what does not fit is refused")
    func files() throws {
        let table = DoseTablePolicy(
            rows: Bands(variable: "count", cuts: [3]), columns: nil, cells: [[[0]], [[5]], [nil]], otherwise: [10])
        for policy in [Self.points, table, ConstantPolicy([5])] as [any FrozenPolicy] {
            let file = PolicyFile(
                environment: "test", variant: "a", inputs: [], actions: Self.doses, training: [:], policy: policy)
            let read = try PolicyFile(JSONEncoder().encode(file), path: "P")
            #expect(
                read.policy as? PointsPolicy == policy as? PointsPolicy
                    && read.policy as? DoseTablePolicy == policy as? DoseTablePolicy
                    && read.policy as? ConstantPolicy == policy as? ConstantPolicy)
        }
        var points = Self.points
        points.thresholds = [4, 2]
        #expect(
            message { try points.makeWorker(observing: ["count", "weight"], choosing: Self.doses) }
                == "policy: its score needs points for each band and sum, and thresholds that ascend")
        #expect(
            message { try table.makeWorker(observing: ["weight"], choosing: Self.doses) }
                == "policy: it reads 'count', which is not observed here; observed: weight")
        var wrong = table
        wrong.cells[0] = [[7]]
        #expect(
            message { try wrong.makeWorker(observing: ["count"], choosing: Self.doses) }
                == "policy: action '7.0' does not exist here; allowed: none, half, full")
    }

    @Test(
        "A cut has no more digits than it takes",
        arguments: [
            (1.0, 2.0, 1.0), (1.2, 1.9, 1.5), (69.98731, 70.413, 70.2), (-3, -2, -3), (0.00123, 0.00129, 0.00126),
            (1, 99, 50), (-0.5, 0.5, 0),
        ])
    func cuts(_ lower: Double, _ upper: Double, _ cut: Double) {
        let found = ReadableNumber.between(lower, upper)
        #expect(found >= lower && found < upper)
        #expect("\(found)".count <= "\(cut)".count)
    }
}

/// The message of what is thrown; `none` without an error.
func message(_ work: () throws -> some Any) -> String {
    do {
        _ = try work()
        return "none"
    } catch { return "\(error)" }
}
