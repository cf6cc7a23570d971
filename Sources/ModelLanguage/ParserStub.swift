func parse(rule source: SourceText) throws(SourceErrors) -> [Statement] { [] }
func parse(expression source: SourceText) throws(SourceErrors) -> Expression { Expression(.number(0), at: SourcePlace(line: 1, column: 1)) }
public func parse(model source: SourceText) throws(SourceErrors) -> ModelDocument { ModelDocument(source: source) }
