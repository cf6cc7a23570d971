import ModelLanguage

/// The states of a model that form a linear system of their own with coefficients fixed for a patient:
/// `x' = A x + b`, where nothing outside the system enters but doses.
///
/// It is solved exactly and apart from the rest. Drug kinetics under a nonlinear effect are the usual case.
struct LinearPart: Sendable {
    /// The model's numbers of its states, in an order in which each strongly connected group stands behind those that
    /// feed it.
    let states: [Int]
    /// The groups as ranges of positions in ``states``.
    let groups: [Range<Int>]
    /// `reaches[s][t]`: whether group `s` feeds group `t`, directly or through others.
    let reaches: [[Bool]]
    /// The coefficients: `matrix[row * count + column]`, nil for a structural zero; then the constant inputs.
    let matrix: [NodeID?]
    let offsets: [NodeID?]
    /// Whether eigenvectors in closed form exist for almost all patients: no group of more than three, and no two
    /// connected ones that share their coefficient.
    let isModal: Bool

    /// The group of each position.
    let groupOfPosition: [Int]

    var count: Int { states.count }

    /// Whether the entry `(row, mode)` of the eigenvectors can be other than 0.
    func couples(row: Int, mode: Int) -> Bool {
        let (from, to) = (groupOfPosition[mode], groupOfPosition[row])
        return from == to || reaches[from][to]
    }

    /// The largest group whose eigenvalues are found in closed form.
    static let largestModalGroup = 3
    /// The largest system that is advanced by matrix exponentials; larger ones are integrated.
    static let largest = 16
}

extension LinearPart {
    /// Finds the linear system of a model.
    ///
    /// - Parameter eventCount: how many of the last states are cumulative hazards of events, which are integrated so that
    ///   their thresholds are found on the way.
    static func find(_ derivatives: [NodeID], eventCount: Int, in graph: inout ExpressionGraph) -> LinearPart? {
        var recogniser = AffineForms()
        let forms = derivatives.enumerated().map { index, derivative in
            index < derivatives.count - eventCount ? recogniser.form(of: derivative, in: &graph) : nil
        }
        var members = Set(forms.indices.filter { forms[$0] != nil })
        keepClosed(&members, forms)
        guard !members.isEmpty else { return nil }
        if members.count == forms.count, members.count <= largest {
            return LinearPart(members, forms, graph)
        }
        // The rest is integrated, so the part must be worth it: solved by eigenvectors.
        while !members.isEmpty {
            let part = LinearPart(members, forms, graph)
            if part.isModal, part.count <= largest { return part }
            guard let culprit = part.culprit(graph) else { return nil }
            members.subtract(part.states[part.groups[culprit]])
            keepClosed(&members, forms)
        }
        return nil
    }

    /// Drops states that read others which are not members, until none does.
    private static func keepClosed(_ members: inout Set<Int>, _ forms: [AffineForm?]) {
        while let outsider = members.sorted().first(where: { state in
            forms[state]?.terms.contains { !members.contains($0.state) } ?? true
        }) {
            members.remove(outsider)
        }
    }

    private init(_ members: Set<Int>, _ forms: [AffineForm?], _ graph: ExpressionGraph) {
        let sorted = members.sorted()
        let readers = Dictionary(
            uniqueKeysWithValues: sorted.map { state in
                (state, sorted.filter { reader in forms[reader]?.terms.contains { $0.state == state } ?? false })
            })
        let components = StrongComponents.find(sorted, successors: { readers[$0] ?? [] })
        let order = components.flatMap { $0 }
        var groups: [Range<Int>] = []
        for component in components {
            let start = groups.last?.upperBound ?? 0
            groups.append(start..<(start + component.count))
        }
        let n = order.count
        var matrix = [NodeID?](repeating: nil, count: n * n)
        var offsets = [NodeID?](repeating: nil, count: n)
        for (row, state) in order.enumerated() {
            offsets[row] = forms[state]?.offset
            for term in forms[state]?.terms ?? [] {
                if let column = order.firstIndex(of: term.state), graph.constant(term.weight) != 0 {
                    matrix[row * n + column] = term.weight
                }
            }
        }
        self.states = order
        self.groups = groups
        groupOfPosition = groups.enumerated().flatMap { index, range in range.map { _ in index } }
        self.matrix = matrix
        self.offsets = offsets
        reaches = LinearPart.reachability(groups, matrix, n)
        isModal = LinearPart.culprit(groups, reaches, matrix, n) == nil
    }

    private static func reachability(_ groups: [Range<Int>], _ matrix: [NodeID?], _ n: Int) -> [[Bool]] {
        var reaches = groups.map { _ in [Bool](repeating: false, count: groups.count) }
        for s in groups.indices.reversed() {
            for t in groups.indices where t > s {
                let isDirect = groups[t].contains { row in groups[s].contains { matrix[row * n + $0] != nil } }
                guard isDirect else { continue }
                reaches[s][t] = true
                for further in groups.indices where reaches[t][further] { reaches[s][further] = true }
            }
        }
        return reaches
    }

    private func culprit(_ graph: ExpressionGraph) -> Int? { Self.culprit(groups, reaches, matrix, count) }

    /// The first group that has no eigenvectors in closed form, or shares an eigenvalue with one that feeds it.
    private static func culprit(
        _ groups: [Range<Int>], _ reaches: [[Bool]], _ matrix: [NodeID?], _ n: Int
    ) -> Int? {
        func diagonal(_ group: Int) -> NodeID?? {
            groups[group].count == 1 ? .some(matrix[groups[group].lowerBound * (n + 1)]) : nil
        }
        for t in groups.indices {
            if groups[t].count > largestModalGroup { return t }
            guard let own = diagonal(t) else { continue }
            for s in groups.indices where reaches[s][t] {
                if let other = diagonal(s), other == own { return t }
            }
        }
        return nil
    }
}

/// Tarjan's strongly connected components, those that feed others first.
enum StrongComponents {
    static func find(_ nodes: [Int], successors: (Int) -> [Int]) -> [[Int]] {
        var index: [Int: Int] = [:]
        var low: [Int: Int] = [:]
        var stack: [Int] = []
        var isOnStack: Set<Int> = []
        var components: [[Int]] = []
        // A linear part holds few states, so the depth of the recursion is bounded by the model's size limit.
        func visit(_ node: Int) {
            let number = index.count
            index[node] = number
            low[node] = number
            stack.append(node)
            isOnStack.insert(node)
            for next in successors(node) {
                if index[next] == nil {
                    visit(next)
                    low[node] = min(low[node] ?? number, low[next] ?? number)
                } else if isOnStack.contains(next) {
                    low[node] = min(low[node] ?? number, index[next] ?? number)
                }
            }
            guard low[node] == number else { return }
            var component: [Int] = []
            while let last = stack.popLast() {
                isOnStack.remove(last)
                component.append(last)
                if last == node { break }
            }
            components.append(component.sorted())
        }
        for node in nodes where index[node] == nil { visit(node) }
        return components.reversed()
    }
}
