/// Reads bytes as every kind of text that the language has, and checks what can be read as a model: the body of a fuzz
/// target.
///
/// Whatever the bytes are, it returns: what they hold is taken or refused with a message.
package func checkArbitraryText(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let source = SourceText(name: "text", text: text)
    // Most bytes deserve a refusal; writing it out is part of what must not fail.
    func tell(_ error: SourceErrors) { _ = error.description }
    do throws(SourceErrors) { _ = try ModelParser.parse(expression: source).description } catch { tell(error) }
    do throws(SourceErrors) {
        _ = try RowProgram(source, inputs: [InputSymbol("a"), InputSymbol("b", levels: ["x"])])
    } catch {
        tell(error)
    }
    do throws(SourceErrors) {
        let document = try ModelParser.parse(model: source)
        for statement in document.statements { _ = statement.description }
        let model = try Model(
            document, hazards: [HazardRule(event: "e", source: SourceText(name: "h", text: "hazard <- t"))])
        _ = ModelListing(model).text
    } catch { tell(error) }
}
