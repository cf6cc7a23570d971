import Testing

@testable import Reporting

/// Backed by arithmetic that can be done by eye.
struct MarkupTests {
    @Test("Text and attributes cannot become markup")
    func escaping() {
        let hostile = "<script>alert(\"a\" & 'b')</script>"
        #expect(
            Markup.element("p", ["title": hostile], text: hostile).rendered == """
                <p title="&lt;script&gt;alert(&quot;a&quot; &amp; &#39;b&#39;)&lt;/script&gt;">\
                &lt;script&gt;alert(&quot;a&quot; &amp; &#39;b&#39;)&lt;/script&gt;</p>

                """)
    }

    @Test("Characters that no document may hold are replaced")
    func controlCharacters() {
        #expect(Markup.escaped("a\u{0}b\u{1B}[31mc\u{FFFE}\td\n") == "a\u{FFFD}b\u{FFFD}[31mc\u{FFFD}\td\n")
    }

    @Test("Shapes close themselves; elements that may be empty get a closing tag")
    func closing() {
        #expect(Markup.element("br").rendered == "<br/>")
        #expect(Markup.element("td").rendered == "<td></td>")
    }
}

struct LinearScaleTests {
    @Test("Ticks are 1, 2 or 5 times a power of ten, and labelled with the decimals that tell them apart")
    func ticks() {
        let scale = LinearScale(domain: 0...1, start: 0, end: 100)
        #expect(scale.ticks(5).values == [0, 1, 2, 3, 4, 5].map { $0 * 0.2 } && scale.ticks(5).decimals == 1)
        let wide = LinearScale(domain: -40...40, start: 0, end: 100)
        #expect(wide.ticks(4).values == [-40, -20, 0, 20, 40] && wide.ticks(4).decimals == 0)
        #expect(LinearScale(domain: 0...0.01, start: 0, end: 1).ticks(4).decimals == 3)
    }

    @Test("An axis holds all of its numbers and wastes no more than a step at each end", arguments: 0..<400)
    func domain(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func number() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(Int64(bitPattern: state) >> 11) / 4.5e15
        }
        let size = [1e-9, 1e-3, 1, 1e4, 1e12][seed % 5]
        let values = (0..<4).map { _ in number() * size }
        let scale = LinearScale(around: values, start: 0, end: 1)
        let (low, high) = (values.min() ?? 0, values.max() ?? 0)
        let step = LinearScale.step((high - low) / 10)
        #expect(
            scale.domain.lowerBound <= low + 1e-6 * step && scale.domain.upperBound >= high - 1e-6 * step,
            "seed \(seed)")
        #expect(
            low - scale.domain.lowerBound < 1.001 * step && scale.domain.upperBound - high < 1.001 * step,
            "seed \(seed)")
        let ticks = scale.ticks().values
        #expect((2...12).contains(ticks.count) && ticks.allSatisfy { (0...1).contains(scale($0)) }, "seed \(seed)")
    }

    @Test("One number, no number or only unknown ones still make an axis")
    func degenerate() {
        #expect(LinearScale(around: [5], start: 0, end: 1).domain == 2.5...7.5)
        #expect(LinearScale(around: [], start: 0, end: 1).domain == 0...1)
        #expect(LinearScale(around: [.nan, .infinity], start: 0, end: 1).domain == 0...1)
        #expect(LinearScale(domain: 3...3, start: 7, end: 9)(3) == 7)
    }

    @Test("A number outside stands at the edge")
    func clamping() {
        let scale = LinearScale(domain: 0...10, start: 100, end: 0)
        #expect(scale(0) == 100 && scale(5) == 50 && scale(20) == 0 && scale(-1) == 100)
    }
}

struct CurvesTests {
    let x = LinearScale(domain: 0...10, start: 0, end: 10)
    let y = LinearScale(domain: 0...10, start: 10, end: 0)

    @Test("A step line goes along, then up")
    func steps() {
        #expect(Curves.steps([0, 2, 4, 6], [0, 0, 3, 3], x, y) == "M0 10H4V7H6V7")
    }

    @Test("A step line passes over unknown values")
    func gaps() {
        #expect(Curves.steps([0, 2, 4, 6], [0, 1, .nan, .nan], x, y) == "M0 10H2V9")
        #expect(Curves.steps([0, 1], [.nan, .nan], x, y) == "")
    }

    @Test("A band runs along its upper edge and back along its lower one")
    func band() {
        #expect(Curves.band([0, 4, 6], [0, 1, 1], [2, 5, 5], x, y) == "M0 8H4V5H6V5V9H6V9H4V10H0Z")
        #expect(Curves.band([0, 4], [.nan, .nan], [1, 1], x, y) == "")
    }
}

struct RoundingTests {
    @Test("Decimals follow the smallest interval")
    func decimals() {
        #expect(Rounding.decimals(for: [5, 0.65]) == 1)
        #expect(Rounding.decimals(for: [5, 0.065]) == 2)
        #expect(Rounding.decimals(for: [0.000_065]) == 4)
        #expect(Rounding.decimals(for: []) == 1 && Rounding.decimals(for: [0, .nan, .infinity]) == 1)
    }

    @Test("There is no negative zero, no NaN and no endless number")
    func text() {
        #expect(Rounding.text(-0.04, decimals: 1) == "0.0")
        #expect(Rounding.text(-0.06, decimals: 1) == "-0.1")
        #expect(Rounding.text(.nan, decimals: 1) == "-" && Rounding.text(nil, decimals: 1) == "-")
        #expect(Rounding.text(1.5e9, decimals: 1) == "1.5e+09" && Rounding.text(-.infinity, decimals: 1) == "-inf")
    }

    @Test("An interval is a half-width where it is symmetric, and two bounds where it is not")
    func intervals() {
        #expect(EstimateFindings(value: 58.14, lower: 57.5, upper: 58.78).text(decimals: 1) == "58.1 ± 0.6")
        #expect(EstimateFindings(value: 0.5, lower: 0.2, upper: 1.25).text(decimals: 2) == "0.50 (0.20 to 1.25)")
        #expect(EstimateFindings(value: 0.5).text(decimals: 2) == "0.50")
        #expect(EstimateFindings(value: nil, lower: 1, upper: 2).text(decimals: 2) == "-")
    }
}

struct TextTableTests {
    @Test("A table wider than a terminal is given in parts, each with its first column")
    func parts() {
        let wide = String(repeating: "x", count: 50)
        let table = TextTable(head: [["", "a", "b", "c"]], rows: [["row", wide, wide, "1"]])
        #expect(
            table.lines == [
                "       " + String(repeating: " ", count: 49) + "a  " + String(repeating: " ", count: 49) + "b",
                "  row  \(wide)  \(wide)", "", "       c", "  row  1",
            ])
    }

    @Test("A row may be shorter than the others")
    func shortRow() {
        #expect(TextTable(head: [["", "a"]], rows: [["x"], ["y", "1"]]).lines == ["     a", "  x", "  y  1"])
        let headed = TextTable(head: [["", "a"]], rows: [["a heading"], ["y", "1"]], hasHeadings: true)
        #expect(headed.lines == ["     a", "  a heading", "  y  1"])
    }
}
