import ModelLanguage
import Testing

/// No text may crash, hang or overflow the stack, whatever it holds.
@Suite("Robustness")
struct RobustnessTests {
    private static let rule = """
        x <- c(a, "é", 'b') ; if (t > 3 && !b) { y(0) = -1.5e-3 } else z <- ifelse(a == "q", 2, `odd one`)
        d/dt(x) <- a * (b + c)^2 %% 3 # note
        y ~ add(s) + prop(p) | cond
        """

    /// Every text is either read or refused with at least one message that has a place inside the text.
    private func check(_ text: String, _ seed: Int) {
        for outcome in [
            Result { _ = try Read.model(text) }, Result { _ = try Read.rule(text) },
            Result { _ = try Read.expression(text) },
        ] {
            guard case .failure(let error) = outcome else { continue }
            guard let errors = error as? SourceErrors, let first = errors.diagnostics.first else {
                Issue.record("seed \(seed): refused without a message")
                return
            }
            let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
            let isInside = first.place.line >= 1 && first.place.line <= lines && first.place.column >= 1
            #expect(isInside, "seed \(seed): \(first)")
            #expect(errors.diagnostics.count <= 51)
            #expect(!errors.description.isEmpty)
        }
    }

    /// Seeded mutations of bytes: replaced, removed, doubled, swapped, cut off.
    @Test func mutatedBytes() {
        let originals = [ModelDocumentTests.wholeFile, Self.rule].map { Array($0.utf8) }
        for seed in 0..<1500 {
            var choices = Choices(seed: UInt64(seed))
            var bytes = originals[seed % 2]
            for _ in 0...choices.below(6) {
                let at = choices.below(bytes.count)
                switch choices.below(5) {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: choices.next())
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(bytes[choices.below(bytes.count)], at: at)
                case 3: bytes.swapAt(at, choices.below(bytes.count))
                default: if choices.below(8) == 0, at > 0 { bytes.removeSubrange(at...) }
                }
            }
            check(String(decoding: bytes, as: UTF8.self), seed)
        }
    }

    /// Seeded mutations of words, which reach deeper than those of bytes.
    @Test func mutatedWords() {
        let words = [
            "(", ")", "{", "}", "[", "]", ",", ";", "\n", "<-", "=", "~", "+", "-", "*", "/", "^", "%%", "&&", "|", "!",
            "==", "<", "->", "if", "else", "function", "ini({", "model({", "})", "d/dt(", "x", "f", "c(", "fix(", "1",
            "-2.5", "\"s\"", "'", "`", "\\", "#", "label(", "linCmt()", "cmt", "TRUE", "NA", "while", "paste(", "é",
            "\0",
        ]
        let original = ModelDocumentTests.wholeFile.split(separator: " ", omittingEmptySubsequences: false).map(
            String.init)
        for seed in 0..<1200 {
            var choices = Choices(seed: UInt64(seed) + 1_000_000)
            var text = seed % 3 == 0 ? (0..<60).map { _ in choices.pick(words) } : original
            for _ in 0...choices.below(4) {
                let at = choices.below(text.count)
                switch choices.below(3) {
                case 0: text[at] = choices.pick(words)
                case 1: text.insert(choices.pick(words), at: at)
                default: text.remove(at: at)
                }
            }
            check(text.joined(separator: " "), seed)
        }
    }

    /// One word over and over: each kind of open end, mistake and depth. Anything of quadratic cost would show.
    @Test(arguments: [
        "(", ")", "{", "}", "[", "if(a)", "if(a){", "- ", "!", "a^", "a+", "a-", "f(", "a,", "\"", "'\\", "`", "é",
        "é ",
        "\"é\" ", "else ", "model({", "x<-(\n", "(}", "1 ", "a\n", "\n", ";", "#", "\\'\n", "~", "a~", "d/dt(",
        "if(a)x<-1 else ",
    ])
    func repeatedWords(_ word: String) {
        let text = String(repeating: word, count: 20_000 / word.utf8.count)
        check(text, 0)
        check("ini({ a <- " + text, 1)
        check("f <- function() { a <- " + text, 2)
    }

    @Test func depthIsLimited() throws {
        func nested(_ count: Int) -> String {
            String(repeating: "(", count: count) + "x" + String(repeating: ")", count: count)
        }
        #expect(try Read.expression(nested(200)).kind == .symbol("x"))
        #expect(
            Refused.expression(nested(201)).hasPrefix(
                "e.R:1:202: error: brackets, blocks and signs nest more than 200 deep here; give inner parts a name of "
                    + "their own\n"))
        func sum(_ count: Int) -> String { "1" + String(repeating: "+1", count: count) }
        #expect(try Read.expression(sum(999)).description.count > 999)
        #expect(
            Refused.expression(sum(1000)).hasPrefix(
                "e.R:1:2000: error: the expression is more than 1000 operations deep; split it over several assignments\n"
            ))
        let blocks = String(repeating: "if (a) {\n", count: 201) + "x <- 1" + String(repeating: "\n}", count: 201)
        #expect(Refused.rule(blocks).hasPrefix("r.R:201:1: error: brackets, blocks and signs nest more than 200 deep"))
        let chain = "if (a) x <- 1" + String(repeating: " else if (b) x <- 2", count: 5000)
        #expect(try Read.rule(chain).count == 1)
    }

    @Test func sizeIsLimited() throws {
        let text = String(repeating: "#", count: ModelParser.largestSource + 1)
        #expect(
            Refused.rule(text).hasPrefix(
                "r.R:1:1: error: the text has 1048577 bytes; a model or rule may have at most 1048576\n"))
        #expect(try Read.rule(String(text.dropLast())).isEmpty)
        let vector = "a ~ c(" + Array(repeating: "0", count: 10_001).joined(separator: ",") + ")"
        #expect(Refused.ini(vector).contains("c() has 10001 numbers; at most 10000 are allowed"))
        let names = (0..<141).map { "e\($0)" }.joined(separator: " + ")
        #expect(Refused.ini("\(names) ~ 1").contains("a block of 141 random effects; at most 140 may vary together"))
        let long = "\"" + String(repeating: "x", count: 100_000) + "\""
        let many = Array(repeating: "1", count: 100).joined(separator: ", ")
        #expect(
            Refused.model("a <- paste(\(long), c(\(many)))\nmodel({ y <- 1 })").contains(
                "paste() would make a text of more than 1048576 bytes"))
    }

    @Test func onlyTheFirstFiftyProblemsAreShown() {
        let text = Refused.rule(String(repeating: "x <- \u{7}\n", count: 60))
        #expect(text.components(separatedBy: "error:").count - 1 == 51)
        #expect(
            text.contains("a control character (U+0007) has no meaning here (and 9 further problems after this one)"))
    }

    /// A hundred lines take well under a millisecond in a release build and about 2 ms in a debug build. The best of
    /// several tries is compared with 50 ms, so that only an algorithm gone wrong can fail here.
    @Test func aHundredLinesAreReadAtOnce() throws {
        let lines = (0..<100).map { "v\($0) <- exp(lcl\($0) + eta) * (WT / 70)^0.75 + 1.25e-3 * k # note \($0)" }
        let text = "m <- function() {\n  ini({ lcl <- log(3) })\n  model({\n\(lines.joined(separator: "\n"))\n  })\n}"
        let clock = ContinuousClock()
        let best = try (0..<5).map { _ in try clock.measure { _ = try Read.model(text) } }.min()
        #expect(try #require(best) < .milliseconds(50))
    }
}
