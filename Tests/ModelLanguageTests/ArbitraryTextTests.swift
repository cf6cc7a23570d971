import Testing

@testable import ModelLanguage

/// No bytes may crash or hang reading, checking or listing. The same entry serves the fuzz target.
@Suite("Arbitrary text")
struct ArbitraryTextTests {
    /// Models that hold every construct; their words are what mutations are made of.
    private static let originals = [
        ModelDocumentTests.wholeFile,
        """
        ini({ tka <- log(2); cl <- c(0, 3, 9); add.sd <- 0.1; etaka ~ 0.09; a + b ~ c(1, 0.1, 2) | occ })
        model({
            ka <- exp(tka + etaka) * (WT / 70)^0.75
            v <- 20; k12 ~ 0.2
            cmt(gut)
            d/dt(gut) <- transit(n, mtt, bio) - ka * gut * (t > 3 && !flag)
            d/dt(effect) <- delay(effect, tau) * max(linCmt() - base, 0) %% 7 - d/dt(gut)
            effect(0) <- base + t
            f(depot) <- ifelse(SEX == 1, 0.5, expit(x, 0, 2)); alag(depot) <- tad(depot) / 2
            dur(central) <- d1; rate(central) = r1
            mtime(t1) <- 4 * ka
            if (tad() > 12) { y <- podo(depot) } else if (dosenum() >= 2) y <- tlast0(effect) else { y <- abs(t - t1) }
            y ~ add(add.sd) + prop(sd2) + boxCox(lambda) | first
            count ~ pois(exp(y))
            grade ~ c(p1 = 0, p2 = 1, 2)
        })
        """,
        "kel <- 0.1; v <- 10; k12 <- 1\nk21 <- 2\ncp <- linCmt(kel, v, k12, k21)\ncp ~ lnorm(NA) + prop(b)",
    ]

    private static let words = [
        "(", ")", "{", "}", ",", ";", "\n", " <- ", " ~ ", " | ", "+", "-", "*", "/", "^", "%%", "&&", "!", "==", "<",
        "if (a) ", " else ", "function() {", "ini({", "model({", "})", "d/dt(central) <- ", "central(0) <- ",
        "f(central) <- ", "mtime(x) <- ", "linCmt()", "transit(", "delay(", "tad(depot)", "podo()", "cl", "v", "q",
        "vp",
        "ka", "alpha", "beta", "b", "t", "1e308", "0", "-1", "NA", "\"s\"", "c(", "lnorm(", "log(", "gammap(",
        "~ dbeta(",
    ]

    @Test("Thousands of mutated models return, taken or refused", arguments: 0..<8)
    func mutations(_ part: Int) {
        for number in 0..<400 {
            var choices = Choices(seed: UInt64(part * 100_000 + number))
            var bytes = Array(Self.originals[number % Self.originals.count].utf8)
            for _ in 0...choices.below(8) {
                let at = choices.below(bytes.count)
                switch choices.below(6) {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: choices.next())
                case 1: bytes.removeSubrange(at..<min(bytes.count, at + 1 + choices.below(12)))
                case 2, 3: bytes.insert(contentsOf: Array(choices.pick(Self.words).utf8), at: at)
                case 4: bytes.swapAt(at, choices.below(bytes.count))
                default:
                    let from = choices.below(bytes.count)
                    let piece = Array(bytes[from..<min(bytes.count, from + choices.below(60))])
                    bytes.insert(contentsOf: piece, at: at)
                }
                if bytes.isEmpty { bytes = [10] }
            }
            checkArbitraryText(bytes)
        }
    }

    @Test("The originals themselves are taken")
    func originals() throws {
        for text in Self.originals { #expect(RefusedByChecker.model(text) == "") }
    }

    /// Texts whose check would take for ever if it cost the square of their size.
    @Test(
        "Large texts of one kind end in time",
        arguments: [
            ("mtime(t#) <- t\n", 4000), ("f(x#) <- 1\n", 4000), ("d/dt(x#) <- tad(x#)\n", 4000),
            ("x# <- y# + z\n", 4000),
            ("x <- foo#(y)\n", 4000), ("d/dt(x#) <- x\n", 4000), ("if (a) x# <- 1\n", 3000), ("x#(0) <- y\n", 4000),
            ("y# ~ add(a)\n", 4000), ("x ~ delay(t * #, #)\n", 4000), ("cl# <- linCmt()\n", 4000),
        ])
    func large(_ line: String, _ count: Int) {
        let text = (0..<count).map {
            line.split(separator: "#", omittingEmptySubsequences: false).joined(separator: "\($0)")
        }
        checkArbitraryText(Array(text.joined().utf8))
        let name = String(repeating: "a", count: 200_000)
        checkArbitraryText(Array("x <- \(name)(\(name)b)\ncl ~ \(name)".utf8))
    }
}
