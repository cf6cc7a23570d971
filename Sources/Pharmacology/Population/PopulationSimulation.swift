// Stand-in for the engine's own, to build the command line against: no steady state, no resets, no covariates that change.
import ModelLanguage
import NumericsCore

package struct PopulationSimulation: Sendable {
    private let model: SimulationModel
    private let options: SolverOptions

    package init(_ model: SimulationModel, options: SolverOptions = SolverOptions()) {
        self.model = model
        self.options = options
    }

    /// Simulates subjects in blocks of 16 and hands each finished block, in order, to `receive`.
    package func run(_ subjects: [Subject], threads: Int, receive: (SimulatedBlock) throws -> Void) rethrows {
        let simulation = LaneSimulation(model, options: options)
        var first = 0
        while first < subjects.count {
            let count = min(laneCount, subjects.count - first)
            try receive(block(simulation, Array(subjects[first..<first + count]), first))
            first += count
        }
    }

    private func block(_ simulation: LaneSimulation, _ subjects: [Subject], _ first: Int) -> SimulatedBlock {
        var grid: [Double] = []
        for time in subjects.flatMap(\.samples).sorted() where time != grid.last { grid.append(time) }
        let start = min(grid.first ?? 0, subjects.compactMap(\.records.first?.time).min() ?? .infinity)
        for (lane, subject) in subjects.enumerated() {
            for (slot, value) in subject.inputs.enumerated() { simulation.setInput(slot, lane: lane, to: value) }
        }
        simulation.begin(at: start, lanes: 0..<subjects.count)
        for (lane, subject) in subjects.enumerated() {
            for record in subject.records { give(record, lane, simulation) }
        }
        // The endpoints' values and deviations follow the outputs.
        let outputs = model.outputs.count + 4 * model.model.endpoints.count
        var rows: [[Double]] = Array(repeating: [], count: subjects.count)
        for time in grid {
            simulation.advance(to: time)
            simulation.report()
            for (lane, subject) in subjects.enumerated() where subject.samples.contains(time) {
                let isWell = simulation.failures[lane] == nil
                for output in 0..<outputs {
                    rows[lane].append(isWell ? simulation.value(ofOutput: output)[lane] : .nan)
                }
            }
        }
        let failures = subjects.indices.map { lane in
            simulation.failures[lane].map { ($0, simulation.time[lane]) }
        }
        return SimulatedBlock(
            first: first, count: subjects.count, rows: rows, failures: failures, outputs: outputs,
            endpoints: model.model.endpoints.count)
    }

    private func give(_ record: DosingRecord, _ lane: Int, _ simulation: LaneSimulation) {
        for number in 0...record.additional {
            var dose = Dose(
                time: record.time + Double(number) * record.interval, compartment: record.compartment,
                amount: record.amount)
            switch record.input {
            case .bolus, .modelledRate, .modelledDuration: break
            case .rate(let rate): dose.duration = record.amount / rate
            case .duration(let duration): dose.duration = duration
            }
            simulation.give(dose, lane: lane)
        }
    }
}

/// The outputs of up to sixteen subjects.
package struct SimulatedBlock {
    package let first: Int
    package let count: Int
    fileprivate let rows: [[Double]]
    fileprivate let failures: [(failure: SolverFailure, time: Double)?]
    fileprivate let outputs: Int
    fileprivate let endpoints: Int

    package func value(subject: Int, sample: Int, output: Int) -> Double { rows[subject][sample * outputs + output] }
    package func failure(subject: Int) -> (failure: SolverFailure, time: Double)? { failures[subject] }

    /// An endpoint's true value.
    package func value(endpoint: Int, subject: Int, sample: Int) -> Double {
        rows[subject][sample * outputs + firstEndpoint + 4 * endpoint]
    }

    /// An endpoint as it is observed, with the residual error of a draw.
    package func observed(
        endpoint: Int, subject: Int, sample: Int, from stream: RandomStream, at draw: UInt64
    ) -> Double {
        func lane(_ index: Int) -> Lane {
            Lane(repeating: rows[subject][sample * outputs + firstEndpoint + 4 * endpoint + index])
        }
        return EndpointReading(value: lane(0), additive: lane(1), proportional: lane(2), logNormal: lane(3))
            .observed(lane: 0, noise: stream.normal(at: draw))
    }

    private var firstEndpoint: Int { outputs - 4 * endpoints }

    fileprivate init(
        first: Int, count: Int, rows: [[Double]], failures: [(failure: SolverFailure, time: Double)?], outputs: Int,
        endpoints: Int
    ) {
        self.first = first
        self.count = count
        self.rows = rows
        self.failures = failures
        self.outputs = outputs
        self.endpoints = endpoints
    }
}
