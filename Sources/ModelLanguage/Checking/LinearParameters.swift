/// Which names of a model give `linCmt()` its parameters, and in which parameterisation.
///
/// Names are taken in either letter case, first among the variables that the model assigns, then among those of `ini`, then
/// among those it only reads. The parameterisations are rxode2's.
struct LinearParameters: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// Clearance, and for each peripheral compartment a distribution clearance and a volume.
        case clearances(elimination: String, peripherals: [Peripheral])
        /// Clearance, distribution clearance, and the volume of both compartments at steady state.
        case steadyStateVolume(elimination: String, distribution: String, volume: String)
        /// Elimination rate, and for each peripheral compartment the rates there and back.
        case rates(elimination: String, peripherals: [Peripheral])
        /// Two exponents, and the ratio of the coefficients of their terms.
        case ratio(alpha: String, beta: String, ratio: String)
        /// Two exponents, and the rate back from the peripheral compartment.
        case hybrid(alpha: String, beta: String, back: String)
        /// The concentration after a unit dose as a sum of exponentials. Without a coefficient of its own the first term
        /// takes what the volume leaves.
        case exponentials(first: String?, alpha: String, more: [Peripheral])
    }

    /// Two parameters that go together: clearance and volume, rate there and back, or exponent and coefficient.
    struct Peripheral: Sendable, Hashable {
        var first: String
        var second: String
    }

    var kind: Kind
    /// The central volume; nil where the coefficients of exponentials give it.
    var volume: String?
    /// The rate of absorption; nil without a depot.
    var absorption: String?

    /// The compartments that `linCmt()` keeps, in their order.
    var states: [String] {
        let peripherals =
            switch kind {
            case .clearances(_, let peripherals), .rates(_, let peripherals), .exponentials(_, _, let peripherals):
                peripherals.count
            case .steadyStateVolume, .ratio, .hybrid: 1
            }
        return (absorption == nil ? [] : ["depot"]) + ["central"] + (0..<peripherals).map { "peripheral\($0 + 1)" }
    }
}

/// The names among which `linCmt()` finds its parameters.
struct LinearNames {
    /// Names by their lower case, those of one rank in the order of the model.
    private var ranks: [[String: [String]]]
    /// How many ranks count.
    private var depth: Int

    /// - Parameter ranks: names, the first rank before the second.
    init(_ ranks: [[String]]) {
        self.ranks = ranks.map { names in
            var seen: Set<String> = []
            return Dictionary(grouping: names.filter { seen.insert($0).inserted }) { $0.lowercased() }
        }
        depth = ranks.count
    }

    /// Finds the parameters.
    ///
    /// - Throws: What is missing or ambiguous, in words.
    mutating func parameters() throws(LinearProblem) -> LinearParameters {
        let all = ranks.count
        // What is only read may mean something else: it counts where the rest does not make a model.
        for depth in Set([max(1, all - 1), all]).sorted() {
            self.depth = depth
            if let found = try parametersAtDepth() { return found }
        }
        throw LinearProblem(
            "linCmt() finds no parameters: allowed are cl and v (or vc, v1), with q and vp (or v2), q2 and vp2 for "
                + "peripheral compartments and ka for a depot, or kel and v with k12, k21, k13, k31, or alpha, beta, gamma "
                + "with their coefficients")
    }

    private func parametersAtDepth() throws(LinearProblem) -> LinearParameters? {
        let absorption = try pick("ka")
        let central = try centralVolume()
        let volume = central?.name
        var elimination = try pick("cl")
        if elimination == nil { elimination = try pick("cl1") }
        if let elimination {
            guard let central else { throw missing("a central volume (v, vc or v1)", beside: elimination) }
            return LinearParameters(
                kind: try clearances(elimination, central), volume: volume, absorption: absorption)
        }
        if let rate = try pick("k", "ke", "kel", "k10", "k20") {
            // A rate alone is often something else.
            guard volume != nil else {
                if depth < ranks.count { return nil }
                throw missing("a central volume (v, vc or v1)", beside: rate)
            }
            let first = try pair(("k12", "k21"), ("k23", "k32"))
            let second = try pair(("k13", "k31"), ("k24", "k42"))
            if let second, first == nil { throw missing("k12 and k21", beside: second.first) }
            let peripherals = [first, second].compactMap { $0 }
            return LinearParameters(
                kind: .rates(elimination: rate, peripherals: peripherals), volume: volume, absorption: absorption)
        }
        guard let alpha = try pick("alpha") else { return nil }
        return LinearParameters(kind: try exponents(alpha, volume), volume: volume, absorption: absorption)
    }

    // MARK: Parameterisations

    private func clearances(_ elimination: String, _ central: (name: String, number: Int?)) throws(LinearProblem)
        -> LinearParameters.Kind
    {
        let flows = try distributionClearances(elimination)
        let volumes = try peripheralVolumes(central.number)
        if let total = try pick("vss"), volumes.isEmpty, let flow = flows.first {
            guard flows.count == 1 else {
                throw LinearProblem("linCmt() takes one distribution clearance with '\(total)', found \(list(flows))")
            }
            return .steadyStateVolume(elimination: elimination, distribution: flow, volume: total)
        }
        guard flows.count == volumes.count else {
            throw LinearProblem(
                "linCmt() needs one volume for each distribution clearance: found \(list(flows)) and \(list(volumes))")
        }
        let pairs = zip(flows, volumes).map { LinearParameters.Peripheral(first: $0, second: $1) }
        return .clearances(elimination: elimination, peripherals: pairs)
    }

