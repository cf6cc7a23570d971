import EnvironmentServer
import Environments
import Foundation
import NumericsCore
import Testing

// Sessions over streams in memory: each message, each refusal by its whole text, and bytes that mean nothing.
@Suite struct ServerSessionTests {
    private func sepsis() throws -> any Environment { try EnvironmentEntry.named("oberst-sepsis").make() }

    @Test("A session says what the environment is, plays and closes; it does not matter how the bytes arrive")
    func wholeSession() throws {
        let requests = [
            Ask.hello, Ask.reset(lanes: 2), Ask.levels([0, 7]), Ask.renew([1, 1]), Ask.reset(seed: 2, lanes: 17),
            Ask.levels([Int32](repeating: 3, count: 17)), Ask.close,
        ].flatMap(\.self)
        let (answers, error) = try serve(sepsis(), requests)
        #expect(error == nil)
        #expect(answers.map(\.kind) == [129, 130, 130, 130, 130, 130, 131])
        #expect(answers.last?.body == [])
        let again = try serve(sepsis(), requests, threads: 2, piece: 3)
        #expect(again.answers == answers && again.error == nil)
    }

    @Test("The facts are JSON with null for infinite bounds")
    func facts() throws {
        let (answers, _) = try serve(CountdownEnvironment(), Ask.hello)
        let expected = """
            {"actions":{"components":[{"high":1,"low":0,"name":"x"},{"high":1,"low":0,"name":"y"}],"continuous":true,\
            "levels":[{"name":"none","values":[0,0]},{"name":"both","values":[1,0.5]}]},"discount":0.5,"ends":["away","home"],\
            "environment":"countdown","groupings":[{"groups":["even","odd"],"name":"parity"}],"hidden":[],"horizon":5,\
            "maximum_lanes":1000,"measures":["half"],"observations":[{"high":null,"low":0,"name":"episode"},\
            {"high":5,"low":0,"name":"decision"}],"protocol":1,"rules":[],"trialist":"1.2.3","variant":"only"}
            """
        #expect(String(decoding: answers[0].body, as: UTF8.self) == expected)
    }

    @Test("A stream that ends between two messages closes the session")
    func endOfStream() throws {
        let (answers, error) = try serve(sepsis(), Ask.hello, Ask.reset(lanes: 1))
        #expect(answers.map(\.kind) == [129, 130] && error == nil)
        #expect(try serve(sepsis()).answers == [])
    }

    /// Requests that are refused after the greeting, and why.
    private static let forbidden: [(request: [UInt8], message: String)] = [
        (Ask.levels([0]), "stepLevels: no episode has begun; send reset first"),
        (Ask.renew([1]), "renew: no episode has begun; send reset first"),
        (
            Ask.reset(first: -1, lanes: 0, mode: 3),
            "reset: first episode: found -1, allowed: 0 to 9007199254740992; lanes: found 0, allowed: 1 to 1000; "
                + "autoreset mode: found 3, allowed: 0 nextStep, 1 sameStep, 2 disabled"
        ),
        (Ask.reset(lanes: 1001), "reset: lanes: found 1001, allowed: 1 to 1000"),
    ]

    @Test("A request for what is not allowed is refused, and the session goes on", arguments: forbidden.indices)
    func refusals(_ index: Int) throws {
        let (request, message) = Self.forbidden[index]
        let (answers, error) = try serve(sepsis(), Ask.hello, request, Ask.reset(lanes: 1), Ask.close)
        #expect(answers.map(\.kind) == [129, 255, 130, 131] && error == nil)
        #expect(try answers[1].error() == ErrorMessage(.refused(message)))
    }

