import Environments
import ModelLanguage
import NumericsCore

/// The names that statements of an environment share, each with its place among the values of an episode.
struct Board: Sendable {
    /// What a name stands for: what may be done with it.
    enum Role: Sendable, Hashable {
        /// The number of the decision, or of the part of the response.
        case count
        /// Of the patient, the same for a whole episode.
        case column
        /// A component of the action.
        case action
        /// A state of the model, by its number.
        case state(Int)
        /// A variable that the model computes.
        case output
        /// What something was when the decision was made, by its place.
        case before(Int)
        /// Whether an event has ended the episode.
        case end
        /// Assigned by statements.
        case memory
    }

    private(set) var symbols: [InputSymbol] = []
    private(set) var roles: [Role] = []
    private var places: [String: Int] = [:]

    /// A new name; nil where it is taken.
    mutating func add(_ name: String, _ role: Role, levels: [String]? = nil) -> Int? {
        guard places[name] == nil else { return nil }
        places[name] = symbols.count
        symbols.append(InputSymbol(name, levels: levels))
        roles.append(role)
        return symbols.count - 1
    }

    subscript(name: String) -> Int? { places[name] }

    /// The name of what something was when the decision was made.
    static func before(_ name: String) -> String { name + "_before" }

    static let decision = "decision"
    static let part = "part"
}

/// Statements compiled against a board: what they take from it, what they draw, and what they give to it.
struct BoardProgram: Sendable {
    let program: RowProgram
    /// Registers and the places that they are filled from.
    let takes: [(register: Int, place: Int)]
    /// Registers of the uniform and of the normal numbers that are drawn for each run.
    let uniforms: [Int]
    let normals: [Int]
    /// Registers and the places that they are written to.
    let gives: [(register: Int, place: Int)]
    /// Registers of the values of expressions, in their order.
    let values: [Int]

    /// The most numbers of either kind that one block draws at once.
    static let mostDraws = 32

    /// Symbols of numbers that are drawn: `uniform_1`, …, `normal_1`, ….
    static let draws =
        (1...mostDraws).map { InputSymbol("uniform_\($0)") } + (1...mostDraws).map { InputSymbol("normal_\($0)") }

    /// The inputs of a program on this board.
    static func inputs(_ board: Board) -> [InputSymbol] { board.symbols + draws }

    /// - Parameters:
    ///   - given: which outputs are written where; others are values.
    init(_ program: RowProgram, given: (String) -> Int?) {
        self.program = program
        // The board may have got further names since, behind those that the program knows.
        let count = program.inputs.count - Self.draws.count
        func isUsed(_ input: Int) -> Bool { program.used.contains(program.inputs[input].name) }
        takes = (0..<count).filter(isUsed).map { ($0, $0) }
        uniforms = (count..<count + Self.mostDraws).filter(isUsed)
        normals = (count + Self.mostDraws..<count + 2 * Self.mostDraws).filter(isUsed)
        var gives: [(register: Int, place: Int)] = []
        var values: [Int] = []
        for (index, output) in program.outputs.enumerated() {
            let register = program.register(ofOutput: index)
            if let place = given(output.name) { gives.append((register, place)) } else { values.append(register) }
        }
        (self.gives, self.values) = (gives, values)
    }
}

/// A board program at work on sixteen episodes, with the random streams of its draws.
final class BoardRoutine {
    let program: BoardProgram
    let registers: RegisterFile
    private let key: StreamKey
    private let substream: UInt32
    private let draws: Bool
    private var streams: [RandomStream] = []

    init(_ program: BoardProgram, _ key: StreamKey, substream: UInt32) {
        self.program = program
        registers = program.program.makeRegisters()
        self.key = key
        self.substream = substream
        draws = !program.uniforms.isEmpty || !program.normals.isEmpty
        if draws { streams = (0..<laneCount).map { EpisodeStream.make(key, episode: $0, substream: substream) } }
    }

    /// A lane's episode begins: its draws are counted from 0.
    func begin(_ episode: Int, lane: Int) {
        if draws { streams[lane] = EpisodeStream.make(key, episode: episode, substream: substream) }
    }

    /// Fills the registers of what the program takes and draws. Lanes outside the mask draw nothing.
    func load(_ board: LanePointer, _ lanes: LaneMask) {
        let file = registers.lanes
        for (register, place) in program.takes { file[register] = board[place] }
        guard draws else { return }
        for lane in LaneSet(lanes) {
            for register in program.uniforms { file[register][lane] = streams[lane].nextUniform() }
            for register in program.normals { file[register][lane] = streams[lane].nextNormal() }
        }
    }

    /// Computes from the registers as they are.
    func compute() { program.program.run(registers) }

    /// Runs in some lanes: what the statements assign goes to the board.
    func run(_ board: LanePointer, _ lanes: LaneMask) {
        load(board, lanes)
        compute()
        let file = registers.lanes
        for (register, place) in program.gives { board[place].replace(with: file[register], where: lanes) }
    }

    /// The value of an expression after a run.
    func value(_ index: Int) -> Lane { registers.lanes[program.values[index]] }
}
