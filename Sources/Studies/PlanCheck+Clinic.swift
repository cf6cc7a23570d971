import Cohorts
import ModelLanguage
import NumericsCore
import Pharmacology
import Regimes
import Scenarios
import Trials

extension PlanCheck {
    // MARK: Arms that follow others

    /// Gives arms that follow another its regime.
    mutating func followers(_ planned: inout PlannedRegimes) {
        let leaders = scenario.arms.filter { arm in
            if case .follows = arm.treatment { return false }
            return true
        }.map(\.name)
        for (index, arm) in scenario.arms.enumerated() {
            guard case .follows(let name) = arm.treatment else { continue }
            guard leaders.contains(name), let leader = scenario.arms.firstIndex(where: { $0.name == name }) else {
                refuse("arms[\(index)].follows", unknown: name, "arm with a regime of its own", known: leaders)
                continue
            }
            planned.regimes[index].follows = leader
            planned.regimes[index].regime = planned.regimes[leader].regime
            planned.regimes[index].schedule = planned.regimes[leader].schedule
        }
    }

    // MARK: Clinics

    /// The clinic of each arm.
    mutating func clinics(
        _ planned: inout PlannedRegimes, _ variables: DecisionVariables, _ model: SimulationModel?
    ) throws {
        for (index, arm) in scenario.arms.enumerated() {
            let section: ClinicSection?
            switch arm.clinic {
            case .none: section = nil
            case .own(let own):
                section = own
                if own.otherwise == arm.name {
                    refuse(
                        "\(own.path).otherwise", "the arm '\(arm.name)' decides otherwise by itself; name another arm")
                }
            case .asTreatment:
                // The arm that decides otherwise is usual care itself: nobody overrides it in its own favour.
                let shared = scenario.treatment.clinic
                section = shared?.otherwise == arm.name ? nil : shared
            }
            guard let section else { continue }
            planned.regimes[index].clinic = try clinic(section, planned, variables, model)
        }
    }

    private mutating func clinic(
        _ section: ClinicSection, _ planned: PlannedRegimes, _ variables: DecisionVariables, _ model: SimulationModel?
    ) throws -> Clinic? {
        let follow: SourceText? =
            switch section.follow {
            case .probability(1): nil
            case .probability(let value): SourceText(name: "\(section.path).follow", text: "\(value)")
            case .expression(let source): source
            }
        let program = try follow.map { source in
            try noting("\(section.path).follow") { try RowProgram(expression: source, inputs: variables.symbols) }
        }
        if program??.outputs.first?.levels != nil {
            refuse("\(section.path).follow", "found a text, allowed: a probability from 0 to 1")
        }
        var clinic = Clinic(follow: program ?? nil)
        if let name = section.otherwise {
            let ruled = scenario.arms.filter { arm in
                if case .rules = arm.treatment { return true }
                return false
            }.map(\.name)
            if !ruled.contains(name) {
                refuse("\(section.path).otherwise", unknown: name, "arm with rules", known: ["previous"] + ruled)
            } else if let regime = planned.regimes.first(where: { $0.name == name })?.regime {
                clinic.otherwise = .regime(regime)
            }
        }
        clinic.delay = section.delay.flatMap(delay)
        clinic.alerts = section.alerts.map { alerts($0, section.path, model?.model.document) }
        if !section.coInterventions.isEmpty { checkFacts(variables, section.path) }
        for coIntervention in section.coInterventions {
            guard let bound = try self.coIntervention(coIntervention, variables, model) else { continue }
            clinic.coInterventions.append(bound)
        }
        return clinic
    }

    private func delay(_ delay: ClinicSection.Delay) -> Clinic.Delay? {
        switch delay {
        case .days(let days): .days(.constant(days))
        case .visits(let count): .visits(count)
        case .drawn(let drawn): .days(drawn.distributionOfDays)
        }
    }

    private mutating func alerts(
        _ section: ClinicSection.Alerts, _ path: String, _ document: ModelDocument?
    ) -> Clinic.Alerts {
        let threshold: Clinic.Alerts.Threshold
        switch section.over {
        case .share(let share): threshold = .share(share)
        case .amount(let amount, let unit):
            threshold = .amount(amount)
            if let unit, let dosing = document?.dosingUnit, unit != dosing {
                refuse(
                    "\(path).alerts.over", "found an amount in \(unit), allowed: in \(dosing), as the model's doses are"
                )
            }
        }
        return Clinic.Alerts(
            threshold: threshold,
            budget: section.budget.map { Clinic.Alerts.Budget(count: $0.count, days: $0.days) },
            fatigue: section.fatigue.map { Clinic.Alerts.Fatigue(weight: $0.weight, days: $0.days) })
    }

    /// What co-interventions read must be no column's name.
    private mutating func checkFacts(_ variables: DecisionVariables, _ path: String) {
        for name in Clinic.facts where variables.slot(name) != nil {
            refuse(
                "\(path).co_interventions",
                "'\(name)' is what co-interventions call \(name == "recommended" ? "the amount recommended" : "a fact of the decision"), and also a column or variable of the scenario; rename that one"
            )
        }
    }