    @Test("Actions outside the space change nothing")
    func refusedActions() throws {
        let (answers, error) = try serve(
            CountdownEnvironment(), Ask.hello, Ask.reset(lanes: 2), Ask.levels([0, 2]), Ask.levels([-1, 0]),
            Ask.values([0, 0, 0, .nan]), Ask.values([0, 0, 1.5, 0]), Ask.renew([0, 2]), Ask.renew([0, 0]))
        #expect(error == nil)
        #expect(
            try answers[2...6].map { try $0.error() }
                == [
                    "stepLevels: found action 2 in lane 1, allowed: 0 to 1 (none, both)",
                    "stepLevels: found action -1 in lane 0, allowed: 0 to 1 (none, both)",
                    "stepValues: y: found nan in lane 1, allowed: 0.0 to 1.0",
                    "stepValues: x: found 1.5 in lane 1, allowed: 0.0 to 1.0",
                    "renew: found 2 in lane 1, allowed: 0 or 1",
                ].map { ErrorMessage(.refused($0)) })
        #expect(answers[7] == answers[1])
        let levelsOnly = try serve(sepsis(), Ask.hello, Ask.reset(lanes: 1), Ask.values([1])).answers
        #expect(
            try levelsOnly[2].error()
                == ErrorMessage(.refused("stepValues: oberst-sepsis takes levels only; send stepLevels")))
    }

    /// Requests that end a session, and why.
    private static let nonsense: [(bytes: [UInt8], message: String)] = [
        (Ask.close, "close: found as the first message, allowed: hello"),
        (
            Ask.message(1, Ask.bytes(UInt32(2))),
            "hello: found protocol version 2, allowed: 1; use the client of this release"
        ),
        (Ask.message(1), "hello: found a body of 0 bytes, allowed: 4"),
        (greeted(Ask.message(2, [0])), "reset: found a body of 1 bytes, allowed: 24"),
        (greeted(Ask.message(6, [0])), "close: found a body of 1 bytes, allowed: 0"),
        (
            greeted(Ask.message(9)),
            "message: found kind 9, allowed: 1 hello, 2 reset, 3 renew, 4 stepLevels, 5 stepValues, 6 close"
        ),
        (
            greeted([0, 0, 0, 0, 6, 1, 2, 3]),
            "header: found bytes 1, 2, 3 at the end, allowed: three zeros"
        ),
        (
            greeted([255, 255, 255, 255, 4, 0, 0, 0]),
            "stepLevels: found a body of 4294967295 bytes, allowed: at most 64 at this point"
        ),
        (
            greeted(Ask.reset(lanes: 3), Ask.levels([0, 0])),
            "stepLevels: found a body of 8 bytes, allowed: 12 for 3 lanes"
        ),
        (
            greeted(Ask.reset(lanes: 3), Ask.renew([1, 1])),
            "renew: found a body of 2 bytes, allowed: 3 for 3 lanes"
        ),
        (greeted([4, 0, 0]), "the stream ends after 3 of the 8 bytes of a header"),
        (greeted(Array(Ask.reset(lanes: 3).dropLast())), "reset: the stream ends after 23 of the body's 24 bytes"),
    ]

    private static func greeted(_ messages: [UInt8]...) -> [UInt8] { Ask.hello + messages.flatMap(\.self) }

    @Test("What is no message is answered once and ends the session", arguments: nonsense.indices)
    func malformed(_ index: Int) throws {
        let (bytes, message) = Self.nonsense[index]
        let (answers, error) = try serve(sepsis(), bytes)
        #expect(error == .malformed(message))
        #expect(try answers.last?.error() == ErrorMessage(.malformed(message)))
        #expect(answers.filter { $0.kind == 255 }.count == 1)
    }

    @Test("Whatever bytes come, the session ends by itself or says what is wrong with them")
    func fuzz() throws {
        let environment = try sepsis()
        let valid = [
            Ask.hello, Ask.reset(lanes: 20), Ask.levels([Int32](repeating: 5, count: 20)),
            Ask.renew([UInt8](repeating: 1, count: 20)), Ask.reset(lanes: 2, mode: 2), Ask.levels([0, 1]), Ask.close,
        ].flatMap(\.self)
        var random = RandomStream(seed: 11, purpose: .environment, replicate: 0, patient: 0)
        func number(below limit: Int) -> Int { Int(random.nextUniform() * Double(limit)) }
        var (malformed, refused) = (0, 0)
        for round in 0..<3000 {
            var bytes: [UInt8]
            if round % 3 == 0 {
                bytes =
                    (round % 2 == 0 ? Ask.hello : []) + (0..<number(below: 60)).map { _ in UInt8(number(below: 256)) }
            } else {
                bytes = valid
                for _ in 0...number(below: 4) { bytes[number(below: bytes.count)] = UInt8(number(below: 256)) }
                if round % 5 == 0 { bytes.removeLast(number(below: bytes.count)) }
            }
            let (answers, error) = try serve(environment, bytes)
            if case .malformed(let text) = error {
                malformed += 1
                #expect(try answers.last?.error() == ErrorMessage(.malformed(text)), "round \(round)")
            } else {
                #expect(error == nil, "round \(round)")
            }
            refused += try answers.filter { try $0.kind == 255 && $0.error().error == "refused" }.count
        }
        #expect(malformed > 1000 && refused > 20)
    }

    @Test("A client that is gone ends the session with its own error")
    func goneClient() throws {
        let toServer = Pipe()
        let toClient = Pipe()
        try toClient.fileHandleForReading.close()
        let session = ServerSession(
            try sepsis(),
            channel: FileChannel(
                input: toServer.fileHandleForReading.fileDescriptor,
                output: toClient.fileHandleForWriting.fileDescriptor),
            trialist: "1.2.3", threads: 1)
        try toServer.fileHandleForWriting.write(contentsOf: Data(Ask.hello))
        #expect(throws: ServerError.disconnected("cannot write: Broken pipe")) { try session.run() }
    }
}
