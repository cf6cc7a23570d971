import Foundation

/// Reads a file of References.
func reference<Value: Decodable>(_ name: String, as _: Value.Type) throws -> Value {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appendingPathComponent("References/\(name)")
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
}
