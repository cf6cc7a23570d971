/// Reads the model language: the rxode2/nlmixr2 syntax of `ini({ })` and `model({ })` blocks.
///
/// ```swift
/// let source = SourceText(name: "one.R", text: "d/dt(central) <- -kel * central")
/// let document = try ModelParser.parse(model: source)
/// ```
///
/// Parsing finds the structure only. Which names are states, parameters or inputs, and whether a function exists, is
/// judged later, so that one grammar serves models, regimes, hazards, eligibility criteria and derived columns.
///
/// A text may hold up to 1 MiB, brackets and blocks may nest 200 deep, and an expression may be 1000 operations deep;
/// beyond that the text is refused with an error, never with a crash.
public enum ModelParser {
    /// The most bytes that a text may have.
    public static let largestSource = 1 << 20
    /// The most brackets, blocks and signs that may stand around anything.
    public static let deepestNesting = 200
    /// The most operations that may lie between an expression and its innermost operand.
    public static let deepestExpression = 1000

    /// Reads a model file.
    ///
    /// Taken are `name <- function() { metadata…; ini({…}); model({…}) }`, the same without metadata or `ini`, the
    /// blocks without the function around them, and bare model statements as rxode2 takes them. After the function a
    /// bare name and `attr(name, "message") <- "…"` are read over.
    ///
    /// - Returns: The document as written: metadata, parameters and random effects in their order, statements in theirs.
    ///   `ini`'s arithmetic is evaluated; nothing else is.
    /// - Throws: All problems found, in the order of the text, each with its place. An empty text is a problem.
    public static func parse(model source: SourceText) throws(SourceErrors) -> ModelDocument {
        var parser = try Parser(source)
        let document = parser.document()
        try parser.finish()
        return document
    }

    /// Reads a block of statements: a regime, a hazard, derived columns.
    ///
    /// - Returns: The statements in their order; none for an empty text.
    /// - Throws: All problems found, in the order of the text.
    public static func parse(rule source: SourceText) throws(SourceErrors) -> [Statement] {
        var parser = try Parser(source)
        let statements = parser.statements(until: .endOfText)
        try parser.finish()
        return statements
    }

    /// Reads one expression, for example the eligibility criterion `stable == 1 && age >= 18`. It may go over several
    /// lines where they end in an operator or stand in brackets.
    ///
    /// - Throws: All problems found, in the order of the text. An empty text is a problem.
    public static func parse(expression source: SourceText) throws(SourceErrors) -> Expression {
        var parser = try Parser(source)
        let expression = parser.soleExpression()
        try parser.finish()
        return expression
    }
}
