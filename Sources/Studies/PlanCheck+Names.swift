import Scenarios
import Trials

extension PlanCheck {
    /// The arms, endpoints and days that `trial`, `report` and `published` name.
    mutating func namesOfArmsAndEndpoints() {
        if let trial = scenario.trial {
            for (index, name) in trial.arms.enumerated() { checkArm(name, "trial.arms[\(index)]") }
            if let name = trial.nullArm { checkArm(name, "trial.null_arm") }
            if trial.design == .smart { checkSequentialTrial(trial) }
            checkEndpoint(trial.endpoint, "trial.endpoint")
            if let days = trial.followUp, days > scenario.visits.end {
                refuse(
                    "trial.follow_up",
                    "found \(days: days) days, allowed: at most the \(days: scenario.visits.end) days of the visits")
            }
        }
        if let report = scenario.report {
            if let name = report.against { checkArm(name, "report.arms_against") }
            if let name = report.survivalEndpoint { checkSurvival(name) }
            for (index, name) in (report.regret?.among ?? []).enumerated() {
                checkArm(name, "report.regret.among[\(index)]")
            }
            if let name = report.regret?.endpoint { checkEndpoint(name, "report.regret.endpoint") }
            if let day = report.days.last, day > scenario.visits.end {
                refuse(
                    "report.survival.days",
                    "found day \(days: day), allowed: at most day \(days: scenario.visits.end), the end of the visits")
            }
        }
        for (index, entry) in scenario.published.enumerated() {
            checkArm(entry.treatment, "published[\(index)].contrast[0]")
            checkArm(entry.control, "published[\(index)].contrast[1]")
            checkEndpoint(entry.endpoint, "published[\(index)].endpoint")
        }
    }

    private mutating func checkArm(_ name: String, _ path: String) {
        let arms = scenario.arms.map(\.name)
        if !arms.contains(name) { refuse(path, unknown: name, "arm", known: arms) }
    }

    private mutating func checkEndpoint(_ name: String, _ path: String) {
        let endpoints = scenario.endpoints.map(\.name)
        if !endpoints.contains(name) { refuse(path, unknown: name, "endpoint", known: endpoints) }
    }

    private mutating func checkSurvival(_ name: String) {
        checkEndpoint(name, "report.survival.endpoint")
        guard let section = scenario.endpoints.first(where: { $0.name == name }) else { return }
        if !EndpointKinds.timesToEvents.contains(section.kind) {
            let allowed = EndpointKinds.timesToEvents.joined(separator: " or ")
            refuse(
                "report.survival.endpoint", "'\(name)' is a \(section.kind), allowed: an endpoint of kind \(allowed)")
        }
    }

    /// The columns that `strata`, `trial`, `report` and `published` name.
    mutating func namesOfColumns(_ sample: SampleColumns) {
        for (index, name) in scenario.strata.enumerated() { checkStratum(name, "strata[\(index)]", sample) }
        for (index, name) in (scenario.trial?.stratify ?? []).enumerated() {
            checkFactor(name, "trial.stratify[\(index)]", sample)
        }
        let numbers = [
            (scenario.report?.score, "report.survival.score"), (scenario.report?.doseNeeded, "report.dose_needed"),
        ]
        for (name, path) in numbers {
            guard let name else { continue }
            if let column = sample.column(name), sample.names.contains(name) {
                if column.levels != nil { refuse(path, "'\(name)' is a category, allowed: a number") }
            } else {
                refuse(path, unknown: name, "column of the cohort", known: sample.names)
            }
        }
        for (index, entry) in scenario.published.enumerated() {
            guard let (name, level) = entry.stratum else { continue }
            let path = "published[\(index)].stratum.\(name)"
            guard scenario.strata.contains(name), let column = sample.column(name) else {
                refuse(path, unknown: name, "stratum", known: scenario.strata)
                continue
            }
            // Patients without a value are a group of their own, where there are any.
            let levels = (column.levels ?? ["no", "yes"]) + ["missing"]
            if !levels.contains(level) { refuse(path, unknown: level, "level of '\(name)'", known: levels) }
        }
    }

    /// Whether every group that `published` names is there: the group of missing values may not be.
    mutating func publishedGroups(among labels: [String]) throws(ScenarioErrors) {
        for (index, entry) in scenario.published.enumerated() {
            guard let (name, level) = entry.stratum, !labels.contains("\(name)=\(level)") else { continue }
            refuse("published[\(index)].stratum.\(name)", "no patient can be in the group '\(level)' of '\(name)'")
        }
        try throwIfAny()
    }

    private mutating func checkStratum(_ name: String, _ path: String, _ sample: SampleColumns) {
        guard let column = sample.column(name), sample.names.contains(name) else {
            return refuse(path, unknown: name, "column of the cohort", known: sample.names)
        }
        switch column.kind {
        case .category, .flag: break
        default: refuse(path, "'\(name)' is a number; strata need a category or a flag (derive bands with ifelse)")
        }
        if scenario.strata.firstIndex(of: name).map({ "strata[\($0)]" }) != path {
            refuse(path, "the stratum '\(name)' stands twice")
        }
    }

    /// A column to randomise within may be a number of few values, such as a derived 0 or 1.
    private mutating func checkFactor(_ name: String, _ path: String, _ sample: SampleColumns) {
        guard let column = sample.column(name), sample.names.contains(name) else {
            return refuse(path, unknown: name, "column of the cohort", known: sample.names)
        }
        if column.levels == nil, Set(column.values.filter { !$0.isNaN }).count > Self.mostFactorLevels {
            refuse(
                path,
                "'\(name)' has more than \(Self.mostFactorLevels) values, which would leave each patient a stratum of "
                    + "their own (derive bands with ifelse)")
        }
    }

    private static let mostFactorLevels = 20
}
