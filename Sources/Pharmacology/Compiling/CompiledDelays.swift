import ModelLanguage

/// The delayed values of a model: how long ago each looks, and what it reads there.
struct CompiledDelays: Sendable {
    struct Slot: Sendable {
        /// The register in which programs read the delayed value.
        let register: Int
        /// The delayed values that the expression itself reads, all of lower slots.
        let reads: [Int]
        /// Root: the expression, evaluated on the registers of the past.
        let value: LaneProgram
        /// Root: how long ago.
        let lag: LaneProgram
        /// The register of the lag where it is fixed for a patient; nil where it changes with time and state.
        let fixedLag: Int?
    }

    let slots: [Slot]

    init(_ delays: [Delay], _ graph: ExpressionGraph, _ layout: RegisterLayout, _ registers: [Int]) {
        slots = delays.map { delay in
            let reads = graph.slice(below: [delay.value]).filter { graph[$0].operation == .delayed }
            let isFixed = graph.variability(of: delay.lag) < .dynamic
            return Slot(
                register: registers[delay.slot], reads: reads.map { Int(graph[$0].a) }.sorted(),
                value: LaneProgram(graph, roots: [delay.value], layout: layout),
                lag: LaneProgram(graph, roots: [delay.lag], layout: layout),
                fixedLag: isFixed ? layout.place(of: delay.lag, in: graph).map { Int($0) } : nil)
        }
    }

    var registerCount: Int { slots.flatMap { [$0.value.registerCount, $0.lag.registerCount] }.max() ?? 0 }
}
