/// The name of `candidates` that a slip most likely meant, by edit distance, letter case ignored; nil when none is near.
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().utf8)
    let farthest = max(1, wanted.count / 3)
    // A slip is made in a word, not in a page of text.
    guard wanted.count <= 64 else { return nil }
    var best: (distance: Int, name: String)?
    for candidate in candidates.sorted() where candidate != name {
        guard abs(candidate.utf8.count - wanted.count) <= farthest else { continue }
        let distance = editDistance(wanted, Array(candidate.lowercased().utf8))
        if distance < best?.distance ?? Int.max { best = (distance, candidate) }
    }
    guard let best, best.distance <= farthest else { return nil }
    return best.name
}

/// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 1..<(a.count + 1) {
        var row = [i] + [Int](repeating: 0, count: b.count)
        for j in 1..<(b.count + 1) {
            let substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
            row[j] = min(substitution, last[j] + 1, row[j - 1] + 1)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], beforeLast[j - 2] + 1) }
        }
        beforeLast = last
        last = row
    }
    return last[b.count]
}