    private func exponents(_ alpha: String, _ volume: String?) throws(LinearProblem) -> LinearParameters.Kind {
        let beta = try pick("beta")
        if let ratio = try pick("aob") {
            guard let beta else { throw missing("'beta'", beside: ratio) }
            guard volume != nil else { throw missing("a central volume (v, vc or v1)", beside: ratio) }
            return .ratio(alpha: alpha, beta: beta, ratio: ratio)
        }
        if let back = try pick("k21", "k32") {
            guard let beta else { throw missing("'beta'", beside: back) }
            guard volume != nil else { throw missing("a central volume (v, vc or v1)", beside: back) }
            return .hybrid(alpha: alpha, beta: beta, back: back)
        }
        let first = try pick("a")
        guard first != nil || volume != nil else {
            throw missing("a central volume (v, vc or v1), or 'a'", beside: alpha)
        }
        let second = try pair(("beta", "b"))
        let third = try pair(("gamma", "c"))
        if let third, second == nil { throw missing("'beta' and 'b'", beside: third.first) }
        return .exponentials(first: first, alpha: alpha, more: [second, third].compactMap { $0 })
    }

    // MARK: Volumes and flows

    /// The central volume, and its number where it has one.
    private func centralVolume() throws(LinearProblem) -> (name: String, number: Int?)? {
        if let name = try pick("v", "vc") { return (name, nil) }
        if let name = try pick("v1") { return (name, 1) }
        if let name = try pick("v2") { return (name, 2) }
        return nil
    }

    /// The peripheral volumes: numbered from the one behind the central volume, or vp and vp2, vt and vt2, vd and vd2.
    private func peripheralVolumes(_ central: Int?) throws(LinearProblem) -> [String] {
        let numbers = [2, 3, 4].filter { $0 > central ?? 1 }.map { "v\($0)" }
        if let numbered = try series(numbers) { return numbered }
        return try families(["vp", "vt", "vd"]) ?? []
    }

    /// The distribution clearances: q and q2, cld and cld2, or cl2 and cl3.
    private func distributionClearances(_ elimination: String) throws(LinearProblem) -> [String] {
        if let lettered = try families(["q", "cld"]) { return lettered }
        let isNumbered = elimination.lowercased() == "cl1"
        return try series((isNumbered ? [2, 3] : [1, 2, 3, 4]).map { "cl\($0)" }) ?? []
    }

    /// The names of one family: the bare letter and one with a number, or two with numbers that follow each other.
    private func families(_ stems: [String]) throws(LinearProblem) -> [String]? {
        var found: [String]?
        for stem in stems {
            guard let names = try members(of: stem) else { continue }
            if let other = found {
                throw LinearProblem(
                    "linCmt() cannot tell apart \(list(other)) and \(list(names)): use one kind of name")
            }
            found = names
        }
        return found
    }

    private func members(of stem: String) throws(LinearProblem) -> [String]? {
        guard let bare = try pick(stem) else { return try series((1...4).map { "\(stem)\($0)" }) }
        guard let second = try pick("\(stem)1", "\(stem)2", "\(stem)3") else { return [bare] }
        return [bare, second]
    }

    /// The first of some names that is there, and the one behind it.
    private func series(_ names: [String]) throws(LinearProblem) -> [String]? {
        for (index, name) in names.enumerated() {
            guard let first = try pick(name) else { continue }
            guard index + 1 < names.count, let second = try pick(names[index + 1]) else { return [first] }
            return [first, second]
        }
        return nil
    }

    // MARK: Names

    /// Both names of the first pair of which one is there.
    private func pair(_ pairs: (String, String)...) throws(LinearProblem) -> LinearParameters.Peripheral? {
        for (first, second) in pairs {
            switch (try pick(first), try pick(second)) {
            case (let a?, let b?): return LinearParameters.Peripheral(first: a, second: b)
            case (let a?, nil): throw missing("'\(second)'", beside: a)
            case (nil, let b?): throw missing("'\(first)'", beside: b)
            case (nil, nil): continue
            }
        }
        return nil
    }

    /// The one name of the model that means any of these, from the first rank that has one.
    private func pick(_ names: String...) throws(LinearProblem) -> String? {
        for rank in ranks.prefix(depth) {
            let found = names.flatMap { rank[$0] ?? [] }
            if found.count > 1 {
                throw LinearProblem("linCmt() cannot tell which is meant, \(list(found)): rename all but one")
            }
            if let name = found.first { return name }
        }
        return nil
    }

    private func missing(_ what: String, beside name: String) -> LinearProblem {
        LinearProblem("linCmt() finds '\(name)' and needs \(what) beside it")
    }

    private func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.map { "'\($0)'" }.joined(separator: ", ")
    }
}

/// Why `linCmt()` has no parameters.
struct LinearProblem: Error {
    var message: String

    init(_ message: String) { self.message = message }
}