    private mutating func coIntervention(
        _ section: ClinicSection.CoIntervention, _ variables: DecisionVariables, _ model: SimulationModel?
    ) throws -> Clinic.CoIntervention? {
        let inputs = Clinic.inputs(variables)
        let condition = try noting("\(section.path).when") {
            try RowProgram(expression: section.condition, inputs: inputs)
        }
        let statements = try section.statements.map { source in
            try noting("\(section.path).do") { try RowProgram(source, inputs: inputs) }
        }
        let amount = try section.give.map { source in
            try noting("\(section.path).give") { try RowProgram(expression: source, inputs: inputs) }
        }
        if let statements = statements ?? nil, !statements.outputs.contains(where: { variables.isWritable($0.name) }) {
            let known = (variables.actions + variables.memory).joined(separator: ", ")
            refuse(
                "\(section.path).do", "nothing that lasts is assigned here, so nothing would be done; allowed: \(known)"
            )
        }
        guard let condition else { return nil }
        let compartment = compartment(section, model)
        let rescue = (amount ?? nil).map { (amount: $0, compartment: compartment) }
        return Clinic.CoIntervention(condition: condition, statements: statements ?? nil, rescue: rescue)
    }

    private mutating func compartment(_ section: ClinicSection.CoIntervention, _ model: SimulationModel?) -> Int {
        let name = section.into ?? scenario.treatment.compartment
        guard let model else { return 0 }
        let compartments = Array(model.model.states.dropLast(scenario.events.count))
        if section.into != nil, !compartments.contains(name) {
            refuse("\(section.path).into", unknown: name, "compartment of the model", known: compartments)
        }
        return model.model.stateIndex(name) ?? 0
    }

    // MARK: Probabilities

    /// What follows from columns alone must be a probability for every patient: in any record, and in those drawn.
    mutating func followProbabilities(
        _ planned: PlannedRegimes, _ variables: DecisionVariables, _ population: Population, _ sample: SampleColumns
    ) throws {
        var seen: Set<String> = []
        for (index, arm) in scenario.arms.enumerated() {
            let path: String
            switch arm.clinic {
            case .none: continue
            case .own(let section): path = section.path
            case .asTreatment: path = scenario.treatment.clinic?.path ?? ""
            }
            guard let program = planned.regimes[index].clinic?.follow, seen.insert(path).inserted,
                program.used.isSubset(of: sample.names)
            else { continue }
            for cohort in [try population.everyone(), sample.cohort] {
                let columns = program.inputs.map { input in
                    cohort.index(of: input.name).map { cohort.columns[$0].values } ?? []
                }
                let values = program.evaluate(columns, count: cohort.count)[0]
                guard let patient = values.firstIndex(where: { !(0...1).contains($0) }) else { continue }
                let found = values[patient].isNaN ? "no value" : "\(values[patient])"
                refuse(
                    "\(path).follow",
                    "the probability of a virtual patient (line \(cohort.sourceRow[patient]) of the records) is \(found), allowed: from 0 to 1"
                )
                break
            }
        }
    }
}

extension DrawnColumn {
    /// As a time in days.
    fileprivate var distributionOfDays: Distribution {
        switch distribution {
        case "exponential": .exponential(rate: parameters[0])
        case "gamma": .gamma(shape: parameters[0], scale: parameters[1])
        case "lognormal":
            .logNormal(logMean: Elementary.log(parameters[0]), logStandardDeviation: parameters[1])
        default: .uniform(lower: parameters[0], upper: parameters[1])
        }
    }
}

extension ClinicSection {
    /// What it says, a line each, for people.
    var lines: [String] {
        var lines = ["# between recommendation and dose"]
        switch follow {
        case .probability(let value): lines.append("# followed with probability \(value)")
        case .expression(let source): lines.append("# followed with probability \(source.text)")
        }
        lines.append("# otherwise \(otherwise.map { "arm '\($0)' decides" } ?? "the treatment in force goes on")")
        switch delay {
        case .days(let days): lines.append("# in force \(days: days) days later")
        case .visits(let count): lines.append("# in force \(count) visits later")
        case .drawn(let drawn):
            lines.append("# in force days later: \(drawn.distribution) \(drawn.parameters)")
        case nil: break
        }
        if let alerts {
            switch alerts.over {
            case .share(let share): lines.append("# alerts over a share of \(share)")
            case .amount(let amount, _): lines.append("# alerts over \(amount)")
            }
            if let (count, days) = alerts.budget {
                lines.append("# at most \(count) alerts\(days < .infinity ? " in \(days: days) days" : "")")
            }
            if let (weight, days) = alerts.fatigue {
                lines.append("# logit p = logit p0 - \(weight) * alerts in the \(days: days) days before")
            }
        }
        for item in coInterventions {
            lines.append("# co-intervention when \(item.condition.text)")
            if let statements = item.statements { lines.append(statements.text) }
            if let give = item.give {
                lines.append("# gives \(give.text) into \(item.into ?? "the doses' compartment")")
            }
        }
        return lines
    }
}
