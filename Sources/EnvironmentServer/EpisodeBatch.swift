import Dispatch
import Environments
import NumericsCore
import Regimes

/// The lanes of a client: any number of episodes side by side, in blocks of sixteen that threads share.
///
/// What a lane shows depends on the seed, the numbers of its episodes and its actions alone. Blocks write to places of
/// their own and records are joined in the order of the lanes, so that a reply has the same bits for any number of threads.
package final class EpisodeBatch {
    private let facts: EnvironmentFacts
    package let layout: TurnLayout
    package let mode: ServerProtocol.Autoreset
    private let blocks: [LaneBlock]
    private let threads: Int
    /// A whole reply, header and all.
    private let reply: UnsafeMutableRawBufferPointer
    /// The values of all levels, `[level][component]`.
    private let levelValues: [Double]

    /// Starts the episodes `firstEpisode ..< firstEpisode + lanes`.
    package init(
        _ environment: any Environment, seed: UInt64, firstEpisode: Int, lanes: Int, mode: ServerProtocol.Autoreset,
        threads: Int
    ) throws {
        let facts = environment.facts
        let layout = TurnLayout(
            lanes: lanes, observations: facts.observations.count, levels: facts.actions.levels.count,
            groupings: facts.groupings.count, measures: facts.measures.count)
        self.facts = facts
        self.layout = layout
        self.mode = mode
        self.threads = threads
        blocks = try stride(from: 0, to: lanes, by: laneCount).map { first in
            LaneBlock(
                try environment.makeEpisodes(seed: seed), facts, layout: layout, firstLane: first,
                firstEpisode: firstEpisode)
        }
        levelValues = facts.actions.levels.flatMap(\.values)
        reply = .allocate(byteCount: layout.capacity, alignment: 16)
        reply.initializeMemory(as: UInt8.self, repeating: 0)
        turn { $0.renew($0.used) }
    }

    deinit { reply.deallocate() }

    /// Starts the next episode in the lanes of a mask of bytes.
    package func renew(_ mask: UnsafeRawBufferPointer) throws(ServerError) {
        try expect("renew", mask.count, layout.lanes)
        if let lane = mask.firstIndex(where: { $0 > 1 }) {
            throw .refused("renew: found \(mask[lane]) in lane \(lane), allowed: 0 or 1")
        }
        turn { block in
            var lanes = LaneMask(repeating: false)
            for lane in LaneSet(block.used) { lanes[lane] = mask[block.firstLane + lane] == 1 }
            block.renew(lanes)
        }
    }

    /// Steps by levels, an `Int32` for each lane.
    package func step(levels bytes: UnsafeRawBufferPointer) throws(ServerError) {
        try expect("stepLevels", bytes.count, 4 * layout.lanes)
        let count = Int32(layout.levels)
        for lane in 0..<layout.lanes {
            let level = Self.int32(bytes, lane)
            guard level >= 0, level < count else {
                throw .refused(
                    "stepLevels: found action \(level) in lane \(lane), allowed: 0 to \(count - 1) (\(facts.actions.names.joined(separator: ", ")))"
                )
            }
        }
        try checkResets()
        let components = facts.actions.components.count
        turn { block in
            for lane in LaneSet(block.used) {
                let level = Int(Self.int32(bytes, block.firstLane + lane))
                for component in 0..<components {
                    block.action[component][lane] = levelValues[level * components + component]
                }
            }
            block.step(mode)
        }
    }

    /// Steps by the values of the components, `Float64[lane][component]`.
    package func step(values bytes: UnsafeRawBufferPointer) throws(ServerError) {
        let components = facts.actions.components
        guard facts.actions.isContinuous else {
            throw .refused("stepValues: \(facts.name) takes levels only; send stepLevels")
        }
        try expect("stepValues", bytes.count, 8 * layout.lanes * components.count)
        for lane in 0..<layout.lanes {
            for (index, component) in components.enumerated() {
                let value = Self.double(bytes, lane * components.count + index)
                guard value >= component.low, value <= component.high else {
                    throw .refused(
                        "stepValues: \(component.name): found \(value) in lane \(lane), allowed: \(component.low) to \(component.high)"
                    )
                }
            }
        }
        try checkResets()
        turn { block in
            for lane in LaneSet(block.used) {
                for component in components.indices {
                    block.action[component][lane] = Self.double(
                        bytes, (block.firstLane + lane) * components.count + component)
                }
            }
            block.step(mode)
        }
    }

    /// The latest reply, header and all; valid until the next request.
    package var bytes: UnsafeRawBufferPointer {
        let records = blocks.reduce(0) { $0 + $1.recordCount }
        return UnsafeRawBufferPointer(rebasing: reply[..<(layout.recordsStart + records * layout.recordBytes)])
    }

    // MARK: The turn

    /// Lets every block do its part and write it, then joins the records.
    private func turn(_ work: (LaneBlock) -> Void) {
        guard let base = reply.baseAddress else { return }
        let teams = max(1, min(threads, blocks.count))
        if teams == 1 {
            for block in blocks {
                work(block)
                block.write(into: base)
            }
        } else {
            withoutActuallyEscaping(work) { work in
                nonisolated(unsafe) let (work, base, blocks) = (work, base, blocks)
                DispatchQueue.concurrentPerform(iterations: teams) { team in
                    for index in (team * blocks.count / teams)..<((team + 1) * blocks.count / teams) {
                        work(blocks[index])
                        blocks[index].write(into: base)
                    }
                }
            }
        }
        finish(base)
    }

    private func finish(_ base: UnsafeMutableRawPointer) {
        var (records, missing) = (0, 0)
        for block in blocks {
            missing += block.missing
            guard block.recordCount > 0, let source = block.records.baseAddress else { continue }
            (base + layout.recordsStart + records * layout.recordBytes)
                .copyMemory(from: source, byteCount: block.recordCount * layout.recordBytes)
            records += block.recordCount
        }
        let length = layout.recordsStart + records * layout.recordBytes - ServerProtocol.headerBytes
        func put(_ number: Int, at place: Int) {
            base.storeBytes(of: UInt32(number).littleEndian, toByteOffset: place, as: UInt32.self)
        }
        put(length, at: 0)
        put(Int(ServerProtocol.Reply.turn.rawValue), at: 4)
        put(layout.lanes, at: 8)
        put(records, at: 12)
        put(missing, at: 16)
        put(0, at: 20)
    }

    // MARK: Checks before anything changes

    private func expect(_ what: String, _ found: Int, _ allowed: Int) throws(ServerError) {
        guard found == allowed else {
            throw .malformed("\(what): found a body of \(found) bytes, allowed: \(allowed) for \(layout.lanes) lanes")
        }
    }

    private func checkResets() throws(ServerError) {
        guard mode == .disabled else { return }
        for block in blocks where any(block.isOver) {
            let lane = LaneSet(block.isOver).first { _ in true } ?? 0
            throw .refused(
                "step: the episode of lane \(block.firstLane + lane) is over and autoreset is disabled; renew it first")
        }
    }

    private static func int32(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Int32 {
        Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self))
    }

    private static func double(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Double {
        Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)))
    }
}
